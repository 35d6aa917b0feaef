import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dicom } from '../../../../../adapters/formats/dicom/dicom.ts'
import type { Hints } from '../../../../../gateway/model/document.ts'
import type { Envelope } from '../../../../../gateway/model/envelope.ts'
import { type DataSetContent, dataSet, element } from '../../../../support/dicom-writer.ts'

const explicitLittle = '1.2.840.10008.1.2.1'
const implicitLittle = '1.2.840.10008.1.2'
const ctStorage = '1.2.840.10008.5.1.4.1.1.2'

const association: Envelope = [
  ['calling-ae', 'CT01'],
  ['called-ae', 'PACS'],
  ['context-id', '1'],
]

function hints(side: 'request' | 'answer', own: Envelope): Hints {
  return { at: Date.UTC(2026, 10, 23), timezone: 'Asia/Shanghai', side, envelope: [...association, ...own] }
}

const store = hints('request', [
  ['abstract-syntax', ctStorage],
  ['transfer-syntax', explicitLittle],
  ['command', 'C-STORE-RQ'],
  ['message-id', '7'],
  ['affected-sop-class', ctStorage],
  ['affected-sop-instance', '2.25.7'],
])

const image: DataSetContent = {
  SpecificCharacterSet: 'ISO_IR 192',
  InstanceCreationDate: '20261123',
  InstanceCreationTime: '091501.5',
  SOPClassUID: ctStorage,
  SOPInstanceUID: '2.25.7',
  AccessionNumber: 'A1',
  Modality: 'CT',
  PatientName: 'Wang',
  PatientID: 'P1',
  IssuerOfPatientID: 'SZPH',
  StudyInstanceUID: '2.25.1',
  SeriesInstanceUID: '2.25.2',
  AdmissionID: 'V9',
}

function codesOf(body: Uint8Array, how: Hints = store): readonly string[] {
  return dicom
    .read(body, how)
    .facts()
    .defects.map(({ code, path }) => `${code} ${path ?? ''}`.trim())
}

describe('a C-STORE request', () => {
  const facts = dicom.read(dataSet(image), store).facts()

  it('has its type, its parties and its instance', () => {
    expect(facts).toMatchObject({
      type: 'C-STORE',
      controlId: '2.25.7',
      sender: 'CT01',
      receiver: 'PACS',
      ack: null,
      defects: [],
    })
  })

  it('has its keys', () => {
    expect(facts.keys).toEqual([
      { kind: 'instance', value: '2.25.7', authority: null },
      { kind: 'accession', value: 'A1', authority: null },
      { kind: 'patient', value: 'P1', authority: 'SZPH' },
      { kind: 'study', value: '2.25.1', authority: null },
      { kind: 'series', value: '2.25.2', authority: null },
      { kind: 'visit', value: 'V9', authority: null },
    ])
  })

  it('has its codes', () => {
    expect(facts.codes).toEqual([
      { path: 'TransferSyntaxUID', value: explicitLittle },
      { path: 'SOPClassUID', value: ctStorage },
      { path: 'Modality', value: 'CT' },
    ])
  })

  it('has its creation as an event in the zone of the sender, or in the one that it states', () => {
    const stamp = { path: 'InstanceCreationDate', kind: 'event', resolutionMs: 1 }
    expect(facts.stamps).toEqual([{ ...stamp, at: Date.UTC(2026, 10, 23, 1, 15, 1, 500), hasZone: false }])
    const stated = dicom.read(dataSet({ ...image, TimezoneOffsetFromUTC: '+0000' }), store).facts()
    expect(stated.stamps).toEqual([{ ...stamp, at: Date.UTC(2026, 10, 23, 9, 15, 1, 500), hasZone: true }])
  })

  it('reads the same in Implicit VR, and with sequences of undefined length', () => {
    const set = {
      ...image,
      RequestAttributesSequence: [{ ScheduledProcedureStepID: 'S1' }, { ScheduledProcedureStepID: 'S2' }],
    }
    const implicit = {
      ...store,
      envelope: (store.envelope ?? []).map(([n, v]): [string, string] => [n, n === 'transfer-syntax' ? implicitLittle : v]),
    }
    for (const [how, writing] of [
      [store, {}],
      [store, { isOpen: true }],
      [implicit, { isExplicit: false }],
      [implicit, { isExplicit: false, isOpen: true }],
    ] as const) {
      const document = dicom.read(dataSet(set, writing), how)
      expect(document.facts().defects).toEqual([])
      expect(document.get('RequestAttributesSequence[2].ScheduledProcedureStepID')).toBe('S2')
      expect(document.facts().keys.filter(({ kind }) => kind === 'task')).toHaveLength(2)
    }
  })

  it('ends before its pixels without complaint', () => {
    const header = element(0x7fe00010, 'OW', new Uint8Array(4))
    expect(codesOf(Buffer.concat([dataSet(image), header.subarray(0, 12)]))).toEqual([])
    expect(codesOf(dataSet(image), { ...store, bodyBytes: 500_000 })).toEqual([])
  })
})

