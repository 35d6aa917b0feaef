import { findCauseEntry } from '../../incidents/catalogue.ts'
import type { Text } from '../../model/text.ts'
import type { Ticket } from '../../model/ticket.ts'
import { type Instant, isoInZone } from '../../model/time.ts'
import type { IncidentLine, TicketSummary } from '../api/report-shapes.ts'
import { fitToTell } from '../notices/write-notice.ts'
import { type Gathered, repeatDays } from './gather.ts'
import { mean, median } from './numbers.ts'
import type { Span } from './spans.ts'
import { systemName } from './system-report.ts'

const dayMs = 86_400_000
const pairsMax = 5

/** The tickets of a report, by the spans that it asks about. */
export interface ReportTickets {
  readonly all: readonly Ticket[]
  openedIn(span: Span): readonly Ticket[]
  /** Open at some time of the span. */
  openIn(span: Span): readonly Ticket[]
}

export function reportTickets(all: readonly Ticket[]): ReportTickets {
  return {
    all,
    openedIn: ({ from, to }) => all.filter(({ openedAt }) => openedAt >= from && openedAt < to),
    openIn: ({ from, to }) =>
      all.filter(({ openedAt, resolvedAt }) => openedAt < to && (resolvedAt === null || resolvedAt >= from)),
  }
}

export function causeOf(ticket: Ticket): { readonly id: string; readonly name: Text } {
  const id = ticket.causes[0]?.id ?? 'unknown'
  return { id, name: findCauseEntry(id)?.name ?? { zh: '原因未定', en: 'cause not determined' } }
}

/** One line per ticket that was open in the span, gravest first, then oldest. */
export function incidentLines({ period, incidents, catalogue }: Gathered, tickets: ReportTickets): readonly IncidentLine[] {
  const iso = (at: Instant) => isoInZone(at, catalogue.hospital.timezone)
  return tickets
    .openIn(period)
    .map((ticket): IncidentLine => {
      const onsetAt = Math.min(incidents.get(ticket.incidentId)?.onsetAt ?? ticket.openedAt, ticket.openedAt)
      const cause = causeOf(ticket)
      // What happened after the span is of the next report.
      const repairedAt = ticket.resolvedAt !== null && ticket.resolvedAt < period.to ? ticket.resolvedAt : null
      return {
        ticketId: ticket.id,
        title: ticket.title,
        cause: cause.id,
        causeName: cause.name,
        severity: ticket.severity,
        interfaceIds: ticket.interfaceIds,
        onsetAt: iso(onsetAt),
        detectedAt: iso(ticket.openedAt),
        repairedAt: repairedAt === null ? null : iso(repairedAt),
        detectS: (ticket.openedAt - onsetAt) / 1000,
        repairS: repairedAt === null ? null : (repairedAt - ticket.openedAt) / 1000,
        state: repairedAt === null && ticket.resolvedAt !== null ? 'open' : ticket.state,
        owner: ticket.owner === null ? null : fitToTell(ticket.owner),
        transfers: ticket.transfers,
        isMajor: ticket.isMajor,
        isCarried: ticket.openedAt < period.from,
      }
    })
    .toSorted((a, b) => a.severity.localeCompare(b.severity) || a.detectedAt.localeCompare(b.detectedAt))
}

export function ticketSummary(gathered: Gathered, tickets: ReportTickets, lines: readonly IncidentLine[]): TicketSummary {
  const { period, observedFrom } = gathered
  const now = tickets.openIn(period)
  const before = tickets.openIn(period.before)
  const opened = tickets.openedIn(period)
  const wasObserved = observedFrom !== null && observedFrom < period.before.to
  const ownLines = lines.filter(({ isCarried }) => !isCarried)
  const transfers = (rows: readonly Ticket[]) => mean(rows.map((ticket) => ticket.transfers))
  const graded = (severity: Ticket['severity']) => opened.filter((ticket) => ticket.severity === severity).length
  const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null)
  return {
    opened: opened.length,
    resolved: lines.filter(({ repairedAt }) => repairedAt !== null).length,
    openAtEnd: lines.filter(({ repairedAt }) => repairedAt === null).length,
    openedBefore: wasObserved ? tickets.openedIn(period.before).length : null,
    bySeverity: { P1: graded('P1'), P2: graded('P2'), P3: graded('P3'), P4: graded('P4') },
    transfersMean: transfers(now),
    transfersMeanBefore: transfers(before),
    detectSMedian: median(known(ownLines.map(({ detectS }) => detectS))),
    repairSMedian: median(known(lines.map(({ repairS }) => repairS))),
    difficult: now.filter(({ difficultAt }) => difficultAt !== null && difficultAt < period.to).length,
    pairs: pairLines(gathered, now, before),
    repeats: repeatLines(period, tickets.all),
  }
}

