import { describe, expect, it } from 'vitest'
import { message, pdu, releaseRequest } from '../../../../../fixtures/hospital/systems/dimse/bytes.ts'
import { ProtocolError } from '../../../../../gateway/model/frame.ts'
import { associateRequest, echo, header, pixels, store } from '../../../../support/dimse.ts'
import { associated, brief, transcript } from './transcript.ts'

const object = Buffer.concat([header, pixels(30_000)])
const stored = message(3, store(1), object, { fragmentBytes: 10_000 })

describe('bytes that are no DICOM', () => {
  it.each([
    ['GET / HTTP/1.1\r\n\r\n', 'DIMSE_HTTP_SPOKEN'],
    ['OPTIONS * HTTP/1.1\r\n', 'DIMSE_HTTP_SPOKEN'],
    ['PRI * HTTP/2.0\r\n', 'DIMSE_HTTP_SPOKEN'],
    ['\x16\x03\x01\x02\x00\x01', 'TLS_PASSED_THROUGH'],
    ['\x0bMSH|^~\\&|', 'DIMSE_NOT_A_PDU'],
    ['\x08\x00\x00\x00\x00\x04', 'DIMSE_NOT_A_PDU'],
    ['\x01\x00\xff\xff\xff\xff', 'DIMSE_PDU_LENGTH'],
    ['\x05\x00\x00\x10\x00\x00', 'DIMSE_PDU_LENGTH'],
  ])('%j: %s', (text, code) => {
    expect(codeOf(() => transcript().says('initiator', Buffer.from(text, 'latin1')))).toBe(code)
  })

  it('cost nothing of what came before them', () => {
    const { decoder, says } = associated()
    expect(says('initiator', Buffer.concat([message(1, echo(1)), Buffer.from('nonsense')])).map(brief)).toEqual([
      ['initiator', 'request', 'C-ECHO', '1', null, 0],
    ])
    expect(codeOf(() => decoder.end('initiator', 'fin', 9))).toBe('DIMSE_NOT_A_PDU')
  })
})

describe('an end', () => {
  it.each(['fin', 'rst', 'timeout'] as const)('by %s inside an object leaves it partial', (how) => {
    const { decoder, says } = associated()
    says('initiator', stored.subarray(0, 25_000))
    expect(decoder.pending('initiator')).toEqual({ sinceAt: 3, bytes: 25_000 })
    const [frame] = decoder.end('initiator', how, 9)
    expect(frame).toMatchObject({ startAt: 3, endAt: 3, wireBytes: 25_000, bodyBytes: header.length })
    expect(frame?.oddities).toEqual([{ kind: 'partial', how }])
    expect(frame?.head).toMatchObject({ role: 'request', type: 'C-STORE', id: '1' })
    expect([decoder.heldBytes, decoder.pending('initiator')]).toEqual([0, null])
  })

  it('inside a header leaves something that is unknown', () => {
    const { decoder, says } = associated()
    says('acceptor', Buffer.from([4, 0, 0]))
    expect(decoder.end('acceptor', 'rst', 9).map(brief)).toEqual([['acceptor', 'unknown', null, null, null, 0, 'partial']])
  })

  it('between messages leaves nothing', () => {
    const { decoder, says } = associated()
    says('initiator', stored)
    expect(decoder.end('initiator', 'fin', 9)).toEqual([])
  })

  it('by time-out is not for ever: the rest passes, and what follows is read', () => {
    const { decoder, says } = associated()
    says('initiator', stored.subarray(0, 15_000))
    decoder.end('initiator', 'timeout', 9)
    expect(says('initiator', stored.subarray(15_000), message(1, echo(2))).map(brief)).toEqual([
      ['initiator', 'request', 'C-ECHO', '2', null, 0],
    ])
  })
})

