import type { Reading } from './reading.ts'
import type { Text } from './text.ts'

/** What of a peer's fingerprint may become another. */
export const fingerprintKinds = ['software', 'application', 'message-version', 'path', 'fields'] as const
export type FingerprintKind = (typeof fingerprintKinds)[number]

const kinds: { readonly [kind in FingerprintKind]: Text } = {
  software: { zh: '软件标识', en: 'software' },
  application: { zh: '应用标识', en: 'application' },
  'message-version': { zh: '报文版本', en: 'message version' },
  path: { zh: '路径版本', en: 'version in the path' },
  fields: { zh: '固定字段', en: 'fields of every message' },
}

/** What a reading `versions/changed` says of the system, in a clause. */
export function versionChangeText(changed: Reading | null, system: Text): Text {
  const fact = (name: string) => String(changed?.facts[name] ?? '')
  const known = fingerprintKinds.find((one) => one === fact('kind'))
  const kind = known === undefined ? { zh: '指纹', en: 'fingerprint' } : kinds[known]
  const [from, to] = [fact('from'), fact('to')]
  return {
    zh: `${system.zh} 的${kind.zh}由「${from}」变为「${to}」`,
    en: `${kind.en} of ${system.en} changed from "${from}" to "${to}"`,
  }
}
