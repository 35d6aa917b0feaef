import { Buffer, isAscii, isUtf8 } from 'node:buffer'
import { nonAsciiOf, strictGb, verdictOnText, wholeCharacters } from '../../../gateway/model/charset.ts'
import type { CharsetFacts } from '../../../gateway/model/document.ts'

export interface Decoded {
  readonly text: string
  readonly charset: CharsetFacts
  readonly hasMark: boolean
}

const looseUtf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * JSON is UTF-8 whatever anybody declares (RFC 8259 8.1), so bytes that aren't contradict, declared or not; a label that isn't UTF-8 on bytes that are is
 * odd. What isn't UTF-8 is still read, as UTF-16 or GB18030, for people to see. `isCut`: the last character may be broken off.
 */
export function decode(body: Uint8Array, declared: string | null, isCut = false): Decoded {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const utf16 = utf16Of(bytes)
  if (utf16 !== null)
    return decodedAs(new TextDecoder(utf16).decode(bytes), 'utf-16', { declared, hasMark: (bytes[0] ?? 0) >= 0xfe })
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const plain = hasMark ? bytes.subarray(3) : bytes
  if (isAscii(plain)) return decodedAs(plain.toString('latin1'), hasMark ? 'utf-8' : 'ascii', { declared, hasMark })
  if (isUtf8(isCut ? wholeCharacters(plain) : plain)) return decodedAs(looseUtf8.decode(plain), 'utf-8', { declared, hasMark })
  const gb = strictGb(plain)
  if (gb !== null) return decodedAs(gb, 'gb18030', { declared, hasMark })
  return decodedAs(looseUtf8.decode(plain), 'unknown', { declared, hasMark })
}

function decodedAs(
  text: string,
  detected: CharsetFacts['detected'],
  { declared, hasMark }: { readonly declared: string | null; readonly hasMark: boolean },
): Decoded {
  const isSound = detected === 'ascii' || detected === 'utf-8'
  const isNamed = declared === null || /^(?:utf-?8|us-ascii)$/i.test(declared)
  const nonAsciiCount = detected === 'ascii' ? 0 : nonAsciiOf(text)
  return {
    text,
    hasMark,
    charset: {
      declared,
      detected,
      verdict: verdictOnText(isSound ? (isNamed ? 'agrees' : 'odd-label') : 'contradicts', text, nonAsciiCount),
      nonAsciiCount,
      delimiterInTrail: false,
    },
  }
}

/** A byte order mark, or zero bytes where the first two characters of JSON, which are ASCII, have them (RFC 4627 3). */
function utf16Of(bytes: Buffer): 'utf-16le' | 'utf-16be' | null {
  const [first = 0, second = 0] = bytes
  if (bytes.length < 2) return null
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le'
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0) ? 'utf-16be' : null
}
