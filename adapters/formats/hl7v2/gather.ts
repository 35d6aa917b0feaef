import type { Defect, Key, Stamp } from '../../../gateway/model/document.ts'
import { defect } from './defects.ts'
import { partOf } from './fields.ts'
import { cxKey, eiKeys, eipKeys, key, patientKeys } from './keys.ts'
import { type Message, resolved } from './message.ts'
import { defectsMax, type Segment } from './segments.ts'
import { readStamp, type StampReading } from './stamps.ts'
import { firstField, slotCount, type WantedField, type WantedSegment, wanted } from './wanted.ts'

/** Most of each kind that one message may tell; a message of thousands of results tells no more by its later ones. */
const stampsMax = 400
const keysMax = 200
const codesMax = 1000

/** Facts under collection, kept by `gatherAll` and its helpers. */
export interface Gathered {
  readonly message: Message
  readonly timezone: string
  readonly stamps: Stamp[]
  readonly keys: Key[]
  /** Each value of a path once. */
  readonly codes: { readonly path: string; readonly value: string }[]
  readonly defects: Defect[]
  /** By slot, the text that was read last: results repeat their times, units and devices, and equal text says nothing new. */
  readonly lastTexts: (string | undefined)[]
  readonly seenCodes: (Set<string> | undefined)[]
  lastStamp: { readonly text: string; readonly reading: StampReading } | null
}

/** Nothing gathered yet but the defects that cutting found. */
export function gathering(message: Message, timezone: string): Gathered {
  return {
    message,
    timezone,
    stamps: [],
    keys: [],
    codes: [],
    defects: [...message.defects],
    lastTexts: new Array<string | undefined>(slotCount),
    seenCodes: new Array<Set<string> | undefined>(slotCount),
    lastStamp: null,
  }
}

/** Walks the segments that hold facts, each once and only as far as its last wanted field. */
export function gatherAll(gathered: Gathered): void {
  const counts = new Map<number, number>()
  for (const segment of gathered.message.segments) {
    const rules = wanted.get(segment.key)
    if (rules === undefined) continue
    const count = (counts.get(segment.key) ?? 0) + 1
    counts.set(segment.key, count)
    gatherSegment(gathered, segment, rules, count)
  }
}

/** Adds a time, and a defect when it can't be read. `text` is its first component. */
export function addStamp(
  gathered: Gathered,
  stamp: { readonly path: string; readonly kind: Stamp['kind']; readonly text: string },
): void {
  if (gathered.stamps.length >= stampsMax || stamp.text === '') return
  const { text, path, kind } = stamp
  const known = gathered.lastStamp
  const reading = known?.text === text ? known.reading : readStamp(text, gathered.timezone)
  if (known?.text !== text) gathered.lastStamp = { text, reading }
  gathered.stamps.push({ path, kind, at: reading.at, resolutionMs: reading.resolutionMs, hasZone: reading.hasZone })
  if (reading.at === null && gathered.defects.length < defectsMax) gathered.defects.push(defect('HL7_BAD_TIMESTAMP', path))
}

/** Adds each identifier once, however often a message repeats it. */
export function addKeys(gathered: Gathered, found: readonly Key[]): void {
  for (const one of found) {
    if (gathered.keys.length >= keysMax) return
    const isKnown = gathered.keys.some((k) => k.kind === one.kind && k.value === one.value && k.authority === one.authority)
    if (!isKnown) gathered.keys.push(one)
  }
}

function gatherSegment(gathered: Gathered, segment: Segment, rules: WantedSegment, count: number): void {
  const { text, delimiters } = gathered.message
  const { fields } = rules
  const { end } = segment
  let next = 0
  let rule = fields[0]
  let field = firstField(segment.key)
  for (let from = segment.nameEnd + 1; from <= end && rule !== undefined; ) {
    // Also for the shortest fields one search is quicker than looking at each character here.
    const found = text.indexOf(delimiters.field, from)
    const to = found < 0 || found > end ? end : found
    field++
    if (rule.field === field) {
      if (to > from) take(gathered, rule, { name: rules.name, count, from, to })
      rule = fields[++next]
    }
    from = to + 1
  }
}

interface Found {
  readonly name: string
  readonly count: number
  readonly from: number
  readonly to: number
}

function take(gathered: Gathered, rule: WantedField, found: Found): void {
  const { message } = gathered
  if (rule.want.as === 'code') {
    addCode(gathered, rule, found)
    return
  }
  if (rule.want.as === 'stamp') {
    const text = plainText(message, found.from, partTo(message, found, true))
    const path = found.count === 1 ? rule.codePath : `${found.name}[${found.count}]-${rule.field}`
    if (text !== '""') addStamp(gathered, { path, kind: 'event', text })
    return
  }
  const text = plainText(message, found.from, found.to)
  if (text === gathered.lastTexts[rule.slot]) return
  gathered.lastTexts[rule.slot] = text
  addKeys(gathered, keysOf(text, rule, message))
}

function keysOf(text: string, rule: WantedField, message: Message): readonly Key[] {
  const { want } = rule
  const { delimiters } = message
  switch (want.as) {
    case 'ei':
      return eiKeys(text, want.kinds, delimiters)
    case 'cx':
      return cxKey(text, want.kind, delimiters)
    case 'eip':
      return eipKeys(text, want.kind, delimiters)
    case 'patient':
      return patientKeys(text, delimiters)
    case 'plain': {
      const one = key(want.kind, partOf(text, delimiters.component, 1), null)
      return one === null ? [] : [one]
    }
    default:
      return []
  }
}

function addCode(gathered: Gathered, rule: WantedField, found: Found): void {
  const { message } = gathered
  const isPart = rule.want.as === 'code' && rule.want.component === 1
  const value = plainText(message, found.from, partTo(message, found, isPart))
  if (value === '' || value === '""' || value === gathered.lastTexts[rule.slot]) return
  gathered.lastTexts[rule.slot] = value
  let seen = gathered.seenCodes[rule.slot]
  if (seen === undefined) {
    seen = new Set()
    gathered.seenCodes[rule.slot] = seen
  } else if (seen.has(value)) return
  seen.add(value)
  if (gathered.codes.length < codesMax) gathered.codes.push({ path: rule.codePath, value })
}

/** Where the first repetition ends, or its first component. */
function partTo(message: Message, found: Found, isComponent: boolean): number {
  const { text, delimiters } = message
  const repetition = delimiters.repetition.charCodeAt(0)
  const component = isComponent ? delimiters.component.charCodeAt(0) : repetition
  let i = found.from
  for (; i < found.to; i++) {
    const char = text.charCodeAt(i)
    if (char === component || char === repetition) break
  }
  return i
}

function plainText(message: Message, from: number, to: number): string {
  const raw = message.text.slice(from, to)
  return message.hasEscapes || message.hasLineBreaks ? resolved(message, raw) : raw
}
