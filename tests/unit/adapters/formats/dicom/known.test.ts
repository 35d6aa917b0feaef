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

/** `{ members, place }` of the first data set. */
function stretchesOf(document: Read): readonly unknown[] {
  const shape = document.shape()
  const [first] = isRecord(shape) && Array.isArray(shape.dataSets) ? shape.dataSets : []
  return Array.isArray(first) ? first : []
}

function membersOf(document: Read): readonly unknown[] {
  return stretchesOf(document).flatMap((stretch) =>
    isRecord(stretch) && Array.isArray(stretch.members) ? stretch.members : [],
  )
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
function often<T>(make: () => T, times = 6): T {
  for (let i = 1; i < times; i++) make()
  return make()
}

/** The places of the stretches of a body that comes once more, each with how many members it has; -1 of what is new. */
function partsOf(body: Uint8Array): readonly string[] {
  return stretchesOf(read(body)).map((stretch) =>
    isRecord(stretch) && Array.isArray(stretch.members)
      ? `${stretch.place === -1 ? 'new' : 'run'} ${stretch.members.length}`
      : '',
  )
}

describe('elements that came before', () => {
  it('are handed out again, with a place of their own', () => {
    const body = Buffer.concat([element(0x00080060, 'CS', text('CT')), element(0x00200013, 'IS', text('7 '))])
    const [once] = stretchesOf(often(() => read(body)))
    expect(stretchesOf(read(body))[0]).toBe(once)
    expect(once).toEqual({
      members: [
        { tag: '00080060', attribute: { vr: 'CS', Value: ['CT'] } },
        { tag: '00200013', attribute: { vr: 'IS', Value: ['7'] } },
      ],
      place: expect.any(Number),
    })
    const other = element(0x00080060, 'CS', text('MR'))
    const [another] = stretchesOf(often(() => read(other)))
    expect(isRecord(another) && isRecord(once) && another.place !== once.place).toBe(true)
  })

  it('are not remembered of a message that came but once', () => {
    expect(stretchesOf(read(element(0x00100020, 'LO', text('NEVERAGAIN'))))).toMatchObject([{ place: -1 }])
  })

  it('are one run up to where messages differ, and what follows is one again', () => {
    const body = (date: string) =>
      Buffer.concat([
        element(0x00080060, 'CS', text('DX')),
        element(0x00080070, 'LO', text('MAKERS')),
        element(0x00081010, 'SH', text(date)),
        element(0x00181150, 'IS', text('12')),
        element(0x00181151, 'IS', text('14')),
      ])
    expect(often(() => partsOf(body('ROOM 1  ')))).toEqual(['run 5'])
    expect(partsOf(body('ROOM 2  '))).toEqual(['run 2', 'new 3'])
    for (let room = 3; room < 8; room++) partsOf(body(`ROOM ${room}  `))
    expect(partsOf(body('ROOM 8  '))).toEqual(['run 2', 'new 1', 'run 2'])
  })

  it('are one run where two went together for long', () => {
    const first = element(0x00280010, 'US', Buffer.from([7, 1]))
    const second = element(0x00280011, 'US', Buffer.from([7, 2]))
    often(() => read(first))
    often(() => read(second))
    expect(partsOf(Buffer.concat([first, second]))).toEqual(['run 1', 'run 1'])
    expect(often(() => partsOf(Buffer.concat([first, second])), 40)).toEqual(['run 2'])
    expect(partsOf(first)).toEqual(['run 1'])
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
        for (const one of [...Array(5).fill(value.slice(0, length)), ...Array(5).fill(other), value.slice(0, length)])
          expect(lastOf(read(element(0x00081030, 'LO', text(one))))).toMatchObject({ Value: [one] })
      }
    }
  })

  it('differs where it ends as the bytes before its end do', () => {
    const body = (end: string) =>
      Buffer.concat([element(0x00081030, 'LO', text('SPINE ')), element(0x0008103e, 'LO', text(`1234${end}`))])
    often(() => read(body('ABCD')))
    expect(lastOf(read(body('ABAB')))).toMatchObject({ Value: ['1234ABAB'] })
  })

  it('leaves the sign that it states to what is written without representations behind it', () => {
    const open = [0xff, 0xff, 0xff, 0xff]
    const unknown = Buffer.concat([
      Buffer.from([0x28, 0x00, 0x10, 0x30, 0x55, 0x4e, 0, 0, ...open, 0xfe, 0xff, 0x00, 0xe0, ...open]),
      element(0x00280106, 'US', Buffer.from([0xff, 0xff]), { isExplicit: false }),
      Buffer.from([0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]),
    ])
    const body = Buffer.concat([element(0x00280103, 'US', Buffer.from([1, 0])), element(0x00281050, 'DS', text('40')), unknown])
    const signed = { tag: '00283010', vr: 'SQ', Value: [[{ members: [{ attribute: { vr: 'SS', Value: ['-1'] } }] }]] }
    for (let i = 0; i < 80; i++) expect(lastOf(read(body))).toMatchObject(signed)
  })

  it('is read by the byte order of its own message', () => {
    const little = element(0x00720026, 'UL', Buffer.from([0, 0, 0, 1]))
    expect(lastOf(often(() => read(little)))).toMatchObject({ Value: ['16777216'] })
    const big = Buffer.from([0x00, 0x72, 0x00, 0x26, 0x55, 0x4c, 0, 4, 0, 0, 0, 1])
    expect(lastOf(often(() => read(big, { syntax: explicitBig })))).toMatchObject({ Value: ['1'] })
    expect(lastOf(read(little))).toMatchObject({ Value: ['16777216'] })
  })

  it('is not taken for one of another byte order that has the same bytes', () => {
    const little = element(0x08080808, 'LO', text('AB'))
    often(() => read(little))
    const first = Buffer.from([0x00, 0x08, 0x00, 0x60, 0x43, 0x53, 0, 2, 0x43, 0x54])
    const big = Buffer.concat([first, little.subarray(0, 8), Buffer.alloc(512, 'AB')])
    expect(lastOf(read(big, { syntax: explicitBig }))).toMatchObject({ Value: ['AB'.repeat(256)] })
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
