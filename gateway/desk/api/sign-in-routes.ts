import express, { type Express, type Request, type Response } from 'express'
import { isRecord } from '../../model/json.ts'
import { begunMs, type Provider } from '../access/provider.ts'
import type { RateLimit } from '../access/rate.ts'
import { cookieValue, type SessionLimits, sessionCookie } from '../access/session.ts'
import type { SignedIn, SignIns } from '../access/sign-in.ts'
import { addressOf, isForeign } from './identify.ts'
import { Refusal } from './problems.ts'

export interface SignInParts {
  readonly signIns: SignIns
  /** The hospital's identity provider; null: none. */
  readonly provider: Provider | null
  readonly sessionLimits: SessionLimits
  /** Whether browsers reach us by TLS, so that the session's cookie never leaves it. */
  readonly isSecure: boolean
  readonly limits: { readonly signIns: RateLimit }
  readonly onSignIn: (name: string) => void
}

const begunCookie = 'auscult_oidc'
const tokenMax = 200
const nameMax = 200
const passwordMax = 1_000

/**
 * The ways in for people: a one-time link's token, name with password, and the hospital's provider. The console's page is at the same path: a link
 * leads there, and what looks at links before people do, such as a chat's preview, uses none up.
 */
export function mountSignIn(app: Express, parts: SignInParts): void {
  if (parts.provider !== null) mountProvider(app, parts.provider, parts)
  app.get('/signin/methods', (_request, response) => {
    response.set('cache-control', 'no-store').json({ provider: parts.provider?.title ?? null })
  })
  app.post('/signin', express.json({ limit: '4kb', strict: true }), async (request, response) => {
    limitSignIns(request, parts)
    if (isForeign(request)) throw new Refusal('CSRF', 'The request comes from a page of another site.')
    letIn(response, await signedInBy(parts.signIns, request), parts)
    response.json({ done: true })
  })
}

/** The hospital's identity provider: there, and back with a code. */
function mountProvider(app: Express, provider: Provider, parts: SignInParts): void {
  const refused = (response: Response) => response.set('cache-control', 'no-store').redirect(303, '/signin?refused=provider')
  app.get('/signin/oidc', async (request, response) => {
    limitSignIns(request, parts)
    const begun = await provider.begin()
    if (begun === null) {
      refused(response)
      return
    }
    // Lax: the provider's answer is a navigation from another site. It binds the answer to the browser that asked.
    const cookie = { httpOnly: true, sameSite: 'lax', path: '/signin/oidc', secure: parts.isSecure, maxAge: begunMs } as const
    response.cookie(begunCookie, begun.state, cookie).set('cache-control', 'no-store').redirect(303, begun.url)
  })
  app.get('/signin/oidc/callback', async (request, response) => {
    limitSignIns(request, parts)
    const state = cookieValue(request.headers.cookie, begunCookie)
    response.clearCookie(begunCookie, { path: '/signin/oidc' })
    const identified = state === null ? null : await provider.finish(request.originalUrl, state)
    try {
      letIn(response, await parts.signIns.byProvider(identified, addressOf(request)), parts)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused(response)
      return
    }
    response.redirect(303, '/')
  })
}

/** Gives the browser its session. */
function letIn(response: Response, { caller, cookie }: SignedIn, parts: SignInParts): void {
  parts.onSignIn(caller.name)
  const { isSecure, sessionLimits } = parts
  response.cookie(sessionCookie, cookie, {
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure: isSecure,
    maxAge: sessionLimits.lifeMs,
  })
  response.set('cache-control', 'no-store')
}

function limitSignIns(request: Request, { limits }: SignInParts): void {
  const waitS = limits.signIns(addressOf(request))
  if (waitS > 0) throw new Refusal('TOO_MANY_REQUESTS', 'Too many sign-ins.', waitS)
}

/** By a link's token, or by name and password. */
function signedInBy(signIns: SignIns, request: Request): Promise<SignedIn> {
  const body: unknown = request.body
  const given = isRecord(body) ? body : {}
  const { token, name, password } = given
  if (typeof token === 'string' && token.length <= tokenMax) return signIns.byLink(token, addressOf(request))
  if (typeof name === 'string' && typeof password === 'string' && name.length <= nameMax && password.length <= passwordMax)
    return signIns.byPassword(name, password, addressOf(request))
  throw new Refusal('INVALID_REQUEST', 'The body must be JSON with name and password, or with the token of a link.')
}
