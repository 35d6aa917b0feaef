import type { Envelope } from '../../../gateway/model/envelope.ts'
import { jwtFacts } from './jwt.ts'

/** Header fields that carry a credential, or may. */
const credentialFields: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'authentication-info',
  'proxy-authentication-info',
  'cookie',
  'cookie2',
  'set-cookie',
  'set-cookie2',
])
/** Names that say so themselves: `x-api-key`, `x-amz-security-token`, `ca-signature`. */
const credentialName =
  /(?:^|[-_])(?:api[-_]?key|app[-_]?key|access[-_]?key|private[-_]?key|key|token|secret|passw(?:or)?d|pwd|credentials?|auth(?:orization)?|session(?:[-_]?id)?|sign(?:ature)?|ticket|jwt|csrf|xsrf|otp)$/
/** Of a query's parameters. */
const credentialParameter =
  /^(?:.*[-_.])?(?:api[-_]?key|app[-_]?key|access[-_]?key(?:[-_]?id)?|key|(?:access|refresh|id|auth)?[-_]?token|(?:client|app)?[-_]?secret|passw(?:or)?d|pwd|credentials?|auth|session(?:[-_]?id)?|j?sessionid|sign(?:ature)?|ticket|jwt|otp)$/i
/** Schemes of authentication as IANA registers them, and what is met. Anything else in their place may be the credential itself. */
const schemes: readonly string[] = [
  ...['Basic', 'Bearer', 'Concealed', 'Digest', 'DPoP', 'GNAP', 'HOBA', 'Mutual', 'Negotiate', 'NTLM', 'OAuth', 'PrivateToken'],
  ...['SCRAM-SHA-1', 'SCRAM-SHA-256', 'vapid', 'Token', 'ApiKey', 'AWS4-HMAC-SHA256'],
]
/** Challenges whose only parameter is a token of the handshake. */
const bareChallenge = /^(?:negotiate|ntlm)\b/i
/** Values that hold an address, and with it perhaps a query. */
const addressFields: ReadonlySet<string> = new Set(['location', 'content-location', 'referer', 'link', 'origin'])

/** What stands where a credential stood. */
export const redacted = 'redacted'

/** Whether a header field of that name, in lower case, carries a credential. */
export function isCredentialName(name: string): boolean {
  return credentialFields.has(name) || credentialName.test(name)
}

/** What is kept of a credential: its scheme, and what a token says without being secret. */
export function withoutSecret(value: string): { readonly value: string; readonly jwt: Envelope } {
  const [first = '', second = ''] = value.split(/[ \t]+/, 2)
  const scheme = second === '' ? undefined : schemes.find((known) => known.toLowerCase() === first.toLowerCase())
  return { value: scheme ?? redacted, jwt: jwtFacts(scheme === undefined ? first : second) }
}

/** The value of a field that carries none itself, without what its addresses may hold, and without the token of a handshake. */
export function withoutHidden(name: string, value: string): string {
  if (addressFields.has(name)) return addressWithoutCredentials(value)
  const isBare = (name === 'www-authenticate' || name === 'proxy-authenticate') && bareChallenge.test(value)
  return isBare ? (value.split(/[ \t,]/, 1)[0] ?? '') : value
}

/** An address or a path without the user name and password before its host, and without what its query's parameters hold that name a credential. */
export function addressWithoutCredentials(address: string): string {
  const bare = address.includes('@') ? address.replace(/(^|[<\s,])([a-z][a-z0-9+.-]*:)?\/\/[^/?#\s]*@/gi, '$1$2//') : address
  if (!/[?&;#]/.test(bare)) return bare
  // RFC 6749 4.1.2: an authorization code comes with its state; without one, `code` is a search parameter of FHIR.
  const hasState = /[?&#]state=/.test(bare)
  return bare.replace(/([?&;#])([^=&;#?]{1,64})=([^&;#\s>]*)/g, (whole, mark: string, name: string) =>
    credentialParameter.test(name) || (hasState && name === 'code') ? `${mark}${name}=${redacted}` : whole,
  )
}
