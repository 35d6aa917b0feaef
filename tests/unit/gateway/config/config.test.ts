import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { readChannel } from '../../../../gateway/config/channels.ts'
import { loadConfig } from '../../../../gateway/config/config.ts'
import { Failure, failureLine } from '../../../../gateway/model/failure.ts'
import { failure } from '../../../../gateway/model/failures.ts'
import type { Protocol } from '../../../../gateway/model/frame.ts'

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

  it('refuses a proxy that would dial itself, and one for records', async () => {
    const proxy = (listen: string, upstream: string) => `source: { proxy: { listen: "${listen}", upstream: "${upstream}" } }`
    const { problems } = await load(`interfaces:
  - { id: a, from: his, to: lis, protocol: mllp, ${proxy('0.0.0.0:2575', 'localhost:2575')} }
  - { id: b, from: his, to: lis, protocol: mllp, ${proxy('127.0.0.1:2576', '127.0.0.1:2576')} }
  - { id: c, from: his, to: lis, protocol: mllp, ${proxy('[::]:2577', '127.0.0.1:2577')} }
  - { id: d, from: his, to: lis, protocol: mllp, ${proxy('0.0.0.0:2578', '10.1.0.20:2578')} }
  - { id: e, from: his, to: lis, protocol: mllp, ${proxy('127.0.0.1:2579', '127.0.0.1:2580')} }
  - { id: f, from: his, to: lis, protocol: record, ${proxy('127.0.0.1:2581', '10.1.0.20:2581')} }
`)
    const errors = problems.filter((p) => p.severity === 'error').map((p) => [p.place.line, p.message])
    expect(errors).toEqual([
      [2, 'listen and upstream are the same address'],
      [3, 'listen and upstream are the same address'],
      [4, 'listen and upstream are the same address'],
      [7, 'a proxy carries mllp, http or dimse: it would not start for records'],
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
    const file = fileURLToPath(new URL('../../../../deploy/demo/auscult.yaml', import.meta.url))
    const { config, problems } = await loadConfig(file, { protocols: [mllp], hasContract: () => true })
    expect(problems.filter((p) => p.severity === 'error')).toEqual([])
    expect(config?.catalogue.interfaces).toHaveLength(27)
    expect(config?.catalogue.interfaces.filter((i) => i.sources.proxy)).toHaveLength(23)
  })
})

