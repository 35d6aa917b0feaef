import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { runProbe } from '../../../../adapters/probes/run-probe.ts'
import type { Address } from '../../../../gateway/model/address.ts'
import { asking, impatient, listening, nobody, plan } from './peer.ts'

const material = join(import.meta.dirname, '../../../../fixtures/tls')

describe('tcp', () => {
  it('says yes where somebody accepts, and no with the system code where nobody does', async () => {
    await using peer = await listening(createServer())
    expect(await runProbe({ ...plan, kind: 'tcp', address: peer.address }, asking)).toMatchObject({
      name: 'probe',
      by: 'tcp',
      subject: { kind: 'interface', id: 'peer' },
      verdict: 'yes',
      code: null,
      facts: { connectMs: expect.any(Number) },
    })
    const down = await runProbe({ ...plan, kind: 'tcp', address: await nobody() }, { ...asking, inspection: '07:00' })
    expect(down).toMatchObject({ verdict: 'no', code: 'ECONNREFUSED', facts: { inspection: '07:00' } })
  })

  it('says no for a name that nobody knows', async () => {
    const address = { host: 'nobody.invalid', port: 1 }
    const { verdict, code } = await runProbe({ ...plan, kind: 'tcp', address }, asking)
    expect([verdict, code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ETIMEDOUT']).toEqual(['no', true])
  })
})

describe('tls', () => {
  async function look(certificate: string, more: { ca?: string; daysLeftMin?: number; serverName?: string } = {}) {
    const read = (end: string) => readFileSync(join(material, `${certificate}.${end}`))
    await using peer = await listening(createTlsServer({ cert: read('crt'), key: read('key') }))
    return await runProbe(
      {
        ...plan,
        kind: 'tls',
        address: peer.address,
        serverName: more.serverName ?? null,
        ca: join(material, more.ca ?? 'ca.crt'),
        daysLeftMin: more.daysLeftMin ?? 30,
      },
      asking,
    )
  }

  it('says what a sound peer shows', async () => {
    const sound = await look('server')
    expect(sound).toMatchObject({ verdict: 'yes', code: null, facts: { version: 'TLSv1.3', nameMatches: 'yes' } })
    expect(Number(sound.facts.daysLeft)).toBeGreaterThan(30_000)
    expect((await look('server', { serverName: 'localhost' })).verdict).toBe('yes')
  })

  it('says no for a certificate that has ended, and by how much', async () => {
    const ended = await look('probe-expired', { ca: 'probe-ca.crt' })
    expect(ended).toMatchObject({ verdict: 'no', code: 'CERT_HAS_EXPIRED' })
    expect(Number(ended.facts.daysLeft)).toBeLessThan(-1_000)
  })

  it('says no for another name, an unknown authority, and an end that is near', async () => {
    const named = await look('probe-other-name', { ca: 'probe-ca.crt' })
    expect(named).toMatchObject({ verdict: 'no', code: 'ERR_TLS_CERT_ALTNAME_INVALID', facts: { nameMatches: 'no' } })
    expect(await look('server', { ca: 'probe-ca.crt' })).toMatchObject({
      verdict: 'no',
      code: expect.stringMatching(/^(UNABLE_TO|SELF_SIGNED)/),
    })
    expect(await look('server', { daysLeftMin: 100_000 })).toMatchObject({ verdict: 'no', code: 'CERT_ENDS_SOON' })
  })

  it('says no where no TLS is spoken, and where the CA file is missing', async () => {
    await using peer = await listening(createServer((socket) => socket.on('data', () => socket.end('what?\n'))))
    const tls = { ...plan, kind: 'tls' as const, address: peer.address, serverName: null, ca: null, daysLeftMin: 30 }
    expect((await runProbe(tls, asking)).code).toMatch(/^(ERR_SSL|ECONNRESET|EPROTO)/)
    const lost = await runProbe({ ...tls, ca: join(material, 'nowhere.crt') }, asking)
    expect(lost).toMatchObject({ verdict: 'no', code: 'TLS_MATERIAL_UNREADABLE' })
  })
})

describe('every kind', () => {
  it('ends within its time-out at a peer that accepts and says nothing', async () => {
    await using peer = await listening(createServer())
    const { address } = peer
    const url = `http://127.0.0.1:${address.port}/`
    const message = join(import.meta.dirname, '../../../../fixtures/probes/query.hl7')
    const probes = [
      { ...impatient, kind: 'tls' as const, address, serverName: null, ca: null, daysLeftMin: 30 },
      { ...impatient, timeoutMs: 3_000, kind: 'mllp' as const, address, isTls: false, ca: null, message },
      { ...impatient, timeoutMs: 3_000, kind: 'c-echo' as const, address, calledAe: 'PACS', callingAe: 'AUSCULT' },
      { ...impatient, kind: 'http' as const, url, method: 'GET' as const, statuses: [], ca: null },
      { ...impatient, timeoutMs: 1_000, kind: 'fhir' as const, url, ca: null },
      // Nobody answers UDP on that port.
      { ...impatient, kind: 'ntp' as const, address: silentUdp(address), offsetMsMax: 1_000 },
    ]
    const found = await Promise.all(probes.map((probe) => runProbe(probe, asking)))
    expect(found.map(({ by, verdict, code }) => `${by} ${verdict} ${code}`)).toEqual([
      'tls no ETIMEDOUT',
      'mllp no ETIMEDOUT',
      'c-echo no ETIMEDOUT',
      'http no ETIMEDOUT',
      'fhir no ETIMEDOUT',
      expect.stringMatching(/^ntp no (ETIMEDOUT|ECONNREFUSED)$/),
    ])
  })

  it('is broken off when nobody waits for it any more', async () => {
    await using peer = await listening(createServer())
    const ending = new AbortController()
    const found = runProbe(
      { ...plan, kind: 'tls', address: peer.address, serverName: null, ca: null, daysLeftMin: 30 },
      { ...asking, signal: ending.signal },
    )
    ending.abort()
    expect(await found).toMatchObject({ verdict: 'no', code: 'PROBE_BROKEN_OFF' })
  })
})

function silentUdp({ port }: Address): Address {
  return { host: '127.0.0.1', port }
}
