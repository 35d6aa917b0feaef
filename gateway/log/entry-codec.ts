import type { EdgeHealth, Entry } from '../model/entry.ts'
import type { Answer, ConnectionStory, Coverage, Exchange, Outcome, Passage } from '../model/exchange.ts'
import type { Side } from '../model/frame.ts'
import { isRecord } from '../model/json.ts'
import type { WireFact } from '../model/wire.ts'
import { ByteReader, BytesError, type ByteWriter } from './bytes.ts'
import { hasMore, readMore, writeMore } from './exchange-more.ts'
import { readMeasurement } from './measurement-codec.ts'
import {
  allOf,
  chosen,
  readChoice,
  readChoiceOrNull,
  readKnown,
  readList,
  readNumberOrNull,
  readText,
  writeChoice,
  writeChoiceOrNull,
  writeList,
  writeNumberOrNull,
} from './pieces.ts'
import { readValue, writeValue } from './value-codec.ts'

/** Version of the bytes below. It stands in every segment's header; a reader refuses what is newer. */
export const entryCodecVersion = 2

/** Appends one entry's bytes. Exact: `decodeEntry` gives back an equal entry, with the bodies as bytes. */
export function encodeEntry(writer: ByteWriter, entry: Entry): void {
  const isMore = entry.kind === 'exchange' && hasMore(entry.exchange)
  writer.u8(isMore ? exchangeWithMore : entryKinds.indexOf(entry.kind))
  writer.f64(entry.at)
  switch (entry.kind) {
    case 'exchange':
      writeExchange(writer, entry.exchange)
      if (isMore) writeMore(writer, entry.exchange)
      return
    case 'tick':
      writeValue(writer, entry.health)
      return
    case 'measurement':
      writeValue(writer, entry.measurement)
      return
    default:
      entry satisfies never
  }
}

/** An exchange followed by what only some protocols have: its envelopes and the number of interim answers. Version 1 had none of these. */
const exchangeWithMore = 254

/**
 * The entry whose bytes stand in `buffer` from `start` to `end`. Its bodies are views of `buffer`, so that keeping one keeps the
 * whole batch that it was read with. Throws BytesError for bytes that no encoder wrote.
 */
export function decodeEntry(buffer: Buffer, start: number, end: number): Entry {
  const reader = new ByteReader(buffer, start, end)
  const kindByte = reader.u8()
  const at = reader.f64()
  const entry = readEntry(reader, kindByte, at)
  if (!reader.isAtEnd) throw new BytesError('An entry has bytes left over.')
  return entry
}

/** The interface of the exchange whose bytes those are; null: another entry. Throws BytesError as `decodeEntry` does, for the bytes that it looks at. */
export function interfaceOf(buffer: Buffer, start: number, end: number): string | null {
  const reader = new ByteReader(buffer, start, end)
  const kindByte = reader.u8()
  reader.f64()
  if (kindByte !== exchangeWithMore && chosen(entryKinds, kindByte) !== 'exchange') return null
  reader.skipText()
  return readKnown(reader)
}

function readEntry(reader: ByteReader, kindByte: number, at: number): Entry {
  if (kindByte === exchangeWithMore) return { kind: 'exchange', at, exchange: readMore(reader, readExchange(reader)) }
  const kind = chosen(entryKinds, kindByte)
  switch (kind) {
    case 'exchange':
      return { kind, at, exchange: readExchange(reader) }
    case 'tick':
      return { kind, at, health: readHealth(reader) }
    case 'measurement':
      return { kind, at, measurement: readMeasurement(reader) }
    default:
      return kind satisfies never
  }
}

const entryKinds: readonly Entry['kind'][] = allOf<Entry['kind']>()(['exchange', 'tick', 'measurement'])
const outcomes: readonly Outcome[] = allOf<Outcome>()(['answered', 'failed', 'unanswered', 'orphan', 'one-way'])
const coverages: readonly Coverage[] = allOf<Coverage>()(['full', 'sampled', 'headers', 'counters'])
const sides: readonly Side[] = allOf<Side>()(['initiator', 'acceptor'])
const stages: readonly NonNullable<Answer['stage']>[] = allOf<NonNullable<Answer['stage']>>()([
  'accept',
  'application',
  'interim',
])
const verdicts: readonly NonNullable<Answer['verdict']>[] = allOf<NonNullable<Answer['verdict']>>()(['yes', 'no'])
const factKinds: readonly string[] = allOf<WireFact['kind']>()([
  'refused',
  'reset',
  'closed',
  'timeout',
  'late',
  'duplicate',
  'wrong-control-id',
  'bytes-before-start',
  'missing-final-cr',
  'unframed',
  'end-block-in-data',
  'oversize',
  'partial',
  'gap',
  'unreadable',
  'aborted',
  'irregular',
])

