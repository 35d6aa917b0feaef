import { type EdgeHealth, type Entry, type LoggedEntry, madePosition, quietHealth } from '../model/entry.ts'
import { type Answer, decidingOf, type Exchange, type Passage } from '../model/exchange.ts'
import type { Instant, Millis } from '../model/time.ts'
import type { ExchangeStore, StoredExchange } from './exchange-store.ts'
import type { Store } from './store.ts'

export interface StoredSpan {
  readonly interfaceId: string
  /** Inclusive, and exclusive. */
  readonly from: Instant
  readonly to: Instant
  /** Of more exchanges the first so many are given. */
  readonly exchangesMax: number
}

const dayMs: Millis = 86_400_000
const pageMs: Millis = 3_600_000
const pageItems = 500
const tickEveryMs: Millis = 10_000
/** A pause makes no more ticks than these: time then jumps. */
const ticksPerPauseMax = 360
const storedHealth: EdgeHealth = { ...quietHealth, edgeId: 'stored' }

/** The last days of one interface, up to where the analysis is. */
export async function lastDaysOf(
  interfaceId: string,
  days: number,
  store: Pick<Store, 'resume'>,
): Promise<Omit<StoredSpan, 'exchangesMax'>> {
  const { now } = await store.resume()
  const to = (now ?? 0) + 1
  return { interfaceId, from: to - days * dayMs, to }
}

/**
 * Stored exchanges as the entries of a log, oldest first, with their bodies where they are still kept, and with ticks between them so that what waits for
 * time to pass does. One batch for each hour.
 */
export async function* storedEntries(store: ExchangeStore, span: StoredSpan): AsyncGenerator<readonly LoggedEntry[]> {
  let left = span.exchangesMax
  let ticked: Instant | null = null
  let count = 0
  const logged = (entry: Entry): LoggedEntry => {
    count += 1
    return { position: madePosition(count), entry }
  }
  for (let from = span.from; from < span.to && left > 0; from += pageMs) {
    const stored = await exchangesOf(store, span, from)
    const entries: LoggedEntry[] = []
    for (const exchange of stored.slice(0, left)) {
      const whole = await wholeExchange(store, exchange)
      const at = endOf(whole)
      ticked ??= at
      for (const tick of ticksUntil(ticked, at)) {
        ticked = tick
        entries.push(logged({ kind: 'tick', at: tick, health: storedHealth }))
      }
      entries.push(logged({ kind: 'exchange', at, exchange: whole }))
    }
    left -= stored.length
    if (entries.length > 0) yield entries
  }
}

async function exchangesOf(
  store: ExchangeStore,
  { interfaceId, to }: StoredSpan,
  from: Instant,
): Promise<readonly StoredExchange[]> {
  const found: StoredExchange[] = []
  let cursor: string | undefined
  do {
    const page = await store.exchanges({
      interfaceId,
      from,
      to: Math.min(from + pageMs, to),
      limit: pageItems,
      ...(cursor === undefined ? {} : { cursor }),
    })
    found.push(...page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return found.reverse()
}

/** The exchange with its request's and its deciding answer's body; an empty one where it isn't kept. */
async function wholeExchange(store: ExchangeStore, stored: StoredExchange): Promise<Exchange> {
  const { request, answers, ...rest } = stored
  const asked = request === null || !stored.kept.request ? null : await store.message(stored.id, 'request')
  const answered = stored.kept.answer ? await store.message(stored.id, 'answer') : null
  const deciding = decidingOf(answers)
  return {
    ...{ id: rest.id, interfaceId: rest.interfaceId, connection: rest.connection, requestFrom: rest.requestFrom },
    ...{ outcome: rest.outcome, controlId: rest.controlId, type: rest.type, code: rest.code },
    ...{ latencyMs: rest.latencyMs, wire: rest.wire, coverage: rest.coverage },
    ...(rest.interimCount === undefined ? {} : { interimCount: rest.interimCount }),
    request: request === null ? null : passageOf(request, asked),
    answers: answers.map((answer): Answer => {
      const message = answer === deciding ? answered : null
      return { ...passageOf(answer, message), stage: answer.stage, verdict: answer.verdict, code: answer.code }
    }),
  }
}

type Kept = Awaited<ReturnType<ExchangeStore['message']>>

function passageOf(
  { startAt, endAt, wireBytes, bodyBytes }: Pick<Passage, 'startAt' | 'endAt' | 'wireBytes' | 'bodyBytes'>,
  kept: Kept,
): Passage {
  return {
    ...{ startAt, endAt, wireBytes, bodyBytes },
    body: kept?.body ?? new Uint8Array(0),
    ...(kept?.envelope === undefined ? {} : { envelope: kept.envelope }),
  }
}

function endOf({ request, answers, connection }: Exchange): Instant {
  return answers.at(-1)?.endAt ?? request?.endAt ?? connection.openedAt
}

function* ticksUntil(last: Instant, at: Instant): Generator<Instant> {
  const from = Math.max(last, at - tickEveryMs * ticksPerPauseMax)
  for (let tick = from + tickEveryMs; tick <= at; tick += tickEveryMs) yield tick
}
