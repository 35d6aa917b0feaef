/** A graphic set that bytes from A0 on (G1) can be in. */
export interface GraphicSet {
  readonly name: string
  /** Bytes of one character. */
  readonly width: 1 | 2
  /** Reads a run of its bytes; null when they aren't valid in it. */
  readonly read: (bytes: Buffer) => string | null
}

/** What SpecificCharacterSet says (PS3.3 C.12.1.1.2), ready to decode by. */
export interface CharacterSets {
  /** As written; null: absent or empty, so ASCII alone. */
  readonly declared: string | null
  readonly encoding: 'utf-8' | 'gb18030' | 'iso-2022'
  /** What bytes from A0 on are at the beginning of each text; null: there may be none. */
  readonly initial: GraphicSet | null
  /** Sets that an escape sequence may call, by name. Empty: no code extension was declared. */
  readonly extensions: ReadonlySet<string>
  /** A value that the standard doesn't have, or that may not stand where it does. */
  readonly isOdd: boolean
}

/** By the raw text of (0008,0005). What a sender says it says in each of its messages, so the answer is kept. */
export function characterSetsOf(declared: string | null): CharacterSets {
  const key = declared ?? ''
  const known = kept.get(key)
  if (known !== undefined) return known
  const sets = read(declared)
  if (kept.size < keptMax && key.length <= declaredMax) kept.set(key, sets)
  return sets
}

const kept = new Map<string, CharacterSets>()
const keptMax = 200
const declaredMax = 200

function read(declared: string | null): CharacterSets {
  const terms = (declared ?? '').split('\\').map((term) => term.trim())
  const [first = ''] = terms
  const plain = { declared, initial: null, extensions: none }
  if (first === 'ISO_IR 192') return { ...plain, encoding: 'utf-8', isOdd: terms.length > 1 }
  if (first === 'GB18030' || first === 'GBK') return { ...plain, encoding: 'gb18030', isOdd: terms.length > 1 }
  const names = terms.map((term) => /^ISO[_ ](?:2022 )?IR (\d+)$/.exec(term)?.[1] ?? null)
  const isExtended = terms.length > 1 || first.startsWith('ISO 2022')
  const isOdd = terms.some((term, i) => term !== '' && !isTerm(term, i, isExtended))
  const initial = names[0] == null ? null : (graphicSets.get(names[0]) ?? null)
  const extensions = isExtended ? new Set(names.map((name) => name ?? '6').filter((name) => name !== '')) : none
  return { declared, encoding: 'iso-2022', initial: initial?.width === 1 ? initial : null, extensions, isOdd }
}

const none: ReadonlySet<string> = new Set<string>()

/** PS3.3 tables C.12-2 to C.12-5. Multi-byte sets with code extension may not come first (C.12.1.1.2). */
function isTerm(term: string, index: number, isExtended: boolean): boolean {
  const match = /^(ISO_IR|ISO 2022 IR) (\d+)$/.exec(term)
  if (match === null) return false
  const name = match[2] ?? ''
  if (match[1] === 'ISO_IR') return !isExtended && (singleByte.has(name) || name === '6')
  if (name === '6' || singleByte.has(name)) return true
  return index > 0 && multiByte.has(name)
}

/** WHATWG decoders of ISO 8859; bytes 80 to 9F, in which some differ from it, are valid in none. */
const parts: readonly (readonly [name: string, label: string])[] = [
  ['101', 'iso-8859-2'],
  ['109', 'iso-8859-3'],
  ['110', 'iso-8859-4'],
  ['144', 'iso-8859-5'],
  ['127', 'iso-8859-6'],
  ['126', 'iso-8859-7'],
  ['138', 'iso-8859-8'],
  ['148', 'windows-1254'],
  ['203', 'iso-8859-15'],
  ['166', 'windows-874'],
]

const latin1: GraphicSet = { name: '100', width: 1, read: (bytes) => (hasControls(bytes) ? null : bytes.toString('latin1')) }
const katakana: GraphicSet = { name: '13', width: 1, read: readKatakana }

const singleByte: ReadonlyMap<string, GraphicSet> = new Map([
  ['100', latin1],
  ['13', katakana],
  ...parts.map(([name, label]): [string, GraphicSet] => {
    const decoder = new TextDecoder(label)
    return [name, { name, width: 1, read: (bytes) => (hasControls(bytes) ? null : sound(decoder.decode(bytes))) }]
  }),
])

const eucKr = new TextDecoder('euc-kr')
const eucJp = new TextDecoder('euc-jp')
const gb18030 = new TextDecoder('gb18030')

const multiByte: ReadonlyMap<string, GraphicSet> = new Map<string, GraphicSet>([
  ['149', { name: '149', width: 2, read: (bytes) => sound(eucKr.decode(bytes)) }],
  ['58', { name: '58', width: 2, read: (bytes) => sound(gb18030.decode(bytes)) }],
  // Called into G0, so their bytes have seven bits; EUC-JP has the same rows with the eighth.
  ['87', { name: '87', width: 2, read: (bytes) => sound(eucJp.decode(bytes.map((byte) => byte | 0x80))) }],
  ['159', { name: '159', width: 2, read: readJis0212 }],
])

export const graphicSets: ReadonlyMap<string, GraphicSet> = new Map([...singleByte, ...multiByte])

/** What follows ESC, and what it calls where (PS3.3 tables C.12-3 and C.12-4). `null`: ASCII or JIS X 0201 romaji. */
export const escapes: readonly { readonly bytes: string; readonly into: 'G0' | 'G1'; readonly name: string | null }[] = [
  { bytes: '(B', into: 'G0', name: null },
  { bytes: '(J', into: 'G0', name: null },
  { bytes: '$B', into: 'G0', name: '87' },
  { bytes: '$(D', into: 'G0', name: '159' },
  { bytes: ')I', into: 'G1', name: '13' },
  { bytes: '$)C', into: 'G1', name: '149' },
  { bytes: '$)A', into: 'G1', name: '58' },
  { bytes: '-A', into: 'G1', name: '100' },
  { bytes: '-B', into: 'G1', name: '101' },
  { bytes: '-C', into: 'G1', name: '109' },
  { bytes: '-D', into: 'G1', name: '110' },
  { bytes: '-L', into: 'G1', name: '144' },
  { bytes: '-G', into: 'G1', name: '127' },
  { bytes: '-F', into: 'G1', name: '126' },
  { bytes: '-H', into: 'G1', name: '138' },
  { bytes: '-M', into: 'G1', name: '148' },
  { bytes: '-b', into: 'G1', name: '203' },
  { bytes: '-T', into: 'G1', name: '166' },
]

function hasControls(bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0
    if (byte >= 0x80 && byte < 0xa0) return true
  }
  return false
}

function readKatakana(bytes: Buffer): string | null {
  let text = ''
  for (const byte of bytes) {
    if (byte < 0xa1 || byte > 0xdf) return null
    text += String.fromCharCode(0xff61 + byte - 0xa1)
  }
  return text
}

function readJis0212(bytes: Buffer): string | null {
  const out: number[] = []
  for (let i = 0; i + 1 < bytes.length; i += 2) out.push(0x8f, (bytes[i] ?? 0) | 0x80, (bytes[i + 1] ?? 0) | 0x80)
  return bytes.length % 2 === 1 ? null : sound(eucJp.decode(Uint8Array.from(out)))
}

function sound(text: string): string | null {
  return text.includes('\ufffd') ? null : text
}
