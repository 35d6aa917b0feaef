import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import type { Violation } from '../../../../../gateway/model/violation.ts'
import { element } from '../../../../support/dicom-writer.ts'

/** What a process says of a body that it has, or hasn't, met the like of. */
type Say = (body: Buffer, syntax: string, bodyBytes: number) => unknown

const agreed = `
contract: modality-pacs-store
version: 1
title: { zh: 影像, en: Images }
format: dicom
messages:
  C-STORE-RQ:
    attributes:
      SOPClassUID: 1
      StudyDate: { type: 1, format: date }
      AccessionNumber: 1
      Modality: { type: 1, values: [CT] }
      PatientName: 2
      OtherPatientIDsSequence.PatientID: { values: [X1] }
      WindowCenter: { vm: 2 }
      Rows: { values: ["512"] }
`

/** A process of its own: nothing is remembered yet. */
async function begun(): Promise<Say> {
  vi.resetModules()
  const { dicom } = await import('../../../../../adapters/formats/dicom/dicom.ts')
  const { compileContract } = await import('../../../../../contracts/dicom/compile.ts')
  const { parseContract } = await import('../../../../../contracts/dicom/read.ts')
  const contract = compileContract(parseContract(agreed, 'agreed').contract)
  return (body, syntax, bodyBytes) => {
    const document = dicom.read(body, {
      at: 0,
      timezone: 'Asia/Shanghai',
      bodyBytes,
      side: 'request',
      envelope: [
        ['command', 'C-STORE-RQ'],
        ['transfer-syntax', syntax],
        ['affected-sop-class', '1.2.840.10008.5.1.4.1.1.2'],
      ],
    })
    const violations: readonly Violation[] = contract.check(document, 'request')
    const values = ['Rows', 'PixelPaddingValue', 'StudyDescription', 'OtherPatientIDsSequence[1].PatientID'].map(document.get)
    return {
      facts: document.facts(),
      shape: withoutStretches(document.shape()),
      text: document.text(),
      tree: document.tree(),
      violations,
      values,
    }
  }
}

/** Members one after the other, however they hang together. */
function withoutStretches(shape: unknown): unknown {
  return JSON.parse(JSON.stringify(shape), (_, value: unknown) =>
    Array.isArray(value)
      ? value.flatMap((one: unknown) => (typeof one === 'object' && one !== null && 'members' in one ? one.members : [one]))
      : value,
  )
}

const text = (value: string) => Buffer.from(value, 'latin1')
const short = (...numbers: number[]) => Buffer.from(Int16Array.from(numbers).buffer)

/** An image's elements; of those with several values one is chosen for each message. */
const attributes: readonly (readonly [tag: number, vr: string, ...values: (Buffer | null)[]])[] = [
  [0x00080005, 'CS', text('ISO_IR 192'), text('GB18030 '), null],
  [0x00080008, 'CS', text('ORIGINAL\\PRIMARY ')],
  [0x00080016, 'UI', text('1.2.840.10008.5.1.4.1.1.2\0'), text('1.2.840.10008.5.1.4.1.1.4\0')],
  [0x00080020, 'DA', text('20261123'), text('2026112x')],
  [0x00080023, 'DA', text('20261123')],
  [0x00080033, 'TM', text('101500'), text('101501')],
  [0x00080050, 'SH', text('A1'), text('A2'), text('')],
  [0x00080060, 'CS', text('CT'), text('MR')],
  [0x00081030, 'LO', text('Kopf'), text('\xe8\x83\xb8\xe9\x83\xa8'), text('\xd0\xd8\xb2\xbf')],
  [0x00100010, 'PN', text('Doe^Jane'), text('\xe5\xbc\xa0 ')],
  [0x00100020, 'LO', text('P1'), text('P2')],
  [0x00101002, 'SQ', item(0x00100020, 'LO', text('X1')), item(0x00100020, 'LO', text('X2')), text('')],
  [0x00190010, 'LO', text('MAKER 1 ')],
  [0x00191001, 'UN', text('1234'), null],
  [0x0020000d, 'UI', text('1.2.3.4 '), text('1.2.3.45')],
  [0x00200013, 'IS', text('1 '), text('2 ')],
  [0x00280010, 'US', short(512), short(256)],
  [0x00280103, 'US', short(0), short(1), null],
  [0x00280120, 'US', short(-2)],
  [0x00281050, 'DS', text('40\\50 ')],
  [0x00400275, 'SQ', item(0x00400009, 'SH', text('T1')), null],
]

function item(tag: number, vr: string, value: Buffer): Buffer {
  const inner = element(tag, vr, value)
  return Buffer.concat([Buffer.from([0xfe, 0xff, 0x00, 0xe0, inner.length, 0, 0, 0]), inner])
}

const syntaxes = { '1.2.840.10008.1.2.1': true, '1.2.840.10008.1.2': false }

interface Edit {
  readonly how: string
  readonly at: number
  readonly value: number
}

const edits: fc.Arbitrary<Edit> = fc.record({
  how: fc.constantFrom('byte', 'twice', 'left out', 'delimiter', 'group length', 'cut', 'swapped'),
  at: fc.nat(),
  value: fc.integer({ min: 0, max: 255 }),
})

const messages = fc.record({
  choices: fc.array(fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.nat(2)), {
    minLength: attributes.length,
    maxLength: attributes.length,
  }),
  edits: fc.array(edits, { maxLength: 2 }),
  /** Often enough to be remembered, and to be joined with what comes before. */
  times: fc.constantFrom(1, 2, 5, 40),
})

function bodyOf({ choices, edits }: { choices: number[]; edits: Edit[] }, isExplicit: boolean): Buffer {
  const elements = attributes.flatMap(([tag, vr, ...values], i) => {
    const value = values[(choices[i] ?? 0) % values.length]
    return value == null ? [] : [element(tag, vr, value, { isExplicit })]
  })
  for (const { how, at } of edits) {
    const i = at % elements.length
    const one = elements[i] ?? Buffer.alloc(0)
    if (how === 'twice') elements.splice(i, 0, one)
    else if (how === 'left out') elements.splice(i, 1)
    else if (how === 'delimiter') elements.splice(i, 0, Buffer.from([0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0]))
    else if (how === 'swapped') elements.splice(i, 2, elements[i + 1] ?? Buffer.alloc(0), one)
    else if (how === 'group length') {
      const length = Buffer.from([20 + (at % 3), 0, 0, 0])
      elements.splice(i, 0, element((one.readUInt16LE(0) << 16) >>> 0, 'UL', length, { isExplicit }))
    }
  }
  let body = Buffer.concat(elements)
  for (const { how, at, value } of edits) {
    if (how === 'byte') body[at % body.length] = value
    else if (how === 'cut') body = body.subarray(0, at % body.length)
  }
  return body
}

it('what is remembered of other messages changes nothing that is said of this one', { timeout: 60_000 }, async () => {
  const warm = await begun()
  await fc.assert(
    fc.asyncProperty(
      fc.array(messages, { minLength: 4, maxLength: 6 }),
      fc.constantFrom(...Object.entries(syntaxes)),
      fc.constantFrom(0, 0, 0, 2),
      async (all, [syntax, isExplicit], missing) => {
        for (const message of all) {
          const body = bodyOf(message, isExplicit)
          const cold = (await begun())(body, syntax, body.length + missing)
          for (let i = 0; i < message.times; i++) expect(warm(body, syntax, body.length + missing)).toEqual(cold)
        }
      },
    ),
    { numRuns: 15, seed: 1 },
  )
})
