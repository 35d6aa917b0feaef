import { describe, expect, it } from 'vitest'
import { dicom } from '../../../../../adapters/formats/dicom/dicom.ts'
import { isRecord } from '../../../../../gateway/model/json.ts'
import { element } from '../../../../support/dicom-writer.ts'

const explicitLittle = '1.2.840.10008.1.2.1'
const explicitBig = '1.2.840.10008.1.2.2'
const implicitLittle = '1.2.840.10008.1.2'

function read(bytes: Uint8Array, { syntax = explicitLittle, bodyBytes = bytes.length } = {}) {
  const hints = { at: 0, timezone: 'Asia/Shanghai', bodyBytes, side: 'request' } as const
  const document = dicom.read(bytes, {
    ...hints,
    envelope: [
      ['command', 'C-STORE-RQ'],
      ['transfer-syntax', syntax],
    ],
  })
  // A body is read when somebody asks.
  document.shape()
  return document
}

type Read = ReturnType<typeof read>

function membersOf(document: Read): readonly unknown[] {
  const shape = document.shape()
  const [first] = isRecord(shape) && Array.isArray(shape.dataSets) ? shape.dataSets : []
  return Array.isArray(first) ? first : []
}

/** Tag and attribute of the last element. */
function lastOf(document: Read): unknown {
  const last = membersOf(document).at(-1)
  return isRecord(last) ? { tag: last.tag, ...(isRecord(last.attribute) ? last.attribute : {}) } : last
}

function text(value: string, encoding: BufferEncoding = 'latin1'): Buffer {
  return Buffer.from(value, encoding)
}

const utf8 = element(0x00080005, 'CS', text('ISO_IR 192'))
const gb = element(0x00080005, 'CS', text('GB18030 '))

/** As often as it takes to be remembered. */
function often<T>(make: () => T): T {
  make()
  make()
  return make()
}

