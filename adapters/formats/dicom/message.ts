import { verdictWeights } from '../../../gateway/model/charset.ts'
import type { CharsetFacts, Defect, Hints } from '../../../gateway/model/document.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import type { Service } from './carrier.ts'
import { delimitersOf, isPlain } from './charset/decode.ts'
import { type ForeignText, judge } from './charset/judge.ts'
import { type CharacterSets, characterSetsOf } from './charset/terms.ts'
import { type DataSet, type Element, plainText, specificCharacterSet } from './data-set.ts'
import { addDefect, defect } from './defects.ts'
import { type Found, readDataSet, readFile } from './part10.ts'
import { pathTo } from './path.ts'
import { characterSetsIn } from './values.ts'
import { vrNamed } from './vr.ts'
import { readWeb } from './web.ts'

/** A body that was read: its data sets, and how to read their texts. */
export interface Message {
  readonly hints: Hints
  readonly service: Service
  /** In their order: one of a DIMSE message, any number of a multipart or of query results. */
  readonly found: readonly Found[]
  /** Data sets that are there; more than `found` where a limit left some out. */
  readonly foundCount: number
  readonly charset: CharsetFacts
  /** What texts are rather than what their data set declares, by what it declares. */
  readonly fallbacks: ReadonlyMap<CharacterSets, CharacterSets>
  readonly defects: readonly Defect[]
}

/** Reads a body by what carried it: a DIMSE message's data set, an HTTP body, or (no envelope) a file. Never throws. */
export function messageOf(body: Uint8Array, hints: Hints): Message {
  const { envelope } = hints
  const isWeb = envelopeValue(envelope, ':method') !== null || envelopeValue(envelope, ':status') !== null
  if (isWeb) {
    const { service, found, foundCount, defects, charset } = readWeb(body, hints)
    return finished({ hints, service, found, foundCount, defects, known: charset })
  }
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const isCut = hints.bodyBytes !== undefined && hints.bodyBytes > body.length
  if (envelope !== undefined && envelope.length > 0) {
    const command = envelopeValue(envelope, 'command')
    const type = command?.replace(/-(?:RQ|RSP)$/, '') ?? (isOfAssociation(hints) ? 'A-ASSOCIATE' : null)
    const service: Service = { carrier: 'dimse', type, command }
    const found = bytes.length === 0 ? [] : [readDimse(bytes, envelopeValue(envelope, 'transfer-syntax'), isCut)]
    return finished({ hints, service, found, foundCount: found.length, defects: [], known: null })
  }
  const found = readFile(bytes, { isCut })
  return finished({
    hints,
    service: { carrier: 'file', type: 'FILE', command: 'FILE' },
    found: [found],
    foundCount: 1,
    defects: [],
    known: null,
  })
}

/** A refusal says nothing of itself, but its request does. */
function isOfAssociation({ envelope, requestEnvelope }: Hints): boolean {
  return [envelope, requestEnvelope].some((one) => envelopeValue(one, 'application-context') !== null)
}

/** A data set of a DIMSE message has neither preamble nor file meta information; with them it is read all the same. */
function readDimse(bytes: Buffer, transferSyntax: string | null, isCut: boolean): Found {
  const isFile =
    (bytes.length >= 132 && bytes.toString('latin1', 128, 132) === 'DICM') ||
    (bytes[0] === 2 && bytes[1] === 0 && bytes[3] === 0)
  if (!isFile) return readDataSet(bytes, transferSyntax, { isCut })
  const found = readFile(bytes, { isCut })
  const defects = found.defects.filter(({ code }) => code !== 'DICOM_NO_PREAMBLE')
  return { ...found, defects: [defect('DICOM_PREAMBLE', null), ...defects] }
}

/** What the texts of a data set are rather than what it declares; null: what it declares. */
export function fallbackOf({ fallbacks }: Message, set: DataSet): CharacterSets | null {
  // Nearly every label is true.
  return fallbacks.size === 0 ? null : (fallbacks.get(characterSetsIn(set)) ?? null)
}

