import { describe, expect, it } from 'vitest'
import { addressOfEndpoint, takerOf, usedAddresses } from '../../../../gateway/model/test-endpoint.ts'
import { testCatalogue, testInterface } from '../../../support/catalogue.ts'

const used = [
  { address: { host: '10.1.0.20', port: 6661 }, by: 'lis' },
  { address: { host: '0.0.0.0', port: 7001 }, by: 'anywhere' },
  { address: { host: 'pacs.hospital', port: 104 }, by: 'pacs' },
]
const by = (host: string, port: number) => takerOf({ host, port }, used)?.by ?? null

describe('an address that is in use', () => {
  it('is known by host and port, however the host is written', () => {
    expect(by('10.1.0.20', 6661)).toBe('lis')
    expect(by('::ffff:10.1.0.20', 6661)).toBe('lis')
    expect(by('PACS.hospital.', 104)).toBe('pacs')
    expect(by('10.1.0.20', 6662)).toBeNull()
    expect(by('10.1.0.21', 6661)).toBeNull()
  })
  it('is every host where somebody listens on all of them', () => {
    expect(by('10.9.9.9', 7001)).toBe('anywhere')
    expect(takerOf({ host: '127.0.0.9', port: 1 }, [{ address: { host: 'localhost', port: 1 }, by: 'x' }])?.by).toBe('x')
  })
  it('is every port of a host whose port is not told, and nothing where neither is', () => {
    const by = (host: string) => takerOf({ host: '10.1.0.20', port: 9 }, [{ address: { host, port: 0 }, by: 'x' }])?.by ?? null
    expect(by('10.1.0.20')).toBe('x')
    expect(by('10.1.0.21')).toBeNull()
    expect(by('*')).toBeNull()
  })
  it('is what proxies, captures, brokers and probes have', () => {
    const probe = { kind: 'fhir', url: 'https://fhir.hospital/r4', ca: null, everyMs: 1, at: [], timeoutMs: 1 } as const
    const address = (port: number) => ({ host: '10.1.0.20', port })
    const sources = {
      proxy: { listen: address(1), upstream: address(2), listenTls: null, upstreamTls: null },
      capture: { acceptor: address(3), initiatorHost: null },
    }
    const iface = { ...testInterface('a', null, {}), probes: [probe], sources }
    expect(usedAddresses(testCatalogue(iface)).map(({ address: { host, port }, by }) => `${host}:${port} ${by}`)).toEqual([
      '10.1.0.20:1 a',
      '10.1.0.20:2 a',
      '10.1.0.20:3 a',
      'fhir.hospital:443 a',
    ])
  })
  it('is taken from the address of MLLP, and from the origin of HTTP', () => {
    const head = { name: 'a', timeoutMs: 1 }
    expect(addressOfEndpoint({ ...head, protocol: 'http', url: 'http://[::1]/x' })).toEqual({ host: '::1', port: 80 })
    expect(addressOfEndpoint({ ...head, protocol: 'mllp', address: { host: 'h', port: 9 } })).toEqual({ host: 'h', port: 9 })
  })
})
