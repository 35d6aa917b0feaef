import type { Envelope } from '../../../gateway/model/envelope.ts'

/** Longer tokens are not looked into. */
const tokenCharsMax = 8_192
const valueCharsMax = 199

/**
 * What a JSON Web Token (RFC 7519) says that is no secret and names no person: who issued it, for whom, for what, since and until when. Nothing of
 * anything else. `sub` and the signature are left out.
 */
export function jwtFacts(token: string): Envelope {
  if (token.length > tokenCharsMax) return []
  const match = /^eyJ[\w-]*\.(eyJ[\w-]*)\.[\w-]*$/.exec(token)
  if (match === null) return []
  const claims = claimsOf(match[1] ?? '')
  return [
    ...claim(':jwt-iss', claims.get('iss')),
    ...claim(':jwt-aud', claims.get('aud')),
    ...claim(':jwt-scope', claims.get('scope') ?? claims.get('scp')),
    ...claim(':jwt-iat', claims.get('iat')),
    ...claim(':jwt-exp', claims.get('exp')),
  ]
}

function claimsOf(encoded: string): ReadonlyMap<string, unknown> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'))
    return new Map(typeof claims === 'object' && claims !== null ? Object.entries(claims) : [])
  } catch {
    // It only looked like a token.
    return new Map()
  }
}

function claim(name: string, value: unknown): Envelope {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const text = list.filter((item) => typeof item === 'string' || typeof item === 'number').join(' ')
  return text === '' ? [] : [[name, text.slice(0, valueCharsMax)]]
}
