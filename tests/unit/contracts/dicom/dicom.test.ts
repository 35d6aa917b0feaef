import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dicom } from '../../../../adapters/formats/dicom/dicom.ts'
import { compileContractText, standardContractOf } from '../../../../contracts/languages.ts'
import type { Envelope } from '../../../../gateway/model/envelope.ts'
import type { Violation } from '../../../../gateway/model/violation.ts'
import { type DataSetContent, dataSet, type Writing } from '../../../support/dicom-writer.ts'

const explicitLittle = '1.2.840.10008.1.2.1'
const ct = '1.2.840.10008.5.1.4.1.1.2'
const worklist = '1.2.840.10008.5.1.4.31'
const mpps = '1.2.840.10008.3.1.2.3.3'

function document(command: string, sopClass: string, content: DataSetContent, writing: Writing = {}) {
  const envelope: Envelope = [
    ['calling-ae', 'CT01'],
    ['called-ae', 'PACS'],
    ['transfer-syntax', explicitLittle],
    ['command', command],
    ['affected-sop-class', sopClass],
  ]
  return dicom.read(dataSet(content, writing), { at: 0, timezone: 'Asia/Shanghai', envelope })
}

function told(violations: readonly Violation[]): readonly string[] {
  return violations.map(({ severity, rule, path }) => `${severity} ${rule} ${path}`)
}

function contract(body: string) {
  const head = 'contract: test\nversion: 1\ntitle: { zh: 测试, en: Test }\nformat: dicom\n'
  return compileContractText({ text: `${head}${body}`, path: 'test.yaml' }, () => null)
}

const image: DataSetContent = {
  SOPClassUID: ct,
  SOPInstanceUID: '2.25.7',
  StudyDate: '20261123',
  StudyTime: '101500',
  AccessionNumber: 'A1',
  Modality: 'CT',
  ReferringPhysicianName: 'Li^Si',
  PatientName: 'Wang^Wu',
  PatientID: 'P1',
  PatientBirthDate: '19800101',
  PatientSex: 'M',
  StudyInstanceUID: '2.25.1',
  SeriesInstanceUID: '2.25.2',
  StudyID: 'S1',
}

function without(...names: readonly string[]): DataSetContent {
  return Object.fromEntries(Object.entries(image).filter(([name]) => !names.includes(name)))
}

describe('the standard', () => {
  const standard = standardContractOf('dicom')
  const check = (command: string, sopClass: string, content: DataSetContent, writing?: Writing) =>
    told(standard?.check(document(command, sopClass, content, writing), 'request') ?? [])

  it('tells an attribute of a wrong form in every message that has it, and by the rules of its command', () => {
    for (let i = 0; i < 4; i++) {
      expect(check('C-FIND-RQ', '1.2.840.10008.5.1.4.1.2.2.1', { QueryRetrieveLevel: 'STUDY', StudyDate: '2026*' })).toEqual([])
      expect(check('C-STORE-RQ', ct, { ...image, StudyDate: '2026*' })).toEqual(['observe type StudyDate'])
      expect(check('C-STORE-RQ', ct, { ...image, SeriesDate: '2026*' })).toEqual(['observe type SeriesDate'])
    }
  })

  it('has nothing to say of a sound image', () => {
    expect(check('C-STORE-RQ', ct, image)).toEqual([])
  })

  it.each<readonly [string, DataSetContent, readonly string[]]>([
    ['an instance without its UID', without('SOPInstanceUID'), ['warn required SOPInstanceUID']],
    ['a series without its UID', without('SeriesInstanceUID'), ['warn required SeriesInstanceUID']],
    ['a UID that is none', { ...image, StudyInstanceUID: '2.25.x' }, ['warn type StudyInstanceUID']],
    ['a UID with a leading zero', { ...image, SeriesInstanceUID: '2.025.1' }, ['warn type SeriesInstanceUID']],
    ['a patient without a number', without('PatientID'), ['warn required PatientID']],
    ['a patient whose number is empty', { ...image, PatientID: '' }, []],
    ['a birth date that is none', { ...image, PatientBirthDate: '80-01-01' }, ['observe type PatientBirthDate']],
    ['a number that is too long', { ...image, AccessionNumber: 'A1234567890123456' }, ['observe length AccessionNumber']],
    ['an object of another class', { ...image, SOPClassUID: '1.2.840.10008.5.1.4.1.1.4' }, ['warn structure SOPClassUID']],
    ['no data set', {}, ['warn structure command']],
  ])('%s', (_, content, expected) => {
    expect(check('C-STORE-RQ', ct, content)).toEqual(expected)
  })

  it('wants a character set where the bytes need one, and the one that they are in', () => {
    const encode = (text: string) => Buffer.from(text, 'utf8')
    const named = { ...image, PatientName: '欧阳若兰' }
    expect(check('C-STORE-RQ', ct, named, { encode })).toEqual(['warn charset SpecificCharacterSet'])
    expect(check('C-STORE-RQ', ct, { SpecificCharacterSet: 'ISO_IR 192', ...named }, { encode })).toEqual([])
    const wrong = { SpecificCharacterSet: 'ISO_IR 100', ...named, ReferringPhysicianName: '上官婉儿' }
    expect(check('C-STORE-RQ', ct, wrong, { encode })).toEqual(['warn charset SpecificCharacterSet'])
  })

  it('asks of a finished step when it ended', () => {
    const done = { PerformedProcedureStepStatus: 'COMPLETED', PerformedSeriesSequence: [{ SeriesInstanceUID: '2.25.3' }, {}] }
    expect(check('N-SET-RQ', mpps, done)).toEqual([
      'warn required PerformedSeriesSequence[2].SeriesInstanceUID',
      'warn required PerformedProcedureStepEndDate',
      'warn required PerformedProcedureStepEndTime',
    ])
    expect(check('N-SET-RQ', mpps, { PerformedProcedureStepStatus: 'IN PROGRESS' })).toEqual([])
  })

  it('lets a query have wildcards and ranges', () => {
    const query = { ScheduledProcedureStepSequence: [{ ScheduledProcedureStepStartDate: '20261123-', Modality: '*' }] }
    expect(check('C-FIND-RQ', worklist, query)).toEqual([])
  })
})

