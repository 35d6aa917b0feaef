import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dicom } from '../../../../../adapters/formats/dicom/dicom.ts'
import { standardContractOf } from '../../../../../contracts/languages.ts'
import type { Envelope } from '../../../../../gateway/model/envelope.ts'

const root = new URL('../../../../../fixtures/dicom/', import.meta.url)
const samples = [
  'mwl/wl0.wl',
  'charset/chrH32.dcm',
  'pydicom/reportsi.dcm',
  'pydicom/UN_sequence.dcm',
  'pydicom/MR_small_implicit.dcm',
].map((name) => readFileSync(new URL(name, root)).subarray(0, 8_192))
const standard = standardContractOf('dicom')

const envelopes: readonly (Envelope | undefined)[] = [
  undefined,
  [
    ['command', 'C-STORE-RQ'],
    ['transfer-syntax', '1.2.840.10008.1.2.1'],
  ],
  [
    ['command', 'C-FIND-RQ'],
    ['transfer-syntax', '1.2.840.10008.1.2'],
  ],
  [
    ['command', 'N-SET-RQ'],
    ['transfer-syntax', '1.2.840.10008.1.2.2'],
  ],
  [
    ['command', 'C-STORE-RQ'],
    ['transfer-syntax', '1.2.840.10008.1.2.1.99'],
  ],
  [
    [':method', 'POST'],
    [':path', '/studies'],
    ['content-type', 'multipart/related; boundary=b; type="application/dicom"'],
  ],
  [
    [':status', '200'],
    ['content-type', 'application/dicom+json'],
  ],
  [
    [':status', '200'],
    ['content-type', 'application/dicom+xml'],
  ],
]

/** Everything that can be asked of a document. */
function askAll(body: Uint8Array, envelope: Envelope | undefined, bodyBytes: number): void {
  const document = dicom.read(body, {
    at: 0,
    timezone: 'Asia/Shanghai',
    bodyBytes,
    ...(envelope === undefined ? {} : { envelope }),
  })
  const facts = document.facts()
  expect(facts.defects.length).toBeLessThanOrEqual(200)
  expect(facts.keys.length).toBeLessThanOrEqual(200)
  document.tree()
  document.text()
  document.get('PatientName.Ideographic')
  document.get('part[2].RequestAttributesSequence[3].00400009')
  expect((standard?.check(document, 'request') ?? []).length).toBeLessThanOrEqual(50)
}

describe('hostile bodies', () => {
  it('never throw, whatever is changed in a sound one', () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.constantFrom(...envelopes),
        fc.array(change, { maxLength: 12 }),
        fc.nat(),
        (sample, envelope, changes, cut) => {
          const isFile = envelope === undefined || envelope[0]?.[0] !== 'command'
          const body = Buffer.from(isFile ? sample : sample.subarray(132))
          for (const [at, byte] of changes) body[at % body.length] = byte
          askAll(cut % 3 === 0 ? body.subarray(0, cut % body.length) : body, envelope, body.length)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('never throw, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...envelopes), (body, envelope) =>
        askAll(body, envelope, body.length),
      ),
      { numRuns: 400 },
    )
  })

  it('are read in a time that grows with their length alone', () => {
    // Nested sequences of undefined length that are never closed; items without end; a million empty elements.
    const open = Buffer.from('08004011' + '5351' + '0000' + 'ffffffff' + 'feff00e0' + 'ffffffff', 'hex')
    const items = Buffer.concat([
      Buffer.from('08004011' + '5351' + '0000' + 'ffffffff', 'hex'),
      Buffer.alloc(400_000, Buffer.from('feff00e000000000', 'hex')),
    ])
    const empty = Buffer.alloc(800_000, Buffer.from('0800500053480000', 'hex'))
    for (const body of [Buffer.alloc(400_000, open), items, empty]) askAll(body, envelopes[1], body.length)
  })
})
