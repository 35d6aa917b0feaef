import type { KeyObject } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { Instant, Millis } from '../../model/time.ts'
import { isRole, type Role } from './permissions.ts'
import type { Caller } from './session.ts'

const algorithm = 'HS256'
const issuer = 'auscult'
const audience = 'auscult-api'

/** A bearer token for the API, signed with this installation's key: what `auscult token` prints. */
export async function issueBearer(
  key: KeyObject,
  token: {
    readonly role: Role
    readonly ttlMs: Millis
    readonly now: Instant
    readonly name?: string
    readonly scopes?: readonly string[]
  },
): Promise<string> {
  return new SignJWT({ role: token.role, ...(token.scopes === undefined ? {} : { scope: token.scopes.join(' ') }) })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(token.name ?? `token:${token.role}`)
    .setIssuedAt(Math.floor(token.now / 1000))
    .setExpirationTime(Math.floor((token.now + token.ttlMs) / 1000))
    .sign(key)
}

/** The caller of a bearer token, or null when it isn't ours, is expired, or names no role. Only this one algorithm is taken. */
export async function callerOfBearer(key: KeyObject, token: string, now: Instant): Promise<Caller | null> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      issuer,
      audience,
      currentDate: new Date(now),
      requiredClaims: ['exp', 'sub'],
    })
    if (!isRole(payload.role) || payload.sub === undefined) return null
    const caller = { name: payload.sub, role: payload.role, session: null }
    if (payload.scope === undefined) return caller
    // RFC 8693 4.2: names with blanks between them. A scope only narrows what the role may.
    return typeof payload.scope === 'string' ? { ...caller, scopes: payload.scope.split(' ') } : null
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}
