import { isAscii, isUtf8 } from 'node:buffer'
import type { CharsetFacts } from '../../../gateway/model/document.ts'

const looseGb = new TextDecoder('gb18030')
const looseUtf8 = new TextDecoder('utf-8')

/** A text body with one character set for all of it. */
export interface TextBody {
  readonly text: string
  readonly charset: CharsetFacts
}

/** DICOM JSON is UTF-8, whatever its data sets declare (PS3.18 F.2); XML is what it says, else UTF-8. `declared`: the label outside, in lower case. */
export function readTextBody(bytes: Buffer, declared: string | null): TextBody {
  if (isAscii(bytes)) return bodyOf(bytes.toString('latin1'), declared, 'ascii')
  if (isUtf8(bytes)) return bodyOf(withoutMark(bytes.toString('utf8')), declared, 'utf-8')
  const gb = looseGb.decode(bytes)
  if (!gb.includes('\ufffd')) return bodyOf(gb, declared, 'gb18030')
  return bodyOf(looseUtf8.decode(bytes), declared, 'unknown')
}

function bodyOf(text: string, declared: string | null, detected: CharsetFacts['detected']): TextBody {
  const named =
    declared === null || declared === 'utf-8' || declared === 'utf8' ? 'utf-8' : /^gb/.test(declared) ? 'gb18030' : null
  const isSame = detected === 'ascii' || detected === named
  const verdict = isSame ? 'agrees' : named === null && detected !== 'unknown' ? 'odd-label' : 'contradicts'
  return { text, charset: { declared, detected, verdict, nonAsciiCount: nonAsciiOf(text), delimiterInTrail: false } }
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

function nonAsciiOf(text: string): number {
  let count = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 127 && (unit < 0xdc00 || unit > 0xdfff)) count++
  }
  return count
}
