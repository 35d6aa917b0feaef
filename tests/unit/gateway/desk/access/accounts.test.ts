import { afterEach, describe, expect, it } from 'vitest'
import { issueBearer } from '../../../../../gateway/desk/access/bearer.ts'
import { createPasswords, passwordFault } from '../../../../../gateway/desk/access/passwords.ts'
import { allows, powers, roleNames, roleOfPower } from '../../../../../gateway/desk/access/permissions.ts'
import { at, type OpenDesk, openDesk, postLink, secrets } from '../open-desk.ts'

let opened: OpenDesk[] = []
async function fresh(options: Parameters<typeof openDesk>[0] = {}): Promise<OpenDesk> {
  const open = await openDesk(options)
  opened.push(open)
  return open
}
afterEach(async () => {
  for (const open of opened) await open.close()
  opened = []
})

/** A browser that keeps its session. */
interface Person {
  readonly status: number
  readonly cookie: string
  ask(path: string, body?: object): Promise<{ readonly status: number; readonly json: unknown }>
}

async function personOf(open: OpenDesk, answer: Response): Promise<Person> {
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const read = async (response: Response) => {
    const json: unknown = await response.json().catch(() => null)
    return { status: response.status, json }
  }
  const me: unknown = await (await fetch(`${open.base}/api/v1/me`, { headers: { cookie } })).json()
  const headers = { cookie, 'content-type': 'application/json', 'x-csrf-token': String(at(me, 'csrfToken')) }
  return {
    status: answer.status,
    cookie,
    ask: async (path, body) =>
      read(
        await fetch(
          `${open.base}/api/v1${path}`,
          body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) },
        ),
      ),
  }
}

const byLink = async (open: OpenDesk, path: string) => personOf(open, await postLink(`${open.base}${path}`))
const linkOf = (open: OpenDesk, role: string) =>
  (open.desk.signInLinks.find((link) => link.role === role)?.url ?? '').replace(/^https?:\/\/[^/]+/, '')
