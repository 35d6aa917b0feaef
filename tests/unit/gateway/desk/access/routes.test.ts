import { SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issueBearer } from '../../../../../gateway/desk/access/bearer.ts'
import { permissions, type Role, roleNames, roles } from '../../../../../gateway/desk/access/permissions.ts'
import { routes } from '../../../../../gateway/desk/api/openapi.ts'
import { at, type OpenDesk, openDesk, postLink, secrets } from '../open-desk.ts'

/** Who may what, written down a second time: a change of the roles is meant, or this fails. */
const table: { readonly [permission: string]: string } = {
  'interfaces.read': 'viewer engineer desk privacy auditor admin',
  'exchanges.read': 'viewer engineer desk privacy admin',
  'messages.read': 'viewer engineer desk privacy admin',
  'messages.reveal': 'engineer privacy',
  'messages.resend': 'engineer admin',
  'exchanges.export': 'engineer desk admin',
  'tickets.read': 'viewer engineer desk privacy auditor admin',
  'tickets.write': 'engineer desk admin',
  'reports.read': 'viewer engineer desk privacy auditor admin',
  'reports.write': 'desk admin',
  'knowledge.read': 'viewer engineer desk privacy auditor admin',
  'knowledge.write': 'engineer desk admin',
  'changes.read': 'viewer engineer desk privacy auditor admin',
  'changes.write': 'engineer desk admin',
  'contracts.read': 'viewer engineer desk privacy auditor admin',
  'contracts.write': 'engineer admin',
  'captures.use': 'engineer desk admin',
  'channels.test': 'desk admin',
  'settings.read': 'engineer desk privacy auditor admin',
  'audit.read': 'auditor',
  'users.read': 'privacy auditor admin',
  'users.write': 'admin',
  'grants.write': 'privacy',
}

let open: OpenDesk
beforeAll(async () => {
  open = await openDesk()
})
afterAll(() => open.close())

interface Asked {
  readonly method: string
  readonly path: string
}
const asked: readonly Asked[] = [
  ...Object.values(routes).map(({ method, path }) => ({ method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, 'x') })),
  { method: 'GET', path: '/events' },
]

/** Asks every route in one way; gives those that were answered with something else than `expected`. */
async function walk(
  headersOf: (route: Asked) => { readonly [name: string]: string },
  expected: number,
): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const route of asked) {
    const { method, path } = route
    const response = await fetch(`${open.base}/api/v1${path}`, {
      method,
      headers: headersOf(route),
      ...(method === 'POST' ? { body: '{}' } : {}),
    })
    const code = at(await response.json().catch(() => null), 'code')
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true
    if (response.status !== expected || !isProblem) wrong.push(`${method} ${path}: ${response.status} ${String(code)}`)
  }
  return wrong
}

const json = { 'content-type': 'application/json' }
const bearer = (token: string) => () => ({ ...json, authorization: `Bearer ${token}` })

describe('the roles', () => {
  it('may what the table says, and nothing else', () => {
    expect(Object.keys(table)).toEqual([...permissions])
    const said = Object.fromEntries(
      permissions.map((permission) => [
        permission,
        roleNames.filter((role) => [...roles[role]].some((one) => one === permission)).join(' '),
      ]),
    )
    expect(said).toEqual(table)
  })
  it('are asked at every route that does something', () => {
    // Only who one is, its end, and one's own password are everybody's.
    const free = Object.values(routes).flatMap(({ path, permission }) => (permission === null ? [path] : []))
    expect(free.toSorted()).toEqual(['/me', '/me/password', '/signout'])
  })
})

