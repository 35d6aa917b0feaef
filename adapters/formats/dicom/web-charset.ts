import { charsetFactsOf, decodeText } from '../../../gateway/model/charset.ts'
import type { CharsetFacts } from '../../../gateway/model/document.ts'

/** A text body with one character set for all of it. */
export interface TextBody {
  readonly text: string
  readonly charset: CharsetFacts
}

/** DICOM JSON is UTF-8, whatever its data sets declare (PS3.18 F.2); XML is what it says, else UTF-8. `declared`: the label outside, in lower case. */
export function readTextBody(bytes: Buffer, declared: string | null, isCut: boolean): TextBody {
  const decoded = decodeText(bytes, { label: declared, isCut })
  return { text: decoded.text, charset: charsetFactsOf(decoded, { declared, assumed: 'utf-8', delimiterInTrail: false }) }
}
