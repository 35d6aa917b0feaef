import { describe, expect, test } from 'vitest'
import { tableCodes, tableMeaning } from '../../../../../gateway/model/hl7v2/codes.ts'
import { componentName, fieldName, segmentName } from '../../../../../gateway/model/hl7v2/names.ts'
import { componentsZh, fieldsZh, segmentsZh } from '../../../../../gateway/model/hl7v2/names-zh.ts'
import { dataTypeSpec, nearestVersion, segmentNames, segmentSpec } from '../../../../../gateway/model/hl7v2/spec.ts'

const versions = ['2.3.1', '2.4', '2.5', '2.5.1', '2.6'] as const

describe('segments and data types per version', () => {
  // Checked against the printed standard: data types changed from TS to DTM and from CE to CWE with 2.6, ERR and SPM with 2.5.
  test.each([
    ['2.3.1', 'PID', 3, { dataType: 'CX', usage: 'R', repeatMax: null, table: null }],
    ['2.3.1', 'PID', 8, { dataType: 'IS', usage: 'O', repeatMax: 1, table: '0001' }],
    ['2.4', 'PV1', 19, { dataType: 'CX', usage: 'O', repeatMax: 1 }],
    ['2.4', 'OBR', 4, { dataType: 'CE', usage: 'R' }],
    ['2.5.1', 'OBX', 14, { dataType: 'TS' }],
    ['2.6', 'OBX', 14, { dataType: 'DTM' }],
    ['2.5', 'OBX', 3, { dataType: 'CE', usage: 'R' }],
    ['2.6', 'OBX', 3, { dataType: 'CWE', usage: 'R' }],
    ['2.6', 'OBX', 5, { dataType: 'varies', repeatMax: null }],
    ['2.3.1', 'ERR', 1, { dataType: 'ELD', usage: 'R', repeatMax: null }],
    ['2.5', 'ERR', 3, { dataType: 'CWE', usage: 'R', table: '0357' }],
    ['2.5', 'ORC', 2, { dataType: 'EI', usage: 'C' }],
    ['2.4', 'MSH', 10, { dataType: 'ST', usage: 'R', lengthMax: 20 }],
    ['2.4', 'MSH', 18, { dataType: 'ID', repeatMax: null, table: '0211' }],
    ['2.5', 'BPX', 5, { dataType: 'EI' }],
    ['2.5', 'BTX', 2, { dataType: 'EI' }],
    ['2.5.1', 'IPC', 3, { dataType: 'EI' }],
  ] as const)('%s %s-%i', (version, segment, field, known) => {
    expect(segmentSpec(version, segment)?.fields[field - 1]).toMatchObject({ number: field, ...known })
  })

  test('segments come and go with versions', () => {
    expect(segmentSpec('2.4', 'SPM')).toBeNull()
    expect(segmentSpec('2.5', 'SPM')?.fields).toHaveLength(29)
    expect(segmentSpec('2.3.1', 'ERR')?.fields).toHaveLength(1)
    expect(segmentSpec('2.5', 'ERR')?.fields).toHaveLength(12)
    expect(segmentNames('2.6').length).toBeGreaterThan(170)
  })

  test('names that objects inherit are no segments', () => {
    expect(segmentSpec('2.4', 'constructor')).toBeNull()
    expect(tableMeaning('__proto__', 'x')).toBeNull()
    expect(tableMeaning('0001', 'constructor')).toBeNull()
    expect(segmentName('toString')).toBeNull()
  })

  test('every field and component has a known type, and every table number four digits', () => {
    for (const version of versions) {
      for (const name of segmentNames(version)) {
        for (const field of segmentSpec(version, name)?.fields ?? []) {
          expect(
            field.dataType === 'varies' || dataTypeSpec(version, field.dataType) !== null,
            `${version} ${name}-${field.number}`,
          ).toBe(true)
          expect(field.table ?? '0000').toMatch(/^\d{4}$/)
          for (const part of dataTypeSpec(version, field.dataType)?.components ?? [])
            expect(
              part.dataType === 'varies' || dataTypeSpec(version, part.dataType) !== null,
              `${version} ${field.dataType}.${part.number}`,
            ).toBe(true)
        }
      }
    }
  })

  test('composites know their components', () => {
    expect(dataTypeSpec('2.4', 'CX')?.components[3]).toMatchObject({ name: 'Assigning Authority', dataType: 'HD' })
    expect(dataTypeSpec('2.4', 'MSG')?.components[1]).toMatchObject({ table: '0003' })
    expect(dataTypeSpec('2.4', 'ST')?.components).toEqual([])
  })

  test.each([
    ['2.1', '2.3.1'],
    ['2.3', '2.3.1'],
    ['2.4', '2.4'],
    ['2.5.1', '2.5.1'],
    ['2.5.2', '2.5.1'],
    ['2.7.1', '2.6'],
    ['2.8', '2.6'],
    ['nonsense', '2.5.1'],
    [null, '2.5.1'],
  ] as const)('MSH-12 %s is read as %s', (stated, version) => {
    expect(nearestVersion(stated)).toBe(version)
  })
})

describe('codes', () => {
  test('both languages, English where there is no Chinese', () => {
    expect(tableMeaning('0001', 'F')).toEqual({ zh: '女', en: 'Female' })
    expect(tableMeaning('0357', '101')).toEqual({ zh: '缺少必填字段', en: 'Required field missing' })
    expect(tableMeaning('0074', 'CG')).toEqual({ zh: 'Cytogenetics', en: 'Cytogenetics' })
    expect(tableMeaning('0001', 'zz')).toBeNull()
    expect(tableMeaning('9999', 'F')).toBeNull()
  })

  test('whole tables', () => {
    expect([...(tableCodes('0211')?.keys() ?? [])]).toEqual(
      expect.arrayContaining(['UNICODE UTF-8', 'GB 18030-2000', 'ASCII', '8859/1']),
    )
    expect(tableCodes('0125')?.has('SN')).toBe(true)
    expect(tableCodes('9999')).toBeNull()
  })
})

describe('Chinese names', () => {
  test('every segment of every version has one', () => {
    for (const version of versions)
      for (const name of segmentNames(version)) expect(Object.hasOwn(segmentsZh, name), name).toBe(true)
  })

  test('as many as the newest version has fields, so that none is off by one', () => {
    for (const [name, line] of Object.entries(fieldsZh))
      expect(line.split(' ').length, name).toBe(segmentSpec('2.6', name)?.fields.length)
    for (const [name, line] of Object.entries(componentsZh))
      expect(line.split(' ').length, name).toBe((dataTypeSpec('2.5.1', name) ?? dataTypeSpec('2.6', name))?.components.length)
  })

  test('names in both languages', () => {
    expect(segmentName('OBX')).toEqual({ zh: '观察结果', en: 'Observation/Result' })
    expect(fieldName('2.4', 'PID', 5)).toEqual({ zh: '患者姓名', en: 'Patient Name' })
    expect(fieldName('2.4', 'GT1', 3)).toEqual({ zh: 'Guarantor Name', en: 'Guarantor Name' })
    expect(fieldName('2.4', 'PID', 99)).toBeNull()
    expect(fieldName('2.3.1', 'ZDS', 1)).toEqual({ zh: '检查实例 UID', en: 'Study Instance UID' })
    expect(componentName('2.4', 'CX', 5)).toEqual({ zh: '标识类型', en: 'Identifier Type Code' })
  })
})
