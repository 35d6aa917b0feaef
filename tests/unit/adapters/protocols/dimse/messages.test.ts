import { describe, expect, it } from 'vitest'
import { commandSet, dataPdu, message, pdu, pdv } from '../../../../../fixtures/hospital/systems/dimse/bytes.ts'
import { answer, echo, header, pixels, store, uids, uint16LE } from '../../../../support/dimse.ts'
import { associated, brief, transcript, value } from './transcript.ts'

describe('a message', () => {
  it('has its command in the envelope and its data set, up to the pixels, as its body', () => {
    const [frame] = associated().says('initiator', message(3, store(7), Buffer.concat([header, pixels(40_000)])))
    expect(frame?.head).toEqual({
      role: 'request',
      id: '7',
      answersId: null,
      idScope: 'connection',
      stage: null,
      verdict: null,
      code: null,
      type: 'C-STORE',
      expects: { accept: false, application: true },
    })
    expect(frame?.envelope).toEqual([
      ['calling-ae', 'CT01'],
      ['called-ae', 'PACS1'],
      ['context-id', '3'],
      ['abstract-syntax', uids.ct],
      ['transfer-syntax', uids.explicit],
      ['command', 'C-STORE-RQ'],
      ['message-id', '7'],
      ['affected-sop-class', uids.ct],
      ['affected-sop-instance', '1.2.3.4'],
      ['priority', '0'],
      ['pixel-data-bytes', '40012'],
    ])
    expect(frame?.body).toEqual(header)
    expect(frame?.bodyBytes).toBe(header.length)
    expect(frame?.wireBytes).toBe(message(3, store(7), Buffer.concat([header, pixels(40_000)])).length)
  })

  it('is the same whatever its fragments are', () => {
    const dataSet = Buffer.concat([header, pixels(500)])
    for (const how of [{ fragmentBytes: 3 }, { fragmentBytes: 70, pdvsPerPdu: 3 }, { fragmentBytes: 5_000, pdvsPerPdu: 9 }]) {
      const frames = associated().says('initiator', message(3, store(1), dataSet, how))
      expect(frames.map(brief)).toEqual([['initiator', 'request', 'C-STORE', '1', null, header.length]])
      expect(frames[0]?.body).toEqual(header)
    }
  })

  it('may alternate with one of another context', () => {
    const command = store(1)
    const bytes = Buffer.concat([
      dataPdu(pdv(3, 'command', command, false), pdv(1, 'command', echo(2).subarray(0, 20), false)),
      dataPdu(pdv(3, 'command', Buffer.alloc(0))),
      dataPdu(pdv(3, 'data', header.subarray(0, 30), false), pdv(1, 'command', echo(2).subarray(20))),
      dataPdu(pdv(3, 'data', header.subarray(30))),
    ])
    const frames = associated().says('initiator', bytes)
    expect(frames.map(brief)).toEqual([
      ['initiator', 'request', 'C-ECHO', '2', null, 0],
      ['initiator', 'request', 'C-STORE', '1', null, header.length],
    ])
    expect(frames[1]?.body).toEqual(header)
    expect(frames.reduce((sum, { wireBytes }) => sum + wireBytes, 0)).toBe(bytes.length)
  })

  it('may be asked by either side, and several at once', () => {
    const { frames, says } = associated()
    says('initiator', message(1, echo(1)), message(1, echo(2)))
    says(
      'acceptor',
      message(
        3,
        commandSet([
          [0x0100, 0x0100],
          [0x0110, 1],
          [0x0800, 0x0101],
          [0x1002, 1],
        ]),
      ),
    )
    says('acceptor', message(1, answer(0x0030, 2, 0)), message(1, answer(0x0030, 1, 0)))
    says('initiator', message(3, answer(0x0100, 1, 0)))
    expect(frames.map(brief)).toEqual([
      ['initiator', 'request', 'C-ECHO', '1', null, 0],
      ['initiator', 'request', 'C-ECHO', '2', null, 0],
      ['acceptor', 'request', 'N-EVENT-REPORT', '1', null, 0],
      ['acceptor', 'answer', 'C-ECHO', '2', '0000', 0],
      ['acceptor', 'answer', 'C-ECHO', '1', '0000', 0],
      ['initiator', 'answer', 'N-EVENT-REPORT', '1', '0000', 0],
    ])
  })

  it('of every command of PS3.7 is known, and a cancel is owed nothing', () => {
    const fields = [0x0001, 0x0010, 0x0020, 0x0021, 0x0030, 0x0100, 0x0110, 0x0120, 0x0130, 0x0140, 0x0150]
    const commands = fields.map((field) =>
      commandSet([
        [0x0100, field],
        [0x0110, 9],
        [0x0800, 0x0101],
      ]),
    )
    const types = commands.flatMap((command) =>
      associated()
        .says('initiator', message(1, command))
        .map(({ head }) => head.type),
    )
    expect(types.join(' ')).toBe('C-STORE C-GET C-FIND C-MOVE C-ECHO N-EVENT-REPORT N-GET N-SET N-ACTION N-CREATE N-DELETE')
    const [cancel] = associated().says(
      'initiator',
      message(
        1,
        commandSet([
          [0x0100, 0x0fff],
          [0x0120, 4],
          [0x0800, 0x0101],
        ]),
      ),
    )
    expect(cancel?.head).toMatchObject({
      role: 'request',
      id: null,
      type: 'C-CANCEL',
      expects: { accept: false, application: false },
    })
    expect(value(cancel, 'message-id')).toBe('4')
  })

  it('tells sub-operations, what offends, and an error comment in either charset', () => {
    const more = [
      [0x0901, Buffer.concat([uint16LE(0x0010), uint16LE(0x0020), uint16LE(0x0008), uint16LE(0x0018)])],
      [0x0902, Buffer.from('b4c5c5ccc2fa', 'hex')],
      [0x1020, 3],
      [0x1021, 2],
      [0x1022, 1],
      [0x1023, 0],
    ] as const
    const [frame] = associated().says('acceptor', message(1, answer(0x0021, 1, 0xff00, more)))
    expect(frame?.envelope?.slice(5)).toEqual([
      ['command', 'C-MOVE-RSP'],
      ['message-id', '1'],
      ['status', 'FF00'],
      ['error-comment', '磁盘满'],
      ['remaining', '3'],
      ['completed', '2'],
      ['failed', '1'],
      ['warning', '0'],
      ['offending-element', '00100020'],
      ['offending-element', '00080018'],
    ])
  })
})

