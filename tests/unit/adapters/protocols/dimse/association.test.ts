import { describe, expect, it } from 'vitest'
import {
  abort,
  item,
  message,
  pdu,
  reject,
  releaseAnswer,
  releaseRequest,
} from '../../../../../fixtures/hospital/systems/dimse/bytes.ts'
import {
  associateAccept,
  associateRequest,
  contexts,
  echo,
  header,
  pixels,
  store,
  uids,
  usualUser,
} from '../../../../support/dimse.ts'
import { associated, brief, transcript, value } from './transcript.ts'

describe('an association', () => {
  it('is a request answered by its acceptance, with what was negotiated', () => {
    const { says } = transcript()
    const [request] = says('initiator', associateRequest())
    const [answer] = says('acceptor', associateAccept(contexts, [0, 4]))
    expect(request).toMatchObject({ startAt: 1, endAt: 1, wireBytes: associateRequest().length, bodyBytes: 0, oddities: [] })
    expect(request?.head).toEqual({
      role: 'request',
      id: 'A-ASSOCIATE',
      answersId: null,
      idScope: 'connection',
      stage: null,
      verdict: null,
      code: null,
      type: 'A-ASSOCIATE',
      expects: { accept: false, application: true },
    })
    expect(request?.envelope).toEqual([
      ['calling-ae', 'CT01'],
      ['called-ae', 'PACS1'],
      ['application-context', '1.2.840.10008.3.1.1.1'],
      ['max-length', '16384'],
      ['implementation-uid', '1.2.3'],
      ['implementation-version', 'TEST_1'],
      ['context', `1 ${uids.verification} ${uids.implicit}`],
      ['context', `3 ${uids.ct} ${uids.explicit},${uids.implicit}`],
    ])
    expect(answer?.head).toMatchObject({ role: 'answer', answersId: 'A-ASSOCIATE', verdict: 'yes', code: 'AC', expects: null })
    expect(answer?.envelope?.slice(-2)).toEqual([
      ['context', `1 0 ${uids.implicit}`],
      ['context', `3 4 ${uids.explicit}`],
    ])
  })

  it('tells roles, asynchronous operations and extended negotiation', () => {
    const uid = Buffer.concat([Buffer.from([0, uids.ct.length]), Buffer.from(uids.ct)])
    const user = Buffer.concat([
      item(0x53, Buffer.from([0, 5, 0, 0])),
      item(0x54, Buffer.concat([uid, Buffer.from([0, 1])])),
      item(0x56, Buffer.concat([uid, Buffer.from([1, 0, 1])])),
      item(0x57, Buffer.concat([uid, Buffer.from([0, 0, 0, 0])])),
    ])
    const [request] = transcript().says('initiator', associateRequest(contexts, user))
    expect(request?.envelope?.slice(3, 8)).toEqual([
      ['async-invoked', '5'],
      ['async-performed', '0'],
      ['role', `${uids.ct} 0 1`],
      ['extended-negotiation', `${uids.ct} 010001`],
      ['common-extended-negotiation', uids.ct],
    ])
  })

  it('tells that a user identity was given, and never which', () => {
    const identity = Buffer.concat([
      Buffer.from([2, 1, 0, 7]),
      Buffer.from('zhangsan'),
      Buffer.from([0, 6]),
      Buffer.from('secret'),
    ])
    const { says } = transcript()
    const frames = [
      ...says('initiator', associateRequest(contexts, Buffer.concat([usualUser, item(0x58, identity)]))),
      ...says('acceptor', associateAccept(contexts, [], Buffer.concat([usualUser, item(0x59, 'secret-ticket')]))),
    ]
    expect(frames.map((frame) => value(frame, 'user-identity'))).toEqual(['2', 'answered'])
    expect(JSON.stringify(frames)).not.toMatch(/zhangsan|secret/)
    expect(frames.every((frame) => frame.body.length === 0)).toBe(true)
  })

  it('that is refused says no, by whom and why', () => {
    const { says } = transcript()
    says('initiator', associateRequest())
    const [answer] = says('acceptor', reject(1, 1, 7))
    expect(answer?.head).toMatchObject({ role: 'answer', answersId: 'A-ASSOCIATE', verdict: 'no', code: 'RJ-1-1-7' })
    expect(answer?.envelope).toEqual([
      ['calling-ae', 'CT01'],
      ['called-ae', 'PACS1'],
    ])
  })

  it('ends by release and its answer', () => {
    const { says } = associated()
    expect([...says('initiator', releaseRequest()), ...says('acceptor', releaseAnswer())].map(brief)).toEqual([
      ['initiator', 'request', 'A-RELEASE', 'A-RELEASE', null, 0],
      ['acceptor', 'answer', 'A-RELEASE', 'A-RELEASE', 'RP', 0],
    ])
  })

  it('that is begun anew on the same connection forgets what was agreed before', () => {
    const { says } = associated()
    says('initiator', associateRequest([{ id: 3, abstract: uids.worklist, transfers: [uids.big] }]))
    const [frame] = says('initiator', message(3, echo(1)))
    expect([value(frame, 'abstract-syntax'), value(frame, 'transfer-syntax')]).toEqual([uids.worklist, undefined])
  })
})

