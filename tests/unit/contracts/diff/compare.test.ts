import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { compareContracts } from '../../../../contracts/diff/compare.ts'
import { libraryIds } from '../../../../contracts/library.ts'

const head = 'contract: x\nversion: 1\ntitle: { zh: 无, en: x }\n'
const told = (before: string, after: string) =>
  compareContracts(head + before, head + after).map(({ text, breaking }) => `${text.en} [${breaking.join(' ')}]`)

const hl7 = (fields: string, more = '') => `format: hl7v2\n${more}messages:\n  ADT^A01:\n    fields:\n${fields}`

it('says what is held more strictly, and that it breaks the sender', () => {
  expect(told(hl7('      PV1-2: RE\n'), hl7('      PV1-2: { usage: R, values: [I, O] }\n'))).toEqual([
    'ADT^A01 PV1-2: was required when known, is required now [sender]',
    'ADT^A01 PV1-2: codes: I, O, not agreed before [sender]',
  ])
  expect(told(hl7('      PID-8: O\n'), hl7('      PID-8: X\n'))).toEqual([
    'ADT^A01 PID-8: was optional, is not allowed now [sender]',
  ])
})

it('says what is held less strictly, and that it breaks the receiver', () => {
  expect(told(hl7('      PID-8: { usage: R, values: [M, F] }\n'), hl7('      PID-8: { values: [F, M, U] }\n'))).toEqual([
    'ADT^A01 PID-8: was required, is optional now [receiver]',
    'ADT^A01 PID-8: codes: U added [receiver]',
  ])
  expect(told(hl7('      PID-3: { length: ..20 }\n'), hl7('      PID-3: { length: ..40 }\n'))).toEqual([
    'ADT^A01 PID-3: length: was ..20, is ..40 now [receiver]',
  ])
})

it('breaks nobody by what is only shown or weighs otherwise', () => {
  expect(
    told(hl7('      PID-8: { usage: RE, note: a }\n'), hl7('      PID-8: { usage: O, severity: observe, note: b }\n')),
  ).toEqual([
    'ADT^A01 PID-8: was required when known, is optional now []',
    'ADT^A01 PID-8: weight of a breach: observe, not agreed before []',
  ])
})

it('tells a message that came or went once', () => {
  const a = hl7('      PID-8: R\n')
  const both = `${a}  ADT^A02:\n    fields:\n      PID-3: R\n`
  expect(told(a, both)).toEqual(['ADT^A02: is agreed now [receiver]'])
  expect(told(both, a)).toEqual(['ADT^A02: is no longer agreed [sender]'])
})

it('takes a rule of all messages and the same rule of each for one', () => {
  const each = 'format: hl7v2\nmessages:\n  ADT^A01: { fields: { PID-3.1: R } }\n  ADT^A02: { fields: { PID-3: R } }\n'
  const all = 'format: hl7v2\nfields: { PID-3: R }\nmessages:\n  ADT^A01: {}\n  ADT^A02: {}\n'
  expect(told(each, all)).toEqual([])
  expect(told(all, 'format: hl7v2\nmessages:\n  ADT^A01: {}\n  ADT^A02: {}\n')).toEqual([
    'PID-3: was required, is optional now [receiver]',
  ])
})

it('follows schemas through their definitions', () => {
  const json = (schema: string) =>
    `format: json\ndefinitions:\n  id: { type: string, maxLength: 64 }\noperations:\n  a:\n    route: POST /a\n    request:\n      schema: ${schema}\n`
  const before = json('{ type: object, required: [x], properties: { x: { $ref: "#/definitions/id" }, n: { type: integer } } }')
  const after = json('{ type: object, properties: { x: { type: string, maxLength: 32 }, n: { type: number } } }')
  expect(told(before, after)).toEqual([
    'POST /a request x: was required, is optional now [receiver]',
    'POST /a request x: length: was ..64, is ..32 now [sender]',
    'POST /a request n: type: was integer, is number now [sender receiver]',
  ])
})

it.each(libraryIds)('%s differs in nothing from itself', (id) => {
  const text = readFileSync(new URL(`../../../../contracts/library/${id}.yaml`, import.meta.url), 'utf8')
  expect(compareContracts(text, text)).toEqual([])
  expect(compareContracts(text, text.replace('version: 1', 'version: 2'))).toEqual([])
})
