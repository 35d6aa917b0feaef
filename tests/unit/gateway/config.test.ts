import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../gateway/config.ts'
import { Failure, failureLine } from '../../../gateway/model/failure.ts'
import type { Protocol } from '../../../gateway/model/frame.ts'

const mllp: Protocol = {
  name: 'mllp',
  optionsSchema: { type: 'object', additionalProperties: false, properties: { ackTimeoutMs: { type: 'integer', minimum: 1 } } },
  decoder: () => {
    throw new Error('not needed here')
  },
}
const known = { protocols: [mllp], hasContract: (reference: string) => reference === 'his-lis-lab-order' }

async function load(yaml: string) {
  const file = join(mkdtempSync(join(tmpdir(), 'auscult-config-')), 'auscult.yaml')
  writeFileSync(file, yaml)
  return loadConfig(file, known)
}

const one = `
hospital: { name: 深圳市人民医院, timezone: Asia/Shanghai }
systems:
  - { id: his, name: { zh: 医院信息系统, en: HIS }, depends: [oracle-main] }
  - { id: lis, timezone: Asia/Urumqi }
interfaces:
  - id: his-lis-lab-order
    from: his
    to: lis
    protocol: mllp
    contract: his-lis-lab-order
    options: { ackTimeoutMs: 5000 }
    source:
      proxy: { listen: "127.0.0.1:6661", upstream: "[::1]:7661", tls: { upstream: { ca: ca.pem } } }
      capture: { acceptor: "10.1.0.20:6661", initiator: "10.1.0.10" }
    objectives: { successRate: 0.995, latencyP95Ms: 800 }
`

describe('loadConfig', () => {
  it('fills in the catalogue', async () => {
    const { config, problems } = await load(one)
    expect(problems).toEqual([])
    const iface = config?.catalogue.interfaces[0]
    expect(iface?.format).toBe('hl7v2')
    expect(iface?.name).toEqual({ zh: 'his-lis-lab-order', en: 'his-lis-lab-order' })
    expect(iface?.sources.proxy?.upstream).toEqual({ host: '::1', port: 7661 })
    expect(iface?.sources.proxy?.upstreamTls?.ca).toMatch(/^\/.*ca\.pem$/)
    expect(iface?.sources.capture).toEqual({ acceptor: { host: '10.1.0.20', port: 6661 }, initiatorHost: '10.1.0.10' })
    expect(config?.catalogue.systems.map((s) => s.timezone)).toEqual([null, 'Asia/Urumqi'])
    expect(config?.api.listen).toEqual({ host: '127.0.0.1', port: 8080 })
  })

  it('says everything that is wrong at once, by line and column', async () => {
    const { config, problems } = await load(`hospital: { timezone: Asia/Shenzhen }
interfaces:
  - id: Lab
    from: his
    to: lis
    protocol: hl7
    sources: {}
  - id: b
    from: his
    protocol: mllp
`)
    expect(config).toBeNull()
    const errors = problems.filter((p) => p.severity === 'error')
    expect(errors.map((p) => [p.place.line, p.place.key, p.message])).toEqual(
      expect.arrayContaining([
        [3, 'interfaces[0].id', 'must be: Lower-case letters, digits and hyphens.'],
        [6, 'interfaces[0].protocol', 'must be one of mllp, http, dimse, record'],
        [7, 'interfaces[0].sources', 'unknown key "sources"'],
        [8, 'interfaces[1]', '"to" is missing'],
        [1, 'hospital.timezone', 'unknown time zone "Asia/Shenzhen"'],
      ]),
    )
    expect(errors.every((p) => (p.place.column ?? 0) > 0)).toBe(true)
  })

  it('checks what the schema cannot: zones, twins, contracts, options, ports', async () => {
    const { config, problems } = await load(`hospital: { timezone: Asia/Shenzhen }
interfaces:
  - { id: a, from: his, to: lis, protocol: mllp, contract: nowhere, source: { proxy: { listen: "h:1", upstream: "h:70000" } } }
  - { id: a, from: his, to: lis, protocol: mllp, options: { ackTimeout: 5 }, source: { proxy: { listen: "h:1", upstream: "h:2" } } }
`)
    expect(config).toBeNull()
    const errors = problems.filter((p) => p.severity === 'error').map((p) => p.message)
    expect(errors).toEqual([
      'unknown time zone "Asia/Shenzhen"',
      'the port must be at most 65535',
      'interface "a" is declared twice',
      '"a" listens on h:1 already',
      'no contract "nowhere": name a file of contracts/library, or the path of a contract',
      'unknown key "ackTimeout"',
    ])
  })

  it('checks the sound interfaces deeply though others are broken', async () => {
    const { problems } = await load(`interfaces:
  - { id: a, from: his, to: lis, protocol: hl7 }
  - { id: b, from: his, to: lis, protocol: mllp, contract: nowhere }
  - { id: b, from: his, to: lis, protocol: mllp }
`)
    const errors = problems.filter((p) => p.severity === 'error').map((p) => [p.place.line, p.message])
    expect(errors).toEqual([
      [2, 'must be one of mllp, http, dimse, record'],
      [4, 'interface "b" is declared twice'],
      [3, 'no contract "nowhere": name a file of contracts/library, or the path of a contract'],
    ])
  })

  it('takes undeclared systems in, with a warning', async () => {
    const { config, problems } = await load(
      'interfaces: [{ id: q, from: his, to: queue, protocol: record, source: { files: { folder: /srv } } }]\n',
    )
    expect(config?.catalogue.systems.map((s) => s.id)).toEqual(['his', 'queue'])
    expect(problems.map((p) => p.severity)).toEqual(['warning', 'warning'])
  })

  it('refuses what is no YAML and what is no file, with a code and advice', async () => {
    await expect(load('interfaces: [')).rejects.toMatchObject({ code: 'CONFIG_NOT_YAML' })
    const missing = await loadConfig('/nowhere/auscult.yaml', known).catch((error: unknown) => error)
    expect(missing).toBeInstanceOf(Failure)
    expect(missing instanceof Failure && failureLine(missing)).toContain('CONFIG_NOT_FOUND')
  })

  it('loads the hospital that the demo runs', async () => {
    const file = fileURLToPath(new URL('../../../deploy/demo/auscult.yaml', import.meta.url))
    const { config, problems } = await loadConfig(file, { protocols: [mllp], hasContract: () => true })
    expect(problems.filter((p) => p.severity === 'error')).toEqual([])
    expect(config?.catalogue.interfaces).toHaveLength(27)
    expect(config?.catalogue.interfaces.filter((i) => i.sources.proxy)).toHaveLength(23)
  })
})
