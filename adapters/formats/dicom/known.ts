import { tagText } from '../../../gateway/model/dicom/dictionary.ts'
import { isPlain } from './charset/decode.ts'
import { type DataSet, type Element, type Known, rawText, unpadded } from './data-set.ts'
import { jsonAttribute } from './json-attribute.ts'
import { valuesOf } from './values.ts'
import { vrNamed } from './vr.ts'

/** Bytes of a value that is remembered, and how many are: the oldest makes room for the next. */
const bytesMax = 128
const placesMax = 16_384

/** What is known, in the order in which it was learnt: what stands together in messages stands together here. */
const places = new Array<Known | null>(placesMax).fill(null)
let learntCount = 0
/** Of each place, that of what came after it last time. */
const followers = new Int32Array(placesMax)
/** By a part of an element's hash: its place, and the whole hash of what was last looked for there in vain. */
const found = new Int32Array(2 * placesMax)
const missed = new Int32Array(2 * placesMax)

/** The place of the last element of a message that was known; at its beginning any, as what comes next is but a guess. */
export interface Trail {
  place: number
}

/**
 * What an element says, if earlier messages had the same one byte by byte: of an image nearly all are those of its series or its machine, in the same order.
 * Remembered is what comes a second time and no character set bears on: numbers, and texts in plain ASCII. Null: nothing is known of it.
 */
export function knownOf(trail: Trail, set: DataSet, element: Element): Known | null {
  const { view, isLittleEndian } = set.source
  if (element.end - element.start > bytesMax || !isLittleEndian) return null
  const next = followers[trail.place] ?? 0
  const expected = places[next] ?? null
  if (expected !== null && isOf(expected, element, view)) {
    trail.place = next
    return expected
  }
  const known = lookUp(set, element)
  if (known === null) return null
  followers[trail.place] = known.member.place
  trail.place = known.member.place
  return known
}

function lookUp(set: DataSet, element: Element): Known | null {
  const { view } = set.source
  const hash = hashOf(element, view)
  const slot = (hash ^ (hash >>> 15)) & (found.length - 1)
  const known = places[found[slot] ?? 0] ?? null
  if (known !== null && isOf(known, element, view)) return known
  if (missed[slot] !== hash) {
    missed[slot] = hash
    return null
  }
  const place = learntCount % placesMax
  const learnt = learn(set, element, place)
  if (learnt === null) return null
  learntCount++
  places[place] = learnt
  found[slot] = place
  return learnt
}

function isOf({ tag, vr, byteCount, words }: Known, element: Element, view: DataView): boolean {
  const { start, end } = element
  if (tag !== element.tag || vr !== element.vr || byteCount !== end - start) return false
  for (let at = end - 4, i = 0; at > start - 4; at -= 4, i++) if (view.getInt32(at) !== words[i]) return false
  return true
}

function hashOf({ tag, start, end }: Element, view: DataView): number {
  let hash = tag ^ (end - start)
  for (let at = end - 4; at > start - 4; at -= 4) hash = Math.imul(hash ^ view.getInt32(at), 0x9e3779b1) ^ (hash >>> 15)
  return hash
}

/** The bytes of a value by fours from its end, so that the last may have some of what stands before every value: its length. */
function wordsOf({ start, end }: Element, view: DataView): readonly number[] {
  const words: number[] = []
  for (let at = end - 4; at > start - 4; at -= 4) words.push(view.getInt32(at))
  return words
}

function learn(set: DataSet, element: Element, place: number): Known | null {
  const { tag, vr, start, end } = element
  const content = vrNamed(vr)?.content
  if ((content === 'text' || content === 'plain') && !isPlain(set.source.bytes, start, end)) return null
  const values = valuesOf(set, element, null)
  const attribute = jsonAttribute({ vr, values, byteCount: end - start, isCut: false })
  return {
    tag,
    vr,
    byteCount: end - start,
    words: wordsOf(element, set.source.view),
    plainText: unpadded(rawText(set, element)),
    values,
    member: { tag: tagText(tag), attribute, place },
  }
}
