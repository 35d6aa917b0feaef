/**
 * What a protocol says around a body, in its order; names in lower case, a name may come several times. HTTP: the pseudo-header fields of RFC 9113 8.3
 * (`:method`, `:path`, `:status`, whatever the version on the wire) and the header fields, and beside them
 * `:request-id` (the first of the header fields that the interface's options name) and `:jwt-iss`, `:jwt-aud`, `:jwt-scope`, `:jwt-iat`, `:jwt-exp` of a token that was left out. DIMSE: the association and the command (`calling-ae`, `called-ae`,
 * `abstract-syntax`, `transfer-syntax`, `message-id`, ...). Records: where they came from (`topic`, `partition`, `file`, ...).
 *
 * May hold identifiers (a path, a query), so it is kept and masked as bodies are. Never holds a credential: decoders leave those out.
 */
export type Envelope = readonly (readonly [name: string, value: string])[]

/** The first value of that name (lower case), or null. */
export function envelopeValue(envelope: Envelope | undefined, name: string): string | null {
  if (envelope !== undefined) for (const entry of envelope) if (entry[0] === name) return entry[1]
  return null
}
