import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runProbe } from '../../../../adapters/probes/run-probe.ts'
import { asking, listening, plan } from './peer.ts'

const query = join(import.meta.dirname, '../../../../fixtures/probes/query.hl7')

/** A receiver that answers each block with what `answer` makes of its control id; what it got is kept. */
function receiver(answer: (controlId: string) => string | null) {
  const got: string[] = []
  const server = createServer((socket) => {
    let held = ''
    socket.setEncoding('latin1').on('data', (part) => {
      held += String(part)
      const end = held.indexOf('\x1c\r')
      if (end < 0) return
      got.push(held.slice(1, end))
      const said = answer(held.split('|')[9] ?? '')
      if (said === null) socket.destroy()
      // In two parts, as a network may bring it.
      else for (const half of [said.slice(0, 9), said.slice(9)]) socket.write(half)
    })
  })
  return { server, got }
}

const ack = (code: string) => (id: string) =>
  `\x0bMSH|^~\\&|LIS|SZPH|AUSCULT|SZPH|20261122||ACK|A1|P|2.5.1\rMSA|${code}|${id}\r\x1c\r`

async function ask(answer: (controlId: string) => string | null, message = query) {
  const { server, got } = receiver(answer)
  await using peer = await listening(server)
  const found = await runProbe({ ...plan, kind: 'mllp', address: peer.address, isTls: false, ca: null, message }, asking)
  return { found, got }
}

it('sends the configured message with a time and a control id of its own, and knows its acknowledgment', async () => {
  const { found, got } = await ask(ack('AA'))
  expect(found).toMatchObject({ verdict: 'yes', code: null, facts: { ackCode: 'AA', ackMs: expect.any(Number) } })
  const [msh = '', qrd] = got[0]?.split('\r') ?? []
  const fields = msh.split('|')
  expect(fields[6]).toMatch(/^\d{14}\+0800$/)
  expect(fields[9]).toMatch(/^AUSC[0-9A-Z]+$/)
  expect([fields[0], fields[1], fields[8], fields[17]]).toEqual(['MSH', '^~\\&', 'QRY^A19^QRY_A19', 'UNICODE UTF-8'])
  expect(qrd).toBe('QRD|20260101000000|R|I|PROBE|||1^RD|NOBODY|DEM')
})

it('says no with the code of a refusal, for an answer to another message, and for none', async () => {
  expect((await ask(ack('AE'))).found).toMatchObject({ verdict: 'no', code: 'AE', facts: { ackCode: 'AE' } })
  expect((await ask(() => ack('AA')('OTHER'))).found).toMatchObject({ verdict: 'no', code: 'ACK_MISMATCH' })
  expect((await ask(() => '\x0bnonsense\x1c\r')).found).toMatchObject({ verdict: 'no', code: 'ACK_UNREADABLE' })
  expect((await ask(() => null)).found).toMatchObject({ verdict: 'no', code: 'ECONNRESET' })
})

it('sends nothing that it could not read', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'auscult-probe-')), 'probe.hl7')
  for (const content of [Buffer.from('not HL7'), Buffer.from([0x4d, 0x53, 0x48, 0xff])]) {
    writeFileSync(file, content)
    const { found, got } = await ask(ack('AA'), file)
    expect(found).toMatchObject({ verdict: 'no', code: 'PROBE_MESSAGE_UNREADABLE' })
    expect(got).toEqual([])
  }
  expect((await ask(ack('AA'), `${file}.gone`)).found.code).toBe('PROBE_MESSAGE_UNREADABLE')
})
