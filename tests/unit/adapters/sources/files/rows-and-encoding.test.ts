import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { EncodingSniffer } from '../../../../../adapters/sources/files/encoding.ts'
import { resultRows } from '../../../../../adapters/sources/files/result-rows.ts'
import { rowCounterFor } from '../../../../../adapters/sources/files/row-count.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, '../../../../../fixtures/files', name))

/** The same bytes whole, and a byte at a time: both must give the same. */
function both<T>(bytes: Uint8Array, read: (pieces: readonly Uint8Array[]) => T): T {
  const whole = read([bytes])
  expect(read([bytes.subarray(0, 3), ...Array.from(bytes.subarray(3), (byte) => new Uint8Array([byte]))])).toEqual(whole)
  return whole
}

function rows(bytes: Uint8Array): number | null {
  return both(bytes, (pieces) => {
    const counter = rowCounterFor(bytes)
    for (const piece of pieces) counter?.push(piece)
    return counter?.end() ?? null
  })
}

function encoding(bytes: Uint8Array) {
  return both(bytes, (pieces) => {
    const sniffer = new EncodingSniffer()
    for (const piece of pieces) sniffer.push(piece)
    return sniffer.end()
  })
}

const text = (value: string) => Buffer.from(value)

it('reads the hospital its two reports, in GB18030 and in UTF-8 with a mark', () => {
  expect(encoding(fixture('filedrop-single-disease-20261122.gb18030.csv'))).toEqual({ encoding: 'gb18030', hasBom: false })
  expect(encoding(fixture('filedrop-single-disease-20261122.utf8-bom.csv'))).toEqual({ encoding: 'utf-8', hasBom: true })
  const inGb = rows(fixture('filedrop-single-disease-20261122.gb18030.csv'))
  expect(inGb).toBeGreaterThan(1)
  expect(rows(fixture('filedrop-single-disease-20261122.utf8-bom.csv'))).toBe(inGb)
})

it('tells encodings by strict decoding', () => {
  expect(encoding(text('a,b\n')).encoding).toBe('ascii')
  expect(encoding(Buffer.from([0xff, 0xfe, 0x41, 0x00]))).toEqual({ encoding: 'utf-16', hasBom: true })
  expect(encoding(Buffer.from([0x41, 0xff, 0xff, 0x41])).encoding).toBe('unknown')
  // A character that is cut off at the end.
  expect(encoding(text('张').subarray(0, 2)).encoding).not.toBe('utf-8')
  expect(encoding(new Uint8Array(0)).encoding).toBe('ascii')
})

it('counts the records of a table behind its header', () => {
  expect(rows(text('a,b\r\n1,2\r\n3,4\r\n'))).toBe(2)
  expect(rows(text('a,b\n1,"two\nlines ""and"" more"\n3,4'))).toBe(2)
  expect(rows(text('a,b\n\n\n1,2\n\n'))).toBe(1)
  expect(rows(text('a,b\n'))).toBe(0)
  expect(rows(text(''))).toBe(0)
})

it('counts the messages of an HL7 batch and the children of an XML root', () => {
  expect(rows(text('FHS|^~\\&\rBHS|^~\\&\rMSH|^~\\&|A\rPID|MSH\rMSH|^~\\&|B\rBTS|2\r'))).toBe(2)
  const xml = `<?xml version="1.0"?><!-- <row/> --><rows a="x>y"><row><c/><c>1</c></row><row b='>'/><![CDATA[<row/>]]><row></row></rows>`
  expect(rows(text(xml))).toBe(3)
})

it('counts nothing where rows mean nothing', () => {
  expect(rows(text('{"a":1}\n{"a":2}\n'))).toBeNull()
  expect(rows(Buffer.from([0x50, 0x4b, 3, 4, 0, 0]))).toBeNull()
})

it('counts what a result file says was rejected', () => {
  const result = '病案号,结果,原因\nB1,成功,\nB2,失败,编码错\nB3,失败,"缺, 日期"\n'
  const rejected = { column: '结果', values: ['失败'] }
  expect(resultRows(result, rejected)).toEqual({ rows: 3, rejectedRows: 2 })
  expect(resultRows(result.replaceAll(',', '\t'), { ...rejected })).toEqual({ rows: 3, rejectedRows: 2 })
  expect(resultRows(result, null)).toEqual({ rows: 3, rejectedRows: 3 })
  expect(resultRows(result, { column: '状态', values: ['失败'] })).toBeNull()
  expect(resultRows('', rejected)).toBeNull()
})
