import type { Defect, Key, Stamp } from '../../../gateway/model/document.ts'
import type { TimestampReading } from '../../../gateway/model/timestamp.ts'
import { type DataSet, type Element, plainText } from './data-set.ts'
import { addDefect } from './defects.ts'
import { fallbackOf, type Message, prefixOf } from './message.ts'
import { pathTo } from './path.ts'
import { readDateTime, readOffset, type Zone } from './stamps.ts'
import { valuesOf } from './values.ts'
import { type Want, wanted } from './wanted.ts'

/** Most of each kind that one message may tell. */
const stampsMax = 100
const keysMax = 200
const codesMax = 500

/** Facts under collection. */
export interface Gathered {
  readonly message: Message
  readonly keys: Key[]
  readonly stamps: Stamp[]
  readonly codes: { readonly path: string; readonly value: string }[]
  readonly defects: Defect[]
}

const timezoneOffset = 0x00080201

/** Reads what is wanted of every data set, and nothing else of them. */
export function gather(message: Message): Gathered {
  const gathered: Gathered = { message, keys: [], stamps: [], codes: [], defects: [...message.defects] }
  const isQuery = message.service.command === 'C-FIND-RQ'
  message.found.forEach(({ set, transferSyntax }, i) => {
    if (transferSyntax !== null) addCode(gathered, 'TransferSyntaxUID', transferSyntax)
    const stated = plainText(set, timezoneOffset)
    const zone: Zone = { offsetMin: stated === null ? null : readOffset(stated), timeZone: message.hints.timezone }
    gatherSet(gathered, set, { prefix: prefixOf(message.foundCount, i), zone, isQuery })
  })
  return gathered
}

/** Adds an identifier once, however often a message repeats it. */
export function addKey(keys: Key[], one: Key): void {
  if (keys.length >= keysMax || one.value === '') return
  for (const k of keys) if (k.kind === one.kind && k.value === one.value && k.authority === one.authority) return
  keys.push(one)
}

export function addCode(gathered: Gathered, path: string, value: string): void {
  if (gathered.codes.length >= codesMax) return
  for (const known of gathered.codes) if (known.value === value && known.path === path) return
  gathered.codes.push({ path, value })
}

interface Around {
  readonly prefix: string
  readonly zone: Zone
  /** A query's values are what is looked for: wildcards and ranges, no facts. */
  readonly isQuery: boolean
}

function gatherSet(gathered: Gathered, set: DataSet, around: Around): void {
  for (const { elements, run } of set.stretches)
    for (const element of run?.wanted ?? elements) {
      const want = wanted.get(element.tag)
      if (want !== undefined) gatherElement(gathered, set, element, want, around)
    }
}

function gatherElement(gathered: Gathered, set: DataSet, element: Element, want: Want, around: Around): void {
  if (want.as === 'items') {
    for (const [i, item] of (element.items ?? []).entries())
      gatherSet(gathered, item, { ...around, prefix: `${pathTo(around.prefix, element.tag)}[${i + 1}].` })
    return
  }
  if (want.as === 'date') {
    const date = plainText(set, element.tag)
    const time = plainText(set, want.time)
    if (date !== null && !around.isQuery)
      addStamp(gathered, `${around.prefix}${want.path}`, readDateTime(date, time, around.zone))
    return
  }
  for (const value of valuesOf(set, element, fallbackOf(gathered.message, set))) {
    if (want.as === 'code') addCode(gathered, want.path, value)
    else if (!around.isQuery || !/[*?\\]/.test(value))
      addKey(gathered.keys, {
        kind: want.kind,
        value,
        authority: want.issuer === undefined ? null : plainText(set, want.issuer),
      })
  }
}

function addStamp(gathered: Gathered, path: string, { at, resolutionMs, hasZone }: TimestampReading): void {
  if (gathered.stamps.length >= stampsMax) return
  gathered.stamps.push({ path, kind: 'event', at, resolutionMs, hasZone })
  if (at === null) addDefect(gathered.defects, 'DICOM_BAD_TIME', path)
}
