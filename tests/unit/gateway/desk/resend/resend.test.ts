import { afterEach, describe, expect, it } from 'vitest'
import { createLedger, type ReceivedRecord } from '../../../../../fixtures/hospital/ledger.ts'
import { type Receiver, startReceiver } from '../../../../../fixtures/hospital/systems/receiver.ts'
import { createSystemClock, machineClock } from '../../../../../fixtures/hospital/time.ts'
import { markedHl7 } from '../../../../../gateway/desk/resend/mark.ts'
import type { TestEndpoint } from '../../../../../gateway/model/test-endpoint.ts'
import type { Store } from '../../../../../gateway/store/store.ts'
import { at, type OpenDesk, openDesk, syntheticBatch } from '../open-desk.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function receiver() {
  const ledger = createLedger<ReceivedRecord>()
  const clock = machineClock()
  const started = await startReceiver({
    listen: { host: '127.0.0.1', port: 0 },
    clock,
    systemClock: createSystemClock({ offsetMs: 0, zoneMin: 480 }),
    ledger,
    name: 'TEST',
    thinkMs: () => 1,
    examine: () => null,
  })
  closing.push(() => started.stop())
  return { started, ledger }
}

async function deskWith(endpoints: readonly TestEndpoint[], store?: (store: Store) => Store): Promise<OpenDesk> {
  const open = await openDesk({ testEndpoints: endpoints, ...(store === undefined ? {} : { store }) })
  closing.push(() => open.close())
  await open.store.commit(syntheticBatch())
  return open
}

function endpoint({ address }: Pick<Receiver, 'address'>): TestEndpoint {
  return { name: 'lis-test', protocol: 'mllp', timeoutMs: 5_000, address }
}

const id = 'e1-1795392000000-1'
const reason = 'reproduce ticket t1'

