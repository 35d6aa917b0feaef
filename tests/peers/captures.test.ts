import { execFileSync, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { captureNames, protocolOf } from '../golden/capture-names.ts'
import { capturedInterface, exchangesOf, goldenText } from '../golden/captured.ts'
import { proxyCaptureLaw } from '../laws/proxy-capture.ts'
import { captureFile, ipPacket, onLink } from '../support/capture-writer.ts'
import { playedThroughEdge } from '../support/played.ts'
import { missingPeers } from './missing.ts'

const captures = join(import.meta.dirname, '../../fixtures/captures')
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auscult-peers-'))
})
afterAll(() => rm(folder, { recursive: true }))

if (
  missingPeers([
    ['editcap', '--version'],
    ['tshark', '--version'],
  ]) === null
) {
  describe.each(['pcapng', 'nsecpcap', 'pcap'])('captures that editcap wrote as %s', (form) => {
    test.each(captureNames())('%s', async (name) => {
      const path = join(folder, `${name}.${form}`)
      execFileSync('editcap', ['-F', form, join(captures, `${name}.pcap`), path])
      const golden = await readFile(join(import.meta.dirname, '../golden/exchanges', `${name}.json`), 'utf8')
      expect(goldenText(await exchangesOf([path], capturedInterface(protocolOf(name))))).toBe(golden)
    })
  })

  test('what our own writer makes is what tshark takes it for', async () => {
    const end = (host: string, port: number) => ({ host, port })
    const packet = {
      at: 0,
      source: end('10.1.0.10', 5),
      target: end('10.1.0.20', 6661),
      sequence: 9,
      ack: 4,
      flags: 'P',
      bytes: Buffer.from('hello'),
    }
    for (const link of [0, 1, 101, 108, 113, 276]) {
      for (const form of ['pcap', 'pcap-nano', 'pcapng'] as const) {
        for (const isLittle of [true, false]) {
          const path = join(folder, 'ours')
          const at = 1_795_000_000_123.456
          await writeFile(path, captureFile([{ at, bytes: onLink(link, ipPacket(packet)) }], { form, isLittle, link }))
          const fields = ['frame.time_epoch', 'ip.src', 'tcp.dstport', 'tcp.len'].flatMap((field) => ['-e', field])
          const line = execFileSync('tshark', ['-r', path, '-T', 'fields', ...fields], { stdio: ['ignore', 'pipe', 'ignore'] })
          expect(line.toString().trim().split('\t')).toEqual([
            expect.stringMatching(/^1795000000\.123456/),
            '10.1.0.10',
            '6661',
            '5',
          ])
        }
      }
    }
  }, 120_000)
}

if (missingPeers([['dumpcap', '-i', 'lo', '-a', 'duration:1', '-w', '/dev/null']]) === null) {
  let path = ''
  let count = 0
  proxyCaptureLaw(
    'the edge and a live capture of it',
    {
      throughProxy: (script) =>
        playedThroughEdge(script, async (port) => {
          count += 1
          path = join(folder, `live-${count}.pcapng`)
          return recorded(port, path)
        }),
      throughCapture: () => exchangesOf([path]).then(({ exchanges }) => exchanges),
    },
    12,
  )
}

/** Records what passes a port of the loopback interface until the returned function is called. */
async function recorded(port: number, path: string): Promise<() => Promise<void>> {
  const child = spawn('dumpcap', ['-q', '-i', 'lo', '-f', `tcp port ${port}`, '-w', path], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const closed = new Promise((resolve) => child.once('close', resolve))
  await new Promise<void>((resolve) => {
    child.stderr.on('data', (text) => {
      if (String(text).includes('File:')) resolve()
    })
  })
  return async () => {
    // The kernel hands packets over in blocks.
    await new Promise((resolve) => setTimeout(resolve, 300))
    child.kill('SIGINT')
    await closed
  }
}