/** Before paths of the n-th data set, counted from 0; nothing where there is but one. */
export function prefixOf(message: Pick<Message, 'foundCount'>, index: number): string {
  return message.foundCount > 1 ? `part[${index + 1}].` : ''
}

type Unfinished = Pick<Message, 'hints' | 'service' | 'found' | 'foundCount' | 'defects'> & {
  readonly known: CharsetFacts | null
}

/** Judges the character sets, once all data sets are found. `known`: JSON and XML say theirs themselves. */
function finished({ known, ...message }: Unfinished): Message {
  const defects = [...message.defects, ...message.found.flatMap((found) => found.defects)]
  if (known !== null) return { ...message, charset: known, fallbacks: new Map(), defects }
  const scan: Scan = { texts: new Map(), defects }
  for (const [i, { set }] of message.found.entries()) scanSet(scan, set, prefixOf(message, i))
  const first = message.found[0]
  const declared = first === undefined ? null : plainText(first.set, specificCharacterSet)
  const { facts, fallbacks } = judged(declared, scan, defects)
  return { ...message, charset: facts, fallbacks, defects }
}

interface Scan {
  /** Texts that aren't plain ASCII, by what their data set declares. */
  readonly texts: Map<CharacterSets, (ForeignText & { readonly path: string })[]>
  readonly defects: Defect[]
}

/** Most texts that are judged; a message of more is judged by its first ones. */
const textsMax = 2_000

function scanSet(scan: Scan, set: DataSet, prefix: string): void {
  // What is known is plain ASCII, or a number.
  for (const { elements, run } of set.stretches)
    if (run === null) for (const element of elements) if (element.known === null) scanElement(scan, set, element, prefix)
}

function scanElement(scan: Scan, set: DataSet, element: Element, prefix: string): void {
  if (element.items !== null) {
    for (const [i, item] of element.items.entries()) scanSet(scan, item, `${pathTo(prefix, element.tag)}[${i + 1}].`)
    return
  }
  const content = vrNamed(element.vr)?.content
  if ((content !== 'text' && content !== 'plain') || element.given !== null) return
  if (isPlain(set.source.bytes, element.start, element.end)) return
  const path = pathTo(prefix, element.tag)
  if (content === 'plain') {
    addDefect(scan.defects, 'DICOM_NON_ASCII', path)
    return
  }
  const sets = characterSetsIn(set)
  const texts = scan.texts.get(sets) ?? []
  if (texts.length === 0) scan.texts.set(sets, texts)
  if (texts.length >= textsMax) return
  texts.push({ bytes: set.source.bytes.subarray(element.start, element.end), delimiters: delimitersOf(element.vr), path })
}

/** One judgement for all labels of the message: that of the worst. */
function judged(
  declared: string | null,
  scan: Scan,
  defects: Defect[],
): { readonly facts: CharsetFacts; readonly fallbacks: ReadonlyMap<CharacterSets, CharacterSets> } {
  const fallbacks = new Map<CharacterSets, CharacterSets>()
  let worst: CharsetFacts | null = null
  let nonAsciiCount = 0
  let delimiterInTrail = false
  for (const [sets, texts] of scan.texts) {
    const { facts, fallback, broken } = judge(sets, texts)
    if (fallback !== null) fallbacks.set(sets, fallback)
    nonAsciiCount += facts.nonAsciiCount
    delimiterInTrail ||= facts.delimiterInTrail
    if (worst === null || verdictWeights[facts.verdict] > verdictWeights[worst.verdict]) worst = facts
    if (facts.verdict !== 'contradicts' && (fallback ?? sets).declared !== null)
      for (const i of broken) addDefect(defects, 'DICOM_CHARSET_BROKEN', texts[i]?.path ?? null)
    if (sets.isOdd) addDefect(defects, 'DICOM_CHARSET_UNKNOWN', 'SpecificCharacterSet')
  }
  return { facts: { ...(worst ?? judge(characterSetsOf(declared), []).facts), nonAsciiCount, delimiterInTrail }, fallbacks }
}
