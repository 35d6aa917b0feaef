import type { Chance } from '../../fixtures/hospital/chance.ts'
import type { ConnectionStory } from '../../gateway/model/exchange.ts'
import type { InspectedExchange } from '../../gateway/model/reading.ts'
import type { Instant, Millis } from '../../gateway/model/time.ts'
import type { WireFact } from '../../gateway/model/wire.ts'
import { type ExchangeWish, exchanged } from '../../tests/unit/monitors/stream.ts'
import { arrivals, type Pace, perHourAt } from './arrivals.ts'
import type { Attempts } from './attempts.ts'
import { ranked, varied } from './chance.ts'
import { connectionsOf } from './connections.ts'
import type { Latencies } from './latencies.ts'
import { keysOf, patientsOf } from './patients.ts'
import type { Refusals } from './refusals.ts'
import type { Wire } from './wires.ts'

/** What an interface is like, in every respect. */
export interface Ways {
  readonly interfaceId: string
  readonly wire: Wire
  readonly pace: Pace
  readonly cv2: number
  readonly refusals: Refusals
  readonly attempts: Attempts
  readonly latencies: Latencies
  /** How many types of messages there are, and how many systems or devices send them. */
  readonly typeCount: number
  readonly senderCount: number
  readonly codeCount: number
}

/** One message in so many loses its connection or its answer. */
const brokenShare = 0.0007
const answerMsMax = 25_000

/** All exchanges of an interface from an instant to another, in the order of the log. The same chance gives the same ones. */
export function* lifeOf(ways: Ways, chance: Chance, from: Instant, to: Instant): Generator<InspectedExchange> {
  const { pace, refusals, attempts, latencies, wire } = ways
  const patientNext = patientsOf(chance.fork('patients'))
  const type = ranked(chance.fork('types'), Math.min(ways.typeCount, wire.types.length), 1)
  const connection = connectionsOf(chance.fork('connections'), ways.interfaceId, from)
  const told = contentsOf(ways, chance.fork('contents'))
  const fate = chance.fork('fates')
  /** What is under way, the first to end first. */
  let open: InspectedExchange[] = []
  let number = 0
  for (const at of arrivals(chance.fork('arrivals'), pace, ways.cv2, from, to)) {
    number += 1
    const patient = patientNext()
    const typeNow = type()
    const isBroken = fate.happens(brokenShare)
    const isRefused = refusals.isRefused({ at, patient, perHour: perHourAt(pace, at) })
    const said = told(patient, number, typeNow)
    const message = { ...said, at, interfaceId: ways.interfaceId, connection: connection(at - said.sendMs) }
    const latencyMs = () => Math.min(latencies.next(at, typeNow), answerMsMax)
    const answered = () => ({ outcome: 'answered', latencyMs: latencyMs(), ...wire.yes(message.type, fate) }) as const
    if (isBroken) open.push(exchanged({ ...message, ...broken(at, fate) }), again(wire, message, 1, 10_000, answered()))
    else if (isRefused) {
      const refused = { outcome: 'failed', ...wire.no(fate) } as const
      open.push(exchanged({ ...message, ...refused, latencyMs: latencyMs() }))
      const copies = attempts.again()
      for (let copy = 1; copy <= copies; copy += 1)
        open.push(again(wire, message, copy, copy * attempts.pauseMs, { ...refused, latencyMs: latencyMs() }))
    } else open.push(exchanged({ ...message, ...answered() }))
    if (open.length > 1) open.sort((a, b) => a.entry.at - b.entry.at)
    const ended = open.findIndex(({ entry }) => entry.at > at)
    yield* ended < 0 ? open : open.slice(0, ended)
    open = ended < 0 ? [] : open.slice(ended)
  }
  yield* open.filter(({ entry }) => entry.at < to)
}

type Said = ExchangeWish & { readonly id: string; readonly type: string; readonly sendMs: Millis; readonly queuedMs: Millis }
type Message = Said & { readonly connection: Partial<ConnectionStory> }

/** The same message once more, some time later: byte for byte, its stamp included. */
function again(wire: Wire, message: Message, copy: number, afterMs: number, fares: Partial<ExchangeWish>): InspectedExchange {
  const fact: WireFact = { kind: 'duplicate', of: message.id, sameBody: true, copy }
  const wireFacts = wire.showsCopies ? [fact] : []
  const when = { at: message.at + afterMs, queuedMs: message.queuedMs + afterMs }
  const { exchangesBefore = 0 } = message.connection
  const connection = { ...message.connection, exchangesBefore: exchangesBefore + copy, idleBeforeMs: afterMs / copy }
  return exchanged({ ...message, ...fares, ...when, connection, id: `${message.id}-${copy}`, wire: wireFacts })
}

/** The receiver's process ends in the midst of it, or a firewall drops the answer. */
function broken(at: Instant, chance: Chance): Partial<ExchangeWish> {
  const reset: WireFact = { kind: 'reset', by: 'acceptor', at: at + 20, idleMs: 10 }
  const timeout: WireFact = { kind: 'timeout', at: at + 30_000, afterMs: 30_000 }
  return { outcome: 'unanswered', code: null, latencyMs: null, wire: [chance.happens(0.7) ? reset : timeout] }
}

/** What messages say: of whom, of what order, in which codes, from which sender, and how long they lay before they were sent. */
function contentsOf({ interfaceId, wire, senderCount, codeCount }: Ways, chance: Chance) {
  const sender = ranked(chance, senderCount, 0.7)
  const code = ranked(chance, codeCount, chance.pick([0.8, 1.1]))
  const department = ranked(chance, 25, 1)
  return (patient: number, number: number, type: number): Said => {
    const id = `${interfaceId}-${number}`
    const named = wire.named(id)
    return {
      ...named,
      at: 0,
      id: `e-${id}`,
      type: wire.types[type] ?? '',
      keys: [...(named.keys ?? []), ...keysOf(chance, patient, number)],
      codes: [
        { path: 'OBR-4.1', value: `C${code()}` },
        { path: 'PV1-3.1', value: `D${department()}` },
      ],
      sender: `S${sender()}|SZPH`,
      requestBytes: Math.round(varied(chance, wire.bytes.median, wire.bytes.sigma)),
      sendMs: 0.5 + (chance.happens(0.005) ? 200 + 300 * chance.next() : 0),
      queuedMs: varied(chance, 20, 1.2) + (chance.happens(0.01) ? varied(chance, 4000, 1) : 0),
      stampResolutionMs: 1000,
    }
  }
}
