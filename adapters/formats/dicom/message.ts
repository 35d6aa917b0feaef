import { verdictWeights } from '../../../gateway/model/charset.ts'
import type { CharsetFacts, Defect, Hints } from '../../../gateway/model/document.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import type { Service } from './carrier.ts'
import { delimitersOf, isPlain } from './charset/decode.ts'
import { type ForeignText, judge } from './charset/judge.ts'
import { type CharacterSets, characterSetsOf } from './charset/terms.ts'
import { type DataSet, type Element, plainText, specificCharacterSet } from './data-set.ts'
import { addDefect, defect } from './defects.ts'
import { type Found, hasPreamble, readDataSet, readFile } from './part10.ts'
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
  if (envelope?.some(([name]) => name === ':method' || name === ':status')) {
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
  const isFile = hasPreamble(bytes) || (bytes[0] === 2 && bytes[1] === 0 && bytes[3] === 0)
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
export function prefixOf(foundCount: number, index: number): string {
  return foundCount > 1 ? `part[${index + 1}].` : ''
}

type Unfinished = Pick<Message, 'hints' | 'service' | 'found' | 'foundCount' | 'defects'> & {
  readonly known: CharsetFacts | null
}

/** Judges the character sets, once all data sets are found. `known`: JSON and XML say theirs themselves. */
function finished({ hints, service, found, foundCount, defects: before, known }: Unfinished): Message {
  const defects = [...before]
  for (const one of found) defects.push(...one.defects)
  if (known !== null) return { hints, service, found, foundCount, charset: known, fallbacks: noFallbacks, defects }
  const scan: Scan = { labels: [], defects }
  found.forEach(({ set }, i) => {
    scanSet(scan, set, prefixOf(foundCount, i))
  })
  const [first] = found
  const declared = first === undefined ? null : plainText(first.set, specificCharacterSet)
  const { facts, fallbacks } = judged(declared, scan)
  return { hints, service, found, foundCount, charset: facts, fallbacks, defects }
}

const noFallbacks: Message['fallbacks'] = new Map()

interface Scan {
  /** Texts that aren't plain ASCII, by what their data set declares: nearly always one label. */
  readonly labels: { readonly sets: CharacterSets; readonly texts: PlacedText[] }[]
  readonly defects: Defect[]
}

interface PlacedText extends ForeignText {
  readonly path: string
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
  const known = scan.labels.find((label) => label.sets === sets)?.texts
  const texts = known ?? []
  if (known === undefined) scan.labels.push({ sets, texts })
  if (texts.length >= textsMax) return
  texts.push({ bytes: set.source.bytes.subarray(element.start, element.end), delimiters: delimitersOf(element.vr), path })
}

interface Judged {
  readonly facts: CharsetFacts
  readonly fallbacks: Message['fallbacks']
}

/** One judgement for all labels of the message: that of the worst. */
function judged(declared: string | null, { labels, defects }: Scan): Judged {
  if (labels.length === 0) return { facts: judge(characterSetsOf(declared), []).facts, fallbacks: noFallbacks }
  const fallbacks = new Map<CharacterSets, CharacterSets>()
  let worst: CharsetFacts | null = null
  let nonAsciiCount = 0
  let delimiterInTrail = false
  for (const { sets, texts } of labels) {
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