describe('a status', () => {
  it.each([
    [0x0000, '0000', null, 'yes'],
    [0xff00, 'FF00', 'interim', null],
    [0xff01, 'FF01', 'interim', null],
    [0xfe00, 'FE00', null, 'yes'],
    [0xb000, 'B000', null, 'yes'],
    [0xb007, 'B007', null, 'yes'],
    [0x0001, '0001', null, 'yes'],
    [0x0107, '0107', null, 'yes'],
    [0x0116, '0116', null, 'yes'],
    [0x0110, '0110', null, 'no'],
    [0x0111, '0111', null, 'no'],
    [0x0211, '0211', null, 'no'],
    [0xa700, 'A700', null, 'no'],
    [0xa801, 'A801', null, 'no'],
    [0xc000, 'C000', null, 'no'],
    [0xd123, 'D123', null, 'no'],
  ])('%i is %s: %s, %s', (status, code, stage, verdict) => {
    const [frame] = associated().says('acceptor', message(1, answer(0x0001, 1, status)))
    expect(frame?.head).toMatchObject({ role: 'answer', answersId: '1', code, stage, verdict })
  })

  it('that is missing says nothing', () => {
    const [frame] = associated().says(
      'acceptor',
      message(
        1,
        commandSet([
          [0x0100, 0x8030],
          [0x0120, 1],
          [0x0800, 0x0101],
        ]),
      ),
    )
    expect(frame?.head).toMatchObject({ role: 'answer', code: null, verdict: null })
  })
})

