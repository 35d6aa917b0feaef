import type { Duty } from '../../model/duty.ts'
import { decidingOf } from '../../model/exchange.ts'
import type { Ticket } from '../../model/ticket.ts'
import { type Instant, isoInZone } from '../../model/time.ts'
import type { WireFact } from '../../model/wire.ts'
import type { Delivery } from '../../store/duty-store.ts'
import type { StoredExchange } from '../../store/exchange-store.ts'
import type { DeliveryAnswer, DutyAnswer, ExchangeAnswer, TicketAnswer } from './shapes.ts'

/** Turns what the store keeps into what the API says: instants as ISO 8601 in the hospital's zone. */
export interface Presenter {
  iso(at: Instant): string
  exchange(stored: StoredExchange): ExchangeAnswer
  ticket(ticket: Ticket): TicketAnswer
  delivery(delivery: Delivery): DeliveryAnswer
  duty(duty: Duty): Omit<DutyAnswer, 'owner' | 'ticket'>
}

export function createPresenter(timezone: string): Presenter {
  const iso = (at: Instant) => isoInZone(at, timezone)
  const isoOrNull = (at: Instant | null) => (at === null ? null : iso(at))
  return {
    iso,
    exchange: (e) => {
      const { request, answers, connection } = e
      const deciding = decidingOf(answers)
      return {
        id: e.id,
        interfaceId: e.interfaceId,
        outcome: e.outcome,
        type: e.type,
        controlId: e.controlId,
        keys: e.keys,
        at: iso(e.at),
        requestAt: isoOrNull(request?.endAt ?? null),
        answerAt: isoOrNull(deciding?.endAt ?? null),
        latencyMs: e.latencyMs,
        requestBytes: request?.bodyBytes ?? 0,
        answerBytes: deciding?.bodyBytes ?? 0,
        code: e.code,
        wire: e.wire.map((fact) => wireAnswer(fact, iso)),
        violations: e.violations,
        journey: null,
        coverage: e.coverage,
        requestFrom: e.requestFrom,
        connection: { ...connection, openedAt: iso(connection.openedAt) },
        request: request && {
          startAt: iso(request.startAt),
          endAt: iso(request.endAt),
          bodyBytes: request.bodyBytes,
          wireBytes: request.wireBytes,
          charset: request.charset,
        },
        answers: answers.map((answer) => ({ ...answer, startAt: iso(answer.startAt), endAt: iso(answer.endAt) })),
        kept: e.kept,
      }
    },
    ticket: (t) => ({
      ...t,
      openedAt: iso(t.openedAt),
      lastSeenAt: iso(t.lastSeenAt),
      resolvedAt: isoOrNull(t.resolvedAt),
      expectedRecoveryAt: isoOrNull(t.expectedRecoveryAt),
      arrivedAt: isoOrNull(t.arrivedAt),
      difficultAt: isoOrNull(t.difficultAt),
      postMortem: t.postMortem && { ...t.postMortem, at: iso(t.postMortem.at) },
      timeline: t.timeline.map((item) => ({ ...item, at: iso(item.at) })),
    }),
    delivery: ({ notice: { id, kind, at, title, body }, channel, state, tries, sentAt }) => ({
      id,
      kind,
      channel,
      state,
      tries,
      at: iso(at),
      sentAt: isoOrNull(sentAt),
      title,
      body,
    }),
    duty: (d) => ({
      ...d,
      startedAt: iso(d.startedAt),
      dueAt: iso(d.dueAt),
      overdueAt: isoOrNull(d.overdueAt),
      endedAt: isoOrNull(d.endedAt),
    }),
  }
}

function wireAnswer(fact: WireFact, iso: (at: Instant) => string): ExchangeAnswer['wire'][number] {
  return 'at' in fact ? { ...fact, at: iso(fact.at) } : { ...fact }
}
