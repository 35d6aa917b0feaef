import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sendHttp } from '../../../../../gateway/desk/resend/send-http.ts'
import { type Receiver, startReceiver } from '../../../../support/receiver.ts'

let receiver: Receiver
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver.close())

const never = new AbortController().signal
const send = (envelope: readonly (readonly [string, string])[], body = '{}', signal = never, base = `${receiver.url}/base/`) =>
  sendHttp({ base, envelope, body: Buffer.from(body), exchangeId: 'e1-1' }, signal)

describe('an HTTP request that is sent again', () => {
  it('has its method, path, fields and body, and says that it is a resend', async () => {
    const sent = await send([
      [':method', 'PUT'],
      [':path', '/orders/7?a=1'],
      ['content-type', 'application/json'],
      ['authorization', 'Bearer'],
      ['cookie', 'session'],
      ['host', 'his.hospital'],
      ['transfer-encoding', 'chunked'],
    ])
    const [got] = receiver.received
    expect(got).toMatchObject({ method: 'PUT', url: '/base/orders/7?a=1', body: '{}' })
    expect(got?.headers).toMatchObject({ 'content-type': 'application/json', 'x-auscult-resend': 'e1-1' })
    expect(got?.headers.host).toBe(new URL(receiver.url).host)
    for (const name of ['authorization', 'cookie', 'transfer-encoding']) expect(got?.headers[name]).toBeUndefined()
    expect(sent).toMatchObject({ outcome: 'answered' })
    expect(sent.outcome === 'answered' && sent.envelope[0]).toEqual([':status', '200'])
  })
  it('goes to the endpoint whatever host its target names, and follows no redirect', async () => {
    receiver.answer = { status: 302, body: '' }
    const sent = await send(
      [
        [':method', 'GET'],
        [':path', 'http://his.hospital/orders?x=1'],
      ],
      '',
    )
    expect(receiver.received.map(({ url, method }) => `${method} ${url}`)).toEqual(['GET /base/orders?x=1'])
    expect(sent.outcome === 'answered' && sent.envelope[0]).toEqual([':status', '302'])
    await send(
      [
        [':method', 'GET'],
        [':path', '@evil.example/x'],
      ],
      '',
    )
    expect(receiver.received[1]?.url).toBe('/base/@evil.example/x')
  })
  it('is told from one that was not sent, and from one that nobody answers', async () => {
    receiver.answer = null
    const giveUp = new AbortController()
    const silent = send([[':method', 'POST']], '{}', giveUp.signal)
    await expect.poll(() => receiver.received.length).toBe(1)
    giveUp.abort()
    expect(await silent).toEqual({ outcome: 'unanswered', code: 'TIMEOUT' })
    expect(await send([], '{}', never, 'http://127.0.0.1:1')).toEqual({ outcome: 'not-sent', code: 'ECONNREFUSED' })
  })
  it('is not sent with a target or a field that is none', async () => {
    expect(await send([[':path', '/a b\r\nx: y']])).toEqual({ outcome: 'not-sent', code: 'UND_ERR_INVALID_ARG' })
    await send([['x-note', 'a\r\nhost: evil']])
    expect(receiver.received.map(({ headers }) => headers['x-note'])).toEqual(['ahost: evil'])
  })
  it('ends with an answer that is too large', async () => {
    receiver.answer = { status: 200, body: 'x'.repeat(1_048_577) }
    expect(await send([])).toEqual({ outcome: 'unanswered', code: 'ANSWER_TOO_LARGE' })
  })
})
