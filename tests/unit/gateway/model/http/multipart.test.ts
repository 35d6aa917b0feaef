import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MediaType, readMediaType } from '../../../../../gateway/model/http/media-type.ts'
import { type Multipart, splitMultipart } from '../../../../../gateway/model/http/multipart.ts'

function mediaType(value: string): MediaType {
  const read = readMediaType(value)
  if (read === null) throw new Error('the test names no media type')
  return read
}

const related = mediaType('multipart/related; type="application/dicom"; boundary=b')

function split(text: string, options = {}): Multipart {
  return splitMultipart(Buffer.from(text, 'latin1'), related, options)
}

function brief({ parts, defects }: Multipart) {
  return [parts.map(({ body }) => Buffer.from(body).toString('latin1')), defects.map(({ code }) => code)]
}

describe('a multipart body', () => {
  it('is split into its parts, whatever stands around them', () => {
    const read = split(
      'preamble\r\n--b\r\nContent-Type: application/dicom\r\nContent-Location: x\r\n\r\none\r\n--b  \r\n\r\ntwo\r\n\r\n--b--\r\nepilogue --b\r\n',
    )
    expect(brief(read)).toEqual([['one', 'two\r\n'], []])
    expect(read.parts[0]?.envelope).toEqual([
      ['content-type', 'application/dicom'],
      ['content-location', 'x'],
    ])
    expect(read.parts[0]?.mediaType?.type).toBe('application/dicom')
    expect(read.parts.map(({ extent }) => extent)).toEqual(['whole', 'whole'])
  })
  it('of a form names its parts', () => {
    const read = splitMultipart(
      Buffer.from(
        '--x\r\nContent-Disposition: form-data; name="报告"; filename="a;b.pdf"\r\nContent-Type:\r\n application/pdf\r\n\r\n%PDF\r\n--x--',
      ),
      mediaType('multipart/form-data; boundary=x'),
    )
    expect(read.parts[0]).toMatchObject({ name: '报告', fileName: 'a;b.pdf', mediaType: { type: 'application/pdf' } })
  })
  it('may have line feeds alone, empty parts, and parts without a header', () => {
    expect(brief(split('--b\n\none\n--b\nA: b\n\n--b\n\n\n--b--'))).toEqual([['one', '', ''], []])
  })
  it('keeps what only looks like a boundary', () => {
    expect(brief(split('--b\r\n\r\nx--b\r\n--bc\r\n --b\r\n--b--'))).toEqual([['x--b\r\n--bc\r\n --b'], []])
  })
  it('says what is wrong with it', () => {
    expect(brief(split('--c\r\n\r\none'))).toEqual([[], ['HTTP_MULTIPART_NO_PART']])
    expect(brief(split('--b\r\n\r\none'))).toEqual([['one'], ['HTTP_MULTIPART_NOT_CLOSED']])
    expect(brief(split('--b\r\nno colon\r\n\r\none\r\n--b--'))).toEqual([['one'], ['HTTP_MULTIPART_BAD_HEADER']])
    expect(brief(split(`--b\r\nA: ${'x'.repeat(99)}\r\n\r\none\r\n--b--`, { partHeaderBytesMax: 50 }))).toEqual([
      [''],
      ['HTTP_MULTIPART_BAD_HEADER'],
    ])
    expect(splitMultipart(Buffer.from('--b'), mediaType('multipart/related')).defects[0]?.code).toBe(
      'HTTP_MULTIPART_NO_BOUNDARY',
    )
  })
  it('of which a part was kept ends in a part that is cut, and nothing is wrong with that', () => {
    const read = split('--b\r\n\r\none\r\n--b\r\nContent-Ty', { isCut: true })
    expect(read.parts.map(({ extent }) => extent)).toEqual(['whole', 'cut'])
    expect(read.defects).toEqual([])
  })
  it('of too many parts is counted and read as far as the limit', () => {
    const read = split(`${'--b\r\n\r\nx\r\n'.repeat(20)}--b--`, { partsMax: 5 })
    expect([read.parts.length, read.partCount, read.defects[0]?.code]).toEqual([5, 20, 'HTTP_MULTIPART_TOO_MANY_PARTS'])
  })
  it('gives back what was joined', () => {
    const part = fc.uint8Array({ maxLength: 60 }).filter((bytes) => !Buffer.from(bytes).includes('--b'))
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (bodies) => {
        const body = Buffer.concat([
          ...bodies.flatMap((bytes) => [Buffer.from('\r\n--b\r\nA: b\r\n\r\n'), Buffer.from(bytes)]),
          Buffer.from('\r\n--b--\r\n'),
        ])
        const read = splitMultipart(body, related)
        expect(read.parts.map(({ body: bytes }) => [...bytes])).toEqual(bodies.map((bytes) => [...bytes]))
        expect(read.defects).toEqual([])
      }),
    )
  })
  it('never throws', () => {
    const pieces = fc.constantFrom('--b', '\r\n', '\n', '--b--', 'A: b', '\r', ' ', ':', '--')
    fc.assert(fc.property(fc.array(pieces, { maxLength: 40 }), (text) => void split(text.join(''), { partHeaderBytesMax: 9 })))
  })
})
