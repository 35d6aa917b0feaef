import type { Envelope } from '../../model/envelope.ts'

/** What a protocol said around a request and its deciding answer, as it stands behind their bodies; empty where it said nothing. */
export function packEnvelopes(request: Envelope | undefined, answer: Envelope | undefined): Uint8Array {
  const isEmpty = (request ?? []).length === 0 && (answer ?? []).length === 0
  return isEmpty ? nothing : Buffer.from(JSON.stringify([request ?? null, answer ?? null]))
}

/** The same again. The store's own code and checksum vouch for the bytes. */
export function unpackEnvelopes(bytes: Uint8Array): { readonly request: Envelope | null; readonly answer: Envelope | null } {
  if (bytes.length === 0) return { request: null, answer: null }
  const pair: readonly [Envelope | null, Envelope | null] = JSON.parse(Buffer.from(bytes).toString('utf8'))
  return { request: pair[0], answer: pair[1] }
}

const nothing = new Uint8Array(0)
