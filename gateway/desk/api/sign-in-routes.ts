import express, { type Express, type Request, type Response } from 'express'
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
  /** Null serves the API only. */
  readonly consoleFolder: string | null
  readonly limits: { readonly signIns: RateLimit }
  readonly onSignIn: (name: string) => void
}

const begunCookie = 'auscult_oidc'
const nameMax = 200
const passwordMax = 1_000

/** The ways in for people: the one-time link, and name with password. The console's page is at the same path. */
export function mountSignIn(app: Express, parts: SignInParts): void {
  const { signIns } = parts
  app.get('/signin', async (request, response, next) => {
    const { token } = request.query
    // Without a token this is a page of the console, which says how to sign in.
    if (typeof token !== 'string' || token === '') {
      next()
      return
    }
    limitSignIns(request, parts)
    const signed = await takeLink(signIns, request, token)
    // A person who follows a dead link sees the page that says how to get another; a program sees the problem.
    if (signed instanceof Refusal && parts.consoleFolder !== null && request.accepts(['json', 'html']) === 'html') {
      const why = signed.code === 'SIGN_IN_LINK_INVALID' ? 'link' : 'role'
      response.set('cache-control', 'no-store').redirect(303, `/signin?refused=${why}`)
      return
    }
    if (signed instanceof Refusal) throw signed
    letIn(response, signed, parts)
    response.redirect(303, '/')
  })
  if (parts.provider !== null) mountProvider(app, parts.provider, parts)
  app.get('/signin/methods', (_request, response) => {
    response.set('cache-control', 'no-store').json({ provider: parts.provider?.title ?? null })
  })
  app.post('/signin', express.json({ limit: '4kb', strict: true }), async (request, response) => {
    limitSignIns(request, parts)
    if (isForeign(request)) throw new Refusal('CSRF', 'The request comes from a page of another site.')
    const { name, password } = credentialsOf(request)
    letIn(response, await signIns.byPassword(name, password, addressOf(request)), parts)
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

async function takeLink(signIns: SignIns, request: Request, token: string): Promise<SignedIn | Refusal> {
  try {
    return await signIns.byLink(token, addressOf(request))
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function credentialsOf(request: Request): { readonly name: string; readonly password: string } {
  const body: unknown = request.body
  const name: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'name') : null
  const password: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'password') : null
  if (typeof name !== 'string' || typeof password !== 'string' || name.length > nameMax || password.length > passwordMax)
    throw new Refusal('INVALID_REQUEST', 'The body must be JSON with name and password.')
  return { name, password }
}