describe('a contract', () => {
  const short = contract(`
dicom: { transferSyntaxes: [JPEG 2000], standard: none }
messages:
  C-STORE-RQ:
    attributes:
      PatientID: { type: 1, format: digits(8) }
      Modality: { type: 1, values: [CT, MR] }
      ImageType: { vm: 3 }
      PatientAddress: X
      ScheduledProcedureStepID: { type: 1C, when: AccessionNumber present, otherwise: X }
      RequestAttributesSequence.ScheduledProcedureStepID: { type: 1, length: ..4 }
    rules:
      - id: step-agrees
        when: RequestAttributesSequence.RequestedProcedureID present
        require: RequestAttributesSequence.ScheduledProcedureStepID matches '^S'
        at: RequestAttributesSequence.ScheduledProcedureStepID
        severity: ticket
        message: { zh: 步骤号以 S 开头, en: Step numbers begin with S }
  C-STORE-RQ CT Image Storage:
    attributes:
      Modality: { values: [CT] }
`)
  const check = (content: DataSetContent, sopClass = ct) =>
    told(short.check(document('C-STORE-RQ', sopClass, content), 'request'))
  const syntax = 'warn table transfer-syntax'

  it('finds what breaks it, and where', () => {
    const content = {
      ImageType: 'ORIGINAL\\PRIMARY',
      Modality: 'MR',
      PatientID: 'P1',
      PatientAddress: 'somewhere',
      RequestAttributesSequence: [
        { ScheduledProcedureStepID: 'S1', RequestedProcedureID: 'R1' },
        { ScheduledProcedureStepID: 'X2345', RequestedProcedureID: 'R2' },
        {},
      ],
      ScheduledProcedureStepID: 'S1',
    }
    expect(check(content).toSorted()).toEqual(
      [
        syntax,
        'warn cardinality ImageType',
        'warn table Modality',
        'warn format PatientID',
        'warn forbidden PatientAddress',
        'warn forbidden ScheduledProcedureStepID',
        'ticket required RequestAttributesSequence[3].ScheduledProcedureStepID',
        'observe length RequestAttributesSequence[2].ScheduledProcedureStepID',
        'ticket condition RequestAttributesSequence[2].ScheduledProcedureStepID',
      ].toSorted(),
    )
  })

  it('asks the general entry of every class, and the particular one of its own', () => {
    const mr = { Modality: 'MR', PatientID: '12345678' }
    expect(check(mr, '1.2.840.10008.5.1.4.1.1.4')).toEqual([syntax])
    expect(check(mr)).toEqual([syntax, 'warn table Modality'])
  })

  it('tells a value by its shape alone', () => {
    const [violation] = short
      .check(document('C-STORE-RQ', ct, { Modality: 'CT', PatientID: 'P123' }), 'request')
      .filter(({ rule }) => rule === 'format')
    expect(violation).toMatchObject({
      path: 'PatientID',
      element: 'PatientID',
      shape: 'A9{3}',
      message: { zh: 'PatientID 不符合约定格式 digits(8)', en: "PatientID doesn't have the agreed format digits(8)" },
    })
  })

  it('reports what it does not name, but for verification and answers', () => {
    const find = short.check(document('C-FIND-RQ', worklist, { PatientID: '1' }), 'request')
    expect(told(find)).toContain('warn structure command')
    expect(told(short.check(document('C-ECHO-RQ', '1.2.840.10008.1.1', {}), 'request'))).toEqual([])
  })

  it('counts what a message has too much of', () => {
    const items = Array.from({ length: 80 }, () => ({}))
    const found = short.check(document('C-STORE-RQ', ct, { ...image, RequestAttributesSequence: items }), 'request')
    expect(found).toHaveLength(50)
    expect(found.at(-1)).toMatchObject({ rule: 'more', message: { en: '34 more violations' } })
  })

  it('checks each instance of a multipart by its own class', () => {
    const model = (uid: string, modality: string) => ({
      '00080016': { vr: 'UI', Value: [uid] },
      '00080060': { vr: 'CS', Value: [modality] },
    })
    const web = contract(
      'dicom: { standard: none }\nmessages:\n  STOW-RQ CT Image Storage: { attributes: { Modality: { values: [CT] } } }\n  STOW-RQ: {}\n',
    )
    const body = Buffer.from(JSON.stringify([model(ct, 'MR'), model('1.2.840.10008.5.1.4.1.1.4', 'MR')]))
    const envelope: Envelope = [
      [':method', 'POST'],
      [':path', '/studies'],
      ['content-type', 'application/dicom+json'],
    ]
    const violations = web.check(dicom.read(body, { at: 0, timezone: 'UTC', envelope }), 'request')
    expect(violations.map(({ path, element }) => [path, element])).toEqual([['part[1].Modality', 'Modality']])
  })

  it.each([
    ['a command that is none', 'messages: { C-STORES: {} }', 'is no command'],
    ['a SOP class that is none', 'messages: { C-STORE-RQ CT Picture Storage: {} }', 'no name of PS3.6'],
    ['an attribute that is none', 'messages: { C-STORE-RQ: { attributes: { PatientNumber: 1 } } }', 'no such attribute'],
    ['1C without when', 'messages: { C-STORE-RQ: { attributes: { PatientID: { type: 1C } } } }', 'needs "when"'],
    [
      'when without 1C',
      "messages: { C-STORE-RQ: { attributes: { PatientID: { type: 1, when: Modality = 'CT' } } } }",
      'needs type 1C',
    ],
    [
      'a condition',
      'messages: { C-STORE-RQ: { attributes: { PatientID: { type: 1C, when: Modality is CT } } } }',
      "can't be read",
    ],
    [
      'a pattern that could stall',
      'messages: { C-STORE-RQ: { attributes: { PatientID: { format: /(a+)+/ } } } }',
      'repeated group',
    ],
    ['a key', 'messages: { C-STORE-RQ: { attribute: {} } }', 'unknown'],
  ])('is refused for %s, with its place', (_, body, words) => {
    expect(() => contract(body)).toThrow(words)
    try {
      contract(body)
    } catch (error) {
      expect(error).toMatchObject({ code: 'CONTRACT_INVALID', place: { file: 'test.yaml', line: 5 } })
    }
  })
})

describe('the standard over real files', () => {
  const root = new URL('../../../../fixtures/dicom/', import.meta.url)
  const names = ['charset', 'dicomdir-study', 'pydicom'].flatMap((folder) =>
    readdirSync(new URL(folder, root))
      .filter((name) => name.endsWith('.dcm'))
      .map((name) => `${folder}/${name}`),
  )

  it.each(names)('never tells more than a warning of %s, but where nobody can read it', (name) => {
    const read = dicom.read(readFileSync(new URL(name, root)), { at: 0, timezone: 'UTC' })
    const tickets =
      standardContractOf('dicom')
        ?.check(read, 'request')
        .filter(({ severity }) => severity === 'ticket') ?? []
    const isUnreadable = name === 'pydicom/no_meta.dcm' || name === 'pydicom/rtplan_truncated.dcm'
    expect(tickets.map(({ rule }) => rule)).toEqual(isUnreadable ? ['structure'] : [])
  })
})