function signIn(open: OpenDesk, name: string, password: string, headers: { readonly [name: string]: string } = {}) {
  const body = JSON.stringify({ name, password })
  return fetch(`${open.base}/signin`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
}
const good = 'correct horse battery'

/** The three first people, and an engineer who was let in by two of them. */
async function house() {
  const open = await fresh()
  const admin = await byLink(open, linkOf(open, 'admin'))
  const privacy = await byLink(open, linkOf(open, 'privacy'))
  const auditor = await byLink(open, linkOf(open, 'auditor'))
  const added = await admin.ask('/users', { name: 'chen.wei', title: '陈伟' })
  await privacy.ask('/users/chen.wei/role', { role: 'engineer', reason: 'integration team' })
  const engineer = await byLink(open, String(at(added.json, 'path')))
  return { open, admin, privacy, auditor, engineer, invitation: String(at(added.json, 'path')) }
}

describe('the three powers', () => {
  it('are held by one role each, and no role holds two', () => {
    for (const [power, permission] of Object.entries(powers))
      expect([power, roleNames.filter((role) => allows(role, permission))]).toEqual([
        power,
        Object.entries(roleOfPower).flatMap(([name, role]) => (name === power ? [role] : [])),
      ])
    expect(allows('admin', 'messages.reveal')).toBe(false)
    expect(allows('auditor', 'messages.read')).toBe(false)
  })
  it('begin with a link each, until its holder can come back without one', async () => {
    const open = await fresh()
    expect(open.desk.signInLinks.map(({ role }) => role)).toEqual(['admin', 'privacy', 'auditor'])
    const admin = await byLink(open, linkOf(open, 'admin'))
    expect(at((await admin.ask('/me')).json, 'password')).toBe('missing')
    expect((await admin.ask('/me/password', { next: good })).status).toBe(200)
    expect(at((await admin.ask('/me')).json, 'password')).toBe('chosen')
    const again = await open.restart()
    expect(again.signInLinks.map(({ role }) => role)).toEqual(['privacy', 'auditor'])
  })
  it('need each other: who makes an account can not say what it may do', async () => {
    const { admin, privacy, auditor, engineer } = await house()
    expect((await engineer.ask('/exchanges')).status).toBe(200)
    const role = { role: 'engineer', reason: 'because' }
    expect((await admin.ask('/users/chen.wei/role', role)).status).toBe(403)
    expect((await auditor.ask('/users/chen.wei/role', role)).status).toBe(403)
    expect((await privacy.ask('/users', { name: 'x1', title: 'x' })).status).toBe(403)
    expect((await admin.ask('/audit')).status).toBe(403)
    expect((await privacy.ask('/audit')).status).toBe(403)
    expect((await auditor.ask('/audit')).status).toBe(200)
    expect((await auditor.ask('/users')).status).toBe(200)
    expect((await engineer.ask('/users')).status).toBe(403)
  })
  it('can not be taken by a link, given to oneself, or lost', async () => {
    const { admin, privacy } = await house()
    const code = async (answer: Promise<{ json: unknown }>) => at((await answer).json, 'code')
    expect(await code(admin.ask('/users/auditor/invite', {}))).toBe('ACCOUNT_STATE')
    expect(await code(privacy.ask('/users/privacy/role', { role: 'admin', reason: 'for me' }))).toBe('ACCOUNT_STATE')
    expect(await code(privacy.ask('/users/auditor/role', { role: null, reason: 'gone' }))).toBe('ACCOUNT_STATE')
    expect(await code(admin.ask('/users/privacy/state', { state: 'disabled' }))).toBe('ACCOUNT_STATE')
    expect(await code(admin.ask('/users/admin/state', { state: 'disabled' }))).toBe('ACCOUNT_STATE')
    expect(await code(admin.ask('/users/nobody/state', { state: 'disabled' }))).toBe('NOT_FOUND')
    expect(await code(admin.ask('/users', { name: 'chen.wei', title: 'again' }))).toBe('ACCOUNT_STATE')
  })
  it('are not for who kept a link that was made before the account held one', async () => {
    const { open, admin, privacy } = await house()
    const kept = String(at((await admin.ask('/users', { name: 'li', title: '李' })).json, 'path'))
    await privacy.ask('/users/li/role', { role: 'auditor', reason: 'reads the traces' })
    expect((await postLink(`${open.base}${kept}`)).status).toBe(401)
  })
})

describe('an account', () => {
  it('without a role lets nobody in, and its link stays good until it has one', async () => {
    const open = await fresh()
    const [admin, privacy] = [await byLink(open, linkOf(open, 'admin')), await byLink(open, linkOf(open, 'privacy'))]
    const path = String(at((await admin.ask('/users', { name: 'li', title: '李' })).json, 'path'))
    expect((await postLink(`${open.base}${path}`)).status).toBe(401)
    await privacy.ask('/users/li/role', { role: 'viewer', reason: 'reads along' })
    expect((await postLink(`${open.base}${path}`)).status).toBe(200)
    expect((await postLink(`${open.base}${path}`)).status).toBe(401)
  })
  it('loses its sessions with its role, and when it is closed', async () => {
    const { open, admin, privacy, engineer } = await house()
    await privacy.ask('/users/chen.wei/role', { role: 'viewer', reason: 'moved on' })
    expect((await engineer.ask('/me')).status).toBe(401)
    const path = String(at((await admin.ask('/users/chen.wei/invite', {})).json, 'path'))
    const again = await byLink(open, path)
    expect(at((await again.ask('/me')).json, 'role')).toBe('viewer')
    const next = String(at((await admin.ask('/users/chen.wei/invite', {})).json, 'path'))
    await admin.ask('/users/chen.wei/state', { state: 'disabled' })
    expect((await again.ask('/me')).status).toBe(401)
    expect((await postLink(`${open.base}${next}`)).status).toBe(401)
  })
  it('is never shown with its password', async () => {
    const { admin, engineer } = await house()
    await engineer.ask('/me/password', { next: good })
    const { json } = await admin.ask('/users')
    expect(JSON.stringify(json)).not.toContain('scrypt')
    expect(at(json, 'items.2')).toMatchObject({
      name: 'chen.wei',
      title: '陈伟',
      role: 'engineer',
      hasPassword: true,
      state: 'active',
    })
  })
  it('writes everything that is done to it into the audit', async () => {
    const { open, engineer } = await house()
    await engineer.ask('/me/password', { next: good })
    await engineer.ask('/signout', {})
    await signIn(open, 'chen.wei', 'wrong')
    await signIn(open, 'hunter2 typed into the wrong field', 'x')
    const rows = (await open.store.audit({ limit: 50 })).items.map(({ by, action, subject, outcome }) => [
      by,
      action,
      subject,
      outcome,
    ])
    expect(rows.slice(0, 8)).toEqual([
      ['nobody known', 'sign in', 'session', 'refused'],
      ['chen.wei', 'sign in', 'session', 'refused'],
      ['chen.wei', 'sign out', 'session', 'done'],
      ['chen.wei', 'password change', 'chen.wei', 'done'],
      ['chen.wei', 'sign in', 'session', 'done'],
      ['privacy', 'grant role engineer', 'chen.wei', 'done'],
      ['admin', 'user invite', 'chen.wei', 'done'],
      ['admin', 'user add', 'chen.wei', 'done'],
    ])
    expect(JSON.stringify(rows)).not.toContain('hunter2')
  })
})

describe('a password', () => {
  it('lets in, and its change asks for the one before and ends the other sessions', async () => {
    const { open, engineer } = await house()
    await engineer.ask('/me/password', { next: good })
    const other = await personOf(open, await signIn(open, 'chen.wei', good))
    expect(other.status).toBe(200)
    const change = (current: string | undefined, next: string) =>
      engineer.ask('/me/password', { ...(current === undefined ? {} : { current }), next })
    expect((await change(undefined, 'another long one')).status).toBe(400)
    expect((await change('guess guess guess', 'another long one')).status).toBe(400)
    expect((await change(good, 'short')).status).toBe(400)
    expect((await change(good, good)).status).toBe(400)
    expect((await change(good, 'another long one')).status).toBe(200)
    expect((await engineer.ask('/me')).status).toBe(200)
    expect((await other.ask('/me')).status).toBe(401)
    expect((await signIn(open, 'chen.wei', good)).status).toBe(401)
  })
  it('is locked after five wrong ones, the right one too, for a quarter of an hour or until an administrator says so', async () => {
    const { open, engineer, admin } = await house()
    await engineer.ask('/me/password', { next: good })
    const wrong = async () => {
      for (let i = 0; i < 5; i += 1) expect((await signIn(open, 'chen.wei', `guess number ${i}`)).status).toBe(401)
    }
    await wrong()
    open.clock.pass(60_000)
    const locked = await signIn(open, 'chen.wei', good)
    const stranger = await signIn(open, 'nobody.here', good)
    expect([locked.status, await locked.json()]).toEqual([stranger.status, await stranger.json()])
    open.clock.pass(15 * 60_000)
    expect((await signIn(open, 'chen.wei', good)).status).toBe(200)
    open.clock.pass(60_000)
    await wrong()
    open.clock.pass(60_000)
    expect((await signIn(open, 'chen.wei', good)).status).toBe(401)
    await admin.ask('/users/chen.wei/unlock', {})
    expect((await signIn(open, 'chen.wei', good)).status).toBe(200)
    expect((await open.store.audit({ limit: 50, action: 'user lock' })).items).toHaveLength(2)
  })
  it('is not taken from another site’s page, as a form, or too often', async () => {
    const { open, engineer } = await house()
    await engineer.ask('/me/password', { next: good })
    expect((await signIn(open, 'chen.wei', good, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await signIn(open, 'chen.wei', good, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await signIn(open, 'chen.wei', good, { origin: open.base })).status).toBe(200)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await signIn(open, 'chen.wei', good, form)).status).toBe(400)
    expect((await signIn(open, 'chen.wei', 'x'.repeat(2_000))).status).toBe(400)
    const statuses: number[] = []
    for (let i = 0; i < 9; i += 1) statuses.push((await signIn(open, `guess${i}`, 'x')).status)
    expect(statuses.at(-1)).toBe(429)
  })
  it('has a hash of its own each time, and fits only itself', { timeout: 60_000 }, async () => {
    const passwords = createPasswords({ logN: 8 })
    const [one, two] = [await passwords.hash(good), await passwords.hash(good)]
    expect(await createPasswords().hash(good)).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w-]{22}\$[\w-]{43}$/)
    expect(one).not.toBe(two)
    expect(await passwords.fits(one, good)).toBe(true)
    expect(await passwords.fits(one, `${good} `)).toBe(false)
    expect(await passwords.fits(null, '')).toBe(false)
    expect(await passwords.fits('$scrypt$nonsense', good)).toBe(false)
    const few = createPasswords({ atOnce: 1, waitingMax: 1, logN: 8 })
    const asked = await Promise.allSettled([1, 2, 3].map(() => few.fits(null, 'x')))
    expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
  })
  it('has to be long, of more than a few characters, and not the name', () => {
    expect(
      ['short', 'aaaaaaaaaaaaaaaa', 'ChenWei-2026!', 'x'.repeat(201), good].map((text) => passwordFault(text, 'chenwei')),
    ).toEqual(['too-short', 'too-simple', 'like-the-name', 'too-long', null])
  })
})

