import type { Ticket, TimelineItem } from '../../model/ticket.ts'
import type { Collaboration, Measure } from '../api/report-shapes.ts'
import { lengthText, mean, percentText } from './numbers.ts'
import type { Period } from './period.ts'
import type { Span } from './spans.ts'
import { causeOf, type ReportTickets } from './ticket-report.ts'

const pointsMax = 25

/**
 * The customer's four measures of how teams work together (KPI-03, KPI-04), each worth 25 points on a straight line:
 * transfers a ticket (1.4 and fewer is full, 3.2 nothing: before and after the weekly meeting), mean minutes from calling another team
 * to its first act (15 is full, 120 nothing), share of tickets across teams that are closed, and share of calls for help about a cause
 * that help was called for before (none is full, half nothing).
 */
export function collaborationOf(period: Period, tickets: ReportTickets): Collaboration {
  const now = tickets.openIn(period)
  const before = tickets.openIn(period.before)
  const transfers = measured(mean(now.map((t) => t.transfers)), mean(before.map((t) => t.transfers)), now.length, [3.2, 1.4])
  const [waits, waitsBefore] = [responses(now, period), responses(before, period.before)]
  const response = measured(mean(waits), mean(waitsBefore), waits.length, [120, 15])
  const [shared, sharedBefore] = [now.filter(isShared), before.filter(isShared)]
  const closing = measured(closedShare(shared, period), closedShare(sharedBefore, period.before), shared.length, [0, 1])
  const [help, helpBefore] = [helpShare(now, period), helpShare(before, period.before)]
  const repeats = measured(help.share, helpBefore.share, help.count, [0.5, 0])
  const points = [transfers, response, closing, repeats].flatMap((measure) => (measure.points === null ? [] : [measure.points]))
  const minutes = (value: number) => lengthText(value * 60)
  return {
    // Measures that nothing was seen of count neither way.
    score: points.length === 0 ? null : Math.round((points.reduce((a, b) => a + b, 0) / (points.length * pointsMax)) * 100),
    transfers: worded(transfers, {
      zh: `任务转交次数：平均 ${decimal(transfers.value)} 次/单（${now.length} 单）`,
      en: `transfers: ${decimal(transfers.value)} a ticket (${now.length} tickets)`,
    }),
    responseMin: worded(response, {
      zh: `平均协同响应时间：${response.value === null ? '—' : minutes(response.value).zh}（${waits.length} 次）`,
      en: `mean response of another team: ${response.value === null ? '—' : minutes(response.value).en} (${waits.length} calls)`,
    }),
    closeRate: worded(closing, {
      zh: `跨团队工单关闭率：${closing.value === null ? '—' : percentText(closing.value)}（${shared.length} 单）`,
      en: `closed of those across teams: ${closing.value === null ? '—' : percentText(closing.value)} (${shared.length} tickets)`,
    }),
    repeatHelp: worded(repeats, {
      zh: `重复求助频率：${repeats.value === null ? '—' : percentText(repeats.value)}（${help.count} 次求助）`,
      en: `repeated calls for help: ${repeats.value === null ? '—' : percentText(repeats.value)} (${help.count} calls)`,
    }),
  }
}

type Numbers = Omit<Measure, 'text'>

function measured(value: number | null, before: number | null, of: number, [none, full]: readonly [number, number]): Numbers {
  if (value === null) return { value, before, of, points: null }
  const share = Math.min(Math.max((value - none) / (full - none), 0), 1)
  return { value, before, of, points: Math.round(share * pointsMax * 10) / 10 }
}

function worded(numbers: Numbers, text: Measure['text']): Measure {
  return { ...numbers, text }
}

function decimal(value: number | null): string {
  return value === null ? '—' : value.toFixed(1)
}

const calling: readonly TimelineItem['kind'][] = ['transferred', 'help', 'escalated', 'joined']
const acting: readonly TimelineItem['kind'][] = [
  'assigned',
  'arrived',
  'comment',
  'progress',
  'transferred',
  'resolved',
  'help',
]

/** Minutes from each call on another party in the span to the first thing that another person than the caller did. */
function responses(tickets: readonly Ticket[], { from, to }: Span): readonly number[] {
  return tickets.flatMap(({ timeline }) =>
    timeline.flatMap((call, i) => {
      if (!calling.includes(call.kind) || call.by === 'auscult' || call.at < from || call.at >= to) return []
      const answer = timeline
        .slice(i + 1)
        .find((item) => acting.includes(item.kind) && item.by !== call.by && item.by !== 'auscult')
      return answer === undefined ? [] : [(answer.at - call.at) / 60_000]
    }),
  )
}

function isShared({ transfers, parties, level }: Ticket): boolean {
  return transfers > 0 || parties.length > 0 || level > 1
}

function closedShare(shared: readonly Ticket[], { to }: Span): number | null {
  if (shared.length === 0) return null
  const isClosed = (ticket: Ticket) =>
    ticket.state === 'closed' && (ticket.timeline.findLast(({ kind }) => kind === 'closed')?.at ?? 0) < to
  return shared.filter(isClosed).length / shared.length
}

/** Calls for help in the span; a call is a repeat when help was called for the same cause before, on another ticket, in the same span. */
function helpShare(tickets: readonly Ticket[], { from, to }: Span): { readonly share: number | null; readonly count: number } {
  const calls = tickets
    .flatMap((ticket) =>
      ticket.timeline
        .filter(({ kind, at }) => kind === 'help' && at >= from && at < to)
        .map(({ at }) => ({ at, ticketId: ticket.id, cause: causeOf(ticket).id })),
    )
    .toSorted((a, b) => a.at - b.at)
  const repeats = calls.filter((call, i) =>
    calls.slice(0, i).some((earlier) => earlier.cause === call.cause && earlier.ticketId !== call.ticketId),
  )
  return { share: calls.length === 0 ? null : repeats.length / calls.length, count: calls.length }
}
