import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { testInterface } from '../support/catalogue.ts'
import { playedThroughEdge } from '../support/played.ts'
import { threadedEdge } from '../support/threaded-edge.ts'
import { proxyCaptureLaw, type TwoWays } from './proxy-capture.ts'
import { throughCapture } from './recorded.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auscult-law-'))
})
afterAll(() => rm(folder, { recursive: true }))

const mllpCapture: TwoWays['throughCapture'] = (script, disorder) =>
  throughCapture(join(folder, 'law.pcap'), 'mllp', script, disorder)
proxyCaptureLaw('the edge and a written capture', {
  throughProxy: (script) => playedThroughEdge(script),
  throughCapture: mllpCapture,
})
proxyCaptureLaw(
  'the edge with an observing thread and a written capture',
  {
    throughProxy: (script) =>
      playedThroughEdge(script, undefined, (port) =>
        threadedEdge([testInterface('law', { upstream: { host: '127.0.0.1', port } })]),
      ),
    throughCapture: mllpCapture,
  },
  20,
)
