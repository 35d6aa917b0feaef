import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Exchange } from '../../gateway/model/exchange.ts'
import { ctImage } from '../support/dicom-file.ts'
import { freePort } from '../support/ports.ts'
import { missingPeers } from './missing.ts'
import { orthancConfig } from './orthanc.ts'
import { listening, run } from './programs.ts'
import { edgeInFrontOf } from './through-edge.ts'

const dicom = { protocol: 'dimse', format: 'dicom' } as const
const titles = ['-aet', 'CT01', '-aec', 'ORTHANC']
const study = ['-S', '-k', '0008,0052=STUDY', '-k', '0020,000d=1.2.826.0.1.3680043.10.1.1']
const imageCount = 3
let folder = ''
let images: readonly string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auscult-orthanc-'))
  images = await Promise.all(
    Array.from({ length: imageCount }, async (_, i) => {
      const path = join(folder, `image${i}.dcm`)
      await writeFile(
        path,
        ctImage({ instance: `1.2.826.0.1.3680043.10.1.3.${i}`, patientName: '测试^患者', pixels: Buffer.alloc(8_192) }),
      )
      return path
    }),
  )
})
afterAll(() => rm(folder, { recursive: true }))

const needed = [
  ['storescu', '--version'],
  ['storescp', '--version'],
  ['findscu', '--version'],
  ['getscu', '--version'],
]
if (missingPeers([...needed, ['Orthanc', '--version']]) === null) {
  describe('Orthanc through the edge', () => {
    test('takes, finds, gives back and sends on', { timeout: 90_000 }, async () => {
      const [dicomPort, httpPort, targetPort] = [await freePort(), await freePort(), await freePort()]
      const [got, sent] = [join(folder, 'got'), join(folder, 'sent')]
      for (const each of [got, sent]) await mkdir(each)
      await using _storescp = await listening('storescp', ['-od', sent, String(targetPort)], targetPort)
      const onward = await edgeInFrontOf(targetPort, {}, dicom)
      const config = await orthancConfig(folder, { dicomPort, httpPort, onwardPort: onward.port })
      await using _orthanc = await listening('Orthanc', [config], dicomPort)
      const edge = await edgeInFrontOf(dicomPort, {}, dicom)
      const peer = ['127.0.0.1', String(edge.port)]
      expect((await run('storescu', [...titles, ...peer, ...images])).code).toBe(0)
      expect((await run('findscu', [...titles, ...study, '-k', '0010,0010', ...peer])).code).toBe(0)
      expect((await run('getscu', [...titles, ...study, '-od', got, ...peer])).code).toBe(0)
      await sendOn(httpPort)
      const exchanges = await edge.close()
      const passedOn = await onward.close()
      expect([(await readdir(got)).length, (await readdir(sent)).length]).toEqual([imageCount, imageCount])
      const [opened, closed] = ['i A-ASSOCIATE AC', 'i A-RELEASE RP']
      expect(exchanges.map(brief)).toEqual([
        ...[opened, ...images.map(() => 'i C-STORE 0000'), closed],
        ...[opened, 'i C-FIND 0000', closed],
        ...[opened, ...images.map(() => 'a C-STORE 0000'), 'i C-GET 0000', closed],
      ])
      expect(passedOn.map(brief).filter((text) => text.includes('C-STORE'))).toEqual(images.map(() => 'i C-STORE 0000'))
      expect([...exchanges, ...passedOn].flatMap(({ wire }) => wire)).toEqual([])
    })
  })
}

function brief({ requestFrom, type, code }: Exchange): string {
  return `${requestFrom?.[0]} ${type} ${code}`
}

async function sendOn(httpPort: number): Promise<void> {
  const base = `http://127.0.0.1:${httpPort}`
  const instances = await (await fetch(`${base}/instances`)).text()
  const answer = await fetch(`${base}/modalities/onward/store`, { method: 'POST', body: instances })
  expect(answer.status).toBe(200)
}
