import type { Defect, Key, Stamp } from '../../../gateway/model/document.ts'
import type { TimestampReading } from '../../../gateway/model/timestamp.ts'
import { defect } from './defects.ts'
import { partOf } from './fields.ts'
import { cxKey, eiKeys, eipKeys, key, patientKeys } from './keys.ts'
import { fieldsOf, type Message, resolved } from './message.ts'
import { defectsMax } from './segments.ts'
import { readStamp } from './stamps.ts'
import { type WantedField, type WantedSegment, wanted } from './wanted.ts'

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
  readonly codes: { readonly path: string; readonly value: string; readonly isLocal?: true }[]
  readonly defects: Defect[]
  /** By slot, the raw field that was read last: results repeat their times, units and devices, and equal text says nothing new. */
  readonly lastTexts: (string | undefined)[]
  /** By slot: most codes have one value in a message, so the set is made for the second. */
  readonly seenCodes: (string | Set<string> | undefined)[]
  lastStamp: { readonly text: string; readonly reading: TimestampReading } | null
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
    lastTexts: [],
    seenCodes: [],
    lastStamp: null,
  }
}

/** Walks the segments that hold facts, each once and only as far as its last wanted field. */
export function gatherAll(gathered: Gathered): void {
  const { message } = gathered
  const counts: number[] = []
  for (let i = 0; i < message.segments.length; i++) {
    const rules = wanted.get(message.segments[i]?.key ?? 0)
    if (rules === undefined) continue
    const count = (counts[rules.number] ?? 0) + 1
    counts[rules.number] = count
    gatherSegment(gathered, fieldsOf(message, i), rules, count)
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

function gatherSegment(gathered: Gathered, fields: readonly string[], rules: WantedSegment, count: number): void {
  for (const rule of rules.fields) {
    if (rule.field >= fields.length) return
    const raw = fields[rule.field] ?? ''
    if (raw !== '') take(gathered, rule, raw, count)
  }
}

/** `count` tells segments of one name apart, from 1. */
function take(gathered: Gathered, rule: WantedField, raw: string, count: number): void {
  const { message } = gathered
  if (rule.want.as === 'stamp') {
    const text = resolved(message, firstPart(message, raw, true))
    const path = count === 1 ? rule.codePath : pathOfCount(rule, count)
    if (text !== '""') addStamp(gathered, { path, kind: 'event', text })
    return
  }
  if (raw === gathered.lastTexts[rule.slot]) return
  gathered.lastTexts[rule.slot] = raw
  if (rule.want.as === 'code') addCode(gathered, rule, { raw, isPart: rule.want.component === 1 })
  else addKeys(gathered, keysOf(resolved(message, raw), rule, message))
}

/**
 * `OBX[3]-14`. One string for each: whoever remembers by paths hashes a new one anew.
 */
function pathOfCount({ segment, field, slot }: WantedField, count: number): string {
  const known = paths[slot]?.[count]
  if (known !== undefined) return known
  const path = `${segment}[${count}]-${field}`
  if (count <= keptCountMax) {
    paths[slot] ??= []
    paths[slot][count] = path
  }
  return path
}

const paths: string[][] = []
const keptCountMax = 40

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

/** `isPart`: the code is the field's first component. */
function addCode(
  gathered: Gathered,
  rule: WantedField,
  { raw, isPart }: { readonly raw: string; readonly isPart: boolean },
): void {
  const { message, codes } = gathered
  const value = resolved(message, firstPart(message, raw, isPart))
  if (value === '' || value === '""') return
  const seen = gathered.seenCodes[rule.slot]
  if (seen === undefined) gathered.seenCodes[rule.slot] = value
  else if (typeof seen === 'string') {
    if (seen === value) return
    gathered.seenCodes[rule.slot] = new Set([seen, value])
  } else if (seen.has(value)) return
  else seen.add(value)
  if (codes.length >= codesMax) return
  const path = rule.codePath
  codes.push(rule.isConcept && isLocalAlone(message, raw) ? { path, value, isLocal: true } : { path, value })
}

/** CWE (HL7 2.9 2A.2.17): code, text, system, and the same of the alternate, which may say no more than the first does. */
function isLocalAlone({ delimiters }: Message, raw: string): boolean {
  const part = (n: number) => partOf(raw, delimiters.component, n) ?? ''
  return isOwnSystem(part(3)) && (part(4) === '' || isOwnSystem(part(6)))
}

/** The house's own systems are `L` and `99...` (table 0396). */
function isOwnSystem(system: string): boolean {
  return system === '' || system === 'L' || system.startsWith('99')
}

/** The first repetition, or its first component. */
function firstPart(message: Message, raw: string, isComponent: boolean): string {
  const { delimiters } = message
  const repetition = delimiters.repetition.charCodeAt(0)
  const component = isComponent ? delimiters.component.charCodeAt(0) : repetition
  for (let i = 0; i < raw.length; i++) {
    const char = raw.charCodeAt(i)
    if (char === component || char === repetition) return raw.slice(0, i)
  }
  return raw
}
