import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { runProbe } from '../../../../adapters/probes/run-probe.ts'
import { asking, listening, nobody, plan } from './peer.ts'

const echo = { ...plan, timeoutMs: 10_000, kind: 'c-echo' as const, calledAe: 'PACS', callingAe: 'AUSCULT' }

it('says why an association is rejected (PS3.8 9.3.4)', async () => {
  let asked = Buffer.alloc(0)
  const server = createServer((socket) =>
    socket.on('data', (bytes) => {
      asked = Buffer.concat([asked, bytes])
      // Called AE title not recognised, by the service user, for good.
      socket.write(Buffer.from([0x03, 0, 0, 0, 0, 4, 0, 1, 1, 7]))
    }),
  )
  await using peer = await listening(server)
  const found = await runProbe({ ...echo, address: peer.address }, asking)
  expect(found).toMatchObject({ by: 'c-echo', verdict: 'no', code: 'RJ-1-1-7' })
  expect([asked[0], asked.subarray(10, 26).toString(), asked.subarray(26, 42).toString()]).toEqual([
    1,
    'PACS            ',
    'AUSCULT         ',
  ])
})

it('says no where nobody listens, and where the peer hangs up', async () => {
  expect(await runProbe({ ...echo, address: await nobody() }, asking)).toMatchObject({ verdict: 'no', code: 'ECONNREFUSED' })
  await using peer = await listening(createServer((socket) => socket.on('data', () => socket.destroy())))
  expect(await runProbe({ ...echo, address: peer.address }, asking)).toMatchObject({ verdict: 'no', code: 'ECONNRESET' })
})
