import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { madeBatch, madeExchange } from '../../fixtures/observed/made.ts'
import { issueBearer } from '../../gateway/desk/access/bearer.ts'
import { routes } from '../../gateway/desk/api/openapi.ts'
import { consoleDist } from '../e2e/console-dist.ts'
import { type OpenDesk, openDesk, secrets } from '../unit/gateway/desk/open-desk.ts'
import { missingPeersOrConsole } from './missing.ts'
import { run } from './programs.ts'

const missing = missingPeersOrConsole([['wapiti', '--version']])
const interfaceId = 'his-lis-lab-order'
const exchange = madeExchange({ number: 1, interfaceId })

/**
 * All that attack and that can be judged here: those that wait for a database to sleep (blindsql) tell a busy machine from nothing, and ssrf, xxe, nikto and wapp
 * need a server on the Internet.
 */
const modules =
  'backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,xss'

/** Asked for by this scanner, and harmful: browsers that still know it can be made to leave out scripts of a page (OWASP Secure Headers, deprecated). */
const outdated = 'X-XSS-Protection is not set'

/** Whatever reads, asked as somebody would who knows the document of the API. */
function addresses(base: string): readonly string[] {
  return Object.values(routes)
    .filter(({ method, path }) => method === 'get' && path !== '/events')
    .map(({ path, query }) => {
      const asked = Object.keys(query.json.properties ?? {}).map((name) => `${name}=${sampleOf(name)}`)
      return `${base}/api/v1${path.replace(/\{\w+\}/g, path.startsWith('/exchanges/') ? exchange.exchange.id : interfaceId)}${asked.length === 0 ? '' : `?${asked.join('&')}`}`
    })
}

function sampleOf(name: string): string {
  const known: { readonly [name: string]: string } = {
    from: '2026-11-23T00:00:00Z',
    to: '2026-11-23T01:00:00Z',
    format: 'json',
    lang: 'en',
    limit: '5',
  }
  return known[name] ?? interfaceId
}

describe.skipIf(missing !== null)('a scanner for weaknesses of web applications', () => {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-wapiti-'))
  let open: OpenDesk
  beforeAll(async () => {
    const material = (name: string) => readFileSync(join(import.meta.dirname, '../../fixtures/tls', name))
    open = await openDesk({ consoleFolder: consoleDist, tls: { cert: material('server.crt'), key: material('server.key') } })
    await open.store.commit(madeBatch([exchange]))
  })
  afterAll(async () => {
    await open.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it.each(['nobody', 'engineer'] as const)('finds none as %s', { timeout: 600_000 }, async (who) => {
    const report = join(folder, `${who}.json`)
    const token = await issueBearer(secrets.key('bearer'), { role: 'engineer', ttlMs: 3_600_000, now: open.clock.now() })
    const ended = await run('wapiti', [
      ...['-u', `${open.desk.url}/`, ...addresses(open.desk.url).flatMap((url) => ['-s', url])],
      ...(who === 'nobody' ? [] : ['-H', `Authorization: Bearer ${token}`]),
      ...['-m', modules, '-f', 'json', '-o', report],
      ...['--store-session', join(folder, who), '--store-config', join(folder, 'config'), '--flush-session'],
      ...['--no-bugreport', '-v', '1', '-t', '30', '--max-scan-time', '120', '--max-attack-time', '60'],
    ])
    expect(ended.code, ended.said.slice(-2_000)).toBe(0)
    const found: unknown = JSON.parse(readFileSync(report, 'utf8'))
    expect(found).toMatchObject({ vulnerabilities: expect.anything() })
    expect(foundIn(found).filter((one) => !one.includes(outdated))).toEqual([])
  })
})

/** Weaknesses, and faults of ours that an attack brought out. */
function foundIn(report: unknown): readonly string[] {
  const listed = (kind: string): readonly (readonly [string, unknown])[] => {
    const group: unknown = typeof report === 'object' && report !== null ? Reflect.get(report, kind) : null
    return typeof group === 'object' && group !== null ? Object.entries(group) : []
  }
  return [...listed('vulnerabilities'), ...listed('anomalies').filter(([name]) => name === 'Internal Server Error')].flatMap(
    ([name, found]) => (Array.isArray(found) ? found.map((one: unknown) => `${name}: ${JSON.stringify(one)}`) : []),
  )
}
