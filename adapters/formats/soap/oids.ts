import type { KeyKind } from '../../../gateway/model/document.ts'

/**
 * What the numbers are that documents and V3 messages in China carry as `<id root extension>`: the identifiers of 2.16.156.10011.1 (WS/T 500 and WS/T 482
 * templates), as far as they are business keys here.
 */
export const keyOids: ReadonlyMap<string, KeyKind> = new Map([
  ['2.16.156.10011.1.1', 'document'],
  ['2.16.156.10011.1.3', 'patient'],
  ['2.16.156.10011.1.11', 'visit'],
  ['2.16.156.10011.1.12', 'visit'],
  ['2.16.156.10011.1.13', 'patient'],
  ['2.16.156.10011.1.14', 'specimen'],
  ['2.16.156.10011.1.19', 'patient'],
  ['2.16.156.10011.1.24', 'placer'],
  ['2.16.156.10011.1.32', 'filler'],
])

/** What an `id` names by the element that it stands in, whatever its root (CDA R2 4.2: header). */
export const keyParents: ReadonlyMap<string, KeyKind> = new Map([
  ['ClinicalDocument', 'document'],
  ['clinicalDocument', 'document'],
  ['patientRole', 'patient'],
  ['order', 'placer'],
  ['encompassingEncounter', 'visit'],
])