describe('every route', () => {
  it('is closed without a token, with nonsense, and to a session that never was', async () => {
    expect(await walk(() => json, 401)).toEqual([])
    expect(await walk(() => ({ ...json, authorization: 'Bearer a.b.c' }), 401)).toEqual([])
    expect(await walk(() => ({ ...json, authorization: 'Basic YWRtaW46YWRtaW4=' }), 401)).toEqual([])
    expect(await walk(() => ({ ...json, cookie: `auscult_session=${'x'.repeat(43)}` }), 401)).toEqual([])
  })
  it('is closed to tokens that are forged, foreign or expired', { timeout: 30_000 }, async () => {
    const now = open.clock.now()
    const claims = { role: 'admin', sub: 'x', iss: 'auscult', aud: 'auscult-api', exp: now / 1000 + 600 }
    const key = secrets.key('bearer')
    const signed = (payload: object, by: Parameters<SignJWT['sign']>[0] = key, alg = 'HS256') =>
      new SignJWT({ ...payload }).setProtectedHeader({ alg }).sign(by)
    const good = await issueBearer(key, { role: 'admin', ttlMs: 60_000, now })
    const [head = '', payload = '', signature = ''] = good.split('.')
    const other = Buffer.from(JSON.stringify({ ...claims, role: 'privacy' })).toString('base64url')
    const tokens = {
      'alg none': new UnsecuredJWT(claims).encode(),
      'alg none, with a signature': `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.${signature}`,
      'another key': await signed(claims, new Uint8Array(32).fill(1)),
      'the key of another purpose': await signed(claims, secrets.key('tokens')),
      'another algorithm': await signed(claims, Buffer.concat([key.export(), key.export()]), 'HS512'),
      'another payload': `${head}.${other}.${signature}`,
      'no role': await signed({ ...claims, role: 'root' }),
      'no end': await signed({ role: 'admin', sub: 'x', iss: 'auscult', aud: 'auscult-api' }),
      'another audience': await signed({ ...claims, aud: 'elsewhere' }),
      'another issuer': await signed({ ...claims, iss: 'elsewhere' }),
      nobody: await signed({ role: 'admin', iss: 'auscult', aud: 'auscult-api', exp: claims.exp }),
      'not yet': await signed({ ...claims, nbf: now / 1000 + 300 }),
      'scopes that are no text': await signed({ ...claims, scope: ['exchanges.read'] }),
      expired: await issueBearer(key, { role: 'admin', ttlMs: 1_000, now: now - 10_000 }),
    }
    for (const [kind, token] of Object.entries(tokens)) expect([kind, await walk(bearer(token), 401)]).toEqual([kind, []])
  })
  it('is closed to every role that the table doesn’t name for it', { timeout: 30_000 }, async () => {
    for (const role of roleNames) {
      const token = await issueBearer(secrets.key('bearer'), { role, ttlMs: 600_000, now: open.clock.now() })
      expect([role, await refusedTo(role, token)]).toEqual([role, []])
    }
  })
  it('takes no write of a session without its CSRF token, and nothing of one that has ended', async () => {
    const link = open.desk.signInLinks.find(({ role }) => role === 'admin')?.url ?? ''
    const cookie = (await postLink(link)).headers.get('set-cookie')?.split(';')[0] ?? ''
    const writes = await Promise.all(
      asked
        .filter(({ method }) => method === 'POST')
        .map(({ path }) => fetch(`${open.base}/api/v1${path}`, { method: 'POST', headers: { ...json, cookie }, body: '{}' })),
    )
    expect(new Set(writes.map(({ status }) => status))).toEqual(new Set([403]))
    const guessed = { ...json, cookie, 'x-csrf-token': 'x'.repeat(43) }
    for (const { path } of asked.filter(({ method }) => method === 'POST'))
      expect([
        path,
        (await fetch(`${open.base}/api/v1${path}`, { method: 'POST', headers: guessed, body: '{}' })).status,
      ]).toEqual([path, 403])
    await open.store.endSessionsOf('admin')
    expect(await walk(() => ({ ...json, cookie }), 401)).toEqual([])
  })
})

/** Routes that answered a role otherwise than the table says. */
async function refusedTo(role: Role, token: string): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const { method, path, permission } of Object.values(routes)) {
    if (permission === null) continue
    const response = await fetch(`${open.base}/api/v1${path.replace(/\{\w+\}/g, 'x')}`, {
      method: method.toUpperCase(),
      headers: bearer(token)(),
      ...(method === 'post' ? { body: '{}' } : {}),
    })
    await response.arrayBuffer()
    const mayIt = (table[permission] ?? '').split(' ').includes(role)
    if ((response.status !== 403) !== mayIt) wrong.push(`${method} ${path}: ${response.status}`)
  }
  return wrong
}