describe('the desk’s part', () => {
  const channel = (more: string) =>
    `${one}desk: { channels: [{ name: a, ${more} }, { name: b, kind: webhook, url: "http://h", secret: { env: S } }] }\n`

  it('keeps channels as they are configured, and warns of a single one', async () => {
    const { config, problems } = await load(channel('kind: wecom, urlFrom: { file: k }'))
    expect(problems).toEqual([])
    expect(config?.desk.channels.map(({ kind }) => kind)).toEqual(['wecom', 'webhook'])
    const single = await load(`${one}desk: { channels: [{ name: a, kind: smtp, host: h, from: a@b, to: [c@d] }] }\n`)
    expect(single.problems.map(({ severity, message }) => [severity, message])).toEqual([
      ['warning', 'one channel: the first notice of a major event needs two to count as told'],
    ])
  })

  it.each([
    ['kind: wecom, url: "http://h/?key=abc"', /"urlFrom" is missing/],
    ['kind: webhook, url: "http://h"', /"secret" is missing/],
    ['kind: webhook, url: "http://u:p@h", secret: { env: S }', /address without a password/],
    ['kind: smtp, host: h, from: a@b', /"to" is missing/],
    ['kind: http, url: "http://h"', /"body" is missing/],
    ['kind: alertmanager', /"url" is missing/],
    ['kind: webhook, url: "http://h", secret: s3cret', /must be a mapping/],
    ['kind: fax', /must be one of smtp/],
  ])('refuses %s', async (more, message) => {
    const { config, problems } = await load(channel(more))
    expect(config).toBeNull()
    expect(problems.map((p) => p.message)).toContainEqual(expect.stringMatching(message))
    expect(problems.map((p) => p.message)).not.toContainEqual(expect.stringMatching('"then" schema'))
  })

  it('keeps receivers for tests', async () => {
    const { config, problems } = await load(
      `${one}desk: { testEndpoints: [{ name: a, protocol: mllp, address: "127.0.0.1:9001" }, { name: b, protocol: http, url: "http://test:8/x", timeoutMs: 500 }] }\n`,
    )
    expect(problems).toEqual([])
    expect(config?.desk.testEndpoints).toEqual([
      { name: 'a', protocol: 'mllp', timeoutMs: 10_000, address: { host: '127.0.0.1', port: 9001 } },
      { name: 'b', protocol: 'http', timeoutMs: 500, url: 'http://test:8/x' },
    ])
  })

  it.each([
    ['the upstream of a proxy', 'protocol: mllp, address: "[::1]:7661"', /"his-lis-lab-order" uses this address/],
    ['the upstream by another name', 'protocol: mllp, address: "localhost:7661"', /uses this address/],
    ['the proxy itself', 'protocol: http, url: "http://127.0.0.1:6661"', /uses this address/],
    ['no address', 'protocol: mllp', /"address" is missing/],
    ['an address of the other kind', 'protocol: http, address: "h:1"', /"url" is missing/],
    ['a port that is none', 'protocol: mllp, address: "h:99999"', /must be host:port/],
    ['a password', 'protocol: http, url: "http://u:p@h"', /without a password/],
    ['another protocol', 'protocol: dimse, address: "h:1"', /must be one of mllp, http/],
  ])('refuses a receiver for tests that is %s', async (_what, more, message) => {
    const { config, problems } = await load(`${one}desk: { testEndpoints: [{ name: a, ${more} }] }\n`)
    expect(config).toBeNull()
    expect(problems.map((p) => p.message)).toContainEqual(expect.stringMatching(message))
  })

  it('refuses two channels of one name', async () => {
    const { problems } = await load(channel('kind: wecom, urlFrom: { file: k }').replace('name: b', 'name: a'))
    expect(problems[0]?.message).toBe('channel "a" is declared twice')
  })

  it('says what is wrong with its rules, where it stands', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'auscult-config-')), 'auscult.yaml')
    writeFileSync(file, `${one}desk: { rules: own.yaml }\n`)
    const wrong = failure('RULES_INVALID', 'must be a time', { place: { line: 7, key: 'close' } })
    const asked: string[] = []
    const rulesFailure = async (path: string) => {
      asked.push(path)
      return wrong
    }
    const { config, problems } = await loadConfig(file, { ...known, rulesFailure })
    expect(config).toBeNull()
    expect(problems[0]).toMatchObject({ message: 'rules line 7 close: must be a time', place: { key: 'desk.rules' } })
    expect(asked).toEqual([join(dirname(file), 'own.yaml')])
    const fine = await loadConfig(file, { ...known, rulesFailure: async () => null })
    expect(fine.config?.desk.rules).toBe(join(dirname(file), 'own.yaml'))
  })
})

describe('secrets of channels', () => {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-channels-'))
  writeFileSync(join(folder, 'key'), 'https://example.org/send?key=k\n')
  writeFileSync(join(folder, 'empty'), '\n')

  it('come from a file beside the configuration, or from the environment', () => {
    expect(readChannel({ name: 'a', kind: 'wecom', urlFrom: { file: 'key' } }, folder)).toMatchObject({
      url: 'https://example.org/send?key=k',
      secret: null,
      language: 'zh',
    })
    vi.stubEnv('AUSCULT_TEST_SECRET', 's')
    const secret = { env: 'AUSCULT_TEST_SECRET' }
    expect(readChannel({ name: 'a', kind: 'webhook', url: 'http://h', secret }, folder)).toMatchObject({ secret: 's' })
    expect(readChannel({ name: 'a', kind: 'smtp', host: 'h', from: 'f', to: ['t'], user: 'u', secret }, folder)).toMatchObject({
      port: 587,
      tls: 'starttls',
      password: 's',
    })
    vi.unstubAllEnvs()
  })

  it.each([
    [{ file: 'nowhere' }, /can not be read/],
    [{ file: 'empty' }, /is empty/],
    [{ env: 'AUSCULT_NOT_SET' }, /is empty/],
  ])('%j is CONFIG_INVALID, and says no value', (secret, message) => {
    expect(() => readChannel({ name: 'a', kind: 'webhook', url: 'http://h', secret }, folder)).toThrow(message)
  })
})
