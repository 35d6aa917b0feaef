import { expect, it } from 'vitest'
import { bypassOf } from '../../../../gateway/commands/bypass.ts'
import type { ProxySource, TlsOptions } from '../../../../gateway/model/interface.ts'

const tls: TlsOptions = { cert: 'c', key: 'k', ca: null, verifyPeer: false, serverName: null }
const hosts = new Map([
  ['10.1.0.5', '10.1.0.5'],
  ['0.0.0.0', '0.0.0.0'],
  ['lis.hospital', '10.1.0.20'],
])
const resolve = async (host: string) => hosts.get(host) ?? null

function proxy(id: string, listen: string, upstream: string, more: Partial<ProxySource> = {}) {
  const ends = { listen: { host: listen, port: 6661 }, upstream: { host: upstream, port: 7661 } }
  return { id, sources: { proxy: { ...ends, listenTls: null, upstreamTls: null, ...more }, capture: null } }
}

it('leads each address of a proxy to its upstream, names resolved', async () => {
  const { rules, left } = await bypassOf([proxy('orders', '10.1.0.5', 'lis.hospital')], resolve)
  expect(rules).toContain('10.1.0.5 . 6661 : 10.1.0.20 . 7661, # orders')
  expect(left).toEqual([])
})

it('takes a port of every local address where the proxy listens on all of them', async () => {
  const { rules } = await bypassOf([proxy('orders', '0.0.0.0', 'lis.hospital')], resolve)
  expect(rules).toContain('      6661 : 10.1.0.20 . 7661, # orders')
  expect(rules).not.toContain('0.0.0.0')
})

it('names what it cannot pass by, and leaves out what has no proxy', async () => {
  const { rules, left } = await bypassOf(
    [
      proxy('ends-tls', '10.1.0.5', 'lis.hospital', { listenTls: tls }),
      proxy('begins-tls', '10.1.0.5', 'lis.hospital', { upstreamTls: tls }),
      proxy('nowhere', '10.1.0.5', 'gone.hospital'),
      { id: 'tapped', sources: { proxy: null, capture: null } },
    ],
    resolve,
  )
  expect(left.map(({ id }) => id)).toEqual(['ends-tls', 'begins-tls', 'nowhere'])
  expect(rules).not.toContain('elements')
})
