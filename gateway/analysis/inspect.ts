import type { Document, Facts, Format } from '../model/document.ts'
import { type Entry, interfaceIdOf, type LoggedEntry } from '../model/entry.ts'
import { decidingAnswer, type Exchange, type Passage } from '../model/exchange.ts'
import { withForeignWords } from '../model/http/foreign-error.ts'
import type { Catalogue, Interface } from '../model/interface.ts'
import type { Inspected, InspectedExchange } from '../model/reading.ts'
import type { Instant } from '../model/time.ts'
import type { CompiledContract, Violation } from '../model/violation.ts'
import { carryingInterim, distinctBreaches, joinedFacts } from './interim.ts'
import { portionsOf } from './portions.ts'
import type { SetBack } from './timeline.ts'

/** What `inspect` needs to read a body and to hold it to its contract. */
export interface InspectParts {
  readonly catalogue: Catalogue
  /** By name. */
  readonly formats: ReadonlyMap<string, Format>
  /** By interface id. */
  readonly contracts: ReadonlyMap<string, CompiledContract>
}

/** What the bodies of one exchange say. Plain data: another thread may have read them. */
export interface Contents extends Pick<InspectedExchange, 'requestFacts' | 'answerFacts' | 'violations'> {
  /** The code of an answer that says no; null: none does. */
  readonly refusal: { readonly code: string | null } | null
  /** Over HTTP answers are paired by their connection, and only the body says that it answers another message (HL7 V3 `targetMessage`). */
  readonly answersOther: boolean
}

/** Reads bodies by their interface's format and checks them against its contract. Pure, and one entry after the other. Null: an entry without bodies. */
export function createContentsReader(parts: InspectParts): (entry: Entry) => Contents | null {
  const interfaces = new Map(parts.catalogue.interfaces.map((iface) => [iface.id, iface]))
  const zones = new Map(parts.catalogue.systems.map((system) => [system.id, system.timezone]))
  const hospitalZone = parts.catalogue.hospital.timezone
  const zoneOf = (systemId: string) => zones.get(systemId) ?? hospitalZone
  return (entry) => {
    if (entry.kind !== 'exchange') return null
    const iface = interfaces.get(entry.exchange.interfaceId)
    const format = iface && parts.formats.get(iface.format)
    if (!iface || !format) return nothingRead
    try {
      return readBodies(entry.exchange, { iface, format, contract: parts.contracts.get(iface.id), zoneOf })
    } catch {
      // The next start would read it again, and fall over it again: one message must not end the watch over all others.
      return { ...nothingRead, violations: [unread] }
    }
  }
}

/** An entry with what its bodies say, read in one. `now` is the analysis clock. */
export function createInspector(parts: InspectParts): (entry: Entry, now: Instant) => Inspected {
  const read = createContentsReader(parts)
  return (entry, now) => inspected(entry, now, read(entry))
}

/** What the bodies say of the entry at that place among some. Made when it is asked for, where another thread has read them. */
export type ContentsAt = (place: number) => Contents | null

/** What the bodies of some entries say, read portion by portion. */
export function readByInterface(entries: readonly LoggedEntry[], read: (entry: Entry) => Contents | null): ContentsAt {
  const all: (Contents | null)[] = new Array(entries.length).fill(null)
  for (const portion of portionsOf(entries.map(({ entry }) => interfaceIdOf(entry)))) readPortion(all, portion, entries, read)
  return (place) => all[place] ?? null
}

/** Reads the entries at those places, each into its own among all. */
export function readPortion(
  all: (Contents | null)[],
  portion: readonly number[],
  entries: readonly LoggedEntry[],
  read: (entry: Entry) => Contents | null,
): void {
  for (const place of portion) {
    const logged = entries[place]
    if (logged !== undefined) all[place] = read(logged.entry)
  }
}

/** An entry with what its bodies say; `now` is the analysis clock, and `setBack` what became of it with this tick. */
export function inspected(entry: Entry, now: Instant, contents: Contents | null, setBack: SetBack | null = null): Inspected {
  if (entry.kind === 'tick')
    return { kind: 'tick', now, entry, ...(setBack === null ? {} : { setBackMs: setBack.fromAt - setBack.toAt }) }
  if (entry.kind === 'measurement') return { kind: 'measurement', now, entry }
  const read = contents ?? nothingRead
  const { requestFacts, answerFacts, violations } = read
  return { kind: 'exchange', now, entry: judged(entry, read), requestFacts, answerFacts, violations, seen: null }
}

const nothingRead: Contents = { requestFacts: null, answerFacts: null, violations: [], refusal: null, answersOther: false }

/** A format or a contract fell over the message. That is a fault of ours, and told as one; why is not: the words of an error may quote the message. */
export const unread: Violation = {
  path: 'body',
  element: 'body',
  rule: 'unread',
  severity: 'observe',
  message: {
    zh: '听诊读取此报文时出错(自身缺陷):已照常转发,未解析、未检查',
    en: 'Auscult fell over this message (a fault of its own): it passed as it came, and was neither read nor checked',
  },
  shape: null,
  side: 'request',
}