describe('an abort', () => {
  it('says by whom and why', () => {
    const [frame] = associated().says('acceptor', abort(2, 6))
    expect(frame?.head).toMatchObject({ role: 'abort', code: '2-6', type: 'A-ABORT', expects: { application: false } })
  })

  it('comes after what it broke off, of either side', () => {
    const begun = message(3, store(1), Buffer.concat([header, pixels(5_000)])).subarray(0, 2_000)
    const byAcceptor = associated()
    byAcceptor.says('initiator', begun)
    expect(byAcceptor.says('acceptor', abort(2, 0)).map(brief)).toEqual([
      ['initiator', 'request', 'C-STORE', '1', null, header.length, 'partial'],
      ['acceptor', 'abort', 'A-ABORT', null, '2-0', 0],
    ])
    const byInitiator = associated()
    const whole = message(3, store(1), header, { fragmentBytes: 40 })
    // Up to a PDU's end: the command and two fragments of the data set.
    const cut = whole.subarray(0, whole.indexOf(header.subarray(40, 80)) + 40)
    expect(byInitiator.says('initiator', Buffer.concat([cut, abort(0, 0)])).map(brief)).toEqual([
      ['initiator', 'request', 'C-STORE', '1', null, 80, 'partial'],
      ['initiator', 'abort', 'A-ABORT', null, '0-0', 0],
    ])
  })

  it('lets the rest of what it broke off pass', () => {
    const { says } = associated()
    const whole = message(3, store(1), Buffer.concat([header, pixels(50_000)]))
    says('initiator', whole.subarray(0, 2_000))
    says('acceptor', abort(2, 0))
    expect(says('initiator', whole.subarray(2_000), message(1, echo(2))).map(brief)).toEqual([
      ['initiator', 'request', 'C-ECHO', '2', null, 0],
    ])
  })
})

describe('an association request that breaks the rules', () => {
  it('of ten thousand contexts is read up to 128 of them', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({
      id: (2 * i + 1) % 256,
      abstract: uids.ct,
      transfers: [uids.implicit],
    }))
    const { says } = transcript()
    const [frame] = says('initiator', associateRequest(many))
    expect(frame?.envelope?.filter(([name]) => name === 'context')).toHaveLength(128)
    expect(frame?.oddities).toContainEqual({ kind: 'oversize', bytes: frame?.wireBytes })
    const some = says('initiator', associateRequest(many.slice(0, 200)))
    expect(some[0]?.oddities).toEqual([{ kind: 'irregular', code: 'DIMSE_CONTEXTS_TOO_MANY' }])
  })

  it('with an item longer than itself is read up to that', () => {
    const fields = Buffer.concat([associateRequest().subarray(6, 74), item(0x10, '1.2'), Buffer.from([0x20, 0, 0xff, 0xff, 1])])
    const [frame] = transcript().says('initiator', pdu(1, fields))
    expect(value(frame, 'application-context')).toBe('1.2')
    expect(frame?.oddities).toEqual([{ kind: 'irregular', code: 'DIMSE_ITEMS_BROKEN' }])
  })

  it('that breaks off is partial, and agrees nothing', () => {
    const { decoder, says } = transcript()
    says('initiator', associateRequest().subarray(0, 100))
    expect(decoder.pending('initiator')).toEqual({ sinceAt: 1, bytes: 100 })
    expect(decoder.end('initiator', 'rst', 2).map(brief)).toEqual([
      ['initiator', 'request', 'A-ASSOCIATE', 'A-ASSOCIATE', null, 0, 'partial'],
    ])
    expect(decoder.heldBytes).toBe(0)
  })
})
