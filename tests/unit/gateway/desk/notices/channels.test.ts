import { createHmac } from 'node:crypto'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import { dawn } from '../../../../../fixtures/observed/made.ts'
import { type ChannelOptions, ChannelRefusal } from '../../../../../gateway/desk/notices/channels/channel.ts'
import { openChannel } from '../../../../../gateway/desk/notices/channels/open-channel.ts'
import type { Notice } from '../../../../../gateway/model/notice.ts'
import { type Receiver, startReceiver } from '../../../../support/receiver.ts'
import { at as valueAt } from '../open-desk.ts'

const closings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closings.splice(0)) await close()
})

const notice: Notice = {
  id: 't1/first/1795392000000',
  kind: 'first',
  ticketId: 't1',
  at: dawn,
  severity: 'P1',
  interfaceIds: ['his-lis-lab-order'],
  title: { zh: '检验系统拒绝连接', en: 'LIS refuses "connections"' },
  body: { zh: '第一行\n第二行', en: 'one\ntwo <&>' },
}
const never = new AbortController().signal
const named = { name: 'c', language: 'zh' } as const
const stamp = String(Math.floor(dawn / 1000))

async function receiver(): Promise<Receiver> {
  const started = await startReceiver()
  closings.push(() => started.close())
  return started
}

const send = (options: ChannelOptions, signal = never) => openChannel(options).send(notice, dawn, signal)

describe('over HTTP', () => {
  test('a webhook has the whole notice, its key and a signature that the other side can check', async () => {
    const server = await receiver()
    await send({ ...named, kind: 'webhook', url: `${server.url}/hook`, secret: 's3cret' })
    const [got] = server.received
    expect(got).toMatchObject({ method: 'POST', url: '/hook' })
    expect(got?.headers['idempotency-key']).toBe(notice.id)
    expect(JSON.parse(got?.body ?? '')).toEqual({ ...notice, at: new Date(dawn).toISOString() })
    const expected = createHmac('sha256', 's3cret').update(`${stamp}.${got?.body}`).digest('hex')
    expect(got?.headers['x-auscult-timestamp']).toBe(stamp)
    expect(got?.headers['x-auscult-signature']).toBe(`sha256=${expected}`)
  })

  test('WeCom: Markdown, 4,096 bytes at most, whole characters', async () => {
    const server = await receiver()
    const options = { ...named, kind: 'wecom', url: `${server.url}/send?key=k`, secret: null } as const
    await send(options)
    const long = { ...notice, body: { zh: '汉'.repeat(3_000), en: '' } }
    await openChannel(options).send(long, dawn, never)
    const contents = server.received.map(({ body }) => valueAt(JSON.parse(body), 'markdown.content'))
    expect(contents[0]).toBe('**检验系统拒绝连接**\n第一行\n第二行')
    expect(Buffer.byteLength(String(contents[1]))).toBeLessThanOrEqual(4_096)
    expect(String(contents[1])).toMatch(/汉$/)
    expect(server.received[0]?.url).toBe('/send?key=k')
  })

  test('DingTalk and Feishu: signed as each wants it', async () => {
    const server = await receiver()
    await send({ ...named, kind: 'dingtalk', url: `${server.url}/robot/send?access_token=t`, secret: 'SEC' })
    await send({ ...named, kind: 'feishu', url: `${server.url}/hook/f`, secret: 'SEC' })
    await send({ ...named, kind: 'dingtalk', url: `${server.url}/robot/send?access_token=t`, secret: null })
    const [ding, feishu, plain] = server.received
    const query = new URL(`${server.url}${ding?.url}`).searchParams
    const millis = String(Math.floor(dawn))
    expect(query.get('access_token')).toBe('t')
    expect(query.get('timestamp')).toBe(millis)
    expect(query.get('sign')).toBe(createHmac('sha256', 'SEC').update(`${millis}\nSEC`).digest('base64'))
    expect(valueAt(JSON.parse(ding?.body ?? ''), 'markdown.title')).toBe(notice.title.zh)
    expect(JSON.parse(feishu?.body ?? '')).toEqual({
      timestamp: stamp,
      sign: createHmac('sha256', `${stamp}\nSEC`).update('').digest('base64'),
      msg_type: 'text',
      content: { text: '检验系统拒绝连接\n第一行\n第二行' },
    })
    expect(plain?.url).toBe('/robot/send?access_token=t')
  })

  test('a robot that says no with 200 has not taken it', async () => {
    const server = await receiver()
    for (const body of ['{"errcode":310000,"errmsg":"sign not match"}', '<html>', '{}']) {
      server.answer = { status: 200, body }
      await expect(send({ ...named, kind: 'dingtalk', url: server.url, secret: null })).rejects.toThrow(ChannelRefusal)
    }
  })

  test('Alertmanager: a recovery bears the labels of what it ends', async () => {
    const server = await receiver()
    const channel = openChannel({ ...named, kind: 'alertmanager', url: `${server.url}/`, bearer: 'b' })
    await channel.send(notice, dawn, never)
    // A ticket's severity may have risen meanwhile.
    await channel.send({ ...notice, kind: 'recovered', id: 'r', severity: 'P2', at: dawn + 60_000 }, dawn, never)
    const [[first], recovered] = server.received.map(({ body }) => JSON.parse(body))
    expect(server.received[0]).toMatchObject({ url: '/api/v2/alerts', headers: { authorization: 'Bearer b' } })
    expect(first.labels).toEqual({ alertname: 'AuscultTicket', severity: 'P1', ticket: 't1' })
    expect(recovered).toContainEqual(
      expect.objectContaining({ labels: first.labels, endsAt: new Date(dawn + 60_000).toISOString() }),
    )
    expect(Date.parse(first.endsAt)).toBeGreaterThan(Date.parse(first.startsAt))
  })

  test.each([
    ['application/json', '{"to":"{secret}","t":"{title}"}', '{"to":"k\\"y","t":"LIS refuses \\"connections\\""}'],
    ['application/x-www-form-urlencoded', 'k={secret}&t={text}', 'k=k%22y&t=one%0Atwo%20%3C%26%3E'],
    ['text/xml', '<t>{text}</t>', '<t>one\ntwo &#60;&#38;&#62;</t>'],
    ['text/plain', '{severity} {kind} {other}', 'P1 first {other}'],
  ])('a gateway for short messages takes %s', async (type, body, expected) => {
    const server = await receiver()
    const headers = { 'Content-Type': type, 'X-Key': '{secret}', 'X-Title': '{title}' }
    await send({ name: 'c', language: 'en', kind: 'http', url: server.url, method: 'PUT', headers, body, secret: 'k"y' })
    expect(server.received[0]).toMatchObject({ method: 'PUT', body: expected, headers: { 'x-key': 'k"y' } })
  })

  test('refused, redirected, unreachable, silent: each says what it was, without the address', async () => {
    const server = await receiver()
    const options = { ...named, kind: 'webhook', url: `${server.url}/private-path`, secret: 's' } as const
    server.answer = { status: 503, body: 'x' }
    await expect(send(options)).rejects.toThrow('answered 503')
    server.answer = { status: 302, body: '' }
    await expect(send(options)).rejects.toThrow('answered 302')
    expect(server.received).toHaveLength(2)
    server.answer = null
    const giveUp = new AbortController()
    const waiting = send(options, giveUp.signal)
    setImmediate(() => giveUp.abort())
    await expect(waiting).rejects.toThrow('no answer in time')
    await server.close()
    await expect(send(options)).rejects.toThrow('no connection (ECONNREFUSED)')
  })
})

