import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dicom } from '../../../../adapters/formats/dicom/dicom.ts'
import { compileContractFile } from '../../../../gateway/contract-files.ts'
import type { Envelope } from '../../../../gateway/model/envelope.ts'
import { type DataSetContent, dataSet } from '../../../support/dicom-writer.ts'

const explicitLittle = '1.2.840.10008.1.2.1'
const worklist = '1.2.840.10008.5.1.4.31'
const mpps = '1.2.840.10008.3.1.2.3.3'
const ct = '1.2.840.10008.5.1.4.1.1.2'
const ecg = '1.2.840.10008.5.1.4.1.1.9.1.1'
const root = new URL('../../../../fixtures/dicom/', import.meta.url)

function dimse(command: string, sopClass: string): Envelope {
  return [
    ['calling-ae', 'A'],
    ['called-ae', 'B'],
    ['transfer-syntax', explicitLittle],
    ['command', command],
    ['affected-sop-class', sopClass],
  ]
}

/** A file's data set as a DIMSE message carries it: without preamble and meta information, up to its pixels. */
function dataSetOf(path: string): Buffer {
  const bytes = readFileSync(new URL(path, root))
  const start = 132 + 12 + bytes.readUInt32LE(132 + 8)
  const pixels = bytes.indexOf(Buffer.from('e07f1000', 'hex'))
  return bytes.subarray(start, pixels < 0 ? bytes.length : pixels)
}

function check(id: string, body: Uint8Array, envelope: Envelope): readonly string[] {
  const document = dicom.read(body, { at: 0, timezone: 'Asia/Shanghai', envelope })
  const side = envelope.some(([, value]) => value.endsWith('-RSP')) ? 'answer' : 'request'
  return compileContractFile(id, '.')
    .check(document, side)
    .filter(({ severity }) => severity !== 'observe')
    .map(({ severity, rule, path }) => `${severity} ${rule} ${path}`)
}

describe('modality-ris-worklist', () => {
  it.each(['wl0', 'wl1', 'wl2', 'wl3'])('has nothing to say of the worklist item %s', (name) => {
    expect(check('modality-ris-worklist', dataSetOf(`mwl/${name}.wl`), dimse('C-FIND-RSP', worklist))).toEqual([])
  })

  const step = {
    ScheduledStationAETitle: 'CT01',
    ScheduledProcedureStepStartDate: '20261123',
    Modality: 'CT',
  }
  const query: DataSetContent = {
    AccessionNumber: '',
    PatientName: '',
    PatientID: '',
    StudyInstanceUID: '',
    RequestedProcedureID: '',
    ScheduledProcedureStepSequence: [step],
  }

  it('has nothing to say of a query that asks for what it needs', () => {
    expect(check('modality-ris-worklist', dataSet(query), dimse('C-FIND-RQ', worklist))).toEqual([])
  })

  it('finds a query without a condition, and one that forgets what it needs', () => {
    const open = { ScheduledStationAETitle: '', ScheduledProcedureStepStartDate: '', Modality: '' }
    expect(
      check(
        'modality-ris-worklist',
        dataSet({ ...query, ScheduledProcedureStepSequence: [open] }),
        dimse('C-FIND-RQ', worklist),
      ),
    ).toEqual(['warn condition ScheduledProcedureStepSequence'])
    const { AccessionNumber: _, ...forgetful } = query
    expect(check('modality-ris-worklist', dataSet(forgetful), dimse('C-FIND-RQ', worklist))).toEqual([
      'ticket required AccessionNumber',
    ])
  })

  it('finds names in another character set than is said', () => {
    const bytes = dataSetOf('mwl/wl0.wl')
    const relabelled = Buffer.from(bytes.toString('latin1').replace('\x08\x00GB18030 ', '\x0a\x00ISO_IR 192'), 'latin1')
    expect(check('modality-ris-worklist', relabelled, dimse('C-FIND-RSP', worklist))).toEqual([
      'ticket charset SpecificCharacterSet',
    ])
  })

  it('finds an item without its accession number, and a step that loses it', () => {
    const bytes = Buffer.from(dataSetOf('mwl/wl1.wl').toString('latin1').replace('A202611230002 ', '              '), 'latin1')
    expect(check('modality-ris-worklist', bytes, dimse('C-FIND-RSP', worklist))).toEqual(['ticket required AccessionNumber'])
    const created: DataSetContent = {
      Modality: 'CT',
      PatientName: 'Wang^Wu',
      PatientID: 'P1',
      PerformedStationAETitle: 'CT01',
      PerformedProcedureStepStartDate: '20261123',
      PerformedProcedureStepStartTime: '101500',
      PerformedProcedureStepStatus: 'IN PROGRESS',
      PerformedProcedureStepID: 'PPS1',
      PerformedSeriesSequence: [],
      ScheduledStepAttributesSequence: [{ StudyInstanceUID: '2.25.1', AccessionNumber: '', ScheduledProcedureStepID: 'S1' }],
    }
    expect(check('modality-ris-worklist', dataSet(created), dimse('N-CREATE-RQ', mpps))).toEqual([
      'ticket condition ScheduledStepAttributesSequence[1].AccessionNumber',
    ])
  })
})

