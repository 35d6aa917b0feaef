import { attributeOf } from '../../../gateway/model/dicom/dictionary.ts'
import type { Defect } from '../../../gateway/model/document.ts'
import { type DataSet, pixelRepresentation, type Source, sourceOf } from './data-set.ts'
import type { Encoding } from './encoding.ts'
import { addElement, addKnown, type Growing, growing, interrupt, mayTake, noteSign, settle, take } from './growing.ts'
import { beginning, expectedRun, knownElement, runFrom } from './known.ts'
import { tagAt, uint16, uint32 } from './source-bytes.ts'
import { vrOfCode } from './vr.ts'
import { cutShort, report, type State } from './walk-state.ts'

/** Most elements of one message, and deepest nesting of its sequences. */
const elementsMax = 50_000
const depthMax = 32

export interface WalkOptions {
  readonly encoding: Encoding
  /** The bytes were cut by a limit: what is missing at their end is nobody's fault. */
  readonly isCut: boolean
  /** What stands before paths: `part[2].`. */
  readonly prefix?: string
  /** Where it begins and, at the latest, ends. */
  readonly from?: number
  /** Elements of this group alone; the walk ends before the first of another (file meta information). */
  readonly group?: number
}

export interface Walked {
  readonly set: DataSet
  readonly defects: readonly Defect[]
  /** Where the walk ended. */
  readonly end: number
}

/**
 * Finds the elements of a data set (PS3.5 chapter 7), sequences and their items included, and reads none of their values. One pass, bounded by the
 * length of the bytes. Never throws: what can't be followed ends the walk with a defect.
 */
export function walk(bytes: Buffer, options: WalkOptions): Walked {
  const { encoding, isCut, prefix = '', from = 0, group } = options
  const source: Source = sourceOf(bytes, encoding.isLittleEndian)
  const state: State = {
    defects: [],
    isCut,
    prefix,
    places: [],
    elementsLeft: elementsMax,
    isOver: false,
    last: beginning,
    group: group ?? null,
  }
  const set = growing(source, encoding.isExplicit, null)
  const end = readSet(state, set, { from, to: bytes.length, isOpen: false })
  return { set, defects: state.defects, end }
}

interface Span {
  readonly from: number
  readonly to: number
  /** An item of undefined length: its delimiter ends it. */
  readonly isOpen: boolean
}

const itemStart = 0xfffee000
const itemEnd = 0xfffee00d
const sequenceEnd = 0xfffee0dd
const undefinedLength = 0xffffffff
const pixelData = 0x7fe00010
const waveformData = 0x54001010

/** Reads one data set or item. Returns where what follows it begins. */
function readSet(state: State, set: Growing, span: Span): number {
  const end = readElements(state, set, span)
  settle(set)
  return end
}

function readElements(state: State, set: Growing, { from, to, isOpen }: Span): number {
  const { source } = set
  set.at = from
  set.to = to
  while (set.at < to && !state.isOver) {
    const { at } = set
    if (to - at < 8) return cutShort(state, to, null)
    const tag = tagAt(source, at)
    if (tag >>> 16 === 0xfffe) {
      if (isOpen && tag === itemEnd) return at + 8
      // An open item that its sequence's end ends.
      if (isOpen && tag === sequenceEnd) break
      report(state, 'DICOM_STRAY_DELIMITER', null)
      interrupt(set)
      set.at += 8
      continue
    }
    if (state.group !== null && tag >>> 16 !== state.group) return at
    if (set.groupEnd >= 0 && tag >>> 16 !== set.lastTag >>> 16) {
      if (set.groupEnd !== at) report(state, 'DICOM_GROUP_LENGTH', groupName(set.lastTag))
      set.groupEnd = -1
    }
    if (tag <= set.lastTag) {
      report(state, 'DICOM_ORDER', tag)
      interrupt(set)
    }
    set.lastTag = tag
    if (--state.elementsLeft < 0) {
      report(state, 'DICOM_TOO_MANY_ELEMENTS', null)
      state.isOver = true
      return to
    }
    const next = readNext(state, set, tag)
    if (next < 0) return to
    // A length of four bytes, whatever the transfer syntax.
    if ((tag & 0xffff) === 0 && next - at === 12) set.groupEnd = next + uint32(source, next - 4)
    set.at = next
  }
  const { at } = set
  if (isOpen && at >= to && !state.isOver) cutShort(state, to, null)
  if (set.groupEnd >= 0 && set.groupEnd !== at && !state.isOver && !state.isCut)
    report(state, 'DICOM_GROUP_LENGTH', groupName(set.lastTag))
  return at
}