describe('by mail', () => {
  async function mailServer(refuses = false) {
    const mails: string[] = []
    const logins: string[] = []
    const server = new SMTPServer({
      authOptional: true,
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      onAuth: (auth, _session, callback) => {
        logins.push(`${auth.username}/${auth.password}`)
        callback(null, { user: auth.username })
      },
      onRcptTo: (_address, _session, callback) => callback(refuses ? new Error('no such mailbox') : null),
      onData: (stream, _session, callback) => {
        const parts: Buffer[] = []
        stream.on('data', (part: Buffer) => parts.push(part))
        stream.on('end', () => {
          mails.push(Buffer.concat(parts).toString('utf8'))
          callback(null)
        })
      },
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    closings.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
    const address = server.server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    return { mails, logins, port }
  }
  const mail = (port: number, more: object = {}) => ({
    ...named,
    kind: 'smtp' as const,
    host: '127.0.0.1',
    port,
    tls: 'none' as const,
    user: null,
    password: null,
    from: 'auscult@example.org',
    to: ['duty@example.org', 'lead@example.org'],
    ...more,
  })

  test('a real server has it, with the notice’s id as its own', async () => {
    const { mails, logins, port } = await mailServer()
    await send(mail(port, { user: 'u', password: 'p' }))
    expect(mails).toHaveLength(1)
    expect(mails[0]).toContain('Message-ID: <t1%2Ffirst%2F1795392000000@auscult>')
    expect(mails[0]).toContain('To: duty@example.org, lead@example.org')
    const subject = /Subject: =\?UTF-8\?B\?([^?]+)\?=/i.exec(mails[0] ?? '')?.[1] ?? ''
    expect(Buffer.from(subject, 'base64').toString('utf8')).toBe(notice.title.zh)
    expect(logins).toEqual(['u/p'])
  })

  test('what it refuses, and TLS that it does not speak, is said by code', async () => {
    const { port } = await mailServer(true)
    await expect(send(mail(port))).rejects.toThrow('EENVELOPE')
    await expect(send(mail(port, { tls: 'starttls' }))).rejects.toThrow(/ETLS|ESOCKET/)
    await expect(send(mail(1))).rejects.toThrow('ESOCKET')
  })
})
