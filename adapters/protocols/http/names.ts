import { isCredentialName } from './redact.ts'

/** A header field's name as it is written, read. */
export interface FieldName {
  readonly lower: string
  readonly isCredential: boolean
}

/** So many spellings are remembered; systems use a few dozen. */
const knownMax = 1_000
/** A pure cache: what a spelling reads as never changes. */
const known = new Map<string, FieldName>()

/** Reads a field name (RFC 9110 5.1), or null when it is none. */
export function readFieldName(text: string): FieldName | null {
  const remembered = known.get(text)
  if (remembered !== undefined) return remembered
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(text)) return null
  const lower = text.toLowerCase()
  const name = { lower, isCredential: isCredentialName(lower) }
  if (known.size < knownMax && text.length <= 64) known.set(text, name)
  return name
}
