import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadConfig } from '../../../../gateway/config/config.ts'

const folder = mkdtempSync(join(tmpdir(), 'auscult-config-'))

async function load(yaml: string) {
  const file = join(folder, 'auscult.yaml')
  writeFileSync(file, yaml)
  return loadConfig(file, { protocols: [], hasContract: () => true })
}

it('reads Kafka and files sources and probes, defaults filled in, paths absolute', async () => {
  const { config, problems } = await load(`
systems:
  - { id: his, probes: [{ kind: ntp, address: "10.1.0.10:123", at: ["07:00", "13:30"] }] }
  - { id: queue }
  - { id: sdms }
interfaces:
  - id: his-queue-call
    from: his
    to: queue
    protocol: record
    source:
      kafka:
        brokers: ["10.1.0.5:9092", "[::1]:9093"]
        topics: "his.registration.*"
        groups: [queue-screens]
        tls: { ca: ca.pem }
        sasl: { mechanism: scram-sha-512, username: auscult, passwordFile: kafka.password }
  - id: emr-sdms-report
    from: his
    to: sdms
    protocol: record
    source:
      files: { folder: drop, pattern: "SD*.csv", marker: "{name}.ok", deadline: "02:30", results: { name: "{stem}.result.csv", rejected: { column: 结果, values: [失败] } } }
  - id: his-lis
    from: his
    to: sdms
    protocol: mllp
    source: { proxy: { listen: "127.0.0.1:6661", upstream: "10.1.0.20:6661" } }
    probes:
      - { kind: tcp, everyMs: 60000 }
      - { kind: mllp, message: probe.hl7, everyMs: 300000 }
`)
  expect(problems.filter((p) => p.severity === 'error')).toEqual([])
  const [queue, report, lab] = config?.catalogue.interfaces ?? []
  expect(queue?.sources.kafka).toEqual({
    brokers: [
      { host: '10.1.0.5', port: 9092 },
      { host: '::1', port: 9093 },
    ],
    topics: 'his.registration.*',
    groups: ['queue-screens'],
    from: 'latest',
    observerGroup: 'auscult-his-queue-call',
    lagEveryMs: 5000,
    tls: { cert: null, key: null, ca: join(folder, 'ca.pem'), verifyPeer: true, serverName: null },
    sasl: {
      mechanism: 'scram-sha-512',
      username: 'auscult',
      passwordFile: join(folder, 'kafka.password'),
      passwordEnv: null,
    },
  })
  expect(report?.sources.files).toEqual({
    folder: join(folder, 'drop'),
    pattern: 'SD*.csv',
    marker: '{name}.ok',
    everyMs: 10_000,
    stableMs: 15_000,
    graceMs: 600_000,
    deadline: '02:30',
    encoding: 'auto',
    results: {
      folder: join(folder, 'drop'),
      name: '{stem}.result.csv',
      withinMs: null,
      rejectedShareMax: 0.01,
      rejected: { column: '结果', values: ['失败'] },
    },
  })
  // Without an address of its own a probe asks the system that the proxy dials.
  expect(lab?.probes?.map((p) => ('address' in p ? p.address.port : null))).toEqual([6661, 6661])
  expect(config?.catalogue.systems[0]?.probes).toEqual([
    {
      kind: 'ntp',
      everyMs: null,
      at: ['07:00', '13:30'],
      timeoutMs: 5000,
      address: { host: '10.1.0.10', port: 123 },
      offsetMsMax: 1000,
    },
  ])
})

it('says what is wrong with them, by line', async () => {
  const { config, problems } = await load(`systems: [{ id: his }, { id: queue }]
interfaces:
  - id: a
    from: his
    to: queue
    protocol: mllp
    source:
      kafka: { brokers: ["b:99999"], topic: t, groups: [auscult-a] }
  - id: b
    from: his
    to: queue
    protocol: record
    source:
      files: { folder: drop, marker: done.ok }
    probes:
      - { kind: tcp, everyMs: 60000 }
      - { kind: tls, address: "h:443", calledAe: PACS, everyMs: 60000 }
      - { kind: fhir, everyMs: 60000 }
      - { kind: http, url: "https://u:p@h/", at: ["07:00"] }
      - { kind: c-echo, address: "h:104" }
`)
  expect(config).toBeNull()
  const errors = problems.filter((p) => p.severity === 'error').map((p) => [p.place.line, p.message])
  expect(errors).toEqual([
    [8, 'the port must be at most 65535'],
    [8, "the observer's own group can't be a watched one: its members would share the messages"],
    [8, 'a kafka source delivers records: the protocol must be record'],
    [14, 'must hold {name} or {stem}, or all files would share one marker'],
    [16, '"address" is missing'],
    [17, '"calledAe" means nothing to a probe of kind tls'],
    [18, '"url" is missing'],
    [19, 'credentials have no place in a URL'],
    [20, '"calledAe" is missing'],
    [20, 'one of "everyMs" and "at" is needed'],
  ])
})

it('takes no password in the file, and no time that is none', async () => {
  const { problems } = await load(`interfaces:
  - id: a
    from: his
    to: queue
    protocol: record
    source:
      kafka: { brokers: ["b:9092"], topic: t, sasl: { mechanism: plain, username: u, password: p } }
    probes:
      - { kind: tcp, address: "b:1", at: ["25:00"] }
`)
  expect(problems.filter((p) => p.severity === 'error').map((p) => [p.place.line, p.message])).toEqual(
    expect.arrayContaining([
      [7, 'unknown key "password"'],
      [9, 'must be: a time of day in quotes, 00:00 to 23:59.'],
    ]),
  )
})
