import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll } from 'vitest'
import { answer, request, sound } from '../support/http.ts'
import { edgeBefore, playedThroughEdge } from '../support/played.ts'
import { bytesFrom, ends, proxyCaptureLaw, type ScriptStep } from './proxy-capture.ts'
import { throughCapture } from './recorded.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auscult-law-'))
})
afterAll(() => rm(folder, { recursive: true }))

proxyCaptureLaw(
  'HTTP, the edge and a written capture',
  {
    throughProxy: (script) => playedThroughEdge(script, undefined, edgeBefore('http')),
    throughCapture: (script, disorder) => throughCapture(join(folder, 'law.pcap'), 'http', script, disorder),
  },
  60,
  conversations(),
)

/** What interfaces say over HTTP, and what goes wrong in it; with an end that may come inside a message. */
function conversations(): fc.Arbitrary<readonly ScriptStep[]> {
  const odd = [
    [request('POST /early', ['Content-Length: 10'], 'abc'), answer('413 Content Too Large')],
    [Buffer.from('GARBAGE\r\n'), answer('400 Bad Request')],
    [request('GET /ws'), answer('101 Switching Protocols')],
    [request('POST /both', ['Content-Length: 1', 'Transfer-Encoding: chunked'], '0\r\n\r\n'), answer('200 OK')],
    [request('GET /end'), Buffer.from('HTTP/1.0 200 OK\r\n\r\nuntil the end')],
    [request('GET /twice'), Buffer.concat([answer('200 OK'), answer('200 OK')])],
  ] as const
  const said = fc.record({
    pair: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...sound) }, { weight: 1, arbitrary: fc.constantFrom(...odd) }),
    cuts: fc.array(fc.nat(200), { maxLength: 3 }),
  })
  return fc
    .record({ said: fc.array(said, { minLength: 1, maxLength: 5 }), torn: fc.nat(60), end: fc.constantFrom(...ends) })
    .map((drawn) => [
      ...drawn.said.flatMap(({ pair: [asked, answered], cuts }) => [
        ...bytesFrom('initiator', asked, cuts),
        ...bytesFrom('acceptor', answered, cuts),
      ]),
      ...bytesFrom('initiator', request('POST /torn', [], 'x'.repeat(20)).subarray(0, drawn.torn), []),
      ...drawn.end,
    ])
}
