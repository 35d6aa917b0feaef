import type { KeyKind } from '../../gateway/model/document.ts'

const keyKinds = [
  'control',
  'placer',
  'filler',
  'group',
  'accession',
  'specimen',
  'visit',
  'patient',
  'study',
  'prescription',
  'appointment',
  'surgery',
  'settlement',
  'document',
  'device',
  'donation',
  'request',
  'series',
  'instance',
  'task',
  'batch',
  'pack',
  'trace',
] as const satisfies readonly KeyKind[]

/** The kind of business key that a contract names, or null. */
export function keyKindOf(text: string): KeyKind | null {
  return keyKinds.find((kind) => kind === text) ?? null
}

/** Values of a contract as texts, as `Document.get` gives them: `0` of the number 0. */
export function valueTexts(values: unknown): readonly string[] {
  return Array.isArray(values) ? values.map(String) : []
}