describe('an element that came before', () => {
  it('is handed out again, with a place of its own', () => {
    const body = Buffer.concat([element(0x00080060, 'CS', text('CT')), element(0x00200013, 'IS', text('7 '))])
    const once = membersOf(often(() => read(body)))
    const again = membersOf(read(body))
    expect(again[0]).toBe(once[0])
    expect(again[1]).toBe(once[1])
    expect(again).toEqual([
      { tag: '00080060', attribute: { vr: 'CS', Value: ['CT'] }, place: expect.any(Number) },
      { tag: '00200013', attribute: { vr: 'IS', Value: ['7'] }, place: expect.any(Number) },
    ])
    expect(new Set(again.map((member) => isRecord(member) && member.place)).size).toBe(2)
  })

  it('is not remembered of a message that came but once', () => {
    expect(membersOf(read(element(0x00100020, 'LO', text('NEVERAGAIN'))))).toMatchObject([{ place: -1 }])
  })

  it('is another under another tag, representation or length, though its bytes are the same', () => {
    often(() => read(element(0x00186000, 'LO', text('0012'))))
    expect(lastOf(often(() => read(element(0x00186001, 'LO', text('0012')))))).toEqual({
      tag: '00186001',
      vr: 'LO',
      Value: ['0012'],
    })
    expect(lastOf(often(() => read(element(0x00186000, 'US', text('0012')))))).toEqual({
      tag: '00186000',
      vr: 'US',
      Value: ['12336', '12849'],
    })
    expect(lastOf(often(() => read(element(0x00186000, 'UL', text('0012')))))).toMatchObject({ Value: ['842084400'] })
    expect(lastOf(often(() => read(element(0x00186000, 'OB', text('0012')))))).toEqual({
      tag: '00186000',
      vr: 'OB',
      BulkDataURI: 'bytes=4',
    })
    expect(lastOf(often(() => read(element(0x00186000, 'LO', text('00120012')))))).toMatchObject({ Value: ['00120012'] })
    expect(lastOf(read(element(0x00186000, 'LO', text('0012'))))).toMatchObject({ vr: 'LO', Value: ['0012'] })
  })

  it('differs in any one byte', () => {
    const value = 'ABCDEFGHIJKLMNOPQRST'
    for (let length = 1; length <= value.length; length++) {
      for (let i = 0; i < length; i++) {
        const other = `${value.slice(0, i)}x${value.slice(i + 1, length)}`
        for (const one of [value.slice(0, length), other, other, value.slice(0, length)])
          expect(lastOf(read(element(0x00081030, 'LO', text(one))))).toMatchObject({ Value: [one] })
      }
    }
  })

  it('is read by the byte order of its own message', () => {
    const little = element(0x00720026, 'UL', Buffer.from([0, 0, 0, 1]))
    expect(lastOf(often(() => read(little)))).toMatchObject({ Value: ['16777216'] })
    const big = Buffer.from([0x00, 0x72, 0x00, 0x26, 0x55, 0x4c, 0, 4, 0, 0, 0, 1])
    expect(lastOf(often(() => read(big, { syntax: explicitBig })))).toMatchObject({ Value: ['1'] })
    expect(lastOf(read(little))).toMatchObject({ Value: ['16777216'] })
  })

  it('is read by the sign that its own data set states, where the transfer syntax writes no representation', () => {
    const set = (sign: number) =>
      Buffer.concat([
        element(0x00280103, 'US', Buffer.from([sign, 0]), { isExplicit: false }),
        element(0x00280106, 'US', Buffer.from([0xff, 0xff]), { isExplicit: false }),
      ])
    expect(lastOf(often(() => read(set(1), { syntax: implicitLittle })))).toMatchObject({ vr: 'SS', Value: ['-1'] })
    expect(lastOf(often(() => read(set(0), { syntax: implicitLittle })))).toMatchObject({ vr: 'US', Value: ['65535'] })
  })

  it('is read by the character set of its own message where it is not plain ASCII', () => {
    const name = element(0x00081030, 'LO', text('\xe5\xbc\xa0\xe4\xb8\x89'))
    expect(lastOf(often(() => read(Buffer.concat([utf8, name]))))).toMatchObject({ Value: ['张三'] })
    const asGb = often(() => read(Buffer.concat([gb, element(0x00081030, 'LO', text('\xd5\xc5\xc8\xfd'))])))
    expect(lastOf(asGb)).toMatchObject({ Value: ['张三'] })
    const asLatin = Buffer.concat([
      element(0x00080005, 'CS', text('ISO_IR 100')),
      element(0x00081030, 'LO', text('\xd5\xc5\xc8\xfd')),
    ])
    expect(often(() => read(asLatin)).facts().charset.verdict).toBe('contradicts')
  })

  it('has the same defects each time', () => {
    const code = element(0x00080060, 'CS', text('\xd5\xc5'))
    const codes = (document: Read) => document.facts().defects.map((one) => `${one.code} ${one.path}`)
    expect(codes(often(() => read(code)))).toEqual(['DICOM_NON_ASCII Modality'])
    const odd = element(0x00080060, 'CS', text('CTX'))
    expect(codes(often(() => read(odd)))).toEqual(['DICOM_ODD_LENGTH Modality'])
  })

  it('does not stand for one that was cut', () => {
    const whole = element(0x00102000, 'LO', text('PENICILLIN'))
    often(() => read(whole))
    expect(lastOf(read(whole.subarray(0, -4), { bodyBytes: whole.length }))).toMatchObject({ Value: ['PENICI'] })
    expect(lastOf(read(whole))).toMatchObject({ Value: ['PENICILLIN'] })
  })

  it('is read anew where too many others came since', () => {
    const set = (seed: number) =>
      Buffer.concat(
        Array.from({ length: 2_000 }, (_, i) =>
          element(0x00111000 + i, 'SL', Buffer.from(Int32Array.of(seed * 2_000 + i).buffer)),
        ),
      )
    const [first, ...others] = Array.from({ length: 20 }, (_, seed) => set(seed))
    const values = (body: Uint8Array | undefined) =>
      membersOf(read(body ?? Buffer.alloc(0))).map(
        (member) => isRecord(member) && isRecord(member.attribute) && member.attribute.Value,
      )
    const expected = Array.from({ length: 2_000 }, (_, i) => [String(i)])
    expect(often(() => values(first))).toEqual(expected)
    for (const body of others) often(() => values(body))
    for (let i = 0; i < 3; i++) expect(values(first)).toEqual(expected)
  })
})
