import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { dicom } from '../../../../../adapters/formats/dicom/dicom.ts'
import type { Hints } from '../../../../../gateway/model/document.ts'
import type { Envelope } from '../../../../../gateway/model/envelope.ts'
import { dataSet, file } from '../../../../support/dicom-writer.ts'

const ct = '1.2.840.10008.5.1.4.1.1.2'
const base = { at: 0, timezone: 'Asia/Shanghai' }

function asked(method: string, path: string, more: Envelope = []): Envelope {
  return [[':method', method], [':path', path], [':authority', 'consult.example'], ...more]
}

function answered(status: string, request: Envelope, more: Envelope = []): Hints {
  return { ...base, side: 'answer', envelope: [[':status', status], ...more], requestEnvelope: request }
}

function multipart(...parts: readonly Uint8Array[]): Buffer {
  const pieces = parts.flatMap((part) => [
    Buffer.from('--b\r\nContent-Type: application/dicom\r\n\r\n'),
    part,
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...pieces, Buffer.from('--b--\r\n')])
}

function instance(uid: string): Buffer {
  const set = dataSet({ SOPClassUID: ct, SOPInstanceUID: uid, Modality: 'CT', PatientID: 'P1', StudyInstanceUID: '2.25.1' })
  return file('1.2.840.10008.1.2.1', set)
}

const related: Envelope = [['content-type', 'multipart/related; type="application/dicom"; boundary=b']]
const json: Envelope = [['content-type', 'application/dicom+json']]

describe('STOW-RS', () => {
  const store = asked('POST', '/dicom-web/studies', [...related, ['x-request-id', 'r-1']])

  it('reads every instance of its body', () => {
    const document = dicom.read(multipart(instance('2.25.7'), instance('2.25.8')), {
      ...base,
      side: 'request',
      envelope: store,
    })
    const facts = document.facts()
    expect(facts).toMatchObject({ type: 'STOW /studies', controlId: 'r-1', receiver: 'consult.example', defects: [] })
    expect(facts.parts?.map(({ type, keys }) => [type, keys[0]?.value])).toEqual([
      [ct, '2.25.7'],
      [ct, '2.25.8'],
    ])
    expect(document.get('part[2].SOPInstanceUID')).toBe('2.25.8')
    expect(document.get('part[2].TransferSyntaxUID')).toBe('1.2.840.10008.1.2.1')
    expect(document.tree().map(({ path }) => path)).toEqual(['part[1]', 'part[2]'])
  })

  it('says no by its body though its status says yes', () => {
    const result = {
      '00081190': { vr: 'UR', Value: ['https://consult.example/studies/2.25.1'] },
      '00081198': {
        vr: 'SQ',
        Value: [
          {
            '00081150': { vr: 'UI', Value: [ct] },
            '00081155': { vr: 'UI', Value: ['2.25.8'] },
            '00081197': { vr: 'US', Value: [0xa700] },
          },
        ],
      },
      '00081199': { vr: 'SQ', Value: [{ '00081150': { vr: 'UI', Value: [ct] }, '00081155': { vr: 'UI', Value: ['2.25.7'] } }] },
    }
    const facts = dicom.read(Buffer.from(JSON.stringify(result)), answered('202', store, json)).facts()
    expect(facts.ack).toEqual({
      code: 'A700',
      verdict: 'no',
      answersId: null,
      errors: [{ code: 'A700', location: 'FailedSOPSequence[1]', textDigest: null }],
    })
    expect(facts.parts?.map(({ ack }) => ack?.code ?? null)).toEqual([null, 'A700'])
    const well = dicom
      .read(Buffer.from(JSON.stringify({ '00081199': result['00081199'] })), answered('200', store, json))
      .facts()
    expect(well.ack).toEqual({ code: '200', answersId: null, errors: [] })
  })

  it('reads what came of a body that a limit cut', () => {
    const whole = multipart(instance('2.25.7'), instance('2.25.8'))
    const facts = dicom.read(whole.subarray(0, 400), { ...base, envelope: store, bodyBytes: whole.length }).facts()
    expect(facts.parts?.[0]?.keys[0]?.value).toBe('2.25.7')
    expect(facts.defects.map(({ code }) => code).filter((code) => code !== 'DICOM_CUT')).toEqual([])
  })
})

