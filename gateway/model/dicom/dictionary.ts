import attributeLines from './attributes.json' with { type: 'json' }

/** An attribute as the data dictionary has it (PS3.6 chapter 6). */
export interface AttributeSpec {
  /** Group in the upper 16 bits, element in the lower: 0x00100010. */
  readonly tag: number
  /** `OW` where `OB or OW` is allowed, `US` where `US or SS` is. */
  readonly vr: string
  /** `US or SS`: signed where PixelRepresentation (0028,0103) is 1 (PS3.5 Annex A.1). */
  readonly maySign: boolean
  /** `1`, `1-n`, `2-2n`. */
  readonly vm: string
  /** `PatientName`. */
  readonly keyword: string
}

/** Null: the dictionary doesn't know it (private attributes always). Overlays and curves repeat: (6002,3000) reads as (6000,3000). */
export function attributeOf(tag: number): AttributeSpec | null {
  const books = loaded()
  const known = books.byTag.get(tag)
  if (known !== undefined) return known
  const group = tag >>> 24
  if (group !== 0x60 && group !== 0x50) return null
  return ((tag >>> 16) & 1) === 0 ? (books.byTag.get(((group << 24) | (tag & 0xffff)) >>> 0) ?? null) : null
}

/** By keyword, as `PatientName`. */
export function attributeNamed(keyword: string): AttributeSpec | null {
  return loaded().byKeyword.get(keyword) ?? null
}

/** `00100010` or `(0010,0010)` or a keyword, as a number; null when it is none of these. */
export function tagOf(text: string): number | null {
  const known = tags.get(text)
  if (known !== undefined) return known
  const digits = /^\(?([0-9A-Fa-f]{4}),?([0-9A-Fa-f]{4})\)?$/.exec(text)
  const tag = digits === null ? (attributeNamed(text)?.tag ?? null) : Number.parseInt(`${digits[1]}${digits[2]}`, 16)
  if (tags.size < tagsMax) tags.set(text, tag)
  return tag
}

/** `00100010`, as DICOM JSON writes it (PS3.18 F.2.2). */
export function tagText(tag: number): string {
  const known = tagTexts.get(tag)
  if (known !== undefined) return known
  const text = tag.toString(16).toUpperCase().padStart(8, '0')
  if (tagTexts.size < tagsMax) tagTexts.set(tag, text)
  return text
}

/** The keyword, or `00091001` where there is none: how paths name an attribute. */
export function attributeName(tag: number): string {
  return attributeOf(tag)?.keyword ?? tagText(tag)
}

/** An odd group: its meaning is the manufacturer's (PS3.5 7.8). */
export function isPrivate(tag: number): boolean {
  return ((tag >>> 16) & 1) === 1
}

const tags = new Map<string, number | null>()
const tagTexts = new Map<number, string>()
const tagsMax = 4000

interface Books {
  readonly byTag: ReadonlyMap<number, AttributeSpec>
  readonly byKeyword: ReadonlyMap<string, AttributeSpec>
}

let books: Books | null = null

/** Read at the first question: an edge without DICOM needs none of it. */
function loaded(): Books {
  if (books !== null) return books
  const specs = attributeLines.map((line): AttributeSpec => {
    const [tag = '', vr = '', vm = '', keyword = ''] = line.split(' ')
    const maySign = vr === 'XS'
    return { tag: Number.parseInt(tag, 16), vr: maySign ? 'US' : vr, maySign, vm, keyword }
  })
  books = {
    byTag: new Map(specs.map((spec) => [spec.tag, spec])),
    byKeyword: new Map(specs.map((spec) => [spec.keyword, spec])),
  }
  return books
}
