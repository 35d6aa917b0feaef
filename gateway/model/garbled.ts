/**
 * Whether a text, whose bytes are sound, is what another character set was misread as and then written again: UTF-8 taken for GB18030 (`浣犲ソ`), UTF-8 or
 * GB 2312 taken for ISO 8859-1 or Windows-1252 (`ä½ å¥½`, `ÕÅÈý`), or what was lost on the way (`锟斤拷`, U+FFFD, `¿¿`). Told by its first characters above
 * ASCII; sound text is left after a few.
 */
export function isGarbled(text: string): boolean {
  if (lost.some((mark) => text.includes(mark))) return true
  const asGb: Count = { bytes: 0, read: 0 }
  const asLatin: Count = { bytes: 0, read: 0 }
  const asPairs: Count = { bytes: 0, read: 0 }
  let chars = 0
  foreign.lastIndex = 0
  for (let found = foreign.exec(text); found !== null && chars < charsMax; found = foreign.exec(text)) {
    const run = found[0]
    chars += run.length
    if (run.charCodeAt(0) >= 0x3400) add(asGb, bytesOfGb(run), utf8Bytes)
    else {
      const bytes = bytesOfLatin(run)
      add(asLatin, bytes, utf8Bytes)
      add(asPairs, bytes, hanziBytes)
    }
    if (chars >= enoughChars && ![asGb, asLatin, asPairs].some(isMisread)) return false
  }
  return [asGb, asLatin, asPairs].some(isMisread)
}

const lost = ['\ufffd\ufffd', '锟斤拷', '¿¿']
const foreign = /[^\x00-\x7f]+/g
const charsMax = 96
/** Sound text shows in so many. */
const enoughChars = 12
/** Two characters of UTF-8, or three hanzi of two bytes: by chance sound text gives that less than once in a thousand. */
const readMin = 6

/** Bytes that a text was written from, if it was misread, and those of them that make characters. */
interface Count {
  bytes: number
  read: number
}

function add(count: Count, bytes: readonly number[], readOf: (bytes: readonly number[]) => number): void {
  // A delimiter that was swallowed, or half a character that was lost, says nothing.
  for (const byte of bytes) if (byte > 0x7f) count.bytes += 1
  count.read += readOf(bytes)
}

/** Most of all that is above ASCII: a character at an end may have lost a byte. */
function isMisread({ bytes, read }: Count): boolean {
  return read >= readMin && read >= 0.75 * bytes
}

/** Of these bytes, how many make whole characters of three bytes (RFC 3629 4), as Chinese has them. */
function utf8Bytes(bytes: readonly number[]): number {
  let read = 0
  for (let i = 0; i + 2 < bytes.length; i += 1) {
    if ((bytes[i] ?? 0) >> 4 !== 0xe || !isTail(bytes[i + 1]) || !isTail(bytes[i + 2])) continue
    read += 3
    i += 2
  }
  return read
}

function isTail(byte = 0): boolean {
  return byte >> 6 === 2
}

/** Of these bytes, how many make common hanzi or punctuation of GB 2312 (rows A3, and B0 to D7). */
function hanziBytes(bytes: readonly number[]): number {
  let read = 0
  for (let i = 0; i + 1 < bytes.length; i += 1) {
    const lead = bytes[i] ?? 0
    if (((lead < 0xb0 || lead > 0xd7) && lead !== 0xa3) || (bytes[i + 1] ?? 0) < 0xa1) continue
    read += 2
    i += 1
  }
  return read
}

/** The two bytes of each character in GB18030; FF, which is no part of anything, for what they can't come from. */
function bytesOfGb(run: string): readonly number[] {
  const known = gbCodes()
  const bytes: number[] = []
  for (let i = 0; i < run.length && i < charsMax; i += 1) {
    const char = run.charCodeAt(i)
    const code = known.get(char)
    if (code === undefined) bytes.push(char === 0xfffd ? 0 : 0xff)
    else bytes.push(code >> 8, code & 0xff)
  }
  return bytes
}

function bytesOfLatin(run: string): readonly number[] {
  const bytes: number[] = []
  for (let i = 0; i < run.length && i < charsMax; i += 1) {
    const code = run.charCodeAt(i)
    bytes.push(code <= 0xff ? code : windows1252.indexOf(run.charAt(i)) + 0x80)
  }
  return bytes
}

/** What Windows-1252 has at 80 to 9F, a blank where it has nothing. */
const windows1252 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'

let gb: ReadonlyMap<number, number> | null = null

/** GB18030 codes of two bytes by their character, of those whose bytes are ones of UTF-8: the first above 7F, the second too or one that was swallowed. */
function gbCodes(): ReadonlyMap<number, number> {
  if (gb !== null) return gb
  const codes: number[] = []
  for (let lead = 0x81; lead <= 0xef; lead += 1)
    for (let trail = 0x40; trail <= 0xef; trail += 1) if (trail !== 0x7f) codes.push((lead << 8) | trail)
  const text = new TextDecoder('gb18030').decode(Uint8Array.from(codes.flatMap((code) => [code >> 8, code & 0xff])))
  gb = new Map(codes.map((code, n) => [text.charCodeAt(n), code]))
  return gb
}