describe('QIDO-RS', () => {
  const query = asked('GET', '/dicom-web/studies?AccessionNumber=A%201&PatientName=%E5%BC%A0*')

  it('takes identifiers from its query', () => {
    const facts = dicom.read(new Uint8Array(0), { ...base, side: 'request', envelope: query }).facts()
    expect(facts.type).toBe('QIDO /studies')
    expect(facts.keys).toEqual([{ kind: 'accession', value: 'A 1', authority: null }])
  })

  it('reads its matches, compressed or not, and the clock of who answered', () => {
    const matches = [
      {
        '0020000D': { vr: 'UI', Value: ['2.25.1'] },
        '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Zhang^San', Ideographic: '张^三' }] },
      },
      { '0020000D': { vr: 'UI', Value: ['2.25.2'] }, '00080061': { vr: 'CS', Value: ['CT', 'SR'] } },
    ]
    const envelope: Envelope = [...json, ['content-encoding', 'gzip'], ['date', 'Mon, 23 Nov 2026 01:02:03 GMT']]
    const document = dicom.read(gzipSync(JSON.stringify(matches)), answered('200', query, envelope))
    const facts = document.facts()
    expect(facts.stamps).toEqual([
      { path: 'date', kind: 'message', at: Date.UTC(2026, 10, 23, 1, 2, 3), resolutionMs: 1000, hasZone: true },
    ])
    expect(facts.parts?.map(({ keys }) => keys[0]?.value)).toEqual(['2.25.1', '2.25.2'])
    expect(facts.charset).toMatchObject({ declared: null, detected: 'utf-8', verdict: 'agrees' })
    expect(document.get('PatientName.Ideographic')).toBe('张^三')
    expect(document.get('part[2].ModalitiesInStudy[2]')).toBe('SR')
  })

  it('says that it found none, with 204 or an empty list, where it was not refused', () => {
    const found = (body: string, status: string) =>
      dicom.read(new TextEncoder().encode(body), answered(status, query, [...json])).facts().hasNone
    expect(found('[]', '200')).toBe(true)
    expect(found('', '204')).toBe(true)
    expect(found('', '404')).toBeUndefined()
    expect(found('[{"0020000D":{"vr":"UI","Value":["2.25.1"]}}]', '200')).toBeUndefined()
  })

  it('reads GB18030 in JSON, and says that it may not be', () => {
    const gb = Buffer.concat([
      Buffer.from('[{"00081030":{"vr":"LO","Value":["'),
      Buffer.from('d5c5c8fd', 'hex'),
      Buffer.from('"]}}]'),
    ])
    const document = dicom.read(gb, answered('200', query, json))
    expect(document.facts().charset).toMatchObject({ detected: 'gb18030', verdict: 'contradicts' })
    expect(document.get('StudyDescription')).toBe('张三')
  })

  it.each([
    ['no JSON', '{"0020', ['DICOM_BAD_JSON']],
    ['no data set', '[1]', ['DICOM_BAD_JSON']],
    ['a million levels', '['.repeat(1_000_000), ['DICOM_TOO_DEEP']],
    ['as many levels as are read', deep(32), []],
    ['one level more', deep(33), ['DICOM_TOO_DEEP']],
    ['a key that is no tag', '[{"PatientID":{"vr":"LO"}}]', ['DICOM_BAD_JSON']],
  ])('tells of %s', (_, body, expected) => {
    expect(
      dicom
        .read(Buffer.from(body), answered('200', query, json))
        .facts()
        .defects.map(({ code }) => code),
    ).toEqual(expected)
  })

  it('has nothing to say of an empty answer, nor of the text of an error', () => {
    expect(dicom.read(new Uint8Array(0), answered('204', query)).facts().defects).toEqual([])
    const html: Envelope = [['content-type', 'text/html']]
    expect(dicom.read(Buffer.from('<html>'), answered('502', query, html)).facts().defects).toEqual([])
    expect(
      dicom
        .read(Buffer.from('<html>'), answered('200', query, html))
        .facts()
        .defects.map(({ code }) => code),
    ).toEqual(['DICOM_UNEXPECTED_TYPE'])
  })
})

