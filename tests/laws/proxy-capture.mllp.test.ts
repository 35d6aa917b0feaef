import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { playedThroughEdge } from '../support/played.ts'
import { proxyCaptureLaw } from './proxy-capture.ts'
import { throughCapture } from './recorded.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auscult-law-'))
})
afterAll(() => rm(folder, { recursive: true }))

proxyCaptureLaw('the edge and a written capture', {
  throughProxy: (script) => playedThroughEdge(script),
  throughCapture: (script, disorder) => throughCapture(join(folder, 'law.pcap'), 'mllp', script, disorder),
})