describe('answers', () => {
  const answer = (own: Envelope) =>
    dicom.read(new Uint8Array(0), hints('answer', [['command', 'C-STORE-RSP'], ['message-id', '7'], ...own]))

  it('tells a status, where it points, and a comment by its digest alone', () => {
    const { ack, sender, receiver } = answer([
      ['status', 'A900'],
      ['error-comment', 'Patient 12345 unknown'],
      ['offending-element', '00100020'],
    ]).facts()
    expect({ sender, receiver }).toEqual({ sender: 'PACS', receiver: 'CT01' })
    expect(ack).toMatchObject({ code: 'A900', answersId: '7', errors: [{ code: 'A900', location: '00100020' }] })
    expect(ack?.errors[0]?.textDigest).toMatch(/^[0-9a-f]{12}$/)
    expect(ack?.verdict).toBeUndefined()
  })

  it('has no errors in success', () => {
    expect(answer([['status', '0000']]).facts().ack?.errors).toEqual([])
  })

  it('says what a status means, in both languages', () => {
    const [command] = answer([['status', 'A700']]).tree()
    const status = command?.children.find(({ path }) => path === 'command.status')
    expect(status?.meaning).toEqual({ zh: '拒绝:资源不足(存储满或配额)', en: 'Refused: out of resources' })
  })
})

describe('an association', () => {
  it('tells what was proposed', () => {
    const proposed: Envelope = [
      ['application-context', '1.2.840.10008.3.1.1.1'],
      ['context', `1 ${ctStorage} ${implicitLittle},1.2.840.10008.1.2.4.90`],
    ]
    const { type, codes } = dicom.read(new Uint8Array(0), hints('request', proposed)).facts()
    expect(type).toBe('A-ASSOCIATE')
    expect(codes.map(({ value }) => value)).toEqual([ctStorage, implicitLittle, '1.2.840.10008.1.2.4.90'])
  })

  it('shows each context by its parts, an answered one with what was proposed', () => {
    const proposed: Envelope = [
      ['application-context', '1.2.840.10008.3.1.1.1'],
      ['context', `1 ${ctStorage} ${implicitLittle},1.2.840.10008.1.2.4.90`],
      ['context', `3 1.2.3.4 ${implicitLittle}`],
    ]
    const answered: Envelope = [
      ['context', `1 0 ${implicitLittle}`],
      ['context', '3 3 '],
    ]
    const read = dicom.read(new Uint8Array(0), { ...hints('answer', answered), requestEnvelope: proposed })
    const contexts = (read.tree()[0]?.children ?? []).filter(({ children }) => children.length > 0)
    expect(contexts.map(({ children }) => children.map(({ path, value }) => [path, value]))).toEqual([
      [
        ['command.context.context-id', '1'],
        ['command.context.abstract-syntax', ctStorage],
        ['command.context.result', '0'],
        ['command.context.transfer-syntax', implicitLittle],
      ],
      [
        ['command.context[2].context-id', '3'],
        ['command.context[2].abstract-syntax', '1.2.3.4'],
        ['command.context[2].result', '3'],
      ],
    ])
    expect(contexts[1]?.children[2]?.meaning?.zh).toBe('抽象语法不支持')
    const [command] = dicom.read(new Uint8Array(0), hints('request', proposed)).tree()
    const asked = command?.children.find(({ path }) => path === 'command.context')
    expect(asked?.children.map(({ path }) => path)).toEqual([
      'command.context.context-id',
      'command.context.abstract-syntax',
      'command.context.transfer-syntax',
      'command.context.transfer-syntax[2]',
    ])
  })
})

describe('queries', () => {
  it('takes what is looked for as no fact, but an identifier that is named in full', () => {
    const query = hints('request', [
      ['command', 'C-FIND-RQ'],
      ['transfer-syntax', explicitLittle],
    ])
    const asked = {
      AccessionNumber: 'A7',
      PatientID: '*',
      ScheduledProcedureStepSequence: [{ ScheduledProcedureStepStartDate: '20261123-20261124' }],
    }
    const facts = dicom.read(dataSet(asked), query).facts()
    expect(facts.keys).toEqual([{ kind: 'accession', value: 'A7', authority: null }])
    expect(facts).toMatchObject({ stamps: [], defects: [] })
  })

  it('reads a worklist item', () => {
    const bytes = readFileSync(new URL('../../../../../fixtures/dicom/mwl/wl0.wl', import.meta.url))
    const meta = bytes.indexOf(Buffer.from([0x08, 0x00, 0x05, 0x00]))
    const found = hints('answer', [
      ['command', 'C-FIND-RSP'],
      ['status', 'FF00'],
      ['transfer-syntax', explicitLittle],
    ])
    const document = dicom.read(bytes.subarray(meta), found)
    expect(document.get('PatientName.Ideographic')).toBe('张三丰')
    expect(document.facts().charset).toMatchObject({ declared: 'GB18030', detected: 'gb18030', verdict: 'agrees' })
    expect(document.facts().keys.map(({ kind }) => kind)).toEqual(['accession', 'patient', 'study', 'task'])
  })
})

