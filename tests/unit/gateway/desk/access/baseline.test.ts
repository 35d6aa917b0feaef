import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issueBearer } from '../../../../../gateway/desk/access/bearer.ts'
import { routes } from '../../../../../gateway/desk/api/openapi.ts'
import { type OpenDesk, openDesk, postLink, secrets } from '../open-desk.ts'

/**
 * What a scanner's baseline looks at (the passive rules of OWASP ZAP, by their numbers), on every page and every route of the table. ZAP itself isn't run: its
 * core is on Maven Central, the add-ons with the rules (pscan, pscanrules) are not. Attacks are Wapiti's (tests/peers/wapiti.test.ts).
 */

const folder = mkdtempSync(join(tmpdir(), 'auscult-baseline-'))
const planted = 'planted beside the console'
let open: OpenDesk
let token: string

beforeAll(async () => {
  const consoleFolder = join(folder, 'console')
  mkdirSync(join(consoleFolder, 'assets'), { recursive: true })
  writeFileSync(join(consoleFolder, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">')
  writeFileSync(join(consoleFolder, 'assets', 'a.js'), 'let a')
  writeFileSync(join(consoleFolder, 'favicon.svg'), '<svg/>')
  writeFileSync(join(folder, 'secret.txt'), planted)
  open = await openDesk({ consoleFolder })
  token = await issueBearer(secrets.key('bearer'), { role: 'engineer', ttlMs: 3_600_000, now: open.clock.now() })
})
afterAll(async () => {
  await open.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** The path goes out as it is: a client of comfort would tidy it up. */
function ask(
  method: string,
  path: string,
  headers: { readonly [name: string]: string } = {},
  body: string | Uint8Array = '',
): Promise<Answer> {
  const { hostname, port } = new URL(open.base)
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      const whole = () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(pieces).toString() })
      response.on('end', whole)
      response.on('error', reject)
      // A stream of events has no end.
      if (String(response.headers['content-type']).includes('event-stream')) {
        whole()
        asked.destroy()
      }
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

const bearer = () => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' })

const pages = [
  '/',
  '/signin',
  '/signin/methods',
  '/signin?token=nonsense',
  '/exchanges/e1',
  '/assets/a.js',
  '/favicon.svg',
  '/nothing.php',
]
const probes = ['/healthz', '/readyz', '/metrics', '/api/v1/openapi.json', '/api/v1/events', '/api/v1/nowhere']

/** Every page and every route, with and without a token. */
async function everything(): Promise<readonly (Answer & { readonly asked: string })[]> {
  const answers: (Answer & { readonly asked: string })[] = []
  const add = async (method: string, path: string, headers = {}) =>
    answers.push({ asked: `${method} ${path}`, ...(await ask(method, path, headers, method === 'POST' ? '{}' : '')) })
  for (const path of [...pages, ...probes]) await add('GET', path, bearer())
  for (const { method, path } of Object.values(routes)) {
    const own = `/api/v1${path.replace(/\{\w+\}/g, 'x')}`
    await add(method.toUpperCase(), own)
    await add(method.toUpperCase(), own, bearer())
  }
  return answers
}

/** Answers that break the rule, by what was asked. */
function breaking(answers: Awaited<ReturnType<typeof everything>>, breaks: (answer: Answer) => boolean): readonly string[] {
  return answers.filter(breaks).map(({ asked, status }) => `${asked}: ${status}`)
}

describe('every page and every route', () => {
  let answers: Awaited<ReturnType<typeof everything>>
  beforeAll(async () => {
    answers = await everything()
  })
  it('has the headers that keep a browser safe (10020, 10021, 10038, 10055, 10063, 90004)', () => {
    const wanted = {
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    }
    for (const [name, value] of Object.entries(wanted))
      expect([name, breaking(answers, ({ headers }) => headers[name] !== value)]).toEqual([name, []])
    const isLoose = (policy: string) =>
      !/default-src 'none'/.test(policy) ||
      !/frame-ancestors 'none'/.test(policy) ||
      /script-src[^;]*unsafe|\*|https?:/.test(policy)
    expect(breaking(answers, ({ headers }) => isLoose(String(headers['content-security-policy'])))).toEqual([])
  })
  it('says neither what answers it nor where it went wrong (10023, 10036, 10037, 10061, 90022)', () => {
    const named = ['server', 'x-powered-by', 'via', 'x-aspnet-version', 'x-runtime', 'x-debug-token']
    expect(breaking(answers, ({ headers }) => named.some((name) => headers[name] !== undefined))).toEqual([])
    const telling = /node_modules|\bat [\w.<>]+ \(|\.ts:\d|\.js:\d|SQLITE|stack/
    expect(breaking(answers, ({ status, text }) => status >= 400 && telling.test(text))).toEqual([])
    expect(breaking(answers, ({ status }) => status === 500)).toEqual([])
  })
  it('is kept by no cache but for built files (10015), has a type (10019) and is for no other origin (10098)', () => {
    const isFile = ({ headers }: Answer) => /javascript|svg/.test(String(headers['content-type']))
    expect(breaking(answers, (one) => !isFile(one) && headersOf(one, 'cache-control') !== 'no-store')).toEqual([])
    const isTyped = ({ headers }: Answer) => /^(?:[\w.+-]+\/[\w.+-]+)(?:; ?.+)?$/.test(String(headers['content-type']))
    expect(breaking(answers, (one) => !isTyped(one) && one.text !== '')).toEqual([])
    const isForAll = ({ headers }: Answer) => Object.keys(headers).some((name) => name.startsWith('access-control-'))
    expect(breaking(answers, isForAll)).toEqual([])
  })
  it('is nowhere told by an override of its method, and by no method that it doesn’t have', async () => {
    const wrong: string[] = []
    for (const { method, path } of Object.values(routes)) {
      const own = `/api/v1${path.replace(/\{\w+\}/g, 'x')}`
      const others = ['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND']
      for (const other of others) {
        const { status, text } = await ask(other, own, bearer())
        if (status !== 404 || text.includes(token)) wrong.push(`${other} ${own}: ${status}`)
      }
      if (method !== 'get' || Object.values(routes).some((one) => one.path === path && one.method === 'post')) continue
      const plain = await ask('GET', own, bearer())
      for (const name of ['x-http-method-override', 'x-method-override', 'x-http-method'])
        if ((await ask('GET', own, { ...bearer(), [name]: 'DELETE' })).status !== plain.status) wrong.push(`${name} ${own}`)
    }
    expect(wrong).toEqual([])
  })
})

function headersOf({ headers }: Answer, name: string): string {
  return String(headers[name])
}

describe('odd requests', () => {
  const bodies: { readonly [what: string]: readonly [type: string, body: string | Uint8Array, more?: object] } = {
    'no JSON': ['application/json', '{"a":'],
    'a text': ['application/json', '"text"'],
    'null bytes': ['application/json', '\0\0\0'],
    'another prototype': ['application/json', '{"__proto__":{"role":"admin"},"constructor":{"prototype":{"role":"admin"}}}'],
    'ten thousand brackets': ['application/json', '['.repeat(10_000)],
    'a form': ['application/x-www-form-urlencoded', 'a=1&a=2&a[b]=3'],
    parts: [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="a"; filename="../../a"\r\n\r\n1\r\n--x--',
    ],
    entities: ['application/xml', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    'another charset': ['application/json; charset=utf-7', '+AHs-+AH0-'],
    'an unknown coding': ['application/json', '{}', { 'content-encoding': 'compress' }],
    'no gzip': ['application/json', 'no gzip', { 'content-encoding': 'gzip' }],
  }
  it('are refused at every route that writes, with a code and no word of the inside', { timeout: 60_000 }, async () => {
    const wrong: string[] = []
    for (const { path, takes } of Object.values(routes).filter(({ method }) => method === 'post')) {
      for (const [what, [type, body, more = {}]] of Object.entries(bodies)) {
        const own = `/api/v1${path.replace(/\{\w+\}/g, 'x')}`
        const { status, text, headers } = await ask('POST', own, { ...bearer(), 'content-type': type, ...more }, body)
        const isProblem = String(headers['content-type']).startsWith('application/problem+json') && text.includes('"code"')
        if (status >= 500 || (status >= 400 && !isProblem) || /node_modules|\.ts:\d|root:/.test(text))
          wrong.push(`${what} at ${path} (${takes}): ${status}`)
      }
    }
    expect(wrong).toEqual([])
  })
  it('that are too large are refused before they are read whole, a small one that grows too', async () => {
    const large = Buffer.from(JSON.stringify({ text: 'x'.repeat(1_000_000) }))
    for (const [path, limit] of [
      ['/api/v1/tickets/x/comment', '64 kB'],
      ['/signin', '64 kB'],
    ] as const) {
      const plain = await ask('POST', path, bearer(), large)
      expect([path, plain.status, plain.text.includes(limit)]).toEqual([path, 413, true])
      const zipped = await ask('POST', path, { ...bearer(), 'content-encoding': 'gzip' }, gzipSync(large))
      expect([path, zipped.status]).toEqual([path, 413])
    }
    const { status } = await ask('GET', '/', { cookie: 'a'.repeat(20_000) })
    expect(status).toBe(431)
  })
  it('reach no file beside the console', async () => {
    const up = ['..', '%2e%2e', '..%2f', '%2e%2e%2f', '..%5c', '.%2e', '%c0%ae%c0%ae', '....//', '%252e%252e']
    for (const before of ['', '/assets', '/assets/x', '/api/v1', '/signin']) {
      for (const step of up) {
        for (const file of ['secret.txt', 'etc/passwd', 'console/../secret.txt']) {
          for (const path of [`${before}/${step}/${file}`, `${before}/${step}/${step}/${file}`, `${before}/${step}${file}`]) {
            const { text } = await ask('GET', path)
            expect(text.includes(planted) || text.includes('root:'), path).toBe(false)
          }
        }
      }
    }
    for (const path of ['/assets/a.js%00.html', '/%00', '/assets/', '/assets'])
      expect([path, (await ask('GET', path)).status < 500]).toEqual([path, true])
  })
})

describe('signing in', () => {
  it('sends nobody elsewhere (10028): not by a parameter, not by the host, not by the path', async () => {
    const asked: readonly (readonly [path: string, headers?: { readonly [name: string]: string }])[] = [
      ['/signin?next=//evil.example&redirect=https://evil.example', { host: 'evil.example' }],
      ['/signin?token=nonsense&return=https://evil.example', { host: 'evil.example', accept: 'text/html' }],
      ['/signin/oidc?redirect_uri=https://evil.example', { host: 'evil.example' }],
      ['//evil.example/%2e%2e', {}],
      ['//evil.example/..', {}],
      ['/assets//evil.example/', {}],
      ['/\\evil.example', {}],
      ['http://evil.example/', { host: 'evil.example' }],
    ]
    for (const [path, headers] of asked) {
      const { headers: got, text } = await ask('GET', path, headers)
      expect([path, /^\/(?![/\\])|^undefined$/.test(String(got.location))]).toEqual([path, true])
      expect([path, text.includes('evil.example')]).toEqual([path, false])
    }
  })
  it('gives one cookie, for this host and its scripts least of all (10010, 10054, 90033)', async () => {
    const link = open.desk.signInLinks.find(({ role }) => role === 'privacy')?.url ?? ''
    const answer = await postLink(link)
    const cookies = answer.headers.getSetCookie()
    expect(cookies).toHaveLength(1)
    expect(cookies[0]).toMatch(/^auscult_session=[\w-]{43}; /)
    for (const flag of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookies[0]).toContain(flag)
    expect(cookies[0]).not.toMatch(/domain/i)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })
})