describe('modality-pacs-store', () => {
  it('has of an image from a sample only against it what it lacks', () => {
    // The sample has no accession number.
    expect(check('modality-pacs-store', dataSetOf('pydicom/CT_small.dcm'), dimse('C-STORE-RQ', ct))).toEqual([
      'warn required AccessionNumber',
    ])
  })

  it('finds an image of another modality than its class, and a SOP class of no image', () => {
    const found = check('modality-pacs-store', dataSetOf('pydicom/MR_small.dcm'), dimse('C-STORE-RQ', ct))
    expect(found).toContain('warn structure SOPClassUID')
    expect(found).toContain('warn table Modality')
  })

  it('finds instances that were not committed', () => {
    const report = dataSet({
      TransactionUID: '2.25.1',
      FailedSOPSequence: [
        { ReferencedSOPClassUID: ct, ReferencedSOPInstanceUID: '2.25.2', FailureReason: Buffer.from([0x12, 1]) },
      ],
    })
    expect(check('modality-pacs-store', report, dimse('N-EVENT-REPORT-RQ', '1.2.840.10008.1.20.1'))).toEqual([
      'ticket forbidden FailedSOPSequence',
    ])
  })
})

describe('ecg-emr-waveform', () => {
  it('has nothing to say of a 12-lead sample', () => {
    expect(check('ecg-emr-waveform', dataSetOf('pydicom/waveform_ecg.dcm'), dimse('C-STORE-RQ', ecg))).toEqual([])
  })

  it('finds a waveform without the time that it begins at', () => {
    const bytes = dataSetOf('pydicom/waveform_ecg.dcm')
    const text = bytes.toString('latin1')
    const at = text.indexOf('\x08\x00\x2a\x00DT')
    const length = bytes.readUInt16LE(at + 6)
    const cut = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 8 + length)])
    expect(check('ecg-emr-waveform', cut, dimse('C-STORE-RQ', ecg))).toContain('ticket required AcquisitionDateTime')
  })
})

describe('pacs-consult-dicomweb', () => {
  const store: Envelope = [
    [':method', 'POST'],
    [':path', '/dicom-web/studies'],
    ['content-type', 'multipart/related; type="application/dicom"; boundary=b'],
  ]
  const body = (file: Uint8Array) =>
    Buffer.concat([Buffer.from('--b\r\nContent-Type: application/dicom\r\n\r\n'), file, Buffer.from('\r\n--b--\r\n')])

  it('has nothing to say of an image that leaves the hospital as agreed', () => {
    expect(check('pacs-consult-dicomweb', body(readFileSync(new URL('pydicom/CT_small.dcm', root))), store)).toEqual([])
  })

  it('finds an address, and an identity in the pixels', () => {
    const set = dataSet({
      SOPClassUID: ct,
      SOPInstanceUID: '2.25.7',
      Modality: 'CT',
      PatientName: '',
      PatientID: 'X1',
      PatientAddress: 'Nanshan',
      StudyInstanceUID: '2.25.1',
      SeriesInstanceUID: '2.25.2',
      BurnedInAnnotation: 'YES',
    })
    const file = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), set])
    expect(check('pacs-consult-dicomweb', body(file), store).toSorted()).toEqual([
      'ticket condition BurnedInAnnotation',
      'ticket forbidden PatientAddress',
    ])
  })
})