describe('WADO-RS', () => {
  it('knows its resource, and reads the files of its answer', () => {
    const request = asked('GET', '/dicom-web/studies/1.2.3/series/1.2.4/instances/1.2.5')
    const facts = dicom.read(multipart(instance('1.2.5')), answered('200', request, related)).facts()
    expect(facts.type).toBe('WADO /studies/{}/series/{}/instances/{}')
    expect(facts.keys.map(({ kind, value }) => `${kind} ${value}`)).toContain('series 1.2.4')
    expect(facts.defects).toEqual([])
  })

  it.each([
    ['GET', '/w/studies/1.2/metadata', 'WADO /studies/{}/metadata'],
    ['GET', '/w/studies/1.2/series', 'QIDO /studies/{}/series'],
    ['GET', '/w/instances?SOPInstanceUID=1.2', 'QIDO /instances'],
    ['GET', '/wado?requestType=WADO&studyUID=1.2&seriesUID=1.3&objectUID=1.4', 'WADO /?requestType=WADO'],
    ['POST', '/w/studies/1.2', 'STOW /studies/{}'],
    ['POST', '/w/workitems/1.2/state', 'UPS /workitems/{}/state'],
    ['DELETE', '/w/studies/1.2', 'DELETE /studies/{}'],
    ['GET', '/health', null],
  ])('%s %s is %s', (method, path, type) => {
    expect(dicom.read(new Uint8Array(0), { ...base, envelope: asked(method, path) }).facts().type).toBe(type)
  })

  it('reads the native model in XML', () => {
    const xml = `<?xml version="1.0" encoding="UTF-8"?><NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM">
<DicomAttribute tag="00100010" vr="PN" keyword="PatientName"><PersonName number="1">
<Alphabetic><FamilyName>Zhang</FamilyName><GivenName>San</GivenName></Alphabetic><Ideographic><FamilyName>张</FamilyName></Ideographic>
</PersonName></DicomAttribute>
<DicomAttribute tag="00400275" vr="SQ"><Item number="1"><DicomAttribute tag="00400009" vr="SH"><Value number="1">S1</Value></DicomAttribute></Item></DicomAttribute>
<DicomAttribute tag="7FE00010" vr="OW"><BulkData uri="x"/></DicomAttribute></NativeDicomModel>`
    const request = asked('GET', '/w/studies/1.2/metadata')
    const document = dicom.read(Buffer.from(xml), answered('200', request, [['content-type', 'application/dicom+xml']]))
    expect(document.get('PatientName')).toBe('Zhang^San=张')
    expect(document.get('RequestAttributesSequence.ScheduledProcedureStepID')).toBe('S1')
    expect(document.facts().defects).toEqual([])
    const broken = dicom.read(
      Buffer.from(xml.slice(0, 300)),
      answered('200', request, [['content-type', 'application/dicom+xml']]),
    )
    expect(broken.facts().defects.map(({ code }) => code)).toEqual(['DICOM_BAD_XML'])
  })

  it.each([
    ['past a few faults', 3, '7'],
    ['not past many: what is no XML has one in every character, and each costs a message of its parser', 100, null],
  ])('reads XML on %s', (_, faults, expected) => {
    const patient = '<DicomAttribute tag="00100020" vr="LO"><Value number="1">7</Value></DicomAttribute>'
    const xml = `<NativeDicomModel>${'&;'.repeat(faults)}${patient}</NativeDicomModel>`
    const envelope = answered('200', asked('GET', '/w/studies/1.2/metadata'), [['content-type', 'application/dicom+xml']])
    const document = dicom.read(Buffer.from(xml), envelope)
    expect(document.get('PatientID')).toBe(expected)
    expect(document.facts().defects.map(({ code }) => code)).toEqual(['DICOM_BAD_XML'])
  })

  it('reads the samples of pydicom in DICOM JSON', () => {
    const bytes = readFileSync(new URL('../../../../../fixtures/dicom/pydicom/test_PN.json', import.meta.url))
    const document = dicom.read(bytes, answered('200', asked('GET', '/w/studies'), json))
    expect(document.facts().defects).toEqual([])
    expect(document.tree().length).toBeGreaterThan(0)
  })
})

/** A data set with so many levels of sequences below it, in DICOM JSON. */
function deep(levels: number): string {
  return `[${'{"00400275":{"vr":"SQ","Value":['.repeat(levels)}{"00100010":{"vr":"PN","Value":[{"Alphabetic":"A"}]}}${']}}'.repeat(levels)}]`
}
