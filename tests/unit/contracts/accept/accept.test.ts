import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { acceptInto } from '../../../../contracts/accept/accept.ts'
import type { Accept } from '../../../../contracts/accept/editing.ts'
import { compareContracts } from '../../../../contracts/diff/compare.ts'
import { compileContractText } from '../../../../contracts/languages.ts'

const library = (id: string) => readFileSync(new URL(`../../../../contracts/library/${id}.yaml`, import.meta.url), 'utf8')

function accepted(id: string, accept: Accept, learnt: string | null = null) {
  const before = library(id)
  const { text, left } = acceptInto(before, [accept], learnt)
  // Whatever is proposed can be used as it is.
  compileContractText({ text, path: `${id}.yaml` }, () => null)
  const lines = text.split('\n').filter((line) => !before.split('\n').includes(line))
  return { changes: compareContracts(before, text).map((change) => change.text.en), left, lines }
}

const head = 'contract: x\nversion: 1\ntitle: { zh: 无, en: x }\n'

describe('hl7v2', () => {
  const id = 'his-lis-lab-order'
  it('takes back what is required, and changes that line and the version alone', () => {
    expect(accepted(id, { element: 'PV1-19', rule: 'required', type: 'OML^O21' })).toEqual({
      changes: ['OML^O21 PV1-19: was required, is required when known now'],
      left: [],
      lines: ['version: 2', '      PV1-19: RE # 就诊流水号:结果回写靠它'],
    })
  })
  it('takes the field back with its component, so that the standard asks for it no longer', () => {
    const { lines } = accepted(id, { element: 'PID-3', rule: 'required', type: 'ADT^A08' })
    expect(lines).toEqual(['version: 2', '      PID-3.1: RE', '      PID-3: O'])
  })
  it('adds the codes that came', () => {
    const learnt = `${head}format: hl7v2\nmessages:\n  OML^O21:\n    fields:\n      ORC-1: { usage: R, values: [ NW, XX ] }\n`
    expect(accepted(id, { element: 'ORC-1', rule: 'table', type: 'OML^O21' }, learnt).changes).toEqual([
      'OML^O21 ORC-1: codes: XX added',
    ])
  })
  it('takes back what the standard alone requires', () => {
    expect(accepted(id, { element: 'OBR-1', rule: 'required', type: 'OML^O21' }).lines).toContain('      OBR-1: O')
  })
  it('adds a message type that came', () => {
    const learnt = `${head}format: hl7v2\nmessages:\n  ADT^A04:\n    side: request\n    fields:\n      PID-3: R\n`
    expect(accepted(id, { element: 'MSH-9', rule: 'structure', type: 'ADT^A04' }, learnt).changes).toEqual([
      'ADT^A04: is agreed now',
    ])
  })
  it('leaves rules of people to people', () => {
    const accept = { element: 'PID-3.5', rule: 'condition', type: null }
    expect(accepted(id, accept)).toMatchObject({ changes: [], left: [accept], lines: [] })
  })
})

describe('json', () => {
  it('takes back a required member, and widens a type behind a reference', () => {
    const required = accepted('emr-cdss-rx-check', { element: 'patient.visitId', rule: 'required', type: 'POST /rx/check' })
    expect(required.changes).toEqual(['POST /**/rx/check request patient.visitId: was required, is optional now'])
    const learnt = `${head}format: json\noperations:\n  a:\n    route: POST /rx/check\n    request:\n      schema: { type: object, properties: { prescription: { type: object, properties: { items: { type: array, items: { type: object, properties: { dose: { type: string } } } } } } } }\n`
    const type = accepted('emr-cdss-rx-check', { element: 'prescription.items.dose', rule: 'type', type: null }, learnt)
    expect(type.lines).toContain('      dose: { type: [ number, string ], exclusiveMinimum: 0 } # "0.5g" 一类的文本会被误判')
  })
})

it.each([
  [
    'cssd-his-trace',
    { element: 'items/item/packCode', rule: 'required', type: null },
    'PushTraceBatch items/item/packCode: was required, is required when known now',
  ],
  ['modality-pacs-store', { element: 'Modality', rule: 'table', type: null }, 'codes'],
  ['mnis-emr-nursing', { element: 'valueQuantity.code', rule: 'table', type: null }, ''],
] as const)('%s', (id, accept, expected) => {
  const { changes, left } = accepted(id, accept)
  if (left.length === 0) expect(changes.join('; ')).toContain(expected)
})