describe('a session', () => {
  it('ends when nobody asks for an hour', async () => {
    const { open, engineer } = await house()
    open.clock.pass(3_599_000)
    expect((await engineer.ask('/me')).status).toBe(200)
    open.clock.pass(3_599_000)
    expect((await engineer.ask('/me')).status).toBe(200)
    open.clock.pass(3_600_000)
    expect((await engineer.ask('/me')).status).toBe(401)
  })
  it('is not kept alive by a page that refreshes itself, and its event stream ends with it', async () => {
    const { open, engineer } = await house()
    const stream = await fetch(`${open.base}/api/v1/events`, { headers: { cookie: engineer.cookie } })
    const heard = stream.text()
    for (let i = 0; i < 4; i += 1) {
      open.clock.pass(900_000)
      const headers = { cookie: engineer.cookie, 'x-unattended': '1' }
      expect((await fetch(`${open.base}/api/v1/me`, { headers })).status).toBe(i < 3 ? 200 : 401)
    }
    const ended = heard.then(() => true)
    const passing = async () => {
      open.clock.pass(15_000)
      return Promise.race([ended, new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))])
    }
    await expect.poll(passing, { timeout: 5_000 }).toBe(true)
    expect(await heard).toContain('event: hello')
  })
  it('writes for no page of another site, whatever it carries', async () => {
    const { open, engineer } = await house()
    const me = await engineer.ask('/me')
    const answer = await fetch(`${open.base}/api/v1/signout`, {
      method: 'POST',
      headers: { cookie: engineer.cookie, 'x-csrf-token': String(at(me.json, 'csrfToken')), 'sec-fetch-site': 'same-site' },
    })
    expect(answer.status).toBe(403)
  })
})

describe('a token with scopes', () => {
  it('may only what it names of what its role may', async () => {
    const open = await fresh()
    const ask = async (scopes: readonly string[], path: string) => {
      const token = await issueBearer(secrets.key('bearer'), { role: 'viewer', ttlMs: 60_000, now: open.clock.now(), scopes })
      return (await fetch(`${open.base}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })).status
    }
    expect(await ask(['interfaces.read'], '/interfaces')).toBe(200)
    expect(await ask(['interfaces.read'], '/exchanges')).toBe(403)
    expect(await ask(['audit.read'], '/audit')).toBe(403)
    expect(await ask([''], '/events')).toBe(403)
  })
})
