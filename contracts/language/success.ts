import type { AckFacts, Document, Facts, Key, KeyKind } from '../../gateway/model/document.ts'
import { wordingDigest } from '../../gateway/model/wording-digest.ts'

/** Which value of an answer says that all is well. */
export interface SuccessRule {
  /** As `Document.get` takes it. */
  readonly path: string
  /** As text: numbers as JSON writes them. */
  readonly values: readonly string[]
  /** Where the answer's words for people stand: only their digest is kept. */
  readonly messagePath: string | null
}

/** What of a document only its contract knows. */
export interface ContractFacts {
  readonly type: string | null
  readonly success: SuccessRule | null
  /** Paths that hold business keys. */
  readonly keys: readonly { readonly path: string; readonly kind: KeyKind }[]
}

/** The document's facts, with what its contract tells laid over them. A fault, or an answer that says no in its standard's own way, stays one. */
export function factsByContract(document: Document, { type, success, keys }: ContractFacts): Facts {
  const facts = document.facts()
  const ack = success === null || facts.ack?.verdict === 'no' ? facts.ack : (ackBy(success, document) ?? facts.ack)
  const added = keys.flatMap(({ path, kind }): readonly Key[] => {
    const value = document.get(path)
    const isNew = value !== null && value.length <= keyCharsMax && !facts.keys.some((k) => k.kind === kind && k.value === value)
    return isNew ? [{ kind, value, authority: null }] : []
  })
  // Most contracts add nothing to most messages.
  if (type === null && ack === facts.ack && added.length === 0) return facts
  return { ...facts, type: type ?? facts.type, ack, keys: added.length === 0 ? facts.keys : [...facts.keys, ...added] }
}

const keyCharsMax = 128
const codeCharsMax = 32

/** Null where the answer doesn't have the member: nothing is said then. */
function ackBy({ path, values, messagePath }: SuccessRule, document: Document): AckFacts | null {
  const code = document.get(path)
  if (code === null || code.length > codeCharsMax) return null
  if (values.includes(code)) return { code, verdict: 'yes', answersId: null, errors: [] }
  const text = messagePath === null ? null : document.get(messagePath)
  return { code, verdict: 'no', answersId: null, errors: [{ code, location: null, textDigest: wordingDigest(text) }] }
}
