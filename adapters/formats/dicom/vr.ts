/** A value representation of PS3.5 6.2. */
export interface Vr {
  readonly name: string
  /** Its length field has four bytes behind two reserved ones (PS3.5 7.1.2). */
  readonly isLong: boolean
  /** `text`: characters of SpecificCharacterSet. `plain`: ASCII. `number`: binary. `bytes`: anything else. */
  readonly content: 'text' | 'plain' | 'number' | 'bytes' | 'items'
  /** Several values are divided by `\`. */
  readonly isMultiple: boolean
}

const table: readonly (readonly [names: string, isLong: boolean, content: Vr['content'], isMultiple: boolean])[] = [
  ['LO SH PN', false, 'text', true],
  ['UC', true, 'text', true],
  ['LT ST', false, 'text', false],
  ['UT', true, 'text', false],
  ['AE AS CS DA DS DT IS TM UI', false, 'plain', true],
  ['UR', true, 'plain', false],
  ['US SS UL SL FL FD AT', false, 'number', true],
  ['SV UV', true, 'number', true],
  ['OB OD OF OL OV OW UN', true, 'bytes', false],
  ['SQ', true, 'items', false],
]

export const vrs: ReadonlyMap<string, Vr> = new Map(
  table.flatMap(([names, isLong, content, isMultiple]) =>
    names.split(' ').map((name): [string, Vr] => [name, { name, isLong, content, isMultiple }]),
  ),
)

const byCode = new Map([...vrs.values()].map((vr) => [(vr.name.charCodeAt(0) << 8) | vr.name.charCodeAt(1), vr]))

/** By its two characters as one number, as they stand in the bytes. */
export function vrOfCode(code: number): Vr | null {
  return byCode.get(code) ?? null
}

export function vrNamed(name: string): Vr | null {
  return vrs.get(name) ?? null
}
