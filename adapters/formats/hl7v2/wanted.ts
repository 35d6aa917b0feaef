import { conceptPaths } from '../../../gateway/model/concepts.ts'
import type { KeyKind } from '../../../gateway/model/document.ts'
import { segmentKey } from './segments.ts'

/** What the facts take from one field: `stamp`, a coded value (its first component), or a business key of some form. */
export type Want =
  | { readonly as: 'stamp' }
  | { readonly as: 'code'; readonly component: 0 | 1 }
  /** EI: identifier, namespace, universal id. */
  | { readonly as: 'ei'; readonly kinds: readonly KeyKind[] }
  /** CX: identifier, ..., assigning authority in component 4. */
  | { readonly as: 'cx'; readonly kind: KeyKind }
  /** EIP: placer's and filler's identifier. */
  | { readonly as: 'eip'; readonly kind: KeyKind }
  | { readonly as: 'patient' }
  | { readonly as: 'plain'; readonly kind: KeyKind }

export interface WantedField {
  readonly segment: string
  readonly field: number
  readonly want: Want
  /** `OBX-3.1`: where its code stands, repetitions of segments left out. */
  readonly codePath: string
  /** A standard's code is due there, where most have one. */
  readonly isConcept: boolean
  /** Unique over all wanted fields, from 0: what was seen last is remembered by it. */
  readonly slot: number
}

/** Fields of one segment that the facts read, ascending. */
export interface WantedSegment {
  /** Among the wanted segments, from 0. */
  readonly number: number
  readonly fields: readonly WantedField[]
}

const stamp: Want = { as: 'stamp' }
const code: Want = { as: 'code', component: 1 }
/** ID and IS fields: not a composite, taken whole. */
const flag: Want = { as: 'code', component: 0 }
const ei = (...kinds: readonly KeyKind[]): Want => ({ as: 'ei', kinds })
const cx = (kind: KeyKind): Want => ({ as: 'cx', kind })
const eip = (kind: KeyKind): Want => ({ as: 'eip', kind })
const plain = (kind: KeyKind): Want => ({ as: 'plain', kind })

/**
 * The fields that facts are made of, besides MSH, MSA and ERR which are read by name. Times that lie in the past or the
 * future by nature (admission, appointment, birth) are no stamps: they say nothing of the sender's clock.
 */
const table: Readonly<Record<string, Readonly<Record<number, Want>>>> = {
  EVN: { 1: flag, 2: stamp, 4: flag, 6: stamp },
  PID: { 3: { as: 'patient' }, 8: flag },
  MRG: { 1: { as: 'patient' } },
  NK1: { 3: code },
  PV1: { 2: flag, 3: code, 4: flag, 10: flag, 19: cx('visit') },
  PV2: { 2: code },
  ORC: { 1: flag, 2: ei('placer'), 3: ei('filler'), 4: ei('group'), 5: flag, 9: stamp, 16: code },
  OBR: {
    2: ei('placer'),
    3: ei('filler'),
    4: code,
    7: stamp,
    8: stamp,
    11: flag,
    14: stamp,
    18: plain('accession'),
    22: stamp,
    24: flag,
    25: flag,
  },
  OBX: { 2: flag, 3: code, 6: code, 8: flag, 11: flag, 14: stamp, 18: ei('device'), 19: stamp },
  TQ1: { 9: code },
  SPM: { 2: eip('specimen'), 4: code, 17: stamp, 18: stamp },
  SAC: { 3: ei('specimen'), 6: code },
  DG1: { 3: code, 6: flag },
  AL1: { 2: code, 3: code, 4: code },
  IN1: { 2: code, 3: code },
  SCH: { 1: ei('appointment'), 2: ei('appointment', 'surgery'), 6: code, 7: code, 8: code, 25: code },
  RGS: { 2: flag },
  AIS: { 3: code, 10: code },
  AIG: { 3: code, 4: code },
  AIL: { 4: code },
  AIP: { 4: code },
  ZDS: { 1: ei('study') },
  IPC: { 1: ei('accession'), 3: ei('study'), 5: code },
  FT1: { 4: stamp, 6: flag, 7: code, 25: code },
  PR1: { 3: code },
  RXO: { 1: code },
  RXE: { 2: code, 5: code, 6: code, 15: plain('prescription') },
  RXD: { 2: code, 3: stamp, 7: plain('prescription') },
  RXR: { 1: code, 2: code },
  RXA: { 3: stamp, 4: stamp, 5: code, 7: code },
  BPO: { 2: code },
  BPX: { 2: code, 3: flag, 4: stamp, 5: ei('donation'), 6: code },
  BTX: { 2: ei('donation'), 3: code, 11: code, 12: flag, 13: stamp },
  TXA: { 2: flag, 4: stamp, 6: stamp, 7: stamp, 12: ei('document'), 17: flag },
  MFI: { 1: code, 3: flag, 4: stamp },
  MFE: { 1: flag, 3: stamp, 4: code },
  QPD: { 1: code },
  QAK: { 2: flag },
}

let slots = 0

/** By segment key. */
export const wanted: ReadonlyMap<number, WantedSegment> = new Map(
  Object.entries(table).map(([name, fields], number): [number, WantedSegment] => [
    segmentKey(name),
    { number, fields: Object.entries(fields).map(([field, want]) => wantedField(name, Number(field), want)) },
  ]),
)

/** Objects list keys that are whole numbers in ascending order (ECMA-262 10.1.11), as the reading pass needs them. */
function wantedField(name: string, field: number, want: Want): WantedField {
  const isPart = want.as === 'code' && want.component === 1
  const codePath = isPart ? `${name}-${field}.1` : `${name}-${field}`
  return { segment: name, field, want, codePath, isConcept: conceptPaths.has(codePath), slot: slots++ }
}