describe('storage commitment', () => {
  it('tells the instances that it names, and those that failed', () => {
    const report = hints('request', [
      ['command', 'N-EVENT-REPORT-RQ'],
      ['event-type', '2'],
      ['transfer-syntax', explicitLittle],
    ])
    const reason = Buffer.from([0x13, 0x02])
    const facts = dicom
      .read(
        dataSet({
          TransactionUID: '2.25.9',
          FailedSOPSequence: [{ ReferencedSOPClassUID: ctStorage, ReferencedSOPInstanceUID: '2.25.8', FailureReason: reason }],
          ReferencedSOPSequence: [{ ReferencedSOPClassUID: ctStorage, ReferencedSOPInstanceUID: '2.25.7' }],
        }),
        report,
      )
      .facts()
    expect(facts.keys).toEqual([{ kind: 'batch', value: '2.25.9', authority: null }])
    expect(facts.parts).toEqual([
      { type: ctStorage, keys: [{ kind: 'instance', value: '2.25.7', authority: null }], ack: null },
      {
        type: ctStorage,
        keys: [{ kind: 'instance', value: '2.25.8', authority: null }],
        ack: { code: '0213', verdict: 'no', answersId: null, errors: [] },
      },
    ])
  })
})

describe('what is wrong with a data set', () => {
  it.each<readonly [string, Uint8Array, readonly string[]]>([
    [
      'a file where a data set belongs',
      readFileSync(new URL('../../../../../fixtures/dicom/mwl/wl1.wl', import.meta.url)),
      ['DICOM_PREAMBLE'],
    ],
    ['another transfer syntax than agreed', dataSet(image, { isExplicit: false }), ['DICOM_WRONG_SYNTAX']],
    ['an odd length', element(0x00080060, 'CS', Buffer.from('CTS')), ['DICOM_ODD_LENGTH Modality']],
    ['an unknown VR', element(0x00080060, 'CX', Buffer.alloc(2)), ['DICOM_UNKNOWN_VR Modality', 'DICOM_TRUNCATED Modality']],
    ['a wrong order', Buffer.concat([dataSet({ PatientID: 'P1' }), dataSet({ Modality: 'CT' })]), ['DICOM_ORDER Modality']],
    ['an end inside an element', dataSet(image).subarray(0, 46), ['DICOM_TRUNCATED InstanceCreationTime']],
    [
      'a wrong group length',
      Buffer.concat([element(0x00100000, 'UL', Buffer.from([99, 0, 0, 0])), dataSet({ PatientID: 'P1' })]),
      ['DICOM_GROUP_LENGTH 00100000'],
    ],
    [
      'a stray delimiter',
      Buffer.concat([dataSet({ Modality: 'CT' }), Buffer.from('feff0de000000000', 'hex')]),
      ['DICOM_STRAY_DELIMITER'],
    ],
    ['a time that is none', dataSet({ InstanceCreationDate: '2026-11-' }), ['DICOM_BAD_TIME InstanceCreationDate']],
    ['hanzi in a code', dataSet({ Modality: 'CT' + '\xd5\xc5' }), ['DICOM_NON_ASCII Modality']],
    ['no data set at all', Buffer.from('%PDF-1.4 and so on, no element'), ['DICOM_NOT_A_DATA_SET']],
  ])('%s', (_, body, expected) => {
    expect(codesOf(body)).toEqual(expected)
  })

  it("is the limit's doing where a limit cut it", () => {
    expect(codesOf(dataSet(image).subarray(0, 46), { ...store, bodyBytes: 9000 })).toEqual(['DICOM_CUT'])
  })

  it('ends a nesting without end', () => {
    let body = dataSet({ Modality: 'CT' })
    for (let depth = 0; depth < 100; depth++)
      body = element(0x00400275, 'SQ', Buffer.concat([Buffer.from('feff00e0', 'hex'), lengthOf(body), body]))
    expect(codesOf(body)).toEqual([
      `DICOM_TOO_DEEP ${Array.from({ length: 33 }, (_, i) => `RequestAttributesSequence${i < 32 ? '[1]' : ''}`).join('.')}`,
    ])
  })
})

function lengthOf(body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(body.length)
  return length
}
