import { findCauseEntry } from '../../incidents/catalogue.ts'
import { windowEndOf } from '../../model/change.ts'
import type { Catalogue } from '../../model/interface.ts'
import type { Text } from '../../model/text.ts'
import type { Ticket } from '../../model/ticket.ts'
import type { Instant } from '../../model/time.ts'
import type { SeriesPoint } from '../../store/store.ts'
import type { ConfigurationDifference } from '../configuration-snapshot.ts'
import { fitToTell } from '../notices/write-notice.ts'
import type { WhatChanged } from './what-changed.ts'

/** A page that stands alone: no script, no other file, prints well. Chinese first, English below it. */
export function diagnosisPage(
  ticket: Ticket,
  changed: WhatChanged,
  { catalogue, iso }: { readonly catalogue: Catalogue; readonly iso: (at: Instant) => string },
): string {
  const time = (at: Instant) => iso(at).slice(0, 23).replace('T', ' ')
  const names = new Map([...catalogue.interfaces, ...catalogue.systems].map(({ id, name }) => [id, name]))
  const named = (id: string) => `${both(names.get(id) ?? { zh: id, en: id })} <code>${escaped(id)}</code>`
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(ticket.id)} · Auscult 听诊</title><style>${style}</style></head><body><main>
<header><p class="quiet">${escaped(catalogue.hospital.name)} · ${escaped(ticket.id)} · ${ticket.severity} · ${escaped(ticket.state)}</p>
<h1>${both(ticket.title)}</h1>
<p>开始 Onset ${time(changed.onsetAt)} · 开单 Opened ${time(ticket.openedAt)} · 最近 Last seen ${time(ticket.lastSeenAt)}${ticket.resolvedAt === null ? '' : ` · 恢复 Resolved ${time(ticket.resolvedAt)}`}</p>
<p>${ticket.interfaceIds.map(named).join('<br>')}</p></header>
<section><h2>诊断与证据 <small>Diagnosis and evidence</small></h2>${ticket.causes.map(causeHtml).join('') || none}</section>
<section><h2>处理建议 <small>Advice</small></h2><p>${both(ticket.advice)}</p></section>
<section><h2>什么变了 <small>What changed</small></h2>${changesHtml(changed, named, time)}</section>
<section><h2>时间线 <small>Timeline</small></h2>${table(
    ['时间 Time', '谁 Who', '什么 What'],
    ticket.timeline.map(({ at, by, text }) => [time(at), escaped(by), both(text)]),
  )}</section>
${postMortemHtml(ticket)}
<footer class="quiet">报文已脱敏，抓包由脱敏报文重建。 Messages are masked; the capture is rebuilt from masked messages.</footer>
</main></body></html>
`
}

const none = '<p class="quiet">无 None</p>'

function causeHtml({ id, confidence, evidence }: Ticket['causes'][number]): string {
  const name = findCauseEntry(id)?.name ?? { zh: '未定', en: 'not determined' }
  const lines = evidence.map((line) => [`${line.for ? '+' : '−'}${Math.abs(line.weight).toFixed(1)}`, both(line.text)])
  return `<article><h3>${both(name)} <code>${escaped(id)}</code> ${Math.round(confidence * 100)} %</h3>${lines.length === 0 ? none : table(['权重 Weight', '证据 Evidence'], lines)}</article>`
}

function changesHtml(changed: WhatChanged, named: (id: string) => string, time: (at: Instant) => string): string {
  const alerts = changed.alerts.map(({ signal, subject, onsetAt, reading }) => [
    time(onsetAt),
    `<code>${escaped(signal)}</code>`,
    subject.kind === 'gateway' ? 'Auscult' : named(subject.id),
    reading.score.toFixed(1),
  ])
  const clocks = changed.clocks.map(({ systemId, changedAt, offsetBeforeS, offsetS }) => [
    changedAt === null ? '' : time(changedAt),
    named(systemId),
    `${offsetBeforeS ?? '?'} s → ${offsetS ?? '?'} s`,
  ])
  const changes = changed.changes.map(({ change, differences }) => [
    change.origin === 'configuration' ? time(change.fromAt) : `${time(change.fromAt)}<br>– ${time(windowEndOf(change))}`,
    [...change.interfaceIds, ...change.systemIds].slice(0, changedShown).map(named).join('<br>'),
    change.origin === 'configuration'
      ? ['配置变更 Configuration', ...differences.map(differenceHtml)].join('<br>')
      : `计划变更 Planned: ${escaped(fitToTell(change.title))} <code>${escaped(fitToTell(change.approval))}</code>`,
  ])
  const traffic = changed.traffic.map(({ interfaceId, before, since }) => [named(interfaceId), hour(before), hour(since)])
  return [
    table(['前一小时对比 Hour before and after', '之前 Before', '之后 After'], traffic),
    table(['开始 Began', '信号 Signal', '对象 Of', '× 阈值 threshold'], alerts),
    clocks.length === 0 ? '' : table(['时间 Time', '系统 System', '时钟 Clock'], clocks),
    changes.length === 0 ? '' : table(['时间 Time', '对象 Of', '变更 Change'], changes),
  ].join('')
}

/** A new configuration may differ in everything. */
const changedShown = 12

function differenceHtml({ of, what, before, after }: ConfigurationDifference): string {
  return `<code>${escaped(of)}</code> ${escaped(what)}: ${escaped(before ?? '–')} → ${escaped(after ?? '–')}`
}

function hour(point: SeriesPoint | null): string {
  if (point === null) return '–'
  const { exchanges, failed, unanswered, latencyMs } = point
  const p95 = latencyMs.p95 === null ? '–' : Math.round(latencyMs.p95)
  return `${exchanges} 次 exchanges<br>${failed} 失败 failed · ${unanswered} 无应答 unanswered<br>p95 ${p95} ms`
}

function postMortemHtml({ postMortem }: Ticket): string {
  if (postMortem === null) return ''
  const { rootCause, repair, prevention } = postMortem
  const rows = [
    ['根因 Root cause', lines(rootCause)],
    ['修复 Repair', lines(repair)],
    ['预防 Prevention', lines(prevention)],
  ]
  return `<section><h2>事后复盘 <small>Post-mortem</small></h2>${table(['', ''], rows)}</section>`
}

/** Cells are HTML already. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
  return `<div class="wide"><table><thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead><tbody>${rows.map(cells).join('')}</tbody></table></div>`
}

function both({ zh, en }: Text): string {
  return zh === en ? lines(zh) : `${lines(zh)}<br><span class="quiet">${lines(en)}</span>`
}

function lines(text: string): string {
  return escaped(text).replaceAll('\n', '<br>')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const style = `body{margin:0;font:14px/1.55 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#1b262e;background:#fff}main{max-width:1000px;margin:0 auto;padding:24px}
h1{font-size:22px;margin:4px 0}h2{font-size:16px;margin:26px 0 8px;border-bottom:1px solid #dfe5e9;padding-bottom:4px}h3{font-size:15px;margin:14px 0 6px}
small,.quiet{color:#5b6a75;font-weight:400;font-size:.9em}.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:0 0 12px}
th,td{text-align:left;vertical-align:top;padding:5px 9px;border-bottom:1px solid #dfe5e9;font-variant-numeric:tabular-nums}th{font-size:12px;color:#5b6a75}
code{font:12px ui-monospace,monospace}article,tr{break-inside:avoid}@media print{main{padding:0}}`
