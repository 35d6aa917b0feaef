import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dicom } from '../../adapters/formats/dicom/dicom.ts'
import { standardContractOf } from '../../contracts/languages.ts'
import { compileContractFile } from '../../gateway/contract-files.ts'
import { attributeNamed } from '../../gateway/model/dicom/dictionary.ts'
import type { Document } from '../../gateway/model/document.ts'
import type { CompiledContract } from '../../gateway/model/violation.ts'

const root = new URL('../../fixtures/dicom/', import.meta.url)
const files = ['charset', 'dicomdir-study', 'mwl', 'pydicom'].flatMap((folder) =>
  readdirSync(new URL(folder, root))
    .filter((name) => /\.(?:dcm|wl)$/.test(name))
    .map((name) => `${folder}/${name}`),
)
const standard = standardContractOf('dicom')
const contracts = [
  ...(standard === null ? [] : [standard]),
  ...['modality-ris-worklist', 'modality-pacs-store', 'ecg-emr-waveform', 'pacs-consult-dicomweb'].map((id) =>
    compileContractFile(id, '.'),
  ),
]
const messages = [
  ['C-STORE-RQ', '1.2.840.10008.5.1.4.1.1.2'],
  ['C-STORE-RQ', '1.2.840.10008.5.1.4.1.1.9.1.1'],
  ['C-FIND-RQ', '1.2.840.10008.5.1.4.31'],
  ['C-FIND-RSP', '1.2.840.10008.5.1.4.31'],
  ['N-CREATE-RQ', '1.2.840.10008.3.1.2.3.3'],
  ['STOW-RQ', null],
] as const

/**
 * The privacy law for DICOM: whatever a message holds, and however wrong it is, no text of a violation or a defect repeats a value of it. Every sample is
 * asked of every contract as each of its messages, as it is and with every value where the one before it stood.
 */
describe.each(files)('%s', (name) => {
  it('is repeated by no contract', () => {
    const document = dicom.read(readFileSync(new URL(name, root)), { at: 0, timezone: 'UTC' })
    const values = telling(textsOf(document.shape()))
    for (const [command, sopClass] of messages) {
      for (const seen of [
        as(document, command, sopClass, 0),
        as(document, command, sopClass, 1),
        as(document, command, sopClass, 7),
      ]) {
        for (const contract of contracts) expect(toldBy(contract, seen, values)).toEqual([])
      }
    }
  })
})

it('the law can fail: a contract that tells the value is caught by it', () => {
  const document = dicom.read(readFileSync(new URL('mwl/wl1.wl', root)), { at: 0, timezone: 'UTC' })
  const message = { zh: '病人 A202611230002', en: 'x' }
  const leaking: CompiledContract = {
    id: 'leak',
    version: '1',
    check: () => [{ path: '', element: '', rule: 'type', severity: 'warn', message, shape: null, side: 'request' }],
  }
  expect(toldBy(leaking, document, telling(textsOf(document.shape())))).toContain('A202611230002')
})

function as(document: Document, command: string, sopClass: string | null, by: number): Document {
  const shape = document.shape()
  const texts = textsOf(shape)
  let next = by
  const turned = (value: unknown): unknown => {
    if (typeof value === 'string') return texts[next++ % texts.length]
    if (Array.isArray(value)) return value.map(turned)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, structural.has(key) ? inner : turned(inner)]))
  }
  const dataSets = dataSetsOf(shape)
  return {
    ...document,
    facts: () => document.facts(),
    shape: () => ({ command, sopClass, dataSets: by === 0 ? dataSets : dataSets.map(turned) }),
  }
}

function toldBy(contract: CompiledContract, document: Document, values: readonly string[]): readonly string[] {
  const violations = (['request', 'answer'] as const).flatMap((side) => contract.check(document, side))
  const texts = [
    ...violations.flatMap(({ message, path, element, rule, shape }) => [
      message.zh,
      message.en,
      path,
      element,
      rule,
      shape ?? '',
    ]),
    ...document.facts().defects.flatMap(({ path, text }) => [path ?? '', text]),
  ]
  const words = new Set(texts.flatMap((text) => text.split(/[\s,;:()"'.[\]]+/u)))
  return values.filter(
    (value) =>
      words.has(value) || (value.length > 7 && /[\d\p{Script=Han}]/u.test(value) && texts.some((text) => text.includes(value))),
  )
}

function dataSetsOf(shape: unknown): readonly unknown[] {
  return typeof shape === 'object' && shape !== null && 'dataSets' in shape && Array.isArray(shape.dataSets)
    ? shape.dataSets
    : []
}

/** What of an attribute isn't its value. */
const structural = new Set(['tag', 'vr', 'BulkDataURI'])

/** Every text of every value. */
function textsOf(shape: unknown): readonly string[] {
  const found: string[] = []
  const collect = (value: unknown): void => {
    if (typeof value === 'string') found.push(value)
    else if (Array.isArray(value)) for (const inner of value) collect(inner)
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) if (!structural.has(key)) collect(inner)
  }
  for (const set of dataSetsOf(shape)) collect(set)
  return found.length === 0 ? [''] : found
}

/** Values that could tell something: four characters or more, and neither a word of the contracts nor a keyword. */
function telling(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter(
    (text) => text.length >= 4 && !/^(?:[a-z]+|UTF-8|ASCII|ISO_IR \d+|GB18030)$/.test(text) && attributeNamed(text) === null,
  )
}