/** What the bodies of one interface are read with. */
interface Reader {
  readonly iface: Interface
  readonly format: Format
  readonly contract: CompiledContract | undefined
  readonly zoneOf: (systemId: string) => string
}

function readBodies(exchange: Exchange, { iface, format, contract, zoneOf }: Reader): Contents {
  const request = readPassage(format, exchange, 'request', exchange.request, zoneOf(sender(iface, exchange, 'request')))
  const deciding = decidingAnswer(exchange)
  const answererZone = zoneOf(sender(iface, exchange, 'answer'))
  const answer = readPassage(format, exchange, 'answer', deciding, answererZone)
  const ofRequest = isWhole(exchange, exchange.request) ? check(contract, request, 'request') : none
  const ofAnswer = isWhole(exchange, deciding) ? check(contract, answer, 'answer') : none
  const requestFacts = factsOf(contract, request, 'request')
  const lastFacts = factsOf(contract, answer, 'answer')
  const interim = carryingInterim(exchange).map((passage) => ({
    document: readPassage(format, exchange, 'answer', passage, answererZone),
    isWhole: isWhole(exchange, passage),
  }))
  const ofInterim = interim.flatMap((one) => (one.isWhole ? check(contract, one.document, 'answer') : none))
  const ack = lastFacts?.ack ?? null
  const answerFacts = joinedFacts(
    withForeignWords(lastFacts, deciding),
    interim.flatMap(({ document }) => factsOf(contract, document, 'answer') ?? []),
  )
  return {
    refusal: ack?.verdict === 'no' ? { code: ack.code } : null,
    answersOther: iface.protocol === 'http' && exchange.controlId === null && isOther(ack?.answersId, requestFacts?.controlId),
    requestFacts,
    answerFacts,
    // Nearly all messages are sound, and nothing is joined then.
    violations:
      ofAnswer.length === 0 && ofInterim.length === 0 ? ofRequest : [...ofRequest, ...ofAnswer, ...distinctBreaches(ofInterim)],
  }
}

/** The system that made the request or the answer: requests may flow from either side of a connection. */
function sender(iface: Interface, exchange: Exchange, side: 'request' | 'answer'): string {
  const fromAcceptor = exchange.requestFrom === 'acceptor'
  return (side === 'request') === fromAcceptor ? iface.to : iface.from
}

function readPassage(
  format: Format,
  { request }: Exchange,
  side: 'request' | 'answer',
  passage: Passage | null,
  timezone: string,
): Document | null {
  if (!passage || (passage.body.length === 0 && (passage.envelope ?? []).length === 0)) return null
  const { body, bodyBytes, endAt: at, envelope } = passage
  const requestEnvelope = side === 'answer' ? request?.envelope : undefined
  if (envelope === undefined) return format.read(body, { at, timezone, bodyBytes, side })
  if (requestEnvelope === undefined) return format.read(body, { at, timezone, bodyBytes, side, envelope })
  return format.read(body, { at, timezone, bodyBytes, side, envelope, requestEnvelope })
}

/** What the contract knows better (which member says no, which path is which operation) outranks what the body tells by itself. */
function factsOf(contract: CompiledContract | undefined, document: Document | null, side: 'request' | 'answer'): Facts | null {
  if (document === null) return null
  return contract?.facts?.(document, side) ?? document.facts()
}

function isOther(answersId: string | null | undefined, controlId: string | null | undefined): boolean {
  return answersId != null && controlId != null && answersId !== controlId
}

type ExchangeEntry = InspectedExchange['entry']

/** An answer that says no, or that it answers another message, in its body alone makes its exchange a failed one with the body's code, or one with that fact of the wire. */
function judged(entry: ExchangeEntry, { refusal, answersOther }: Contents): ExchangeEntry {
  const { exchange } = entry
  if ((refusal === null && !answersOther) || exchange.outcome !== 'answered') return entry
  const at = decidingAnswer(exchange)?.endAt ?? 0
  const wire: Exchange['wire'] = answersOther
    ? [...exchange.wire, { kind: 'wrong-control-id', distance: null, at }]
    : exchange.wire
  return { ...entry, exchange: { ...exchange, wire, ...(refusal === null ? {} : { outcome: 'failed', code: refusal.code }) } }
}

/** A message of which only a part passed, or was kept, can't be held to its contract: what is missing was cut off by the wire. */
function isWhole(exchange: Exchange, passage: Passage | null): boolean {
  if (!passage || passage.body.length < passage.bodyBytes) return false
  const answererSide = exchange.requestFrom === 'initiator' ? 'acceptor' : 'initiator'
  const side = passage === exchange.request ? exchange.requestFrom : answererSide
  return !exchange.wire.some(
    (fact) => (fact.kind === 'partial' || fact.kind === 'gap' || fact.kind === 'oversize') && fact.by === side,
  )
}

function check(
  contract: CompiledContract | undefined,
  document: Document | null,
  side: 'request' | 'answer',
): readonly Violation[] {
  return contract && document ? contract.check(document, side) : none
}

const none: readonly Violation[] = []
