import { createServer, type Server } from 'node:http'
import Oidc, { type Configuration } from 'oidc-provider'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../../../gateway/clock.ts'
import {
  createProvider,
  identifiedIn,
  type Provider,
  type ProviderOptions,
} from '../../../../../gateway/desk/access/provider.ts'
import { at, type OpenDesk, openDesk } from '../open-desk.ts'

/** A certified provider (npm oidc-provider) on loopback, that signs in whoever is named in the login form. */
interface Idp {
  readonly issuer: string
  close(): Promise<void>
}

/** A conforming provider says of a profile only at its userinfo endpoint; many put it into the ID token. */
async function startIdp(redirectUri: string, isConforming = false): Promise<Idp> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const configuration: Configuration = {
    clients: [{ client_id: 'auscult', client_secret: 'a secret of the test', redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'realm'] },
    conformIdTokenClaims: isConforming,
    pkce: { required: () => true },
    cookies: { keys: ['test'] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: async () => ({
        sub,
        name: `${sub} 的姓名`,
        preferred_username: sub,
        realm: { roles: sub === 'both' ? ['auditors', 'officers'] : sub === 'chen.wei' ? ['x', 'integration'] : [] },
      }),
    }),
  }
  const idp = new Oidc(issuer, configuration)
  server.on('request', idp.callback())
  return { issuer, close: () => closed(server) }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** A browser's cookies, by host and path as far as this takes. */
class Browser {
  readonly #cookies = new Map<string, string>()

  async go(url: string, form: { readonly [name: string]: string } | null = null): Promise<Response> {
    const { origin } = new URL(url)
    const cookie = [...this.#cookies].flatMap(([key, value]) =>
      key.startsWith(`${origin} `) ? [`${key.slice(origin.length + 1)}=${value}`] : [],
    )
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: cookie.join('; ') },
      ...(form === null ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';')
      const name = pair.slice(0, pair.indexOf('='))
      const value = pair.slice(pair.indexOf('=') + 1)
      if (value === '') this.#cookies.delete(`${origin} ${name}`)
      else this.#cookies.set(`${origin} ${name}`, value)
    }
    return response
  }

  cookies(origin: string): string {
    return [...this.#cookies]
      .flatMap(([key, value]) => (key.startsWith(`${origin} `) ? [`${key.slice(origin.length + 1)}=${value}`] : []))
      .join('; ')
  }

  /** Follows redirects and the provider's own forms of sign-in and consent, up to the desk's callback, which isn't followed. */
  async toCallback(from: string, account: string, deskOrigin: string): Promise<string> {
    let url = from
    for (let step = 0; step < 20; step += 1) {
      if (url.startsWith(`${deskOrigin}/signin/oidc/callback`)) return url
      const response = await this.go(url)
      const page = await response.text()
      const next = response.headers.get('location') ?? (await this.#submitted(url, page, account))
      url = new URL(next, url).href
    }
    throw new Error('the provider never came back')
  }

  async #submitted(url: string, page: string, account: string): Promise<string> {
    const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1] ?? ''
    const isLogin = page.includes('name="login"')
    const form = isLogin ? { prompt: 'login', login: account, password: 'x' } : { prompt: 'consent' }
    return (await this.go(new URL(action, url).href, form)).headers.get('location') ?? ''
  }
}

const roles = { integration: 'engineer', auditors: 'auditor', officers: 'privacy' } as const
let idp: Idp
let open: OpenDesk
let provider: Provider
beforeEach(async () => {
  // The desk's address is known when it listens; the provider needs it before: the desk asks a provider that is made afterwards.
  open = await openDesk({
    provider: { title: 'SZPH', begin: () => provider.begin(), finish: (path, state) => provider.finish(path, state) },
  })
  idp = await startIdp(`${open.base}/signin/oidc/callback`)
  provider = createProvider(optionsFor(idp.issuer), systemClock())
})
afterEach(async () => {
  await open.close()
  await idp.close()
})

function optionsFor(issuer: string): ProviderOptions {
  return {
    title: 'SZPH',
    issuer,
    clientId: 'auscult',
    clientSecret: 'a secret of the test',
    address: open.base,
    scope: 'openid profile',
    nameClaim: 'preferred_username',
    roleClaim: 'realm.roles',
    roles,
  }
}

