import { readFileSync } from 'node:fs'
import type { HealthReport } from '../../api/report-shapes.ts'
import type { Language } from '../numbers.ts'
import type { Block, Card, Cell, Chart, Tone } from './blocks.ts'
import { layout } from './layout.ts'

const style = readFileSync(new URL('./report.css', import.meta.url), 'utf8')

/** One file that needs nothing else: no script, no font and no picture from anywhere. Prints on A4. */
export function renderHtml(report: HealthReport, language: Language): string {
  const blocks = layout(report, language).map(blockHtml).join('\n')
  const lang = language === 'zh' ? 'zh-CN' : 'en'
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(report.title[language])}</title>
<style>${style}</style>
</head>
<body>
<main>
${blocks}
</main>
</body>
</html>
`
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'title':
      return `<header><h1>${escaped(block.title)}</h1><p class="quiet">${escaped(block.sub)}</p><p class="lead">${escaped(block.lead)}</p></header>`
    case 'tiles':
      return `<dl class="tiles">${block.items
        .map(
          ({ label, value, note, tone }) =>
            `<div><dt>${escaped(label)}</dt><dd class="${tone}">${escaped(value)}</dd><dd class="note">${escaped(note)}</dd></div>`,
        )
        .join('')}</dl>`
    case 'heading':
      return `<h2>${escaped(block.text)}${block.note === '' ? '' : ` <small>${escaped(block.note)}</small>`}</h2>`
    case 'notes':
      return `<ul class="notes ${block.tone}">${block.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`
    case 'caption':
      return `<p class="quiet caption">${escaped(block.text)}</p>`
    case 'things':
      return `<ol class="things">${block.items
        .map(
          ({ text, why, meta }) =>
            `<li><p class="thing">${escaped(text)}</p><p class="quiet">${escaped(why)}</p><p class="quiet">${escaped(meta)}</p></li>`,
        )
        .join('')}</ol>`
    case 'table':
      return block.rows.length === 0 ? `<p class="quiet">${escaped(block.empty)}</p>` : tableHtml(block)
    case 'chart':
      return chartHtml(block.chart, 'wide')
    case 'cards':
      return block.items.map(cardHtml).join('\n')
    default:
      return block satisfies never
  }
}

function tableHtml({ columns, rows }: Extract<Block, { kind: 'table' }>): string {
  const side = (i: number) => (columns[i]?.align === 'right' ? ' class="right"' : '')
  const widths = columns.map(({ width }) => `<col style="width:${width}%">`).join('')
  const head = columns.map(({ text }, i) => `<th scope="col"${side(i)}>${escaped(text)}</th>`).join('')
  const body = rows.map((row) => `<tr>${row.map((cell, i) => `<td${side(i)}>${cellHtml(cell)}</td>`).join('')}</tr>`).join('\n')
  return `<div class="scroll"><table><colgroup>${widths}</colgroup><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`
}

function cellHtml({ text, sub, tone, isStrong }: Cell): string {
  const main = toned(isStrong === true ? `<b>${escaped(text)}</b>` : escaped(text), tone)
  return sub === undefined || sub === '' ? main : `${main}<span class="sub">${escaped(sub)}</span>`
}

function toned(html: string, tone: Tone | undefined): string {
  return tone === undefined || tone === 'plain' ? html : `<span class="${tone}">${html}</span>`
}

function cardHtml({ title, sub, badge, lines, chart }: Card): string {
  const facts = lines
    .map(({ label, items }) => `<div><dt>${escaped(label)}</dt><dd>${items.map(escaped).join('<br>')}</dd></div>`)
    .join('')
  const picture = chart === null ? '' : chartHtml(chart, 'small')
  return `<section class="card"><h3>${escaped(title)} <span class="badge ${badge.tone}">${escaped(badge.text)}</span></h3><p class="quiet">${escaped(sub)}</p><div class="card-body"><dl>${facts}</dl>${picture}</div></section>`
}

/** The picture is our own drawing: its texts were escaped when it was drawn. */
function chartHtml({ svg, label }: Chart, size: 'wide' | 'small'): string {
  return `<figure class="${size}" role="img" aria-label="${escaped(label)}">${svg}</figure>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