describe('a stored message that is sent again', () => {
  it('arrives whole and marked at the test endpoint, and its answer is shown', async () => {
    const { started, ledger } = await receiver()
    const desk = await deskWith([endpoint(started)])
    expect((await desk.ask('engineer', '/test-endpoints')).json).toEqual({
      items: [{ name: 'lis-test', protocol: 'mllp', address: `127.0.0.1:${started.address.port}` }],
    })
    const { status, json, text } = await desk.ask('engineer', `/exchanges/${id}/resend`, { endpoint: 'lis-test', reason })
    expect(status, text).toBe(200)
    expect(json).toMatchObject({ exchangeId: id, endpoint: 'lis-test', outcome: 'answered', code: null, isMarked: true })
    expect(at(json, 'answer.text')).toMatch(/^MSH\|.*\nMSA\|[AC]A\|/s)
    expect(ledger.records).toHaveLength(1)
    const { json: audit } = await desk.ask('auditor', '/audit')
    expect(at(audit, 'items.1')).toMatchObject({
      action: 'resend',
      subject: `${id} request to lis-test`,
      by: 'token:engineer',
      reason,
      address: '127.0.0.1',
    })
  })
  it('is not sent without its audit, nor by a role that may not', async () => {
    const { started, ledger } = await receiver()
    const desk = await deskWith([endpoint(started)], (store) => ({
      ...store,
      appendAudit: async (row) => {
        if (row.action === 'resend') throw new Error('the disk is full')
        await store.appendAudit(row)
      },
    }))
    const body = { endpoint: 'lis-test', reason }
    expect((await desk.ask('engineer', `/exchanges/${id}/resend`, body)).status).toBe(500)
    for (const role of ['viewer', 'desk', 'privacy', 'auditor'] as const)
      expect((await desk.ask(role, `/exchanges/${id}/resend`, body)).status).toBe(403)
    expect((await desk.ask('engineer', `/exchanges/${id}/resend`, { endpoint: 'lis-test' })).status).toBe(400)
    expect(ledger.records).toEqual([])
  })
  it('goes nowhere but to an endpoint that is configured and that nobody uses', async () => {
    const upstream = { ...endpoint({ address: { host: '127.0.0.1', port: 7661 } }), name: 'upstream' }
    const http = { name: 'web', protocol: 'http', timeoutMs: 1_000, url: 'http://127.0.0.1:9' } as const
    const desk = await deskWith([upstream, http])
    const codeOf = async (name: string) =>
      at((await desk.ask('engineer', `/exchanges/${id}/resend`, { endpoint: name, reason })).json, 'code')
    expect(await codeOf('127.0.0.1:7661')).toBe('NOT_FOUND')
    expect(await codeOf('upstream')).toBe('RESEND_UNFIT')
    expect(await codeOf('web')).toBe('RESEND_UNFIT')
    // Reading the audit is itself a record, and so is the desk's start: nothing of a resend.
    expect(JSON.stringify((await desk.ask('auditor', '/audit')).json)).not.toContain('resend')
  })
  it('says so when nothing listens, and when nothing answers in time', async () => {
    const { started, ledger } = await receiver()
    const silent = endpoint(started)
    const { started: closed } = await receiver()
    await closed.stop()
    const desk = await deskWith([silent, { ...endpoint(closed), name: 'closed' }])
    const refused = await desk.ask('engineer', `/exchanges/${id}/resend`, { endpoint: 'closed', reason })
    expect(refused.json).toMatchObject({ outcome: 'not-sent', code: 'ECONNREFUSED', answer: null })
    started.habits.add({ neverAcks: true })
    const asked = desk.ask('engineer', `/exchanges/${id}/resend`, { endpoint: 'lis-test', reason })
    // The time passes once it has arrived: before, it would be the time to connect.
    await expect.poll(() => ledger.records.length, { timeout: 20_000 }).toBe(1)
    const passing = setInterval(() => desk.clock.pass(5_000), 50)
    const unanswered = await asked.finally(() => clearInterval(passing))
    expect(unanswered.json).toMatchObject({ outcome: 'unanswered', code: 'TIMEOUT', answer: null })
  })
  it('shows an answer that repeats the patient with the patient hidden', async () => {
    const { createServer } = await import('node:net')
    const echo = createServer((socket) => socket.pipe(socket))
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
    closing.push(() => new Promise((resolve) => echo.close(() => resolve())))
    const bound = echo.address()
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0
    const desk = await deskWith([endpoint({ address: { host: '127.0.0.1', port } })])
    let named = 0
    for (const { id: exchangeId } of (await desk.store.exchanges({ limit: 500 })).items) {
      const { text } = await desk.ask('engineer', `/exchanges/${exchangeId}/resend`, { endpoint: 'lis-test', reason })
      for (const secret of ['张三丰', '欧阳若兰', '990000197001010018', '19900000001']) expect(text).not.toContain(secret)
      if (text.includes('张**')) named += 1
    }
    expect(named).toBeGreaterThan(0)
  })
})

describe('the mark of a resend', () => {
  const marked = (text: string) => Buffer.from(markedHl7(Buffer.from(text), 'e1-2|3') ?? []).toString()
  it('is a last segment, in the message’s own separator; what stands before is untouched', () => {
    expect(marked('MSH|^~\\&|A\rPID|1\r')).toBe('MSH|^~\\&|A\rPID|1\rZAU|RESEND|e1-23\r')
    expect(marked('MSH#^~\\&#A\rPID#1')).toBe('MSH#^~\\&#A\rPID#1\rZAU#RESEND#e1-23\r')
  })
  it('is left out where there is no room', () => {
    expect(markedHl7(Buffer.from('FHS|^~\\&|A\r'), 'e')).toBeNull()
    expect(markedHl7(Buffer.from('MSH|', 'utf16le'), 'e')).toBeNull()
    expect(markedHl7(Buffer.from('{}'), 'e')).toBeNull()
  })
})
