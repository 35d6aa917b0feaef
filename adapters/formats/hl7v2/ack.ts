import type { AckFacts } from '../../../gateway/model/document.ts'
import { tellingDigest } from '../../../gateway/model/wording-digest.ts'
import { partOf } from './fields.ts'
import { fieldsOf, indexOf, type Message, resolved } from './message.ts'
import { segmentKey } from './segments.ts'

type AckError = AckFacts['errors'][number]

const msaKey = segmentKey('MSA')
const errKey = segmentKey('ERR')
const errorsMax = 20

/**
 * What MSA and ERR say; null when there is no MSA. Since 2.5 an ERR names its location in ERR-2 and its code in ERR-3;
 * before, ERR-1 holds both (ELD, repeating). Texts differ by the patient's numbers and names, so they leave only as a
 * digest of their wording.
 */
export function ackOf(message: Message): AckFacts | null {
  const msa = indexOf(message, msaKey)
  if (msa < 0) return null
  const code = value(message, msa, 1) ?? ''
  const text = value(message, msa, 3)
  const errors: AckError[] = []
  for (let i = 0; i < message.segments.length && errors.length < errorsMax; i++)
    if (message.segments[i]?.key === errKey) errors.push(...errorsOf(message, i, text))
  const answersId = value(message, msa, 2)
  if (errors.length > 0 || code === 'AA' || code === 'CA') return { code, answersId, errors: errors.slice(0, errorsMax) }
  const condition = partOf(value(message, msa, 6) ?? '', message.delimiters.component, 1) || null
  const inWords = partOf(value(message, msa, 6) ?? '', message.delimiters.component, 2) || null
  if (text !== null || condition !== null)
    errors.push({ code: condition, location: null, textDigest: tellingDigest([text, inWords]) })
  return { code, answersId, errors }
}

function errorsOf(message: Message, err: number, ackText: string | null): readonly AckError[] {
  const { component, repetition } = message.delimiters
  const code = value(message, err, 3)
  const location = value(message, err, 2)
  if (code !== null || location !== null) {
    const numbers = code === null ? null : partOf(code, component, 1) || null
    return [{ code: numbers, location, textDigest: tellingDigest([...ownTexts(message, err), ackText]) }]
  }
  const old = value(message, err, 1)
  return old === null ? [] : old.split(repetition, errorsMax).map((one) => oldError(message, one, ackText))
}

/**
 * What an ERR says in the application's own words: ERR-8 for the user, ERR-7 for who looks for it, the alternate text of ERR-3 and the text of its own code in ERR-5; or else what its code
 * is called.
 */
function ownTexts(message: Message, err: number): readonly (string | null)[] {
  const { component } = message.delimiters
  const code = value(message, err, 3) ?? ''
  const alternate = partOf(code, component, 5) || null
  const own = partOf(value(message, err, 5) ?? '', component, 2) || null
  const texts = [value(message, err, 8), value(message, err, 7), alternate, own]
  return texts.some((text) => text !== null) ? texts : [partOf(code, component, 2)]
}

/** ELD (HL7 2.A.31): segment, sequence, field, code (CE written with subcomponents). */
function oldError(message: Message, text: string, ackText: string | null): AckError {
  const { component, subcomponent } = message.delimiters
  const code = partOf(text, component, 4) ?? ''
  const location = text.split(component, 3).join(component)
  return {
    code: partOf(code, subcomponent, 1) || null,
    location: location === '' ? null : location,
    textDigest: tellingDigest([partOf(code, subcomponent, 2), ackText]),
  }
}

/** Of the segment that stands at `index`. */
function value(message: Message, index: number, field: number): string | null {
  const raw = fieldsOf(message, index)[field]
  return raw === undefined || raw === '' || raw === '""' ? null : resolved(message, raw)
}
