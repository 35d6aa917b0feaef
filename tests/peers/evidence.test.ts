import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { protocolOf } from '../golden/capture-names.ts'
import { rebuilt } from '../support/rebuilt.ts'
import { missingPeers } from './missing.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auscult-evidence-'))
})
afterAll(() => rm(folder, { recursive: true }))

const dissectors = { mllp: 'hl7', http: 'http', dimse: 'dicom', record: 'tcp' } as const

if (missingPeers([['tshark', '--version']]) === null) {
  describe('what the evidence of a ticket rebuilds, as tshark takes it', () => {
    test.each([
      'mllp-01-adt-orders-results-AA',
      'mllp-17-large-528KB-embedded-pdf',
      'mllp-18-connection-refused',
      'dimse-02-cstore-multimodality-ok',
      'dimse-17-called-ae-not-recognized',
      'dimse-40-mpps-ncreate-nset-completed',
      'http-01-keepalive-json',
      'http-02-refusals-401-403-429-503',
    ])('%s', async (name) => {
      const { exchanges, file } = await rebuilt(name)
      const path = join(folder, `${name}.pcapng`)
      await writeFile(path, file)
      const port = /:(\d+)$/.exec(exchanges[0]?.connection.acceptor ?? '')?.[1] ?? '0'
      const dissector = dissectors[protocolOf(name)]
      const checks = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE', '-d', `tcp.port==${port},${dissector}`]
      const frames = (filter: string, field: string) =>
        execFileSync('tshark', ['-r', path, ...checks, '-Y', filter, '-T', 'fields', '-e', field], {
          stdio: ['ignore', 'pipe', 'ignore'],
        })
          .toString()
          .split('\n')
          .filter((line) => line !== '')
      expect(frames('frame', 'frame.number').length).toBeGreaterThan(1)
      const bad =
        '_ws.malformed || tcp.checksum.status == "Bad" || ip.checksum.status == "Bad" || tcp.analysis.lost_segment || tcp.analysis.retransmission'
      expect(frames(bad, 'frame.number')).toEqual([])
      const asked = exchanges.filter(({ request }) => request !== null)
      const messages = dissector === 'http' ? frames('http.request', 'http.request.method') : frames(dissector, 'frame.number')
      if (asked.length > 0) expect(messages.length).toBeGreaterThanOrEqual(asked.length)
      else expect(frames('tcp.flags.reset == 1', 'frame.number')).toHaveLength(1)
      expect(frames('frame.comment', 'frame.comment')[0]).toMatch(/^x\d+ (?:request, rebuilt and masked|connection refused)$/)
    })
  })
}
