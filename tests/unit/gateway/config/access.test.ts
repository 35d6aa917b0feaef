import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../../gateway/clock.ts'
import { loadConfig } from '../../../../gateway/config/config.ts'
import { openProvider } from '../../../../gateway/config/provider.ts'

const folder = mkdtempSync(join(tmpdir(), 'auscult-config-access-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function load(yaml: string) {
  const file = join(folder, 'auscult.yaml')
  writeFileSync(
    file,
    `systems: [{ id: his }, { id: lis }]\ninterfaces:\n  - { id: a, from: his, to: lis, protocol: mllp }\n${yaml}`,
  )
  return loadConfig(file, { protocols: [], hasContract: () => true })
}

const oidc = `access:
  oidc:
    issuer: https://id.szph.example
    clientId: auscult
    clientSecret: { file: secret.txt }
    address: https://auscult.szph.example
    roles: { integration: engineer }
`

describe('who gets in, and where the audit is anchored', () => {
  it('has defaults that need nothing', async () => {
    const { config } = await load('')
    expect(config?.access).toEqual({ sessionLimits: { lifeMs: 43_200_000, idleMs: 3_600_000 }, oidc: null })
    expect(config?.api).toMatchObject({ tls: null, isBehindTls: false, proxies: [] })
    expect(config?.audit).toEqual({ anchorFile: null, syslog: null })
  })
  it('takes what the configuration says, files from its own folder', async () => {
    const { config } = await load(`
api: { listen: "0.0.0.0:8443", tls: { cert: desk.crt, key: desk.key } }
access: { idleMinutes: 15, sessionHours: 8 }
audit: { anchorFile: /mnt/worm/anchor.jsonl, syslog: { host: collector, ca: ca.pem } }
`)
    expect(config?.api.tls).toEqual({ cert: join(folder, 'desk.crt'), key: join(folder, 'desk.key') })
    expect(config?.access.sessionLimits).toEqual({ lifeMs: 28_800_000, idleMs: 900_000 })
    expect(config?.audit).toMatchObject({
      anchorFile: '/mnt/worm/anchor.jsonl',
      syslog: { host: 'collector', port: 6514, ca: join(folder, 'ca.pem'), cert: null },
    })
  })
  it('says what is wrong with a role that there is none of, and a certificate without its key', async () => {
    const { config, problems } = await load(`${oidc.replace('engineer', 'root')}api: { tls: { cert: desk.crt } }\n`)
    expect(config).toBeNull()
    expect(problems.map(({ place }) => place.key)).toEqual(expect.arrayContaining(['access.oidc.roles.integration', 'api.tls']))
  })
  it('believes proxies by address or network, and says which of them is none', async () => {
    const good = ['127.0.0.1', '::1', '10.0.5.0/24', '2001:db8::/32']
    expect((await load(`api: { proxies: ${JSON.stringify(good)} }\n`)).config?.api.proxies).toEqual(good)
    const bad = ['proxy.szph.example', '10.0.5.0/33', '10.0.5', '10.0.5.1/', '10.0.5.1/8/8']
    const { config, problems } = await load(`api: { proxies: ${JSON.stringify(bad)} }\n`)
    expect(config).toBeNull()
    expect(problems.map(({ place }) => place.key)).toEqual(bad.map((_, i) => `api.proxies[${i}]`))
  })
  it('reads the provider’s secret from where it stands, and says so when it is not there', async () => {
    const { config } = await load(oidc)
    const wanted = config?.access.oidc
    if (wanted === null || wanted === undefined) throw new Error('no provider')
    expect(() => openProvider(wanted, folder, systemClock())).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    writeFileSync(join(folder, 'secret.txt'), 'sesame\n')
    expect(openProvider(wanted, folder, systemClock()).title).toBe('id.szph.example')
  })
})