/** Reads the run that comes next, or one element. Returns where what follows it begins; negative when there is nothing more. */
function readNext(state: State, set: Growing, tag: number): number {
  const expected = expectedRun(state, set)
  return expected !== null && mayTake(state, set, expected) ? take(state, set, expected) : readElement(state, set, tag)
}

/** Reads one element, or the run that begins with it. */
function readElement(state: State, set: Growing, tag: number): number {
  const { source, at, to } = set
  const { bytes } = source
  let vr: string
  let length: number
  let start = at + 8
  let isSound = true
  if (set.isExplicit) {
    const code = ((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0)
    const known = vrOfCode(code)
    if (known === null) {
      report(state, 'DICOM_UNKNOWN_VR', tag)
      isSound = false
    }
    vr = known?.name ?? 'UN'
    // Who adds a VR gives it a long length (PS3.5 7.1.2); what isn't two capitals is no VR at all.
    if (known === null ? areCapitals(code) : known.isLong) {
      if (to - at < 12) return cutShort(state, -1, tag)
      length = uint32(source, at + 8)
      start = at + 12
    } else length = uint16(source, at + 6)
  } else {
    vr = (tag & 0xffff) === 0 ? 'UL' : implicitVr(set, tag)
    length = uint32(source, at + 4)
  }
  if (length === undefinedLength) return readUndefined(state, set, { tag, vr, start, to })
  const end = start + length
  if (vr === 'SQ' && end <= to) {
    const items = readItems(state, set, { tag, from: start, to: end, isOpen: false })
    addElement(set, { tag, vr, start, end, items: items.sets, given: null, isCut: false, known: null })
    return end
  }
  if (end > to) {
    // Pixel data is left behind where it begins.
    const isLeft = tag === pixelData || (tag & 0xff00ffff) >>> 0 === 0x60003000 || tag === waveformData
    // What is missing is told where it is missing: inside the items first.
    const items = vr === 'SQ' ? readItems(state, set, { tag, from: start, to, isOpen: false }).sets : null
    addElement(set, { tag, vr, start: Math.min(start, to), end: to, items, given: null, isCut: true, known: null })
    if (!isLeft) cutShort(state, to, tag)
    state.isOver = true
    return -1
  }
  if (length % 2 === 1) {
    report(state, 'DICOM_ODD_LENGTH', tag)
    isSound = false
  }
  // A group length is asked about each time.
  const found = isSound && (tag & 0xffff) !== 0 ? runFrom(set, end) : 'new'
  if (typeof found === 'object' && mayTake(state, set, found)) return take(state, set, found)
  const known = found === 'again' ? knownElement(set, { tag, vr, at, start, end }) : null
  if (known !== null) addKnown(set, known, at)
  else addElement(set, { tag, vr, start, end, items: null, given: null, isCut: false, known: null })
  if (tag === pixelRepresentation) {
    // The same bytes may mean another number from here on.
    settle(set)
    noteSign(set, start, end)
  }
  return end
}

/** The private creator's name is LO; of the other private elements nothing is known (PS3.5 7.8.1). */
function implicitVr(set: Growing, tag: number): string {
  const isPrivate = ((tag >>> 16) & 1) === 1
  if (isPrivate) return (tag & 0xff00) === 0 && (tag & 0xf0) !== 0 ? 'LO' : 'UN'
  const spec = attributeOf(tag)
  if (spec?.maySign === true) return set.isSigned ? 'SS' : 'US'
  return spec?.vr ?? 'UN'
}

/** Sequences, unknown elements that are sequences inside (PS3.5 6.2.2 note 4: always implicit little endian), and encapsulated pixels. */
function readUndefined(
  state: State,
  set: Growing,
  place: { readonly tag: number; readonly vr: string; readonly start: number; readonly to: number },
): number {
  const { tag, vr, start, to } = place
  if (vr === 'OB' || vr === 'OW') {
    const end = fragmentsEnd(state, set.source, place)
    addElement(set, { tag, vr, start, end: end < 0 ? to : end - 8, items: null, given: null, isCut: end < 0, known: null })
    return end
  }
  const isUnknown = vr === 'UN'
  const holder = isUnknown ? { ...set, isExplicit: false, source: { ...set.source, isLittleEndian: true } } : set
  const { sets, end } = readItems(state, holder, { tag, from: start, to, isOpen: true })
  addElement(set, { tag, vr: 'SQ', start, end, items: sets, given: null, isCut: state.isOver, known: null })
  return state.isOver ? -1 : end
}

/** The items of a sequence that lies at `from`; `isOpen`: its delimiter ends it. */
function readItems(
  state: State,
  parent: Growing,
  { tag, from, to, isOpen }: Span & { readonly tag: number },
): { readonly sets: readonly DataSet[]; readonly end: number } {
  const { source, isExplicit } = parent
  const sets: DataSet[] = []
  if (state.places.length >= depthMax) {
    report(state, 'DICOM_TOO_DEEP', tag)
    if (isOpen) state.isOver = true
    return { sets, end: to }
  }
  const place = { tag, item: 0 }
  state.places.push(place)
  let at = from
  while (at < to && !state.isOver) {
    if (to - at < 8) {
      cutShort(state, to, null)
      break
    }
    const mark = tagAt(source, at)
    const length = uint32(source, at + 4)
    if (mark === sequenceEnd) {
      at += 8
      if (isOpen) break
      report(state, 'DICOM_STRAY_DELIMITER', null)
      continue
    }
    if (mark !== itemStart) {
      report(state, 'DICOM_BAD_SEQUENCE', null)
      // Of a closed sequence the end is known whatever it holds.
      if (isOpen) state.isOver = true
      break
    }
    place.item++
    const set = growing(source, isExplicit, parent)
    sets.push(set)
    const isOpenItem = length === undefinedLength
    const end = isOpenItem ? to : at + 8 + length
    at = readSet(state, set, { from: at + 8, to: Math.min(end, to), isOpen: isOpenItem })
    if (end > to) cutShort(state, to, null)
  }
  state.places.pop()
  return { sets, end: at }
}

/** Behind the delimiter of encapsulated pixels (PS3.5 A.4); negative when they don't end here. */
function fragmentsEnd(
  state: State,
  source: Source,
  place: { readonly tag: number; readonly start: number; readonly to: number },
): number {
  let at = place.start
  while (place.to - at >= 8) {
    const mark = tagAt(source, at)
    if (mark === sequenceEnd) return at + 8
    if (mark !== itemStart) {
      report(state, 'DICOM_BAD_SEQUENCE', place.tag)
      break
    }
    at += 8 + uint32(source, at + 4)
  }
  state.isOver = true
  return -1
}

/** `0008,0000` as a person writes a group length. */
function groupName(tag: number): string {
  return `${(tag >>> 16).toString(16).toUpperCase().padStart(4, '0')}0000`
}

function areCapitals(code: number): boolean {
  const first = code >>> 8
  const second = code & 0xff
  return first >= 0x41 && first <= 0x5a && second >= 0x41 && second <= 0x5a
}
