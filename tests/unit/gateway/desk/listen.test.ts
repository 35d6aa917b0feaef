import { subscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import { Server } from 'node:http'
import { request } from 'node:https'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { issueBearer } from '../../../../gateway/desk/access/bearer.ts'
import { listen } from '../../../../gateway/desk/listen.ts'
import { type OpenDesk, openDesk, postLink, secrets, tokenBody } from './open-desk.ts'

const folder = join(import.meta.dirname, '../../../../fixtures/tls')
const material = (name: string) => readFileSync(join(folder, name))

let open: OpenDesk | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

/** Asks by TLS, trusting only the test's own authority. */
function ask(
  url: string,
  body?: string,
): Promise<{ readonly status: number; readonly headers: { readonly [name: string]: unknown } }> {
  const trust = { ca: material('ca.crt'), servername: 'localhost', agent: false }
  const how = body === undefined ? { method: 'GET' } : { method: 'POST', headers: { 'content-type': 'application/json' } }
  return new Promise((resolve, reject) => {
    const asked = request(url, { ...trust, ...how }, (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, headers: response.headers })
    })
    asked.on('error', reject).end(body)
  })
}

it('a connection that can not be taken, as when files run out, ends no desk that listens', async () => {
  const listening = await listen((_request, response) => response.end('here'), { host: '127.0.0.1', port: 0 }, null)
  const servers: unknown[] = []
  subscribe('http.server.request.start', (said) => servers.push(Reflect.get(Object(said), 'server')))
  expect(await (await fetch(listening.url)).text()).toBe('here')
  const [server] = servers
  if (!(server instanceof Server)) throw new Error('the server was asked')
  for (const _ of [1, 2]) expect(server.emit('error', new Error('accept EMFILE'))).toBe(true)
  expect(await (await fetch(listening.url)).text()).toBe('here')
  await listening.close()
})

describe('TLS for console and API', () => {
  it('answers by TLS alone, keeps browsers to it, and gives a cookie that goes over nothing else', async () => {
    open = await openDesk({ tls: { cert: material('server.crt'), key: material('server.key') } })
    expect(open.desk.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const health = await ask(`${open.desk.url}/healthz`)
    expect([health.status, health.headers['strict-transport-security']]).toEqual([200, 'max-age=31536000'])
    const { pathname, hash } = new URL(open.desk.signInLink ?? '')
    const signedIn = await ask(`${open.desk.url}${pathname}`, tokenBody(hash))
    expect(String(signedIn.headers['set-cookie'])).toMatch(/auscult_session=.*HttpOnly; Secure; SameSite=Strict/)
    await expect(fetch(open.desk.url.replace('https', 'http'))).rejects.toThrow()
  })
  it('fails with TLS_MATERIAL_UNREADABLE where key and certificate do not belong together', async () => {
    const starting = openDesk({ tls: { cert: material('server.crt'), key: material('client.key') } })
    await expect(starting).rejects.toMatchObject({ code: 'TLS_MATERIAL_UNREADABLE' })
  })
  it('is left out on loopback, where the cookie has to go over plain HTTP', async () => {
    open = await openDesk()
    const answer = await postLink(open.desk.signInLink ?? '')
    expect(answer.headers.get('set-cookie')).not.toContain('Secure')
    expect(answer.headers.get('strict-transport-security')).toBeNull()
  })
})

describe('behind a proxy that has TLS', () => {
  it('counts and writes down who asked the proxy, by its word and by nobody else’s', async () => {
    const guess = (desk: OpenDesk, from: string) =>
      fetch(`${desk.base}/signin`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
        body: JSON.stringify({ name: 'nobody', password: 'a guess' }),
      })
    open = await openDesk({ proxies: ['127.0.0.0/8'] })
    for (let i = 0; i < 10; i += 1) await guess(open, '10.0.5.66')
    expect([(await guess(open, '10.0.5.66')).status, (await guess(open, '10.0.5.67')).status]).toEqual([429, 401])
    // What stands left of the last address is the asker's own word.
    expect((await guess(open, '10.0.5.68, 10.0.5.66')).status).toBe(429)
    expect((await open.ask('auditor', '/audit')).text).toContain('"10.0.5.67"')
    expect((await fetch(`${open.base}/metrics`, { headers: { 'x-forwarded-for': '10.0.5.66' } })).status).toBe(401)
    await open.close()
    open = await openDesk()
    for (let i = 0; i < 10; i += 1) await guess(open, `10.0.5.${i}`)
    expect((await guess(open, '10.0.5.67')).status).toBe(429)
  })
  it('gives no metrics without a token, wherever the proxy stands, and says to it that it lives', async () => {
    open = await openDesk({ isBehindTls: true })
    const bearer = await issueBearer(secrets.key('bearer'), { role: 'viewer', ttlMs: 60_000, now: open.clock.now() })
    const { base } = open
    const status = async (path: string, headers = {}) => (await fetch(`${base}${path}`, { headers })).status
    expect(await status('/metrics')).toBe(401)
    expect(await status('/metrics', { authorization: `Bearer ${bearer}` })).toBe(200)
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200])
  })
})
