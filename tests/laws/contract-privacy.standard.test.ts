import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hl7v2 } from '../../adapters/formats/hl7v2/hl7v2.ts'
import { compileContract } from '../../contracts/hl7v2/compile.ts'
import { standardAgreement, standardContract } from '../../contracts/hl7v2/standard.ts'
import { compileContractFile } from '../../gateway/contract-files.ts'
import { contractPrivacyLaw, type NamedMessage } from './contract-privacy.ts'

const root = new URL('../../fixtures/messages/', import.meta.url)
const hints = { at: Date.UTC(2026, 10, 23), timezone: 'Asia/Shanghai' }

function messages(folder: string): readonly NamedMessage[] {
  return readdirSync(new URL(folder, root))
    .filter((name) => name.endsWith('.hl7'))
    .map((name) => ({ name, document: hl7v2.read(readFileSync(new URL(`${folder}/${name}`, root)), hints) }))
}

const folders = readdirSync(root, { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && entry.name !== 'simhospital' && entry.name !== 'mllp-frames',
)

describe('contract privacy: the standard', () => {
  const standard = standardContract(null)
  for (const folder of folders) contractPrivacyLaw(standard, messages(folder.name))
})

describe.each(['lis-emr-lab-result', 'his-lis-lab-order', 'his-esb-adt'])('contract privacy: %s', (id) => {
  contractPrivacyLaw(compileContractFile(id, '.'), messages('zh-synthetic'))
})

it('the law can fail: a contract that tells the value is caught by it', () => {
  const leaking = compileContract({
    ...standardAgreement(null),
    messages: [],
    assertions: [
      {
        id: 'leak',
        segment: 'PID',
        when: null,
        require: { kind: 'empty', path: { segment: 'PID', field: 3, component: 0, subcomponent: 0 } },
        at: null,
        severity: null,
        message: { zh: '病人 P0001', en: 'patient P0001' },
      },
    ],
  })
  const [first] = messages('zh-synthetic')
  const text = first === undefined ? [] : leaking.check(first.document, 'request').map(({ message }) => message.en)
  expect(text).toContain('patient P0001')
})