/** Pairs of systems whose tickets are handed over most: where the owners don't talk (3.2 transfers, 1.4 once they met weekly). */
function pairLines({ catalogue }: Gathered, now: readonly Ticket[], before: readonly Ticket[]): TicketSummary['pairs'] {
  const pairsOf = (ticket: Ticket) =>
    new Set(
      catalogue.interfaces
        .filter(({ id }) => ticket.interfaceIds.includes(id))
        .map(({ from, to }) => [from, to].toSorted().join(' ')),
    )
  const of = (pair: string, rows: readonly Ticket[]) =>
    rows.filter((ticket) => pairsOf(ticket).has(pair)).map((t) => t.transfers)
  return [...new Set(now.flatMap((ticket) => [...pairsOf(ticket)]))]
    .map((pair) => {
      const own = of(pair, now)
      return {
        systems: pair.split(' '),
        names: pair.split(' ').map((id) => systemName(id, catalogue)),
        tickets: own.length,
        transfersMean: mean(own) ?? 0,
        transfersMeanBefore: mean(of(pair, before)),
      }
    })
    .filter(({ transfersMean, transfersMeanBefore }) => transfersMean > 0 || (transfersMeanBefore ?? 0) > 0)
    .toSorted((a, b) => b.transfersMean - a.transfersMean || b.tickets - a.tickets)
    .slice(0, pairsMax)
}

/** Tickets of that interface that were opened again in the span, or opened in it with a cause that it had had within the days before. */
export function repeatsOn(interfaceId: string, span: Span, all: readonly Ticket[]): readonly Ticket[] {
  const own = all.filter(({ interfaceIds }) => interfaceIds.includes(interfaceId))
  return own.filter(
    (ticket) =>
      reopenings(ticket, span) > 0 ||
      (isIn(ticket.openedAt, span) &&
        own.some(
          (other) =>
            other.openedAt < ticket.openedAt &&
            other.openedAt >= ticket.openedAt - repeatDays * dayMs &&
            causeOf(other).id === causeOf(ticket).id,
        )),
  )
}

function reopenings({ timeline }: Ticket, span: Span): number {
  return timeline.filter(({ kind, at }) => kind === 'reopened' && isIn(at, span)).length
}

function repeatLines(span: Span, all: readonly Ticket[]): TicketSummary['repeats'] {
  const interfaceIds = [...new Set(all.flatMap((ticket) => ticket.interfaceIds))]
  return interfaceIds
    .flatMap((interfaceId) => {
      const causes = new Map(repeatsOn(interfaceId, span, all).map((ticket) => [causeOf(ticket).id, causeOf(ticket).name]))
      return [...causes].map(([cause, causeName]) => ({
        interfaceId,
        cause,
        causeName,
        count: timesOf(interfaceId, cause, { from: span.from - repeatDays * dayMs, to: span.to }, all),
        spanDays: repeatDays + Math.round((span.to - span.from) / dayMs),
      }))
    })
    .toSorted((a, b) => b.count - a.count || a.interfaceId.localeCompare(b.interfaceId))
}

/** Openings and openings again. */
function timesOf(interfaceId: string, cause: string, span: Span, all: readonly Ticket[]): number {
  return all
    .filter((ticket) => ticket.interfaceIds.includes(interfaceId) && causeOf(ticket).id === cause)
    .reduce((sum, ticket) => sum + Number(isIn(ticket.openedAt, span)) + reopenings(ticket, span), 0)
}

function isIn(at: Instant, { from, to }: Span): boolean {
  return at >= from && at < to
}
