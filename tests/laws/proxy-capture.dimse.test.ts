import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll } from 'vitest'
import {
  abort,
  commandSet,
  dataPdu,
  message,
  pdv,
  reject,
  releaseAnswer,
  releaseRequest,
} from '../../fixtures/hospital/systems/dimse/bytes.ts'
import { answer, associateAccept, associateRequest, echo, header, pixels, store } from '../support/dimse.ts'
import { edgeBefore, playedThroughEdge } from '../support/played.ts'
import { bytesFrom, ends, proxyCaptureLaw, type ScriptStep } from './proxy-capture.ts'
import { throughCapture } from './recorded.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auscult-law-'))
})
afterAll(() => rm(folder, { recursive: true }))

proxyCaptureLaw(
  'DIMSE, the edge and a written capture',
  {
    throughProxy: (script) => playedThroughEdge(script, undefined, edgeBefore('dimse')),
    throughCapture: (script, disorder) => throughCapture(join(folder, 'law.pcap'), 'dimse', script, disorder),
  },
  60,
  conversations(),
)

/** What systems say in an association, and what goes wrong in it; with an end that may come inside an object. */
function conversations(): fc.Arbitrary<readonly ScriptStep[]> {
  const object = Buffer.concat([header, pixels(3_000)])
  const find = commandSet([
    [0x0100, 0x0020],
    [0x0110, 6],
    [0x0800, 1],
  ])
  const pending = commandSet([
    [0x0100, 0x8020],
    [0x0120, 6],
    [0x0800, 1],
    [0x0900, 0xff00],
  ])
  const event = commandSet([
    [0x0100, 0x0100],
    [0x0110, 9],
    [0x0800, 0x0101],
  ])
  const long = pdv(3, 'data', header)
  long.writeUInt32BE(99_999, 0)
  const exchanges = [
    { asked: message(1, echo(1)), answered: message(1, answer(0x0030, 1, 0)) },
    { asked: message(3, store(2), object, { fragmentBytes: 900 }), answered: message(3, answer(0x0001, 2, 0)) },
    { asked: message(3, store(3), object), answered: message(3, answer(0x0001, 3, 0xa700, [[0x0902, 'disk full ']])) },
    {
      asked: message(3, find, header),
      answered: Buffer.concat([message(3, pending, header), message(3, pending, header), message(3, answer(0x0020, 6, 0))]),
    },
    { asked: message(3, store(4), header), answered: Buffer.alloc(0) },
    { asked: message(3, answer(0x0100, 9, 0)), answered: message(3, event) },
    { asked: dataPdu(pdv(3, 'command', store(5)), long), answered: message(3, answer(0x0001, 5, 0x0110)) },
    { asked: releaseRequest(), answered: releaseAnswer() },
    { asked: abort(0, 0), answered: Buffer.alloc(0) },
    { asked: Buffer.from('GET / HTTP/1.1\r\n\r\n'), answered: Buffer.from('HTTP/1.1 400\r\n\r\n') },
  ]
  const usual = exchanges.slice(0, 4)
  const said = fc.record({
    exchange: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...usual) },
      { weight: 1, arbitrary: fc.constantFrom(...exchanges) },
    ),
    cuts: fc.array(fc.nat(1_000), { maxLength: 3 }),
  })
  const drawn = fc.record({
    accepted: fc.constantFrom(associateAccept(), associateAccept(), associateAccept(), reject(1, 1, 7)),
    said: fc.array(said, { minLength: 1, maxLength: 5 }),
    torn: fc.nat(2_000),
    end: fc.constantFrom(...ends),
  })
  return drawn.map((script) => [
    ...bytesFrom('initiator', associateRequest(), []),
    ...bytesFrom('acceptor', script.accepted, []),
    ...script.said.flatMap(({ exchange: { asked, answered }, cuts }) => [
      ...bytesFrom('initiator', asked, cuts),
      ...bytesFrom('acceptor', answered, cuts),
    ]),
    ...bytesFrom('initiator', message(3, store(8), object).subarray(0, script.torn), []),
    ...script.end,
  ])
}
