import type { Summary } from '../analysis/summary.ts'
import type { Catalogue } from '../model/interface.ts'
import type { InterfaceSummary } from '../model/interface-summary.ts'
import type { Text } from '../model/text.ts'
import type { Ticket } from '../model/ticket.ts'

/** A page that stands alone: no script, no other file, prints well, light and dark. Chinese first, English beside it. Free of patient data. */
export function analysisPage(catalogue: Catalogue, summary: Summary, tickets: readonly Ticket[]): string {
  const names = new Map(catalogue.interfaces.map((iface) => [iface.id, iface.name]))
  const { input } = summary
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Auscult 听诊 · ${escapeHtml(catalogue.hospital.name)}</title><style>${style}</style></head><body><main>
<header><h1>接口听诊报告 <small>Interface analysis</small></h1>
<p>${escapeHtml(catalogue.hospital.name)} · ${escapeHtml(input.from ?? '–')} → ${escapeHtml(input.to ?? '–')}</p>
<p class="quiet">${input.packets} 个报文段 packets · 丢失 ${input.bytesLost} 字节 bytes lost · 未登记会话 ${input.unmatchedConversations} unmatched conversations</p></header>
<section><h2>工单 <small>Tickets</small></h2>${tickets.length === 0 ? none : tickets.map(ticketHtml).join('')}</section>
<section><h2>发现 <small>Findings</small></h2>${findingsHtml(summary, names)}</section>
<section><h2>接口 <small>Interfaces</small></h2>${interfacesHtml(summary.interfaces, names)}</section>
<section><h2>系统时钟 <small>System clocks</small></h2>${clocksHtml(summary)}</section>
</main></body></html>
`
}

const none = '<p class="quiet">无 None</p>'

function ticketHtml(ticket: Ticket): string {
  const causes = ticket.causes.slice(0, 3).map((cause) => {
    const lines = cause.evidence
      .map((line) => `<li class="${line.for ? 'for' : 'against'}">${textHtml(line.text)}</li>`)
      .join('')
    return `<details${cause === ticket.causes[0] ? ' open' : ''}><summary><code>${escapeHtml(cause.id)}</code> ${Math.round(cause.confidence * 100)} %</summary><ul>${lines}</ul></details>`
  })
  return `<article class="ticket ${ticket.severity}"><h3><b>${ticket.severity}</b> ${textHtml(ticket.title)}</h3>
<p>${textHtml(ticket.advice)}</p>${causes.join('')}</article>`
}

function findingsHtml(summary: Summary, names: ReadonlyMap<string, Text>): string {
  if (summary.findings.length === 0) return none
  const rows = summary.findings.map((finding) => {
    const [zh = '', en = ''] = finding.text.split(' / ')
    return `<tr><td><code>${escapeHtml(finding.cause)}</code></td><td>${nameHtml(finding.interfaceId, names)}</td><td class="n">${finding.count}</td><td>${textHtml({ zh, en })}</td></tr>`
  })
  return table(['原因 Cause', '接口 Interface', '次数 Count', '说明 What'], rows)
}

function interfacesHtml(interfaces: readonly InterfaceSummary[], names: ReadonlyMap<string, Text>): string {
  if (interfaces.length === 0) return none
  const rows = interfaces.map((i) => {
    const numbers = [
      i.exchanges,
      i.answered,
      i.failed,
      i.unanswered,
      i.orphans,
      i.oneWay,
      i.violations,
      i.latencyMs.p50,
      i.latencyMs.p95,
    ]
    return `<tr><td>${nameHtml(i.id, names)}</td>${numbers.map((n) => `<td class="n">${n ?? '–'}</td>`).join('')}</tr>`
  })
  return table(
    [
      '接口 Interface',
      '交互 Exchanges',
      '应答 Answered',
      '失败 Failed',
      '无应答 Unanswered',
      '孤立 Orphans',
      '单向 One-way',
      '违约 Violations',
      'p50 ms',
      'p95 ms',
    ],
    rows,
  )
}

function clocksHtml(summary: Summary): string {
  if (summary.systems.length === 0) return none
  const rows = summary.systems.map(({ id, clock }) => {
    const offset = clock.offsetS === null ? '–' : `${clock.offsetS.toFixed(2)} ± ${(clock.errorS ?? 0).toFixed(2)}`
    return `<tr><td><code>${escapeHtml(id)}</code></td><td>${escapeHtml(clock.verdict)}</td><td class="n">${offset}</td><td class="n">${clock.driftPpm ?? '–'}</td></tr>`
  })
  return table(['系统 System', '判断 Verdict', '偏差 Offset s', '漂移 Drift ppm'], rows)
}

function table(heads: readonly string[], rows: readonly string[]): string {
  return `<div class="wide"><table><thead><tr>${heads.map((h) => `<th>${h}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

function nameHtml(id: string, names: ReadonlyMap<string, Text>): string {
  const name = names.get(id)
  return `${name ? `${escapeHtml(name.zh)} <small>${escapeHtml(name.en)}</small><br>` : ''}<code>${escapeHtml(id)}</code>`
}

function textHtml(text: Text): string {
  const lines = (s: string) => escapeHtml(s).replaceAll('\n', '<br>')
  return `${lines(text.zh)}<br><span class="quiet">${lines(text.en)}</span>`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const style = `:root{color-scheme:light dark;--line:light-dark(#dde3e8,#333c44);--quiet:light-dark(#5b6872,#98a4ae);--ill:light-dark(#b4231a,#ff8a7d);--well:light-dark(#1d6f52,#6fd3a8)}
body{margin:0;font:15px/1.55 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif}main{max-width:1180px;margin:0 auto;padding:24px}
h1{font-size:26px;margin:0}h2{font-size:18px;margin:32px 0 8px;border-bottom:1px solid var(--line);padding-bottom:4px}h3{font-size:16px;margin:0 0 8px}
small,.quiet{color:var(--quiet);font-weight:400}h1 small{font-size:16px}.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:6px 10px;border-bottom:1px solid var(--line)}th{font-size:13px;color:var(--quiet);white-space:nowrap}
.n{text-align:right;font-variant-numeric:tabular-nums}code{font:13px ui-monospace,monospace}
.ticket{border:1px solid var(--line);border-left:4px solid var(--ill);border-radius:6px;padding:14px 18px;margin:12px 0;break-inside:avoid}
.ticket.P3,.ticket.P4{border-left-color:light-dark(#b7791f,#e0b354)}li.for::marker{content:"+ ";color:var(--ill)}li.against::marker{content:"− ";color:var(--well)}
@media print{main{padding:0}}`