describe('lost bytes', () => {
  it('of pixels alone cost nothing but their digest', () => {
    const { decoder, says } = associated()
    says('initiator', stored.subarray(0, 5_000))
    expect(decoder.gap('initiator', 3_000, 9)).toEqual([])
    const [frame] = says('initiator', stored.subarray(8_000))
    expect(frame).toMatchObject({ wireBytes: stored.length, body: header, bodyBytes: header.length })
    expect(frame?.oddities).toEqual([{ kind: 'gap', bytes: 3_000 }])
  })

  it('before the pixels cut the body where they were', () => {
    const { decoder, says } = associated()
    const at = stored.indexOf(header) + 40
    says('initiator', stored.subarray(0, at))
    decoder.gap('initiator', 20, 9)
    const [frame] = says('initiator', stored.subarray(at + 20))
    expect(frame?.body).toEqual(header.subarray(0, 40))
    expect(frame?.bodyBytes).toBe(object.length)
  })

  it('up to the last byte of a message end it', () => {
    const { decoder, says } = associated()
    says('initiator', stored.subarray(0, -100))
    expect(decoder.gap('initiator', 100, 9).map(brief)).toEqual([
      ['initiator', 'request', 'C-STORE', '1', null, header.length, 'gap'],
    ])
  })

  it('of pixels over the ends of PDUs cost nothing either: by its own length the object goes on', () => {
    const { decoder, frames, says } = associated()
    says('initiator', stored.subarray(0, 5_000))
    expect(decoder.gap('initiator', 17_000, 9)).toEqual([])
    for (let at = 22_000; at < stored.length; at += 700) says('initiator', stored.subarray(at, at + 700))
    says('initiator', message(1, echo(2)))
    expect(frames.map(brief)).toEqual([
      ['initiator', 'request', 'C-STORE', '1', null, header.length, 'gap'],
      ['initiator', 'request', 'C-ECHO', '2', null, 0],
    ])
    expect(frames[0]?.body).toEqual(header)
    expect(frames[0]?.wireBytes).toBeGreaterThan(25_000)
  })

  it('beyond the pixels break the message off; the next one is found among pixels that look like many', () => {
    const { decoder, frames, says } = associated()
    says('initiator', stored.subarray(0, 9_000))
    const lost = stored.length - 9_000 + 300
    expect(decoder.gap('initiator', lost, 9).map(brief)).toEqual([
      ['initiator', 'request', 'C-STORE', '1', null, header.length, 'gap', 'partial'],
    ])
    const rest = Buffer.concat([message(3, store(2), object).subarray(300), message(3, store(3), object)])
    for (let at = 0; at < rest.length; at += 700) says('initiator', rest.subarray(at, at + 700))
    says('initiator', releaseRequest())
    expect(frames.map(brief)).toEqual([
      ['initiator', 'request', 'C-STORE', '3', null, header.length],
      ['initiator', 'request', 'A-RELEASE', 'A-RELEASE', null, 0],
    ])
  })

  it('before anything was seen: reading begins at the first PDU', () => {
    const { decoder, says } = transcript()
    decoder.gap('initiator', 0, 0)
    const frames = says('initiator', Buffer.concat([stored.subarray(500), message(3, store(2), object)]))
    expect(frames.map(brief)).toEqual([['initiator', 'request', 'C-STORE', '2', null, header.length]])
  })

  it('before a command whose PDU holds its data set too', () => {
    const { decoder, says } = transcript()
    decoder.gap('initiator', 10, 0)
    const frames = says('initiator', Buffer.alloc(50, 0x04), message(3, store(2), header, { pdvsPerPdu: 2 }))
    expect(frames.map(brief)).toEqual([['initiator', 'request', 'C-STORE', '2', null, header.length, 'gap']])
  })

  it('among pixels in which only the first bytes look like a PDU', () => {
    const { decoder, says } = transcript()
    decoder.gap('initiator', 10, 0)
    const lookalike = Buffer.from('04000000100000000008030041414141', 'hex')
    const frames = says('initiator', Buffer.concat([lookalike, lookalike, message(3, store(2), object)]))
    expect(frames.map(brief)).toEqual([['initiator', 'request', 'C-STORE', '2', null, header.length, 'gap']])
  })

  it('before an association', () => {
    const { decoder, says } = transcript()
    decoder.gap('initiator', 10, 0)
    expect(says('initiator', Buffer.concat([Buffer.from([1, 2, 3, 1]), associateRequest()])).map(brief)).toEqual([
      ['initiator', 'request', 'A-ASSOCIATE', 'A-ASSOCIATE', null, 0, 'gap'],
    ])
  })

  it('are looked for byte by byte as in one piece', () => {
    const bytes = Buffer.concat([
      Buffer.alloc(3_000, 0x04),
      pdu(9, Buffer.alloc(30, 7)),
      message(3, store(5), object),
      message(1, echo(6)),
    ])
    const told = [bytes.length, 1, 7].map((size) => {
      const { decoder, frames, says } = transcript()
      decoder.gap('initiator', 10, 0)
      for (let at = 0; at < bytes.length; at += size) says('initiator', bytes.subarray(at, at + size))
      return frames.map(brief)
    })
    expect(told[0]?.length).toBe(2)
    expect(told[1]).toEqual(told[0])
    expect(told[2]).toEqual(told[0])
  })
})

function codeOf(run: () => unknown): string | null {
  try {
    run()
    return null
  } catch (error) {
    return error instanceof ProtocolError ? error.code : String(error)
  }
}
