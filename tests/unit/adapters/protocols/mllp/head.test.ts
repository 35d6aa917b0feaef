import { describe, expect, it } from 'vitest'
import { readHead } from '../../../../../adapters/protocols/mllp/head.ts'
import { ackText, enhanced, orderText } from '../../../../support/mllp.ts'

const head = (text: string | Buffer, mode: 'auto' | 'original' | 'enhanced' | 'none' = 'auto') =>
  readHead(typeof text === 'string' ? Buffer.from(text) : text, mode)

describe('readHead', () => {
  it('reads a request: MSH-9, MSH-10, and an application ack owed in original mode', () => {
    expect(head(orderText('HIS1'))).toEqual({
      role: 'request',
      id: 'HIS1',
      answersId: null,
      stage: null,
      verdict: null,
      code: null,
      type: 'OML^O21',
      expects: { accept: false, application: true },
    })
  })

  it.each([
    ['AA', 'application', 'yes'],
    ['AE', 'application', 'no'],
    ['AR', 'application', 'no'],
    ['CA', 'accept', 'yes'],
    ['CE', 'accept', 'no'],
    ['CR', 'accept', 'no'],
  ])('reads an answer %s as %s, %s', (code, stage, verdict) => {
    expect(head(ackText(code, '17'))).toMatchObject({
      role: 'answer',
      id: 'A17',
      answersId: '17',
      code,
      stage,
      verdict,
      type: 'ACK',
    })
  })

  it('keeps a code that table 0008 does not have, without a verdict', () => {
    expect(head(ackText('OK', '17'))).toMatchObject({ role: 'answer', code: 'OK', stage: null, verdict: null })
  })

  it.each([
    ['AL', 'NE', { accept: true, application: false }],
    ['AL', 'AL', { accept: true, application: true }],
    ['NE', 'NE', { accept: false, application: false }],
    ['ER', 'SU', { accept: false, application: true }],
    ['', 'AL', { accept: false, application: true }],
  ])('enhanced mode %s/%s owes %o', (accept, application, expects) => {
    expect(head(orderText('1', enhanced(accept, application))).expects).toEqual(expects)
  })

  it('the ack mode of the interface overrules the message where it says so', () => {
    expect(head(orderText('1', enhanced('NE', 'NE')), 'original').expects).toEqual({ accept: false, application: true })
    expect(head(orderText('1'), 'enhanced').expects).toEqual({ accept: true, application: false })
    expect(head(orderText('1', enhanced('AL', 'AL')), 'none').expects).toEqual({ accept: false, application: false })
  })

  it('an answer that asks for an accept ack of its own says so', () => {
    const text = ackText('AA', '1').replace('|P|2.5.1', `|P|2.5.1${enhanced('AL', 'NE')}`)
    expect(head(text)).toMatchObject({ role: 'answer', expects: { accept: true, application: false } })
  })

  it('takes the message’s own delimiters', () => {
    expect(head('MSH#!~\\&#A#B#C#D#20261123##ORU!R01!ORU_R01#77#P#2.4\rMSA#AE#76\r')).toMatchObject({
      role: 'answer',
      type: 'ORU^R01',
      id: '77',
      answersId: '76',
    })
  })

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('segments may end with %s', (_name, lineEnd) => {
    expect(head(ackText('AA', '5').replaceAll('\r', lineEnd))).toMatchObject({ answersId: '5' })
  })

  it('passes over a byte order mark, blank lines, batch headers, and segments between MSH and MSA', () => {
    expect(head(`\ufeff${orderText('1')}`)).toMatchObject({ role: 'request', id: '1' })
    expect(head(`\r\n ${orderText('2')}`)).toMatchObject({ id: '2' })
    expect(head(`FHS|^~\\&|A\rBHS|^~\\&|A\r${orderText('3')}`)).toMatchObject({ id: '3' })
    expect(head(ackText('AA', '4').replace('\rMSA', '\rSFT|V|1\rERR|||207\rZXX|1\rMSA'))).toMatchObject({ answersId: '4' })
  })

  it('an ACK without MSA answers nothing that is known', () => {
    expect(head(ackText('AA', '4').split('MSA')[0] ?? '')).toMatchObject({
      role: 'answer',
      type: 'ACK',
      answersId: null,
      code: null,
    })
  })

  it('an MSA that stands after the body of a message is none of its head', () => {
    expect(head(`${orderText('1')}MSA|AA|0\r`)).toMatchObject({ role: 'request', answersId: null })
  })

  it('splits a GB18030 segment after decoding it: a trail byte can equal the separator', () => {
    // 0x81 0x7C is one character of GB18030; its second byte is the ASCII code of `|`.
    const name = Buffer.from([0x81, 0x7c])
    const bytes = Buffer.concat([Buffer.from('MSH|^~\\&|'), name, Buffer.from('|D|LIS|D|20261123||ADT^A01|88|P|2.4\rPID|1\r')])
    expect(head(bytes)).toMatchObject({ type: 'ADT^A01', id: '88' })
  })

  it('splits a UTF-8 segment, and one of no known charset byte by byte', () => {
    expect(head(orderText('9').replace('|HIS|', '|医院|'))).toMatchObject({ id: '9' })
    const latin = Buffer.from(orderText('9').replace('|HIS|', '|H\xff|'), 'latin1')
    expect(head(latin)).toMatchObject({ id: '9' })
  })

  it.each(['', 'M', 'MSH', 'MSH\r', 'PID|1', 'OK', '\x00\x01'])('%j is no message', (text) => {
    expect(head(text).role).toBe('unknown')
  })

  it.each(['MSH|', 'MSH|^~\\&', 'MSH|^~\\&|A|B|C|D|E|F||""|'])('%j is a request without an id', (text) => {
    expect(head(text)).toMatchObject({ role: 'request', id: null, type: null })
  })

  it('an id is kept to the longest that the standard has', () => {
    expect(head(orderText('7'.repeat(5_000))).id).toHaveLength(199)
  })
})
