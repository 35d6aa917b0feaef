import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dicom } from '../../../../../adapters/formats/dicom/dicom.ts'
import { identifying, identityOf } from '../../../../../adapters/formats/dicom/identifying.ts'
import { maskedText, maskedTree, type ReadBody, secretsOf } from '../../../../../gateway/desk/masking/masked.ts'
import { attributeNamed } from '../../../../../gateway/model/dicom/dictionary.ts'

describe('what a path tells of a person', () => {
  it('names attributes that the dictionary has', () => {
    expect(Object.keys(identifying).filter((keyword) => attributeNamed(keyword) === null)).toEqual([])
  })

  it.each([
    ['PatientName', 'name'],
    ['00100010', 'name'],
    ['part[2].PatientID', 'id'],
    ['[3].00100020.Value[1]', 'id'],
    ['OtherPatientIDsSequence[1].PatientID', 'id'],
    ['OtherPatientIDsSequence[1].TypeOfPatientID', 'id'],
    ['ContentSequence[1].TextValue', 'all'],
    ['AdditionalPatientHistory', 'all'],
    ['00091001', 'all'],
    ['00090010', null],
    ['NativeDicomModel/DicomAttribute/Value', 'all'],
    ['[1].00420011.InlineBinary', 'all'],
    ['StudyInstanceUID', null],
    ['AccessionNumber', null],
    ['Modality', null],
    ['command.status', null],
    ['command.error-comment', 'all'],
  ])('%s tells %s', (path, identity) => {
    expect(identityOf(path)).toBe(identity)
  })
})

it('masks a worklist item by it', () => {
  const bytes = readFileSync(new URL('../../../../../fixtures/dicom/mwl/wl1.wl', import.meta.url))
  const body: ReadBody = { bytes, document: dicom.read(bytes, { at: 0, timezone: 'UTC' }), identityOf }
  const shown = `${maskedText(body, secretsOf([body]))}${JSON.stringify(maskedTree(body, secretsOf([body])))}`
  for (const value of ['uyang', '阳若兰', 'P0002', '19850215']) expect(shown).not.toContain(value)
  for (const value of ['2.25.1002', 'A202611230002', '头颅MRI平扫', 'MR01']) expect(shown).toContain(value)
})