function writeExchange(writer: ByteWriter, exchange: Exchange): void {
  writer.text(exchange.id)
  writer.text(exchange.interfaceId)
  writeConnection(writer, exchange.connection)
  writeChoiceOrNull(writer, sides, exchange.requestFrom)
  writeChoice(writer, outcomes, exchange.outcome)
  writer.text(exchange.controlId)
  writer.text(exchange.type)
  writer.u8(exchange.request === null ? 0 : 1)
  if (exchange.request !== null) writePassage(writer, exchange.request)
  writeList(writer, exchange.answers, writeAnswer)
  writer.text(exchange.code)
  writeNumberOrNull(writer, exchange.latencyMs)
  writeList(writer, exchange.wire, writeValue)
  writeChoice(writer, coverages, exchange.coverage)
}

/** Typed as Required, so that an optional field added to the model doesn't compile until it is read here. */
function readExchange(reader: ByteReader): Required<Omit<Exchange, 'interimCount'>> {
  return {
    id: readText(reader),
    interfaceId: readKnown(reader),
    connection: readConnection(reader),
    requestFrom: readChoiceOrNull(reader, sides),
    outcome: readChoice(reader, outcomes),
    controlId: reader.text(),
    type: reader.knownText(),
    request: reader.u8() === 0 ? null : readPassage(reader),
    answers: readList(reader, readAnswer),
    code: reader.knownText(),
    latencyMs: readNumberOrNull(reader),
    wire: readList(reader, readFact),
    coverage: readChoice(reader, coverages),
  }
}

function writeConnection(writer: ByteWriter, connection: ConnectionStory): void {
  writer.text(connection.id)
  writer.text(connection.initiator)
  writer.text(connection.acceptor)
  writer.f64(connection.openedAt)
  writeNumberOrNull(writer, connection.connectMs)
  writer.f64(connection.exchangesBefore)
  writeNumberOrNull(writer, connection.idleBeforeMs)
}

function readConnection(reader: ByteReader): Required<ConnectionStory> {
  return {
    id: readKnown(reader),
    initiator: readKnown(reader),
    acceptor: readKnown(reader),
    openedAt: reader.f64(),
    connectMs: readNumberOrNull(reader),
    exchangesBefore: reader.f64(),
    idleBeforeMs: readNumberOrNull(reader),
  }
}

function writePassage(writer: ByteWriter, passage: Passage): void {
  writer.f64(passage.startAt)
  writer.f64(passage.endAt)
  writer.f64(passage.wireBytes)
  writer.bytes(passage.body)
  writer.f64(passage.bodyBytes)
}

function readPassage(reader: ByteReader): Required<Omit<Passage, 'envelope'>> {
  return {
    startAt: reader.f64(),
    endAt: reader.f64(),
    wireBytes: reader.f64(),
    body: reader.bytes(),
    bodyBytes: reader.f64(),
  }
}

function writeAnswer(writer: ByteWriter, answer: Answer): void {
  writePassage(writer, answer)
  writeChoiceOrNull(writer, stages, answer.stage)
  writeChoiceOrNull(writer, verdicts, answer.verdict)
  writer.text(answer.code)
}

function readAnswer(reader: ByteReader): Required<Omit<Answer, 'envelope'>> {
  const { startAt, endAt, wireBytes, body, bodyBytes } = readPassage(reader)
  const stage = readChoiceOrNull(reader, stages)
  const verdict = readChoiceOrNull(reader, verdicts)
  return { startAt, endAt, wireBytes, body, bodyBytes, stage, verdict, code: reader.knownText() }
}

/** Our own encoder wrote it from a WireFact and a checksum guards it: the kind is enough to know it by. */
function isFact(value: unknown): value is WireFact {
  return isRecord(value) && typeof value.kind === 'string' && factKinds.includes(value.kind)
}

function readFact(reader: ByteReader): WireFact {
  const value = readValue(reader)
  if (!isFact(value)) throw new BytesError('A wire fact is of no known kind.')
  return value
}

function isHealth(value: unknown): value is EdgeHealth {
  if (!isRecord(value)) return false
  const isCounted = typeof value.loopLagMsMax === 'number' && typeof value.exchanges === 'number'
  return (
    typeof value.edgeId === 'string' &&
    isCounted &&
    isRecord(value.dropped) &&
    isRecord(value.clock) &&
    isRecord(value.listening)
  )
}

function readHealth(reader: ByteReader): EdgeHealth {
  const value = readValue(reader)
  if (!isHealth(value)) throw new BytesError("A tick doesn't carry an edge's health.")
  return value
}
