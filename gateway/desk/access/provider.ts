import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import { isRecord } from '../../model/json.ts'
import type { Clock, Instant, Millis } from '../../model/time.ts'
import { type Role, roleOfPower } from './permissions.ts'
import type { Identified } from './sign-in.ts'

/** The hospital's identity provider: OpenID Connect Core 1.0, authorization code with PKCE (RFC 7636). */
export interface Provider {
  /** What the button says. */
  readonly title: string
  /** Where to send the browser, and what binds its answer to it; null when the provider can't be reached. */
  begin(): Promise<{ readonly url: string; readonly state: string } | null>
  /** Who came back to `path` (with its query); null when nobody was identified, or nobody who has exactly one role here. */
  finish(path: string, state: string): Promise<Identified | null>
}

export interface ProviderOptions {
  readonly title: string
  readonly issuer: string
  readonly clientId: string
  /** Null: a public client, whose proof is PKCE alone. */
  readonly clientSecret: string | null
  /** Where browsers reach the desk. */
  readonly address: string
  readonly scope: string
  readonly nameClaim: string
  /** Dots lead into objects: `realm_access.roles`. */
  readonly roleClaim: string
  /** Value of the role claim to role here; of several the first that stands here counts. */
  readonly roles: { readonly [value: string]: Role }
}

/** How long somebody may take at the provider. */
export const begunMs: Millis = 600_000
const begunMax = 1_000
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/

interface Begun {
  readonly verifier: string
  readonly nonce: string
  readonly until: Instant
}

export function createProvider(options: ProviderOptions, clock: Clock): Provider {
  const begun = new Map<string, Begun>()
  let found: Promise<Configuration> | null = null
  const configuration = () => {
    found ??= discover(options).catch((error: unknown) => {
      // Asked again at the next sign-in: a provider that was down comes back.
      found = null
      throw error
    })
    return found
  }
  const redirectUri = new URL('/signin/oidc/callback', options.address).href
  return {
    title: options.title,
    begin: async () => {
      const config = await configuration().catch(() => null)
      if (config === null) return null
      const [state, verifier, nonce] = [randomState(), randomPKCECodeVerifier(), randomNonce()]
      const oldest = begun.keys().next()
      if (begun.size >= begunMax && oldest.done !== true) begun.delete(oldest.value)
      begun.set(state, { verifier, nonce, until: clock.now() + begunMs })
      const url = buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: options.scope,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      })
      return { url: url.href, state }
    },
    finish: async (path, state) => {
      const mine = begun.get(state)
      begun.delete(state)
      if (mine === undefined || mine.until <= clock.now()) return null
      try {
        const config = await configuration()
        const tokens = await authorizationCodeGrant(config, new URL(path, options.address), {
          pkceCodeVerifier: mine.verifier,
          expectedState: state,
          expectedNonce: mine.nonce,
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (claims === undefined) return null
        // OpenID Connect Core 5.4: where there is an access token, claims of the profile may stand at the userinfo endpoint alone.
        const isWhole = claims[options.nameClaim] !== undefined && claimAt(claims, options.roleClaim) !== undefined
        const hasMore = config.serverMetadata().userinfo_endpoint !== undefined
        const more = isWhole || !hasMore ? {} : await fetchUserInfo(config, tokens.access_token, claims.sub)
        return identifiedIn({ ...more, ...claims }, options)
      } catch {
        // Refused there, another browser's answer, a signature or a claim that isn't right: whatever it was, nobody is identified.
        return null
      }
    },
  }
}

function discover({ issuer, clientId, clientSecret }: ProviderOptions): Promise<Configuration> {
  const url = new URL(issuer)
  const isLoopback = /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(url.hostname)
  const secret = clientSecret === null ? { token_endpoint_auth_method: 'none' } : { client_secret: clientSecret }
  // Plain HTTP never leaves the machine.
  return discovery(url, clientId, secret, undefined, isLoopback ? { execute: [allowInsecureRequests] } : {})
}

/** Exported for its test: the claims of a person as an account with one role. */
export function identifiedIn(claims: { readonly [name: string]: unknown }, options: ProviderOptions): Identified | null {
  const name = claims[options.nameClaim]
  const role = roleIn(claimAt(claims, options.roleClaim), options.roles)
  if (typeof name !== 'string' || !namePattern.test(name) || role === null) return null
  const title = typeof claims.name === 'string' && claims.name.trim() !== '' ? claims.name.trim().slice(0, 100) : name
  return { name, title, role }
}

function roleIn(claim: unknown, roles: ProviderOptions['roles']): Role | null {
  const given: readonly unknown[] = Array.isArray(claim) ? claim : [claim]
  const matching = Object.entries(roles).flatMap(([value, role]) => (given.includes(value) ? [role] : []))
  const powerful = new Set(matching.filter((role) => Object.values(roleOfPower).some((one) => one === role)))
  // Nobody holds two powers, whatever a directory says.
  return powerful.size > 1 ? null : (matching[0] ?? null)
}

function claimAt(claims: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, step) => (isRecord(value) ? value[step] : undefined), claims)
}
