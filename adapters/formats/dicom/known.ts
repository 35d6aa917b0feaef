import { tagText } from '../../../gateway/model/dicom/dictionary.ts'
import { isPlain } from './charset/decode.ts'
import { type DataSet, type KnownElement, pixelRepresentation, type Run, rawText, type Source, unpadded } from './data-set.ts'
import { jsonAttribute } from './json-attribute.ts'
import { textOf, valuesOf } from './values.ts'
import { vrNamed } from './vr.ts'
import { wanted } from './wanted.ts'

/** Bytes of an element that is remembered; elements that are, and the runs that they form: what wasn't met for long makes room. */
const bytesMax = 140
const elementsMax = 16_384
const runsMax = 8_192
/** Elements of one run. */
export const runElementsMax = 256
/** An element is remembered when it comes so often: to learn it costs as much as to read it so many times. */
const sightsMin = 4
/** Two runs that come one after the other so often are one. */
const togetherMin = 32

/** How elements are read: with their representation, or with that of the dictionary, where numbers that may be signed are or aren't. */
export type Form = 'explicit' | 'signed' | 'unsigned'

const formSeeds: Readonly<Record<Form, number>> = { explicit: 0, signed: 1, unsigned: 2 }

/** A run, and where it is kept. */
export interface KeptRun extends Run {
  readonly form: Form
  readonly byteCount: number
  /** Its bytes as numbers of four, and its last four, of which some may be among those before. */
  readonly words: readonly number[]
  /** Of its first element. */
  readonly hash: number
  /** What came after it last time, and how often that came before. */
  next: KeptRun | null
  nextCount: number
  isKept: boolean
  /** Since somebody looked for what could be forgotten. */
  wasMet: boolean
}

/** The last run of a message that was known. */
export interface Trail {
  last: Pick<KeptRun, 'next' | 'nextCount' | 'isKept'>
}

/** Before the first run of a message; what comes next is but a guess. */
export const beginning: Trail['last'] = { next: null, nextCount: 0, isKept: true }

/** What lies ahead of a walk. */
export interface Ahead {
  readonly source: Source
  readonly at: number
  readonly to: number
  readonly form: Form
}

/**
 * The run that followed the last one when that came before, if it comes again. Of an image nearly all elements are those of its series or its machine, in the same order; what they
 * say is remembered where no character set bears on it: numbers, and texts in plain ASCII. A run ends where messages ever went on in different ways.
 */
export function expectedRun({ last: { next: run } }: Trail, ahead: Ahead): KeptRun | null {
  return run?.isKept === true && isAhead(run, ahead) ? run : null
}

/** The run that begins with the element that ends at `end`; `again`: it came before by itself, or so it seems. */
export function runFrom(ahead: Ahead, end: number): KeptRun | 'again' | 'new' {
  if (end - ahead.at > bytesMax || !ahead.source.isLittleEndian) return 'new'
  const hash = hashAt(ahead.source.view, ahead.at, end, ahead.form)
  const run = runs.get(hash)
  if (run !== undefined) {
    if (isAhead(run, ahead)) return run
    const count = run.form === ahead.form ? countAhead(run, ahead) : 0
    if (count > 0) return shortened(run, count, ahead)
  }
  return isFamiliar(hash) ? 'again' : 'new'
}

/** Notes that a run came. `before`: the run that ends where it begins, if any does. */
export function follow(trail: Trail, run: KeptRun, before: KeptRun | null, ahead: Ahead): void {
  const { last } = trail
  trail.last = run
  run.wasMet = true
  if (!last.isKept) return
  last.nextCount = last.next === run ? last.nextCount + 1 : 0
  last.next = run
  if (before === last && last.nextCount >= togetherMin) trail.last = joined(before, run, ahead) ?? run
}

/** Where an element lies, whose value begins at `start`. */
interface Place {
  readonly tag: number
  readonly vr: string
  readonly at: number
  readonly start: number
  readonly end: number
}

/** An element with what it says, for all messages; null: it depends on the message's character set. */
export function knownElement(set: DataSet, { tag, vr, at, start, end }: Place): KnownElement | null {
  const { bytes } = set.source
  const content = vrNamed(vr)?.content
  if ((content === 'text' || content === 'plain') && !isPlain(bytes, start, end)) return null
  const element = { tag, vr, start, end, items: null, given: null, isCut: false, known: null }
  const values = valuesOf(set, element, null)
  const known = {
    byteCount: end - at,
    plainText: unpadded(rawText(set, element)),
    text: textOf(set, element, null),
    values,
    member: { tag: tagText(tag), attribute: jsonAttribute({ vr, values, byteCount: end - start, isCut: false }) },
  }
  return { ...element, known }
}

