import { X509Certificate } from 'node:crypto'
import { basename } from 'node:path'
import type { Config } from './config/config.ts'
import type { Installation } from './desk/installation.ts'
import { keyIdOf } from './log/seal.ts'
import { loadSealingKey } from './sealing-key.ts'
import type { Secrets } from './store/secrets.ts'

/** What people may know of how this installation is set up. `certificate`: the PEM that the desk serves with; null: none. */
export function describeInstallation(
  config: Config,
  secrets: Secrets,
  configDigest: string,
  certificate: Uint8Array | null,
): Installation {
  const { log, store, api, access, desk } = config
  const { oidc } = access
  return {
    configFile: basename(config.file),
    configDigest,
    retention: { ...store, logMs: log.retention.ageMs, logBytes: log.retention.bytes },
    keys: [...sealingKey(config), ...installationKeys(secrets)],
    tls: api.tls === null ? (api.isBehindTls ? 'proxy' : 'none') : 'own',
    certificateUntil: certificate === null ? null : Date.parse(new X509Certificate(certificate).validTo),
    provider: oidc === null ? null : { title: oidc.title ?? oidc.issuer, issuer: oidc.issuer },
    sessions: access.sessionLimits,
    channels: desk.channels.map(({ name, kind, language = 'zh' }) => ({ name, kind, language })),
    hasOwnRules: desk.rules !== null,
  }
}

function sealingKey({ encryption }: Config): Installation['keys'] {
  const key = loadSealingKey(encryption)
  return key === null ? [] : [{ purpose: 'sealing', id: keyIdOf(key).toString('hex'), earlier: 0 }]
}

function installationKeys(secrets: Secrets): Installation['keys'] {
  const { length } = secrets.keys('tokens')
  return (['tokens', 'bearer', 'audit'] as const).map((purpose) => ({
    purpose,
    id: keyIdOf(secrets.key(purpose).export()).toString('hex'),
    // Of the keys that rotate, only tokens are looked up under earlier ones.
    earlier: purpose === 'tokens' ? length - 1 : 0,
  }))
}