describe('signing in with the hospital’s provider', () => {
  it('makes an account with the role of the claim, and a session', async () => {
    expect(at(await (await fetch(`${open.base}/signin/methods`)).json(), 'provider')).toBe('SZPH')
    const browser = new Browser()
    const begun = await browser.go(`${open.base}/signin/oidc`)
    const away = new URL(begun.headers.get('location') ?? '')
    expect(away.searchParams.get('code_challenge_method')).toBe('S256')
    expect(begun.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/)
    const callback = await browser.toCallback(away.href, 'chen.wei', open.base)
    const back = await browser.go(callback)
    expect([back.status, back.headers.get('location')]).toEqual([303, '/'])
    const me: unknown = await (
      await fetch(`${open.base}/api/v1/me`, { headers: { cookie: browser.cookies(open.base) } })
    ).json()
    expect(me).toMatchObject({ name: 'chen.wei', title: 'chen.wei 的姓名', role: 'engineer', password: 'elsewhere' })
    expect(await open.store.user('chen.wei')).toMatchObject({ source: 'oidc', role: 'engineer', password: null })
    expect((await open.store.audit({ limit: 1 })).items[0]).toMatchObject({
      by: 'chen.wei',
      action: 'sign in',
      reason: 'provider',
    })
    // The same answer a second time is nobody's.
    expect((await browser.go(callback)).headers.get('location')).toBe('/signin?refused=provider')
  })
  it.each([
    ['who has no role here', 'nobody'],
    ['who would hold two powers', 'both'],
  ])('lets nobody in %s', async (_why, account) => {
    const browser = new Browser()
    const begun = await browser.go(`${open.base}/signin/oidc`)
    const back = await browser.go(await browser.toCallback(begun.headers.get('location') ?? '', account, open.base))
    expect(back.headers.get('location')).toBe('/signin?refused=provider')
    expect(back.headers.getSetCookie().some((set) => set.startsWith('auscult_session='))).toBe(false)
    expect((await open.store.audit({ limit: 1 })).items[0]).toMatchObject({ action: 'sign in', outcome: 'refused' })
  })
  it('takes no answer that another browser asked for, and none that was changed', async () => {
    const [mine, other] = [new Browser(), new Browser()]
    const begun = await mine.go(`${open.base}/signin/oidc`)
    const callback = await mine.toCallback(begun.headers.get('location') ?? '', 'chen.wei', open.base)
    expect((await other.go(callback)).headers.get('location')).toBe('/signin?refused=provider')
    await other.go(`${open.base}/signin/oidc`)
    expect((await other.go(callback)).headers.get('location')).toBe('/signin?refused=provider')
    expect((await mine.go(callback.replace('code=', 'code=x'))).headers.get('location')).toBe('/signin?refused=provider')
  })
  it('asks at the userinfo endpoint where the ID token says too little', async () => {
    const conforming = await startIdp(`${open.base}/signin/oidc/callback`, true)
    provider = createProvider(optionsFor(conforming.issuer), systemClock())
    const browser = new Browser()
    const begun = await browser.go(`${open.base}/signin/oidc`)
    const back = await browser.go(await browser.toCallback(begun.headers.get('location') ?? '', 'chen.wei', open.base))
    expect(back.headers.get('location')).toBe('/')
    await conforming.close()
  })
  it('never becomes an account that has a password here', async () => {
    await open.store.addUser({
      name: 'chen.wei',
      title: 'local',
      role: 'admin',
      source: 'local',
      state: 'active',
      password: null,
      passwordAt: null,
      failures: 0,
      lockedUntil: null,
      createdAt: 0,
      seenAt: null,
    })
    const browser = new Browser()
    const begun = await browser.go(`${open.base}/signin/oidc`)
    const back = await browser.go(await browser.toCallback(begun.headers.get('location') ?? '', 'chen.wei', open.base))
    expect(back.headers.get('location')).toBe('/signin?refused=provider')
  })
  it('says so when the provider is away, and asks again the next time', async () => {
    await idp.close()
    expect((await new Browser().go(`${open.base}/signin/oidc`)).headers.get('location')).toBe('/signin?refused=provider')
    expect((await fetch(`${open.base}/readyz`)).status).toBe(200)
  })
})

describe('claims', () => {
  it('name an account with one role, or nobody', () => {
    const options = optionsFor('http://127.0.0.1')
    const role = (claims: object) => identifiedIn({ preferred_username: 'a', ...claims }, options)?.role ?? null
    expect(role({ realm: { roles: ['officers'] } })).toBe('privacy')
    expect(role({ realm: { roles: ['auditors', 'integration'] } })).toBe('engineer')
    expect(role({ realm: { roles: 'auditors' } })).toBe('auditor')
    expect(role({ realm: { roles: ['auditors', 'officers'] } })).toBeNull()
    expect(role({ realm: 'integration' })).toBeNull()
    expect(role({ preferred_username: '../../etc', realm: { roles: ['integration'] } })).toBeNull()
  })
})
