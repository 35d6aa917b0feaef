import type { Catalogue, Interface, ProxySource } from '../../gateway/model/interface.ts'
import type { Json } from '../../gateway/model/json.ts'

/** An interface for tests; ports as given, everything else plain. */
export function testInterface(
  id: string,
  proxy: Partial<ProxySource> | null = null,
  options: { readonly [key: string]: Json } = {},
): Interface {
  return {
    id,
    name: { zh: id, en: id },
    from: 'his',
    to: 'lis',
    protocol: 'mllp',
    format: 'hl7v2',
    options,
    contract: null,
    criticality: 'high',
    sources: {
      proxy:
        proxy === null
          ? null
          : {
              listen: { host: '127.0.0.1', port: 0 },
              upstream: { host: '127.0.0.1', port: 1 },
              listenTls: null,
              upstreamTls: null,
              ...proxy,
            },
      capture: null,
    },
    objectives: { successRate: 0.995, latencyP95Ms: 800 },
    expectedVolume: null,
  }
}

/** A catalogue of these interfaces between two systems. */
export function testCatalogue(...interfaces: readonly Interface[]): Catalogue {
  return { hospital: { name: 'test', timezone: 'Asia/Shanghai', calendar: 'cn' }, systems: [], interfaces }
}