describe('a message that breaks the rules', () => {
  it('of an unreadable command is unknown', () => {
    for (const command of [
      Buffer.alloc(20, 0x41),
      commandSet([[0x0100, 0x7777]]),
      commandSet([[0x0110, 1]]),
      Buffer.alloc(0),
    ]) {
      const [frame] = associated().says('initiator', message(1, command))
      expect(frame && brief(frame)).toEqual(['initiator', 'unknown', null, null, null, 0, 'DIMSE_COMMAND_UNREADABLE'])
    }
  })

  it('whose data set never comes is told when the next one begins', () => {
    expect(
      associated()
        .says('initiator', message(3, store(1)), message(3, store(2), header))
        .map(brief),
    ).toEqual([
      ['initiator', 'request', 'C-STORE', '1', null, 0, 'DIMSE_DATA_SET_MISSING'],
      ['initiator', 'request', 'C-STORE', '2', null, header.length],
    ])
  })

  it('whose command never came, or never ended, is told so', () => {
    expect(
      associated()
        .says('initiator', dataPdu(pdv(3, 'data', header)))
        .map(brief),
    ).toEqual([['initiator', 'unknown', null, null, null, header.length, 'DIMSE_COMMAND_MISSING']])
    const unfinished = dataPdu(pdv(3, 'command', store(1), false), pdv(3, 'data', header))
    expect(associated().says('initiator', unfinished).map(brief)).toEqual([
      ['initiator', 'unknown', null, null, null, header.length, 'DIMSE_COMMAND_UNFINISHED'],
    ])
  })

  it('in a PDV longer than its PDU is broken, and the next PDU is read', () => {
    const long = pdv(3, 'data', header)
    long.writeUInt32BE(0xffff_fff0, 0)
    const { says } = associated()
    const broken = Buffer.concat([dataPdu(pdv(3, 'command', store(1))), dataPdu(long)])
    expect(says('initiator', broken, message(1, echo(2))).map(brief)).toEqual([
      ['initiator', 'request', 'C-STORE', '1', null, 0, 'DIMSE_PDV_LENGTH', 'partial'],
      ['initiator', 'request', 'C-ECHO', '2', null, 0],
    ])
  })

  it('in PDUs longer than the other side takes is told so once', () => {
    const frames = associated().says(
      'initiator',
      message(3, store(1), Buffer.concat([header, pixels(60_000)]), { fragmentBytes: 20_000 }),
    )
    expect(frames.map(brief)).toEqual([['initiator', 'request', 'C-STORE', '1', null, header.length, 'DIMSE_PDU_TOO_LONG']])
  })

  it('in a PDU of four gigabytes costs no memory', () => {
    const { decoder, says } = transcript()
    const whole = pdu(4, pdv(3, 'data', Buffer.concat([header, pixels(0)])), 0xffff_ffff)
    whole.writeUInt32BE(0xffff_fff0, 6)
    says('initiator', whole)
    for (let i = 0; i < 1_000; i++) says('initiator', Buffer.alloc(65_536, 0x41))
    expect(decoder.heldBytes).toBeLessThan(2_048)
    expect(decoder.pending('initiator')?.bytes).toBe(whole.length + 65_536_000)
  })

  it('without an end to its private elements is kept up to the limit, and said to be too large beyond the frame limit', () => {
    const { says } = associated({ bodyBytesMax: 10_000, frameBytesMax: 50_000 })
    const large = Buffer.concat([
      header,
      Buffer.from([0x11, 0, 0, 0, 0x55, 0x54, 0, 0, 0xff, 0xff, 0, 0]),
      Buffer.alloc(0xffff, 0x41),
    ])
    const [within] = says('initiator', message(3, store(1), large.subarray(0, 40_000)))
    expect([within?.body.length, within?.bodyBytes, within?.oddities]).toEqual([10_000, 40_000, []])
    const [beyond] = says('initiator', message(3, store(2), large))
    expect([beyond?.body.length, beyond?.bodyBytes]).toEqual([4_096, large.length])
    expect(beyond?.oddities).toEqual([{ kind: 'oversize', bytes: beyond?.wireBytes }])
  })
})
