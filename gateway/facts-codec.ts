import { type ByteReader, BytesError, type ByteWriter } from './log/bytes.ts'
import {
  allOf,
  readChoice,
  readChoiceOrNull,
  readFlag,
  readKnown,
  readList,
  readNumberOrNull,
  writeChoice,
  writeChoiceOrNull,
  writeFlag,
  writeList,
  writeNumberOrNull,
} from './log/pieces.ts'
import { readValue, writeValue } from './log/value-codec.ts'
import {
  type AckFacts,
  type CharsetFacts,
  type Defect,
  type Facts,
  type Key,
  keyKinds,
  type PartFacts,
  type Reckoning,
  type Stamp,
} from './model/document.ts'
import { isRecord } from './model/json.ts'

/** A message's facts as bytes, for `ContentsWriter`. */
export function writeFactsOrNull(writer: ByteWriter, facts: Facts | null): void {
  writeFlag(writer, facts !== null)
  if (facts === null) return
  writer.text(facts.type)
  writer.text(facts.version)
  writer.text(facts.controlId)
  writer.text(facts.sender)
  writer.text(facts.receiver)
  writeNumberOrNull(writer, facts.sequence)
  writeList(writer, facts.stamps, writeStamp)
  writeList(writer, facts.keys, writeKey)
  writeCharset(writer, facts.charset)
  writeAckOrNull(writer, facts.ack)
  writeList(writer, facts.defects, writeDefect)
  writeList(writer, facts.codes, writeCode)
  writeFlag(writer, hasMore(facts))
  if (hasMore(facts)) writeMore(writer, facts)
}

/** Typed as Required, here and below, so that a member added to the model doesn't compile until it is read here. */
export function readFactsOrNull(reader: ByteReader): Facts | null {
  if (!readFlag(reader)) return null
  const facts: Required<Omit<Facts, keyof More>> = {
    type: reader.knownText(),
    version: reader.knownText(),
    controlId: reader.text(),
    sender: reader.knownText(),
    receiver: reader.knownText(),
    sequence: readNumberOrNull(reader),
    stamps: readList(reader, readStamp),
    keys: readList(reader, readKey),
    charset: readCharset(reader),
    ack: readAckOrNull(reader),
    defects: readList(reader, readDefect),
    codes: readList(reader, readCode),
  }
  return readFlag(reader) ? { ...facts, ...readMore(reader) } : facts
}

/** What few messages say. */
type More = Pick<Facts, 'parts' | 'reckoning' | 'countsMore' | 'hasNone'>

function hasMore({ parts, reckoning, countsMore, hasNone }: Facts): boolean {
  return parts !== undefined || reckoning !== undefined || countsMore !== undefined || hasNone !== undefined
}

function writeMore(writer: ByteWriter, { parts, reckoning, countsMore, hasNone }: More): void {
  writeFlag(writer, parts !== undefined)
  if (parts !== undefined) writeList(writer, parts, writePart)
  writeFlag(writer, reckoning !== undefined)
  if (reckoning !== undefined) writeValue(writer, reckoning)
  writeFlag(writer, countsMore === true)
  writeFlag(writer, hasNone === true)
}

function readMore(reader: ByteReader): More {
  return {
    ...(readFlag(reader) ? { parts: readList(reader, readPart) } : {}),
    ...(readFlag(reader) ? { reckoning: readReckoning(reader) } : {}),
    ...(readFlag(reader) ? { countsMore: true } : {}),
    ...(readFlag(reader) ? { hasNone: true } : {}),
  }
}

const stampKinds: readonly Stamp['kind'][] = allOf<Stamp['kind']>()(['message', 'event'])

function writeStamp(writer: ByteWriter, stamp: Stamp): void {
  writer.text(stamp.path)
  writeChoice(writer, stampKinds, stamp.kind)
  writeNumberOrNull(writer, stamp.at)
  writer.f64(stamp.resolutionMs)
  writeFlag(writer, stamp.hasZone)
}

function readStamp(reader: ByteReader): Required<Stamp> {
  return {
    path: readKnown(reader),
    kind: readChoice(reader, stampKinds),
    at: readNumberOrNull(reader),
    resolutionMs: reader.f64(),
    hasZone: readFlag(reader),
  }
}

