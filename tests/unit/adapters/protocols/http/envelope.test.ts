import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { http } from '../../../../../adapters/protocols/http/protocol.ts'
import { answer, request } from '../../../../support/http.ts'
import { framesOf, header, httpUnderTest } from './transcript.ts'

const claims = { iss: 'https://auth', aud: ['fhir', 'his'], scope: 'system/*.read', iat: 1, exp: 2, sub: 'zhangsan' }
const jwt = [{ alg: 'RS256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
const token = `${jwt}.c2lnbmF0dXJl`

function envelopeOf(line: string, headers: readonly string[] = [], options = {}) {
  return framesOf([['>', request(line, headers)]], httpUnderTest(options)).frames[0]?.envelope
}

describe('an envelope', () => {
  it('has the pseudo-header fields of RFC 9113 and the header fields, names in lower case', () => {
    expect(envelopeOf('GET /fhir/Patient?name=张', ['X-Name: 张三', 'Accept:a', 'accept: b'])).toEqual([
      [':method', 'GET'],
      [':path', '/fhir/Patient?name=张'],
      ['host', 'his'],
      ['x-name', '张三'],
      ['accept', 'a'],
      ['accept', 'b'],
    ])
    expect(framesOf([['<', answer('503 Busy', ['Retry-After: 1'])]]).frames[0]?.envelope).toEqual([
      [':status', '503'],
      ['retry-after', '1'],
      ['content-length', '0'],
    ])
  })
  it('of a target in another form says the same', () => {
    expect(envelopeOf('GET http://u:s3kr1t@his:80?a=1')?.slice(0, 3)).toEqual([
      [':method', 'GET'],
      [':authority', 'his:80'],
      [':path', '?a=1'],
    ])
    expect(envelopeOf('OPTIONS *')?.[1]).toEqual([':path', '*'])
    expect(envelopeOf('CONNECT lis:443')?.[1]).toEqual([':authority', 'lis:443'])
  })
  it('names the request by the header that the interface says', () => {
    const headers = ['X-Correlation-ID: c', 'X-Request-Id: r', 'TraceNo: t']
    expect(header(framesOf([['>', request('GET /', headers)]]).frames[0], ':request-id')).toBe('r')
    const decoder = httpUnderTest({ requestIdHeaders: ['TraceNo'] })
    expect(header(framesOf([['>', request('GET /', headers)]], decoder).frames[0], ':request-id')).toBe('t')
  })
})

describe('a credential', () => {
  const s3kr1ts = [
    ...[
      'Authorization: Basic czNrcjF0',
      'Authorization: s3kr1t',
      'authorization: Bearer s3kr1t',
      'Proxy-Authorization: s3kr1t x',
    ],
    ...[
      'Authorization:\r\n s3kr1t',
      'Cookie: JSESSIONID=s3kr1t; a=s3kr1t',
      'Set-Cookie: a=s3kr1t; Path=/',
      'X-API-Key: s3kr1t',
    ],
    ...['apikey: s3kr1t', 'X-Auth-Token: s3kr1t', 'token: s3kr1t', 'X-Client-Secret: s3kr1t', 'X-Ca-Signature: s3kr1t'],
    ...[
      'X-Amz-Security-Token: s3kr1t',
      'Password: s3kr1t',
      'X-CSRF-Token: s3kr1t',
      'X-Session-Id: s3kr1t',
      'Sessionid: s3kr1t',
    ],
    ...['Location: http://u:s3kr1t@his/a', 'Referer: /a?access_token=s3kr1t&b=1', 'Link: <//u:s3kr1t@h/>; rel="next"'],
    ...['WWW-Authenticate: Negotiate s3kr1t', 'Location: /cb?code=s3kr1t&state=1', 'Authentication-Info: nextnonce=s3kr1t'],
  ]
  it.each(s3kr1ts)('never enters an envelope: %s', (line) => {
    for (const bytes of [request('GET /', [line]), answer('200 OK', [line])]) {
      const from = bytes.toString().startsWith('GET') ? '>' : '<'
      const { frames } = framesOf([[from, bytes]])
      expect(frames).toHaveLength(1)
      expect(JSON.stringify(frames[0]?.envelope)).not.toContain('s3kr1t')
      expect(JSON.stringify(frames[0]?.envelope)).not.toContain('czNrcjF0')
    }
  })
  it.each([
    ...[
      '/a?access_token=s3kr1t',
      '/a?b=1&token=s3kr1t#x',
      '/a?pwd=s3kr1t',
      '/a;jsessionid=s3kr1t?b=1',
      '/a?Client_Secret=s3kr1t',
    ],
    ...['/a?sign=s3kr1t', '/a?x-api-key=s3kr1t', 'http://u:s3kr1t@his/a?apiKey=s3kr1t', '/cb?state=1&code=s3kr1t'],
  ])('never enters the path: %s', (target) => {
    const envelope = envelopeOf(`GET ${target}`)
    expect(envelope?.length).toBeGreaterThan(2)
    expect(JSON.stringify(envelope)).not.toContain('s3kr1t')
  })
  it('leaves its scheme, and of a JWT what is no secret', () => {
    expect(envelopeOf('GET /', [`Authorization: bearer ${token}`])?.slice(2)).toEqual([
      [':jwt-iss', 'https://auth'],
      [':jwt-aud', 'fhir his'],
      [':jwt-scope', 'system/*.read'],
      [':jwt-iat', '1'],
      [':jwt-exp', '2'],
      ['host', 'his'],
      ['authorization', 'Bearer'],
    ])
    expect(envelopeOf('GET /', [`Authorization: ${token}`])?.at(-1)).toEqual(['authorization', 'redacted'])
    expect(JSON.stringify(envelopeOf('GET /', [`X-Token: ${token}`]))).not.toMatch(/zhangsan|c2lnbmF0dXJl/)
    const large = Buffer.from(JSON.stringify({ iss: 'x', more: 'y'.repeat(8_192) })).toString('base64url')
    for (const broken of [`eyJ.${large}.x`, 'eyJ.eyJ.x', `${jwt.slice(0, 30)}.eyJhIjo.x`, `eyJ.${'eyJ'.repeat(4_000)}.x`])
      expect(envelopeOf('GET /', [`Authorization: Bearer ${broken}`])?.slice(2)).toEqual([
        ['host', 'his'],
        ['authorization', 'Bearer'],
      ])
  })
  it('is also what the interface says', () => {
    expect(envelopeOf('GET /', ['X-Hospital-Pin: 1'], { redact: ['X-Hospital-Pin'] })?.at(-1)).toEqual([
      'x-hospital-pin',
      'redacted',
    ])
  })
  it('is nothing that a search or a trace needs', () => {
    const kept = [
      '/fhir/Observation?code=http://loinc.org|1-8&date=ge2026',
      'traceparent: 00-a-b-01',
      'www-authenticate: Bearer error="invalid_token"',
    ]
    const text = JSON.stringify(envelopeOf(`GET ${kept[0]}`, kept.slice(1)))
    expect(text).toContain('code=http://loinc.org|1-8')
    expect(text).toContain('00-a-b-01')
    expect(text).toContain('invalid_token')
  })
})

describe('the type of a request', () => {
  it.each([
    ['GET /fhir/Patient/123?name=x', 'GET /fhir/Patient/{}'],
    ['GET /fhir/Patient/_search', 'GET /fhir/Patient/_search'],
    ['POST /fhir/Patient/$validate', 'POST /fhir/Patient/$validate'],
    ['GET /a/张三/%41/b', 'GET /a/{}/{}/b'],
    [`GET /a/${'x'.repeat(33)}`, 'GET /a/{}'],
    ['GET /', 'GET /'],
    ['GET http://his:80/a/b?c', 'GET /a/b'],
    ['GET http://his', 'GET /'],
    ['GET /a;v=b/c@d', 'GET /{}/{}'],
    ['GET /a//b/', 'GET /a//b/'],
    ['OPTIONS *', 'OPTIONS *'],
    ['CONNECT a:443', 'CONNECT'],
    [`GET ${'/a'.repeat(20)}`, `GET ${'/a'.repeat(8)}/...`],
  ])('%s is %s', (line, type) => {
    expect(framesOf([['>', request(line)]]).frames[0]?.head.type).toBe(type)
  })
})

it('the options are documented as they are used', () => {
  const schema = JSON.stringify(http.optionsSchema)
  for (const option of ['ackTimeoutMs', 'lateWindowMs', 'settleMs', 'stuckMs', 'headerBytesMax', 'requestIdHeaders', 'redact'])
    expect(schema).toContain(`"${option}"`)
  // Whatever the decoder says is in its table, and nothing stands there that it never says.
  const source = ['body', 'direction', 'fields', 'framing']
    .map((name) => readFileSync(new URL(`../../../../../adapters/protocols/http/${name}.ts`, import.meta.url), 'utf8'))
    .join('')
  const table = readFileSync(new URL('../../../../../adapters/protocols/http/irregular.ts', import.meta.url), 'utf8')
  for (const [code] of table.matchAll(/HTTP_\w+/g)) expect(source).toContain(code)
})
