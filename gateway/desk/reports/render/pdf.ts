import pdfMake, { type Content, type CustomTableLayout, type TableCell } from 'pdfmake'
import type { HealthReport } from '../../api/report-shapes.ts'
import type { Language } from '../numbers.ts'
import { type Block, type Card, type Cell, type Chart, ink, type Tone, toneColour } from './blocks.ts'
import { fitsBold, fontFiles } from './fonts.ts'
import { layout } from './layout.ts'
import { words } from './words.ts'

/** Inside the margins of A4, in points. */
const pageWidth = 595.28 - 2 * 36

/** Further down a page than this share of it no heading begins. */
const headingRatioMax = 0.85

// The drawings name `sans-serif`: the same font stands for it. Nothing is fetched, and nothing but the fonts is read.
const { regular, bold } = fontFiles
pdfMake.setFonts({ 'sans-serif': { normal: regular, bold, italics: regular, bolditalics: bold } })
pdfMake.setUrlAccessPolicy(() => false)
pdfMake.setLocalAccessPolicy((path) => path === regular || path === bold)

/** The report as PDF, A4 upright, fonts in it. No browser is needed. */
export async function renderPdf(report: HealthReport, language: Language): Promise<Uint8Array> {
  const content = withHeadings(layout(report, language)).flatMap(blockContent)
  const footer = (page: number, pages: number): Content => ({
    columns: [
      { text: report.title[language], fontSize: 7.5, color: ink.quiet },
      {
        text: words.page[language].replace('{p}', String(page)).replace('{n}', String(pages)),
        alignment: 'right',
        fontSize: 7.5,
        color: ink.quiet,
      },
    ],
    margin: [36, 12, 36, 0],
  })
  const made = pdfMake.createPdf({
    pageSize: 'A4',
    pageMargins: [36, 36, 36, 40],
    defaultStyle: { font: 'sans-serif', fontSize: 8.5, color: ink.text, lineHeight: 1.15 },
    // Dates of making are the report's, so that one report is one file, byte for byte.
    info: { title: report.title[language], producer: 'Auscult', creator: 'Auscult', creationDate: new Date(report.madeAt) },
    content,
    footer,
    // A heading never stands alone at the foot of a page.
    pageBreakBefore: ({ headlineLevel, startPosition }) => headlineLevel === 2 && startPosition.verticalRatio > headingRatioMax,
  })
  return made.getBuffer()
}

/** Cards and charts don't break over pages: the first one takes its heading along to the next page. */
function withHeadings(blocks: readonly Block[]): readonly (Block | Headed)[] {
  const isWhole = (block: Block | undefined) => block?.kind === 'cards' || block?.kind === 'chart'
  return blocks.flatMap((block, i): readonly (Block | Headed)[] => {
    const before = blocks[i - 1]
    if (block.kind === 'heading' && isWhole(blocks[i + 1])) return []
    if (before?.kind !== 'heading') return [block]
    if (block.kind === 'chart') return [{ kind: 'headed', heading: before, first: chartContent(block.chart) }]
    if (block.kind !== 'cards') return [block]
    const [card, ...rest] = block.items
    return card === undefined
      ? [before]
      : [
          { kind: 'headed', heading: before, first: cardContent(card, false) },
          { kind: 'cards', items: rest },
        ]
  })
}

interface Headed {
  readonly kind: 'headed'
  readonly heading: Extract<Block, { kind: 'heading' }>
  readonly first: Content
}

function chartContent({ svg, width }: Chart): Content {
  return { svg, width: width * 0.9, margin: [0, 0, 0, 6] }
}

function blockContent(block: Block | Headed): Content[] {
  switch (block.kind) {
    case 'title':
      return [
        strong(block.title, 15),
        { text: block.sub, color: ink.quiet, fontSize: 8, margin: [0, 2, 0, 5] },
        { ...strong(block.lead, 10), margin: [0, 0, 0, 8] },
      ]
    case 'tiles':
      return [tilesContent(block)]
    case 'heading':
      return headingContent(block, true)
    case 'notes':
      return [notesContent(block)]
    case 'caption':
      return [{ text: block.text, color: ink.quiet, fontSize: 7.8 }]
    case 'things':
      return block.items.map(
        ({ rank, text, why, meta }): Content => ({
          columns: [
            { width: 16, ...strong(String(rank), 12), color: ink.accent },
            {
              width: '*',
              stack: [
                strong(text, 9),
                { text: why, color: ink.quiet, fontSize: 8 },
                { text: meta, color: ink.quiet, fontSize: 8 },
              ],
            },
          ],
          margin: [0, 0, 0, 6],
          unbreakable: true,
        }),
      )
    case 'table':
      return [block.rows.length === 0 ? { text: block.empty, color: ink.quiet } : tableContent(block)]
    case 'chart':
      return [chartContent(block.chart)]
    case 'headed':
      return [{ stack: [...headingContent(block.heading, false), block.first], unbreakable: true }]
    case 'cards':
      return block.items.map((card) => cardContent(card, true))
    default:
      return block satisfies never
  }
}

/** `mayBreak`: it may begin a new page; one that stands in something kept whole must not: pdfmake loses what follows it. */
function headingContent({ text, note }: Extract<Block, { kind: 'heading' }>, mayBreak: boolean): Content[] {
  const line: Content = {
    canvas: [{ type: 'line', x1: 0, y1: 0, x2: pageWidth, y2: 0, lineWidth: 1.2, lineColor: ink.accent }],
    margin: [0, 1, 0, 5],
    headlineLevel: 3,
  }
  const isBold = fitsBold(text)
  return [
    {
      text: [
        { text, fontSize: 11, bold: isBold },
        { text: note === '' ? '' : `  ${note}`, fontSize: 7.8, color: ink.quiet },
      ],
      margin: [0, 11, 0, 0],
      ...(mayBreak ? { headlineLevel: 2 } : {}),
    },
    line,
  ]
}

