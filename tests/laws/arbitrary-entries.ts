import fc from 'fast-check'
import type { EdgeHealth, Entry } from '../../gateway/model/entry.ts'
import type { Envelope } from '../../gateway/model/envelope.ts'
import type { Answer, ConnectionStory, Exchange, Passage } from '../../gateway/model/exchange.ts'
import type { Measurement } from '../../gateway/model/measurement.ts'
import type { WireFact } from '../../gateway/model/wire.ts'

const number = fc.double()
const count = fc.nat()
const text = fc.string({ unit: 'binary' })
const textOrNull = fc.option(text)
const side = fc.constantFrom('initiator' as const, 'acceptor' as const)
const endHow = fc.constantFrom('fin' as const, 'rst' as const, 'timeout' as const)
const bytes = fc.uint8Array({ maxLength: 300 })

const envelope: fc.Arbitrary<Envelope> = fc.array(fc.tuple(text, text), { maxLength: 4 })
const passageParts = { startAt: number, endAt: number, wireBytes: count, body: bytes, bodyBytes: count }
const passage: fc.Arbitrary<Passage> = fc.oneof(fc.record(passageParts), fc.record({ ...passageParts, envelope }))
const answerParts = {
  ...passageParts,
  stage: fc.constantFrom('accept' as const, 'application' as const, 'interim' as const, null),
  verdict: fc.constantFrom('yes' as const, 'no' as const, null),
  code: textOrNull,
}
const answer: fc.Arbitrary<Answer> = fc.oneof(fc.record(answerParts), fc.record({ ...answerParts, envelope }))
const connection: fc.Arbitrary<ConnectionStory> = fc.record({
  id: text,
  initiator: text,
  acceptor: text,
  openedAt: number,
  connectMs: fc.option(number),
  exchangesBefore: count,
  idleBeforeMs: fc.option(number),
})

const wireFact: fc.Arbitrary<WireFact> = fc.oneof(
  fc.record({
    kind: fc.constant('refused' as const),
    how: fc.constantFrom('refused' as const, 'timeout' as const, 'unreachable' as const, 'dns' as const, 'tls' as const),
    at: number,
  }),
  fc.record({ kind: fc.constant('reset' as const), by: side, at: number, idleMs: number }),
  fc.record({ kind: fc.constant('closed' as const), by: side, at: number, idleMs: number }),
  fc.record({ kind: fc.constant('timeout' as const), at: number, afterMs: number }),
  fc.record({ kind: fc.constant('late' as const), at: number, afterMs: number }),
  fc.record({ kind: fc.constant('duplicate' as const), of: text, sameBody: fc.boolean(), copy: count }),
  fc.record({ kind: fc.constant('wrong-control-id' as const), distance: fc.option(count), at: number }),
  fc.record({ kind: fc.constant('bytes-before-start' as const), by: side, bytes: count }),
  fc.record({ kind: fc.constant('missing-final-cr' as const), by: side }),
  fc.record({ kind: fc.constant('unframed' as const), by: side }),
  fc.record({ kind: fc.constant('end-block-in-data' as const), by: side }),
  fc.record({ kind: fc.constant('oversize' as const), by: side, bytes: count }),
  fc.record({ kind: fc.constant('partial' as const), by: side, bytes: count, how: endHow }),
  fc.record({ kind: fc.constant('gap' as const), by: side, bytes: count }),
  fc.record({ kind: fc.constant('unreadable' as const), code: text }),
  fc.record({ kind: fc.constant('irregular' as const), by: side, code: text }),
  fc.record({ kind: fc.constant('aborted' as const), by: side, at: number, code: textOrNull }),
)

const exchangeParts = {
  id: text,
  interfaceId: text,
  connection,
  requestFrom: fc.option(side),
  outcome: fc.constantFrom(
    'answered' as const,
    'failed' as const,
    'unanswered' as const,
    'orphan' as const,
    'one-way' as const,
  ),
  controlId: textOrNull,
  type: textOrNull,
  request: fc.option(passage),
  answers: fc.array(answer, { maxLength: 3 }),
  code: textOrNull,
  latencyMs: fc.option(number),
  wire: fc.array(wireFact, { maxLength: 3 }),
  coverage: fc.constantFrom('full' as const, 'sampled' as const, 'headers' as const, 'counters' as const),
}
const exchange: fc.Arbitrary<Exchange> = fc.oneof(
  fc.record(exchangeParts),
  fc.record({ ...exchangeParts, interimCount: count }),
)

const measurement: fc.Arbitrary<Measurement> = fc.record({
  name: text,
  by: text,
  subject: fc.record({ kind: fc.constantFrom('interface' as const, 'system' as const, 'gateway' as const), id: text }),
  at: number,
  verdict: fc.constantFrom('yes' as const, 'no' as const, null),
  code: textOrNull,
  tookMs: fc.option(number),
  facts: fc.dictionary(text, fc.oneof(number, textOrNull), { noNullPrototype: true }),
})

const health: fc.Arbitrary<EdgeHealth> = fc.record({
  edgeId: text,
  loopLagMsMax: number,
  connections: count,
  heldBytes: count,
  dropped: fc.dictionary(text, count, { noNullPrototype: true }),
  exchanges: count,
  forwardedBytes: count,
  clock: fc.record({ synchronised: fc.option(fc.boolean()), errorBoundMs: fc.option(number) }),
  listening: fc.dictionary(text, count, { noNullPrototype: true }),
})

/** Every shape that the model allows, with every number and every string. */
export const arbitraryEntry: fc.Arbitrary<Entry> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('exchange' as const), at: number, exchange }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tick' as const), at: number, health }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('measurement' as const), at: number, measurement }) },
)

/** A usual exchange, told from others by its number, which stands in its id. Two interfaces take turns. */
export function numberedEntry(number: number, bodyBytes = 200): Entry {
  const at = 1_795_000_000_000 + number
  const body = new Uint8Array(bodyBytes).map((_, i) => 32 + ((number + i) % 90))
  const request = { startAt: at - 1, endAt: at, wireBytes: bodyBytes + 3, body, bodyBytes }
  const answerBytes = Math.min(100, bodyBytes)
  const answerBody = new Uint8Array(answerBytes).fill(65)
  const answer = { startAt: at + 4, endAt: at + 5, wireBytes: answerBytes + 3, body: answerBody, bodyBytes: answerBytes }
  return {
    kind: 'exchange',
    at,
    exchange: {
      id: `edge-1:${number}`,
      interfaceId: number % 2 === 0 ? 'his-lis-lab-order' : 'lis-emr-result',
      connection: {
        id: 'c1',
        initiator: '10.1.0.10:50123',
        acceptor: '10.1.0.20:6661',
        openedAt: at - 1000,
        connectMs: 0.4,
        exchangesBefore: number,
        idleBeforeMs: number === 0 ? null : 20.5,
      },
      requestFrom: 'initiator',
      outcome: 'answered',
      controlId: `HIS2026112300${number}`,
      type: 'ORM^O01',
      request,
      answers: [{ ...answer, stage: 'application', verdict: 'yes', code: 'AA' }],
      code: 'AA',
      latencyMs: 5,
      wire: [],
      coverage: 'full',
    },
  }
}

/** The number that `numberedEntry` gave. */
export function numberOf(entry: Entry): number {
  return entry.kind === 'exchange' ? Number(entry.exchange.id.slice('edge-1:'.length)) : Number.NaN
}