/** Remembers elements as a run: one at least, one after the other from `at` on, in ascending order. */
export function learn(elements: readonly KnownElement[], { source: { view }, at, form }: Omit<Ahead, 'to'>): KeptRun {
  const place = placeFor(elements.length)
  const [first] = elements
  const byteCount = elements.reduce((sum, { known }) => sum + known.byteCount, 0)
  const run: KeptRun = {
    elements,
    form,
    byteCount,
    words: wordsAt(view, at, at + byteCount),
    hash: hashAt(view, at, at + (first?.known.byteCount ?? 0), form),
    firstTag: first?.tag ?? 0,
    lastTag: elements.at(-1)?.tag ?? 0,
    wanted: elements.filter(({ tag }) => wanted.has(tag)),
    json: { members: elements.map(({ known }) => known.member), place },
    next: null,
    nextCount: 0,
    isKept: true,
    wasMet: true,
  }
  kept[place] = run
  runs.set(run.hash, run)
  elementCount += elements.length
  return run
}

/** By their places, and by the hash of their first elements. */
const kept = new Array<KeptRun | null>(runsMax).fill(null)
let hand = 0
let elementCount = 0
const runs = new Map<number, KeptRun>()
/** Of elements that were looked for in vain: their hash by a part of it, and how often they came. That is counted anew when so many more were, as what counts is what comes often now. */
const strangersMax = 4 * runsMax
const strangers = new Int32Array(strangersMax)
const sights = new Uint8Array(strangersMax)
let strangerCount = 0

/** Whether an element that isn't known came so often that to learn it costs less than to read it again. Of the two that have room side by side the rarer makes way. */
function isFamiliar(hash: number): boolean {
  if (++strangerCount % strangersMax === 0) sights.fill(0)
  const one = (hash ^ (hash >>> 15)) & (strangersMax - 1)
  const other = one ^ 1
  const slot =
    strangers[one] === hash ? one : strangers[other] === hash || (sights[other] ?? 0) < (sights[one] ?? 0) ? other : one
  const before = strangers[slot] === hash ? (sights[slot] ?? 0) : 0
  strangers[slot] = hash
  sights[slot] = Math.min(before + 1, sightsMin)
  return before + 1 >= sightsMin
}

/** A run ends where a message goes on in another way. What is left of it will be learnt by itself, if it comes. */
function shortened(run: KeptRun, count: number, ahead: Ahead): KeptRun {
  forget(run)
  return learn(run.elements.slice(0, count), ahead)
}

/** One run of two, of which the second lies ahead; null where it may not be. */
function joined(first: KeptRun, second: KeptRun, { source, at, form }: Ahead): KeptRun | null {
  // What PixelRepresentation says changes how the next one is read.
  const maySwitch = first.lastTag === pixelRepresentation
  const isShort = first.elements.length + second.elements.length <= runElementsMax
  if (maySwitch || !isShort || !second.isKept || first.form !== form) return null
  forget(first)
  forget(second)
  return learn([...first.elements, ...second.elements], { source, at: at - first.byteCount, form })
}

/** A place for so many more elements. Round it goes: what wasn't met since the last time is forgotten. */
function placeFor(count: number): number {
  for (;;) {
    const run = kept[hand] ?? null
    if (run !== null && !run.wasMet) forget(run)
    else if (run === null && elementCount + count <= elementsMax) return hand
    else {
      if (run !== null) run.wasMet = false
      hand = (hand + 1) % runsMax
    }
  }
}

function forget(run: KeptRun): void {
  if (!run.isKept) return
  run.isKept = false
  // Else all that was ever forgotten would hang together.
  run.next = null
  kept[run.json.place] = null
  elementCount -= run.elements.length
  if (runs.get(run.hash) === run) runs.delete(run.hash)
}

/** Nothing is remembered of big endian, which nobody writes any more. */
function isAhead(
  { form: formHere, words, byteCount }: KeptRun,
  { source: { view, isLittleEndian }, at, to, form }: Ahead,
): boolean {
  if (form !== formHere || !isLittleEndian || to - at < byteCount) return false
  const last = words.length - 1
  for (let i = 0; i < last; i++) if (view.getInt32(at + 4 * i) !== words[i]) return false
  return view.getInt32(at + byteCount - 4) === words[last]
}

/** How many elements of the run come next: those that end before its first word that doesn't. */
function countAhead({ elements, words }: KeptRun, { source: { view }, at, to }: Ahead): number {
  const aligned = 4 * (words.length - 1)
  let same = 0
  while (same < aligned && at + same + 4 <= to && view.getInt32(at + same) === words[same / 4]) same += 4
  // Elements may end amid a word.
  if (same < aligned && at + same + 2 <= to && view.getInt16(at + same) === (words[same / 4] ?? 0) >> 16) same += 2
  let count = 0
  for (let end = 0; count < elements.length; count++) {
    end += elements[count]?.known.byteCount ?? 0
    if (end > same) break
  }
  return count
}

function wordsAt(view: DataView, at: number, end: number): readonly number[] {
  const words: number[] = []
  for (let i = at; i < end - 4; i += 4) words.push(view.getInt32(i))
  words.push(view.getInt32(end - 4))
  return words
}

function hashAt(view: DataView, at: number, end: number, form: Form): number {
  let hash = formSeeds[form]
  for (let i = at; i < end - 4; i += 4) hash = mixed(hash, view.getInt32(i))
  return mixed(hash, view.getInt32(end - 4))
}

function mixed(hash: number, word: number): number {
  return Math.imul(hash ^ word, 0x9e3779b1) ^ (hash >>> 15)
}
