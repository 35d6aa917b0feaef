import { brotliCompressSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { Side } from '../../gateway/model/frame.ts'

/** A request of HTTP/1.1 with these header lines; `content-length` is added where a body is given and no line says how long it is. */
export function request(line: string, headers: readonly string[] = [], body: string | Uint8Array = ''): Buffer {
  return message(`${line} HTTP/1.1`, ['Host: his', ...headers], body, false)
}

/** An answer of HTTP/1.1, as `200 OK`. */
export function answer(status: string, headers: readonly string[] = [], body: string | Uint8Array = ''): Buffer {
  return message(`HTTP/1.1 ${status}`, headers, body, !/^(1|204|304)/.test(status))
}

function message(first: string, headers: readonly string[], body: string | Uint8Array, isLengthOwed: boolean): Buffer {
  const bytes = Buffer.from(body)
  const isFramed = headers.some((header) => /^(content-length|transfer-encoding)\s*:/i.test(header))
  const length = isFramed || (bytes.length === 0 && !isLengthOwed) ? [] : [`Content-Length: ${bytes.length}`]
  return Buffer.concat([Buffer.from([first, ...headers, ...length, '', ''].join('\r\n')), bytes])
}

/** A body in chunks of these lengths, with its last chunk and trailer. */
export function chunked(body: string | Uint8Array, lengths: readonly number[] = [5], trailer: readonly string[] = []): Buffer {
  const bytes = Buffer.from(body)
  const parts: Buffer[] = []
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const piece = bytes.subarray(at, at + Math.max(1, lengths[i % lengths.length] ?? 1))
    parts.push(Buffer.from(`${piece.length.toString(16)}${i % 3 === 1 ? ';name="a;b"' : ''}\r\n`), piece, Buffer.from('\r\n'))
    at += piece.length
  }
  return Buffer.concat([...parts, Buffer.from(['0', ...trailer, '', ''].join('\r\n'))])
}

/** Asked and answered, as interfaces over HTTP do it. */
export const sound: readonly (readonly [Buffer, Buffer])[] = [
  [
    request('GET /fhir/Patient/123?_format=json'),
    answer('200 OK', ['Content-Type: application/fhir+json'], '{"resourceType":"Patient"}'),
  ],
  [
    request('POST /fhir/Observation', ['Content-Type: application/json'], '{"a":1}'),
    answer('201 Created', ['Location: /fhir/Observation/7']),
  ],
  [request('HEAD /x'), answer('200 OK', ['Content-Length: 5000'])],
  [request('PUT /x', ['Transfer-Encoding: chunked'], chunked('hello, world', [1, 7])), answer('204 No Content')],
  [request('GET /big'), answer('200 OK', ['Transfer-Encoding: chunked'], chunked('x'.repeat(300), [100, 3], ['Digest: 1']))],
  [request('GET /gz'), answer('200 OK', ['Content-Encoding: gzip'], gzipSync('y'.repeat(900)))],
  [
    request('GET /br'),
    answer('200 OK', ['Content-Encoding: br', 'Transfer-Encoding: chunked'], chunked(brotliCompressSync('z'), [4])),
  ],
  [request('GET /old', ['If-None-Match: "a"']), answer('304 Not Modified', ['Content-Length: 77'])],
  [
    request('POST /slow', ['Expect: 100-continue'], 'abc'),
    Buffer.concat([answer('100 Continue'), answer('503 Service Unavailable')]),
  ],
  [request('DELETE /x/1', ['Authorization: Bearer a.b.c']), answer('401 Unauthorized', ['WWW-Authenticate: Bearer'], 'no')],
]

/** What means something to HTTP, whole and in pieces, right and wrong. */
const pieces: readonly (string | Buffer)[] = [
  ...['\r\n', '\n', '\r', ' ', ':', '\r\n\r\n', '0\r\n\r\n', '5\r\nhello\r\n', '5;a=b\r\nhello\r\n', 'zz\r\n', '3\r\nabcd\r\n'],
  ...['GET ', 'POST /a HTTP/1.1\r\n', 'GET / HTTP/1.0\r\n\r\n', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 ', 'HTTP/1.0 200\r\n\r\n'],
  ...['Content-Length: 5\r\n', 'Content-Length: 6\r\n', 'Content-Length: -1\r\n', 'Transfer-Encoding: chunked\r\n'],
  ...['Transfer-Encoding: gzip\r\n', 'Connection: close\r\n', ' folded\r\n', 'no colon\r\n', 'Host : a\r\n', 'X: 中\r\n'],
  ...[
    'HTTP/1.1 100 Continue\r\n\r\n',
    'HTTP/1.1 101 Switching\r\n\r\n',
    'CONNECT a:1 HTTP/1.1\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\n',
  ],
  ...['GET /a b HTTP/1.1\r\n', 'G@T / HTTP/1.1\r\n\r\n', '}POST /x HTTP/1.1\r\n\r\n', '}HTTP/1.1 404 No\r\n\r\n'],
  ...[`X-Long: ${'v'.repeat(1_500)}\r\n`, `GET /${'q'.repeat(1_500)} HTTP/1.1\r\n\r\n`],
  Buffer.from([0x16, 3, 1, 0, 5]),
  Buffer.from([0x16]),
]

/** Runs of either side: sound exchanges, and among them pieces and nonsense in every order. */
export function httpConversation(): fc.Arbitrary<readonly { readonly from: Side; readonly bytes: Buffer }[]> {
  const noise = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...pieces).map((piece) => Buffer.from(piece)) },
    { weight: 2, arbitrary: fc.constantFrom(...sound.flat()) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.integer({ min: 60, max: 200 }).map((size) => Buffer.alloc(size, 0x41)) },
  )
  const side = fc.constantFrom('initiator' as const, 'acceptor' as const)
  const odd = fc
    .record({ from: side, bytes: fc.array(noise, { minLength: 1, maxLength: 8 }).map((parts) => Buffer.concat(parts)) })
    .map((run) => [run])
  const asked = fc.constantFrom(...sound).map(([question, reply]) => [
    { from: 'initiator' as const, bytes: question },
    { from: 'acceptor' as const, bytes: reply },
  ])
  const early = fc.constantFrom(...sound).map(([question, reply]) => [
    { from: 'initiator' as const, bytes: question.subarray(0, question.length - 2) },
    { from: 'acceptor' as const, bytes: reply },
    { from: 'initiator' as const, bytes: question.subarray(question.length - 2) },
  ])
  return fc
    .array(fc.oneof({ weight: 3, arbitrary: odd }, { weight: 3, arbitrary: asked }, { weight: 1, arbitrary: early }), {
      maxLength: 6,
    })
    .map((runs) => runs.flat())
}
