import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Exchange } from '../../gateway/model/exchange.ts'
import { ctImage, worklistItem } from '../support/dicom-file.ts'
import { freePort } from '../support/ports.ts'
import { missingPeers } from './missing.ts'
import { listening, run } from './programs.ts'
import { edgeInFrontOf } from './through-edge.ts'

const programs = ['storescu', 'storescp', 'echoscu', 'findscu', 'movescu', 'getscu', 'wlmscpfs', 'dcmqrscp']
const dicom = { protocol: 'dimse', format: 'dicom' } as const
const titles = ['-aet', 'CT01', '-aec', 'PACS1']
const imageCount = 4
let folder = ''
let images: readonly string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auscult-dcmtk-'))
  images = await Promise.all(
    Array.from({ length: imageCount }, async (_, i) => {
      const path = join(folder, `image${i}.dcm`)
      const pixels = Buffer.alloc(8_192 * (1 + 20 * i), 'pixels')
      await writeFile(path, ctImage({ instance: `1.2.826.0.1.3680043.10.1.2.${i}`, patientName: '测试^患者', pixels }))
      return path
    }),
  )
})
afterAll(() => rm(folder, { recursive: true }))

if (missingPeers(programs.map((program) => [program, '--version'])) === null) {
  describe('dcmtk through the edge', () => {
    test('storescu to storescp: what arrives is what arrives without the edge, and every exchange is seen', async () => {
      const direct = await stored((port) => Promise.resolve({ port, close: async () => [] }))
      const { files, exchanges } = await stored((port) => edgeInFrontOf(port, {}, dicom))
      expect(files.size).toBe(imageCount)
      expect(files).toEqual(direct.files)
      expect(briefs(exchanges)).toEqual(['A-ASSOCIATE AC', ...images.map(() => 'C-STORE 0000'), 'A-RELEASE RP'])
      const bodies = exchanges.slice(1, -1).map(({ request }) => request)
      for (const body of bodies) {
        expect(Buffer.from(body?.body ?? []).includes('测试^患者')).toBe(true)
        expect(Buffer.from(body?.body ?? []).includes('pixels')).toBe(false)
        expect(body?.body.length).toBe(body?.bodyBytes)
      }
    })

    test('echoscu, and a storescp that refuses', async () => {
      const port = await freePort()
      await using _storescp = await listening('storescp', ['--ignore', String(port)], port)
      const edge = await edgeInFrontOf(port, {}, dicom)
      expect((await run('echoscu', [...titles, '127.0.0.1', String(edge.port)])).code).toBe(0)
      expect((await run('echoscu', [...titles, '--abort', '127.0.0.1', String(edge.port)])).code).toBe(0)
      expect(briefs(await edge.close())).toEqual([
        ...['A-ASSOCIATE AC', 'C-ECHO 0000', 'A-RELEASE RP'],
        ...['A-ASSOCIATE AC', 'C-ECHO 0000', 'A-ABORT null'],
      ])
      const refusing = await freePort()
      await using _refusing = await listening('storescp', ['--refuse', String(refusing)], refusing)
      const front = await edgeInFrontOf(refusing, {}, dicom)
      expect((await run('echoscu', [...titles, '127.0.0.1', String(front.port)])).code).not.toBe(0)
      expect(briefs(await front.close())).toEqual(['A-ASSOCIATE RJ-1-1-1'])
    })

    test('findscu asks a worklist of wlmscpfs', async () => {
      const shelf = join(folder, 'worklist')
      await mkdir(join(shelf, 'RISWL'), { recursive: true })
      await writeFile(join(shelf, 'RISWL', 'lockfile'), '')
      for (const [i, name] of ['测试^甲', '测试^乙', '测试^丙'].entries()) {
        await writeFile(join(shelf, 'RISWL', `item${i}.wl`), worklistItem(name, `A${i}`))
      }
      const port = await freePort()
      await using _wlmscpfs = await listening(
        'wlmscpfs',
        ['--single-process', '--disable-file-reject', '-dfp', shelf, String(port)],
        port,
      )
      const edge = await edgeInFrontOf(port, {}, dicom)
      const keys = ['-k', '0010,0010', '-k', '0008,0050', '-k', '(0040,0100)[0].0008,0060=CT']
      const asked = async (to: number) =>
        (await run('findscu', ['-W', '-aet', 'CT01', '-aec', 'RISWL', ...keys, '127.0.0.1', String(to)])).said
      expect(withoutTimes(await asked(edge.port))).toBe(withoutTimes(await asked(port)))
      const exchanges = await edge.close()
      expect(briefs(exchanges)).toEqual(['A-ASSOCIATE AC', 'C-FIND 0000 after 3', 'A-RELEASE RP'])
      const answers = exchanges[1]?.answers.filter(({ stage }) => stage === 'interim') ?? []
      expect(answers.map(({ body }) => /测试\^./.exec(Buffer.from(body).toString())?.[0]).toSorted()).toEqual([
        '测试^丙',
        '测试^乙',
        '测试^甲',
      ])
    })

    test('dcmqrscp is stored to, asked, and sends back by C-GET and C-MOVE', { timeout: 60_000 }, async () => {
      const [port, moved] = [await freePort(), await freePort()]
      const destination = await edgeInFrontOf(moved, {}, dicom)
      const archive = await archiveConfig(port, destination.port)
      await using _dcmqrscp = await listening('dcmqrscp', ['-c', archive], port)
      const edge = await edgeInFrontOf(port, {}, dicom)
      const peer = ['127.0.0.1', String(edge.port)]
      const study = ['-S', '-k', '0008,0052=STUDY', '-k', '0020,000d=1.2.826.0.1.3680043.10.1.1']
      expect((await run('storescu', [...titles, ...peer, ...images])).code).toBe(0)
      expect((await run('findscu', [...titles, ...study, '-k', '0010,0010', ...peer])).code).toBe(0)
      const [got, gone] = [join(folder, 'got'), join(folder, 'moved')]
      await mkdir(got)
      await mkdir(gone)
      expect((await run('getscu', [...titles, ...study, '+B', '-od', got, ...peer])).code).toBe(0)
      const move = [...titles, ...study, '-aem', 'VIEWER', '-od', gone, '+P', String(moved)]
      expect((await run('movescu', [...move, ...peer])).code).toBe(0)
      const exchanges = await edge.close()
      const sub = await destination.close()
      expect((await contents(got)).size).toBe(imageCount)
      expect((await contents(gone)).size).toBe(imageCount)
      const [opened, closed] = ['A-ASSOCIATE AC', 'A-RELEASE RP']
      const stores = images.map(() => 'C-STORE 0000')
      expect(briefs(exchanges)).toEqual([
        ...[opened, ...stores, closed],
        ...[opened, 'C-FIND 0000 after 1', closed],
        ...[opened, ...stores, `C-GET 0000 after ${imageCount}`, closed],
        ...[opened, `C-MOVE 0000 after ${imageCount}`, closed],
      ])
      expect(exchanges.filter(({ type }) => type === 'C-STORE').map(({ requestFrom }) => requestFrom)).toEqual([
        ...images.map(() => 'initiator'),
        ...images.map(() => 'acceptor'),
      ])
      expect(briefs(sub)).toEqual([opened, ...stores, closed])
    })
  })
}

