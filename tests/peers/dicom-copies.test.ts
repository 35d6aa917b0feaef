import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startCopySink } from '../../adapters/sources/dicom-copies/copy-sink.ts'
import { systemClock } from '../../gateway/clock.ts'
import { ctImage } from '../support/dicom-file.ts'
import { missingPeers } from './missing.ts'
import { run } from './programs.ts'
import { edgeInFrontOf } from './through-edge.ts'

if (missingPeers([['storescu', '--version']]) === null) {
  test('a router sends copies through the edge to the sink: each is answered and seen, none is kept', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'auscult-copies-'))
    const sink = await startCopySink({
      listen: { host: '127.0.0.1', port: 0 },
      calledAe: 'AUSCULT',
      idleMs: 30_000,
      connectionsMax: 8,
      clock: systemClock(),
    })
    const edge = await edgeInFrontOf(sink.address.port, {}, { protocol: 'dimse', format: 'dicom' })
    try {
      const files = await Promise.all(
        [8_192, 40_000_000].map(async (length, i) => {
          const path = join(folder, `${i}.dcm`)
          await writeFile(
            path,
            ctImage({
              instance: `1.2.826.0.1.3680043.10.1.3.${i}`,
              patientName: '测试^患者',
              pixels: Buffer.alloc(length, 'pixels'),
            }),
          )
          return path
        }),
      )
      const titled = (called: string) => ['-aet', 'ROUTER', '-aec', called, '127.0.0.1', String(edge.port)]
      const before = process.memoryUsage().rss
      expect((await run('storescu', [...titled('AUSCULT'), ...files])).code).toBe(0)
      // The images are forty megabytes; neither the edge nor the sink may hold one.
      expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
      expect((await run('echoscu', titled('AUSCULT'))).code).toBe(0)
      expect((await run('storescu', [...titled('OTHER'), ...files.slice(0, 1)])).code).not.toBe(0)
    } finally {
      const exchanges = await edge.close()
      await sink.close()
      await rm(folder, { recursive: true })
      const stores = exchanges.filter(({ type }) => type === 'C-STORE')
      expect(stores.map(({ code, outcome }) => `${code} ${outcome}`)).toEqual(['0000 answered', '0000 answered'])
      expect(exchanges.filter(({ type }) => type === 'A-ASSOCIATE').map(({ outcome }) => outcome)).toEqual([
        'answered',
        'answered',
        'failed',
      ])
    }
  })
}
