import type { Catalogue, Interface } from '../../model/interface.ts'
import type { Text } from '../../model/text.ts'
import type { Ticket } from '../../model/ticket.ts'
import type { FirstThing, InterfaceReport, ScorePart } from '../api/report-shapes.ts'
import { fitToTell } from '../notices/write-notice.ts'
import type { Period } from './period.ts'
import { weighedLoss, weights } from './score.ts'
import { causeOf, type ReportTickets } from './ticket-report.ts'

const firstsMax = 3

/** The rule, as the report prints it. */
export const firstsRule: Text = {
  zh: '排序规则：接口失分 × 重要度（高 3、中 2、低 1）；同一工单涉及的接口合为一项；取前三。',
  en: 'Rule: points lost by an interface times what it matters (high 3, medium 2, low 1); interfaces of one ticket are one thing; the first three.',
}

/** The three things to do first. An interface whose gravest ticket is that of one chosen before is named with that one. */
export function firstThings(
  interfaces: readonly InterfaceReport[],
  catalogue: Catalogue,
  period: Period,
  tickets: ReportTickets,
): readonly FirstThing[] {
  const ranked = interfaces
    .filter((one) => weighedLoss(one) > 0)
    .toSorted((a, b) => weighedLoss(b) - weighedLoss(a) || a.id.localeCompare(b.id))
  const things: { readonly lead: InterfaceReport; readonly ticket: Ticket | null; readonly with: InterfaceReport[] }[] = []
  for (const one of ranked) {
    const ticket = gravest(one, period, tickets)
    const same = ticket === null ? undefined : things.find((thing) => thing.ticket?.id === ticket.id)
    if (same !== undefined) same.with.push(one)
    else if (things.length < firstsMax) things.push({ lead: one, ticket, with: [] })
  }
  return things.map(({ lead, ticket, with: others }, i) => {
    const iface = catalogue.interfaces.find(({ id }) => id === lead.id)
    const ids = tickets
      .openIn(period)
      .filter(({ interfaceIds }) => interfaceIds.includes(lead.id))
      .map(({ id }) => id)
    return {
      rank: i + 1,
      interfaceIds: [lead.id, ...others.map(({ id }) => id)],
      cause: ticket === null ? null : causeOf(ticket).id,
      text: ticket === null ? withoutTicket(lead) : withTicket(lead, ticket),
      why: whyOf(lead),
      owner: ownerOf(ticket, iface, catalogue),
      ticketIds: ids.slice(0, 20),
    }
  })
}

/** Unresolved before resolved, graver before lighter, newer before older. */
function gravest({ id }: InterfaceReport, period: Period, tickets: ReportTickets): Ticket | null {
  const own = tickets.openIn(period).filter(({ interfaceIds }) => interfaceIds.includes(id))
  const isOver = (ticket: Ticket) => Number(ticket.resolvedAt !== null && ticket.resolvedAt < period.to)
  const [first] = own.toSorted(
    (a, b) => isOver(a) - isOver(b) || a.severity.localeCompare(b.severity) || b.openedAt - a.openedAt,
  )
  return first ?? null
}

function withTicket(lead: InterfaceReport, ticket: Ticket): Text {
  const { name } = causeOf(ticket)
  const line = (language: 'zh' | 'en') => handOver(ticket.advice[language])
  return {
    zh: `${lead.name.zh}：${name.zh}。${line('zh')}`,
    en: `${lead.name.en}: ${lowerFirst(name.en)}. ${line('en')}`,
  }
}

/** Advice says in a line each who, how to hand over, what to check, and what to do meanwhile: the meeting hands over. */
function handOver(advice: string): string {
  const lines = advice.split('\n')
  const line = lines[1] ?? lines[0] ?? ''
  const said = line.slice(line.search(/[:：]/) + 1).trim()
  return `${said.slice(0, 1).toUpperCase()}${said.slice(1)}`
}

/** No ticket was opened: the dearest part of the score says what to look at. */
function withoutTicket(lead: InterfaceReport): Text {
  const [part] = lead.parts.toSorted((a, b) => b.penalty - a.penalty)
  const todo = part === undefined ? { zh: '查看接口页', en: 'look at its page' } : todoOf[part.id]
  return { zh: `${lead.name.zh}：${todo.zh}`, en: `${lead.name.en}: ${todo.en}` }
}

const todoOf = {
  'success-rate': {
    zh: '按失败类别逐类核对，由接收方给出处理结论',
    en: 'go through the classes of failures with the receiving side',
  },
  latency: {
    zh: '请接收方核对慢时段的负载与数据库等待',
    en: 'have the receiving side look at load and database waits in the slow hours',
  },
  silence: { zh: '请发送方核对发送任务与连接保活', en: 'have the sending side check its sending task and keep-alive' },
  violations: {
    zh: '请发送方按契约修正报文，或评审契约',
    en: 'have the sending side mend its messages, or review the contract',
  },
  incidents: { zh: '复核本期工单的根因与预防措施', en: "review root causes and prevention of this span's tickets" },
  repeats: { zh: '重复出现的原因需要根治，而不是再次恢复', en: 'the cause that came back needs a lasting repair' },
  clock: { zh: '核对两端系统的时区与 NTP', en: 'check time zone and NTP at both ends' },
  coverage: { zh: '补齐观测：核对采集点容量', en: 'complete the observation: check the capacity of the tap' },
} as const satisfies { readonly [P in ScorePart['id']]: Text }

function whyOf(lead: InterfaceReport): Text {
  const { score, scoreBefore, criticality, parts } = lead
  const weighed = weighedLoss(lead)
  const lost = 100 - (score ?? 100)
  const names = { high: { zh: '高', en: 'high' }, medium: { zh: '中', en: 'medium' }, low: { zh: '低', en: 'low' } } as const
  const [first] = parts.toSorted((a, b) => b.penalty - a.penalty)
  const before = scoreBefore === null ? { zh: '', en: '' } : { zh: `，上期 ${scoreBefore} 分`, en: `, ${scoreBefore} before` }
  return {
    zh: `得分 ${score ?? '—'}${before.zh}；失 ${lost} 分 × ${weights[criticality]}（重要度${names[criticality].zh}）= ${weighed}；主要因为${first?.text.zh ?? ''}`,
    en: `score ${score ?? '—'}${before.en}; ${lost} lost × ${weights[criticality]} (${names[criticality].en}) = ${weighed}; mostly ${first?.text.en ?? ''}`,
  }
}

function ownerOf(ticket: Ticket | null, iface: Interface | undefined, catalogue: Catalogue): string | null {
  const owner = ticket?.lead ?? ticket?.owner ?? catalogue.systems.find(({ id }) => id === iface?.to)?.owner ?? null
  return owner === null ? null : fitToTell(owner)
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? `${text.slice(0, 1).toLowerCase()}${text.slice(1)}` : text
}