function tilesContent({ items }: Extract<Block, { kind: 'tiles' }>): Content {
  const cells = items.map(
    ({ label, value, note, tone }): TableCell => ({
      stack: [
        { text: label, fontSize: 7.8, color: ink.quiet },
        { ...strong(value, 13), color: toneColour(tone) },
        { text: note === '' ? ' ' : note, fontSize: 7.3, color: ink.quiet },
      ],
      fillColor: ink.ground,
    }),
  )
  const rows = [cells.slice(0, 4), cells.slice(4, 8)].filter((row) => row.length > 0)
  return { table: { widths: ['*', '*', '*', '*'], body: rows }, layout: boxes }
}

const boxes: CustomTableLayout = {
  hLineColor: () => '#ffffff',
  vLineColor: () => '#ffffff',
  hLineWidth: () => 3,
  vLineWidth: () => 3,
  paddingLeft: () => 6,
  paddingRight: () => 6,
  paddingTop: () => 4,
  paddingBottom: () => 3,
}

const noteColours = {
  warn: { bar: '#c98a1b', ground: '#fdf6e7' },
  bad: { bar: ink.bad, ground: '#fcefee' },
  quiet: { bar: ink.line, ground: ink.ground },
  good: { bar: ink.good, ground: ink.ground },
  plain: { bar: ink.line, ground: ink.ground },
} as const satisfies { readonly [T in Tone]: { readonly bar: string; readonly ground: string } }

function notesContent({ items, tone }: Extract<Block, { kind: 'notes' }>): Content {
  const { bar, ground } = noteColours[tone]
  return {
    table: { widths: ['*'], body: [[{ ul: [...items], fillColor: ground, color: tone === 'quiet' ? ink.quiet : ink.text }]] },
    layout: {
      hLineWidth: () => 0,
      vLineWidth: (i) => (i === 0 ? 2.5 : 0),
      vLineColor: () => bar,
      paddingLeft: () => 8,
      paddingTop: () => 5,
      paddingBottom: () => 4,
    },
    margin: [0, 4, 0, 2],
  }
}

const lines: CustomTableLayout = {
  hLineWidth: (i, node) => (i === 0 || i === node.table.body.length ? 0 : i === 1 ? 0.8 : 0.4),
  vLineWidth: () => 0,
  hLineColor: (i) => (i === 1 ? '#9fb0bf' : '#dde4ea'),
  paddingLeft: () => 3,
  paddingRight: () => 3,
  paddingTop: () => 2.5,
  paddingBottom: () => 2,
}

function tableContent({ columns, rows }: Extract<Block, { kind: 'table' }>): Content {
  const side = (i: number) => columns[i]?.align ?? 'left'
  // Six points of each column are its padding.
  const room = pageWidth - 6 * columns.length
  const head = columns.map(({ text }, i): TableCell => ({ text, color: ink.quiet, fontSize: 7.8, alignment: side(i) }))
  const body = rows.map((row) => row.map((cell, i): TableCell => cellContent(cell, side(i))))
  return {
    table: {
      headerRows: 1,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths: columns.map(({ width }) => (room * width) / 100),
      body: [head, ...body],
    },
    layout: lines,
  }
}

function cellContent({ text, sub, tone, isStrong }: Cell, alignment: 'left' | 'right'): TableCell {
  const main = { text, color: toneColour(tone), bold: isStrong === true && fitsBold(text), alignment }
  return sub === undefined || sub === '' ? main : { stack: [main, { text: sub, fontSize: 7.2, color: ink.quiet, alignment }] }
}

/** `isWhole`: kept on one page by itself; one that stands in something kept whole must not be. */
function cardContent({ title, sub, badge, lines: facts, chart }: Card, isWhole: boolean): Content {
  const factWidth = chart === null ? pageWidth - 100 : pageWidth - 300
  const body: Content[] = facts.map(({ label, items }) => ({
    columns: [
      { width: 58, text: label, color: ink.quiet },
      { width: factWidth, stack: items.map((text) => ({ text })) },
    ],
    margin: [0, 0, 0, 2],
  }))
  const right: Content[] = chart === null ? [] : [{ width: 208, svg: chart.svg }]
  return {
    table: {
      widths: [pageWidth - 18],
      body: [
        [
          {
            stack: [
              { text: [strong(title, 9.5), { text: '   ' }, { ...strong(badge.text, 9.5), color: toneColour(badge.tone) }] },
              { text: sub, color: ink.quiet, fontSize: 7.8, margin: [0, 0, 0, 3] },
              { columns: [{ width: '*', stack: body }, ...right], columnGap: 8, fontSize: 8 },
            ],
          },
        ],
      ],
    },
    layout: {
      hLineColor: () => ink.line,
      vLineColor: () => ink.line,
      hLineWidth: () => 0.7,
      vLineWidth: () => 0.7,
      paddingLeft: () => 8,
      paddingRight: () => 8,
      paddingTop: () => 5,
      paddingBottom: () => 4,
    },
    unbreakable: isWhole,
    margin: [0, 0, 0, 7],
  }
}

function strong(text: string, fontSize: number) {
  return { text, fontSize, bold: fitsBold(text) }
}
