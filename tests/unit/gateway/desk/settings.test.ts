import { createSecretKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadConfig } from '../../../../gateway/config/config.ts'
import { describeInstallation } from '../../../../gateway/describe-installation.ts'
import { openChannel } from '../../../../gateway/desk/notices/channels/open-channel.ts'
import { secretsFrom } from '../../../../gateway/store/secrets.ts'
import { startReceiver } from '../../../support/receiver.ts'
import { type OpenDesk, openDesk } from './open-desk.ts'

let open: OpenDesk
let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'auscult-settings-'))
  open = await openDesk()
})
afterEach(async () => {
  await open.close()
  rmSync(folder, { recursive: true, force: true })
})

it('says how far it has come, to those who may know', async () => {
  const { json } = await open.ask('admin', '/settings')
  expect(json).toMatchObject({ version: '0.1.0', position: null, startedAt: '2026-11-23T08:01:00.000+08:00', setup: null })
  expect((await open.ask('viewer', '/settings')).status).toBe(403)
})

it('describes an installation by names and numbers, with no secret and no place of one', async () => {
  const sealing = Buffer.alloc(32, 7)
  writeFileSync(join(folder, 'sealing.key'), sealing)
  writeFileSync(join(folder, 'robot'), 'https://robot.example/send?key=0f3a')
  const file = join(folder, 'auscult.yaml')
  writeFileSync(
    file,
    `
interfaces: [{ id: a, from: his, to: lis, protocol: mllp, format: hl7v2, source: { capture: { acceptor: "10.1.0.20:6661" } } }]
encryption: { keyFile: sealing.key }
store: { exchangeDays: 200, bodyDays: 20, seriesDays: 500 }
desk: { channels: [{ name: group, kind: wecom, urlFrom: { file: robot } }, { name: mail, kind: smtp, host: mail.example, from: a@b.c, to: [d@b.c], tls: none }] }
access: { oidc: { issuer: "https://id.example", clientId: auscult, clientSecret: { env: OIDC_SECRET }, address: "https://auscult.example", roles: { it: engineer } } }
`,
  )
  const { config, problems } = await loadConfig(file, { protocols: [], hasContract: () => true })
  if (config === null) throw new Error(problems.map(({ message }) => message).join())
  const [first, second] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const secrets = secretsFrom(first, second)
  const certificate = readFileSync(join(import.meta.dirname, '../../../../fixtures/tls/server.crt'))
  const told = describeInstallation(config, secrets, 'd1', certificate)
  expect(told.certificateUntil).toBe(Date.parse(new X509Certificate(certificate).validTo))
  expect(told).toMatchObject({
    configFile: 'auscult.yaml',
    retention: { exchangeDays: 200, bodyDays: 20, seriesDays: 500 },
    tls: 'none',
    provider: { issuer: 'https://id.example' },
    channels: [
      { name: 'group', kind: 'wecom' },
      { name: 'mail', kind: 'smtp' },
    ],
  })
  expect(told.keys.map(({ purpose, earlier }) => [purpose, earlier])).toEqual([
    ['sealing', 0],
    ['tokens', 1],
    ['bearer', 0],
    ['audit', 0],
  ])
  expect(new Set(told.keys.map(({ id }) => id)).size).toBe(4)
  const text = JSON.stringify(told)
  const keys = [...(['tokens', 'bearer', 'audit'] as const).map((purpose) => secrets.key(purpose)), createSecretKey(sealing)]
  for (const secret of ['robot', 'sealing.key', 'OIDC_SECRET', folder, ...keys.map((key) => key.export().toString('hex'))])
    expect(text).not.toContain(secret)
})

it('sends a test notice on one channel and says whether it was taken, in the audit too', async () => {
  const server = await startReceiver()
  const url = server.url
  const channel = openChannel({ kind: 'webhook', name: 'hook', language: 'en', url, secret: 's' })
  const own = await openDesk({ channels: [channel] })
  try {
    expect((await own.ask('desk', '/channels/hook/test', {})).json).toEqual({ refusal: null })
    const [told] = server.received
    expect(JSON.parse(told?.body ?? '')).toMatchObject({ kind: 'test', title: { en: '[Test] Channel hook' } })
    await server.close()
    const { json } = await own.ask('admin', '/channels/hook/test', {})
    expect(json).toMatchObject({ refusal: expect.any(String) })
    expect(JSON.stringify(json)).not.toContain(new URL(url).port)
    expect((await own.ask('engineer', '/channels/hook/test', {})).status).toBe(403)
    expect((await own.ask('desk', '/channels/other/test', {})).status).toBe(404)
    const audit = await own.ask('auditor', '/audit')
    expect(audit.text).toContain('change /channels/{name}/test')
    // Nothing is owed on it, and nothing of it waits.
    expect(await own.store.deliveryCounts()).toEqual([])
  } finally {
    await own.close()
  }
})
