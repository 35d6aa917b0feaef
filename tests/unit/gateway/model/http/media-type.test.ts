import { describe, expect, it } from 'vitest'
import { readMediaType, readParameters } from '../../../../../gateway/model/http/media-type.ts'

describe('a media type', () => {
  it.each([
    ['application/json', 'application/json', 'json', null],
    ['Application/FHIR+JSON; Charset=UTF-8', 'application/fhir+json', 'json', 'utf-8'],
    [' text/xml ; charset="gb18030"', 'text/xml', 'xml', 'gb18030'],
    ['application/soap+xml;charset=utf-8;action="urn:a;b"', 'application/soap+xml', 'xml', 'utf-8'],
    ['text/plain; charset = utf-8 ;', 'text/plain', 'plain', 'utf-8'],
    ['application/dicom', 'application/dicom', 'dicom', null],
    ['application/vnd.api+zip+json;;;charset=UTF-8', 'application/vnd.api+zip+json', 'json', 'utf-8'],
  ])('%s', (value, type, syntax, charset) => {
    expect(readMediaType(value)).toMatchObject({ type, syntax, charset })
  })
  it('names its boundary and other parameters', () => {
    const read = readMediaType('multipart/related; type="application/dicom"; boundary="a \\"b\\" (c)"; start=<x@y>')
    expect(read?.boundary).toBe('a "b" (c)')
    expect(read?.parameters.get('start')).toBe('<x@y>')
    expect(read?.parameters.get('type')).toBe('application/dicom')
  })
  it.each([
    null,
    '',
    'json',
    'application/',
    'text/html, text/plain',
    `a/b;${'x'.repeat(9_000)}`,
    '申请/json',
  ])('is not %j', (value) => {
    expect(readMediaType(value)).toBe(null)
  })
  it('keeps the first of two, and stops at what it cannot read', () => {
    expect([...readParameters('; a=1; A=2; b="x')]).toEqual([['a', '1']].concat([['b', '']]))
    expect(readParameters(';a=1'.repeat(100)).size).toBe(1)
  })
})