function writeKey(writer: ByteWriter, key: Key): void {
  writeChoice(writer, keyKinds, key.kind)
  writer.text(key.value)
  writer.text(key.authority)
}

function readKey(reader: ByteReader): Required<Key> {
  return { kind: readChoice(reader, keyKinds), value: readKnown(reader), authority: reader.knownText() }
}

const charsets: readonly CharsetFacts['detected'][] = allOf<CharsetFacts['detected']>()([
  'ascii',
  'utf-8',
  'gb18030',
  'iso-8859-1',
  'utf-16',
  'unknown',
])
const charsetVerdicts: readonly CharsetFacts['verdict'][] = allOf<CharsetFacts['verdict']>()([
  'agrees',
  'contradicts',
  'garbled',
  'unlabelled',
  'odd-label',
])

function writeCharset(writer: ByteWriter, charset: CharsetFacts): void {
  writer.text(charset.declared)
  writeChoice(writer, charsets, charset.detected)
  writeChoice(writer, charsetVerdicts, charset.verdict)
  writer.f64(charset.nonAsciiCount)
  writeFlag(writer, charset.delimiterInTrail)
}

function readCharset(reader: ByteReader): Required<CharsetFacts> {
  return {
    declared: reader.knownText(),
    detected: readChoice(reader, charsets),
    verdict: readChoice(reader, charsetVerdicts),
    nonAsciiCount: reader.f64(),
    delimiterInTrail: readFlag(reader),
  }
}

const ackVerdicts: readonly NonNullable<AckFacts['verdict']>[] = allOf<NonNullable<AckFacts['verdict']>>()(['yes', 'no'])

function writeAckOrNull(writer: ByteWriter, ack: AckFacts | null): void {
  writeFlag(writer, ack !== null)
  if (ack === null) return
  writer.text(ack.code)
  writer.text(ack.answersId)
  writeList(writer, ack.errors, writeError)
  writeFlag(writer, ack.verdict !== undefined)
  if (ack.verdict !== undefined) writeChoiceOrNull(writer, ackVerdicts, ack.verdict)
}

function readAckOrNull(reader: ByteReader): AckFacts | null {
  if (!readFlag(reader)) return null
  const ack: Required<Omit<AckFacts, 'verdict'>> = {
    code: readKnown(reader),
    answersId: reader.text(),
    errors: readList(reader, readError),
  }
  return readFlag(reader) ? { ...ack, verdict: readChoiceOrNull(reader, ackVerdicts) } : ack
}

type AckError = AckFacts['errors'][number]

function writeError(writer: ByteWriter, error: AckError): void {
  writer.text(error.code)
  writer.text(error.location)
  writer.text(error.textDigest)
}

function readError(reader: ByteReader): Required<AckError> {
  return { code: reader.knownText(), location: reader.knownText(), textDigest: reader.knownText() }
}

function writeDefect(writer: ByteWriter, defect: Defect): void {
  writer.text(defect.code)
  writer.text(defect.path)
  writer.text(defect.text)
}

function readDefect(reader: ByteReader): Required<Defect> {
  return { code: readKnown(reader), path: reader.knownText(), text: readKnown(reader) }
}

type Code = Facts['codes'][number]

function writeCode(writer: ByteWriter, code: Code): void {
  writer.text(code.path)
  writer.text(code.value)
  writeFlag(writer, code.isLocal === true)
}

function readCode(reader: ByteReader): Code {
  const code: Required<Omit<Code, 'isLocal'>> = { path: readKnown(reader), value: readKnown(reader) }
  return readFlag(reader) ? { ...code, isLocal: true } : code
}

function writePart(writer: ByteWriter, part: PartFacts): void {
  writer.text(part.type)
  writeList(writer, part.keys, writeKey)
  writeAckOrNull(writer, part.ack)
}

function readPart(reader: ByteReader): Required<PartFacts> {
  return { type: reader.knownText(), keys: readList(reader, readKey), ack: readAckOrNull(reader) }
}

/** Our own encoder wrote it: its outline is enough to know it by. */
function isReckoning(value: unknown): value is Reckoning {
  return isRecord(value) && 'agrees' in value && Array.isArray(value.counts)
}

function readReckoning(reader: ByteReader): Reckoning {
  const value = readValue(reader)
  if (!isReckoning(value)) throw new BytesError('A reckoning is none.')
  return value
}