/** Type and code of every exchange, in the order in which they ended. */
function briefs(exchanges: readonly Exchange[]): readonly string[] {
  return exchanges.map(
    ({ type, code, interimCount }) => `${type} ${code}${interimCount === undefined ? '' : ` after ${interimCount}`}`,
  )
}

/** Sends the images to a storescp by the way given; what it wrote, byte for byte as it came. */
async function stored(way: (port: number) => ReturnType<typeof edgeInFrontOf>) {
  const target = await mkdtemp(join(folder, 'stored-'))
  const port = await freePort()
  await using _storescp = await listening('storescp', ['+B', '-od', target, String(port)], port)
  const between = await way(port)
  const { code } = await run('storescu', [...titles, '127.0.0.1', String(between.port), ...images])
  expect(code).toBe(0)
  return { exchanges: await between.close(), files: await contents(target) }
}

async function contents(target: string): Promise<ReadonlyMap<string, Buffer>> {
  const names = (await readdir(target)).toSorted()
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(target, name))] as const)))
}

async function archiveConfig(port: number, movePort: number): Promise<string> {
  const shelf = join(folder, 'archive')
  await mkdir(shelf)
  const path = join(folder, 'dcmqrscp.cfg')
  await writeFile(
    path,
    `NetworkTCPPort = ${port}\nMaxPDUSize = 16384\nMaxAssociations = 16\n` +
      `HostTable BEGIN\nviewer = (VIEWER, 127.0.0.1, ${movePort})\nct = (CT01, 127.0.0.1, ${movePort})\nHostTable END\n` +
      `VendorTable BEGIN\nVendorTable END\nAETable BEGIN\nPACS1 ${shelf} RW (100, 1024mb) ANY\nAETable END\n`,
  )
  return path
}

/** findscu's log begins its lines with a letter and no time; only the association's numbers differ. */
function withoutTimes(said: string): string {
  return said.replaceAll(/\d\d:\d\d:\d\d(?:\.\d+)?/g, '')
}
