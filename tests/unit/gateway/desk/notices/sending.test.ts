import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { comparePositions, dawn, madeBatch } from '../../../../../fixtures/observed/made.ts'
import { madeIncident } from '../../../../../fixtures/observed/tickets.ts'
import { sweepDuties } from '../../../../../gateway/desk/duties/sweep-duties.ts'
import { openChannel } from '../../../../../gateway/desk/notices/channels/open-channel.ts'
import { endSending, type Sending, sendRound } from '../../../../../gateway/desk/notices/send-notices.ts'
import { customerRules } from '../../../../../gateway/desk/rules/read-rules.ts'
import type { Setting } from '../../../../../gateway/desk/setting.ts'
import { sweepTickets } from '../../../../../gateway/desk/tickets.ts'
import { secretsFrom } from '../../../../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../../../../gateway/store/sqlite-store.ts'
import { manualClock } from '../../../../support/clock.ts'
import { type Receiver, startReceiver } from '../../../../support/receiver.ts'
import { szph } from '../rules/szph.ts'

const names = ['one', 'two', 'three'] as const
const setting: Setting = { rules: customerRules, catalogue: szph, channels: names }
const minute = 60_000
const closings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close()
})

/** A store with a major ticket, three webhooks with real servers behind them, and a clock that is turned by hand. */
async function major() {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-notices-'))
  closings.push(async () => rmSync(folder, { recursive: true, force: true }))
  const tokenKeys = [secretsFrom(new Uint8Array(32).fill(3)).key('tokens')]
  const store = openSqliteStore({ folder, tokenKeys, bodyKey: null, comparePositions })
  closings.push(() => store.close())
  await store.commit(madeBatch([], { incidents: [{ ...madeIncident('i1'), severity: 'P1' }] }))
  await sweepTickets(store, setting, dawn)
  const clock = manualClock(dawn)
  const ways: { readonly server: Receiver; readonly sending: Sending }[] = []
  for (const name of names) {
    const server = await startReceiver()
    closings.push(() => server.close())
    const channel = openChannel({ kind: 'webhook', name, language: 'zh', url: server.url, secret: 's' })
    const others = names.filter((other) => other !== name)
    ways.push({ server, sending: { store, channel, others, clock, timezone: 'Asia/Shanghai', holder: 'desk' } })
  }
  const [one, two, three] = ways
  if (one === undefined || two === undefined || three === undefined) throw new Error('three ways were made')
  return { store, clock, one, two, three }
}

const keysOf = ({ server }: { readonly server: Receiver }) => server.received.map(({ headers }) => headers['idempotency-key'])

test('each channel has a notice once; on two of them the duty to notify is done', async () => {
  const { store, one, two } = await major()
  expect(await sendRound(one.sending)).toEqual({ sent: 1, refusal: null })
  expect(await sendRound(one.sending)).toEqual({ sent: 0, refusal: null })
  expect(keysOf(one)).toEqual([`t1/first/${dawn}`])
  const notify = async () => (await store.duties({ limit: 20 })).items.find(({ duty }) => duty.kind === 'notify')?.duty.state
  expect(await notify()).toBe('open')
  await sendRound(two.sending)
  expect(await notify()).toBe('done')
})

test('a dead channel is tried again with the same key, delays no other, and is told on the others once', async () => {
  const { clock, one, two, three } = await major()
  one.server.answer = { status: 500, body: '' }
  expect(await sendRound(one.sending)).toEqual({ sent: 0, refusal: 'answered 500' })
  expect(await sendRound(two.sending)).toMatchObject({ sent: 1 })
  // Not again before its pause is over.
  expect(await sendRound(one.sending)).toEqual({ sent: 0, refusal: null })
  for (const _ of Array(6)) {
    clock.advance(minute)
    await sendRound(one.sending)
  }
  expect(new Set(keysOf(one))).toEqual(new Set([`t1/first/${dawn}`]))
  expect(keysOf(one).length).toBeGreaterThan(2)
  await sendRound(two.sending)
  await sendRound(three.sending)
  expect(keysOf(two)).toEqual([`t1/first/${dawn}`, `channel/one/channel-dead/${dawn}`])
  expect(keysOf(three)).toContain(`channel/one/channel-dead/${dawn}`)
  one.server.answer = { status: 204, body: '' }
  clock.advance(10 * minute)
  expect(await sendRound(one.sending)).toMatchObject({ sent: 1, refusal: null })
  await sendRound(two.sending)
  expect(keysOf(two).at(-1)).toBe(`channel/one/channel-back/${dawn}`)
})

test('one that never answers is given up by the clock', async () => {
  const { clock, one } = await major()
  one.server.answer = null
  const round = sendRound(one.sending)
  while (one.server.received.length === 0) await new Promise((resolve) => setImmediate(resolve))
  clock.advance(15_000)
  expect(await round).toEqual({ sent: 0, refusal: 'no answer in time' })
})

test('a notice that fails by a fault of ours delays none behind it', async () => {
  const { store, clock, one } = await major()
  const fault = new Error('a report can not be drawn')
  const sent: string[] = []
  const channel = {
    name: 'one',
    send: async ({ id }: { readonly id: string }) => {
      if (id === `t1/first/${dawn}`) throw fault
      sent.push(id)
    },
  }
  const sending = { ...one.sending, channel }
  await expect(sendRound(sending)).rejects.toBe(fault)
  clock.advance(5 * minute)
  await sweepDuties({ store, setting, holder: 'desk' }, clock.now())
  await expect(sendRound(sending)).rejects.toBe(fault)
  expect(await sendRound(sending)).toMatchObject({ refusal: null })
  expect(sent).toContain(`t1/overdue/assign/${dawn}/${dawn + 5 * minute}`)
})

test('a notice that nobody took for a day is abandoned', async () => {
  const { store, clock, one } = await major()
  one.server.answer = { status: 500, body: '' }
  await sendRound(one.sending)
  clock.advance(86_400_001)
  await sendRound(one.sending)
  expect((await store.deliveries('t1')).find(({ channel }) => channel === 'one')).toMatchObject({
    state: 'abandoned',
    tries: 2,
  })
})

test('not out on two channels within five minutes: the ticket says so, and that is told too', async () => {
  const { store, clock, one } = await major()
  await sendRound(one.sending)
  clock.advance(5 * minute)
  await sweepDuties({ store, setting, holder: 'desk' }, clock.now())
  clock.advance(1)
  await sweepDuties({ store, setting, holder: 'desk' }, clock.now())
  const texts = (await store.ticket('t1'))?.ticket.timeline.map(({ text }) => text.zh)
  expect(texts).toContain('即时通知未在规定时间内经两个渠道送达')
  await sendRound(one.sending)
  expect(keysOf(one).some((key) => String(key).startsWith('t1/overdue/notify/'))).toBe(true)
})

test('of two desks one sends; the other follows when it stops', async () => {
  const { one } = await major()
  const other = { ...one.sending, holder: 'other desk' }
  expect(await sendRound(one.sending)).toMatchObject({ sent: 1 })
  const lease = 'notices/one'
  expect(await other.store.takeLease(lease, 'other desk', dawn, 1)).toBe(false)
  await endSending(one.sending)
  expect(await other.store.takeLease(lease, 'other desk', dawn, 1)).toBe(true)
})

test('what another desk is sending is not read as still to be sent', async () => {
  const { store, one } = await major()
  const finishes: (() => void)[] = []
  const channel = { name: 'one', send: () => new Promise<void>((resolve) => finishes.push(resolve)) }
  const first = { ...one.sending, channel }
  const firstRound = sendRound(first)
  while (finishes.length === 0) await new Promise((resolve) => setImmediate(resolve))
  const finishFirst = async () => {
    finishes[0]?.()
    await firstRound
    await endSending(first)
  }
  // The first desk finishes just after the second has read what waits.
  const dueDeliveries: typeof store.dueDeliveries = async (...asked) => {
    const read = await store.dueDeliveries(...asked)
    await finishFirst()
    return read
  }
  const { takeLease, dropLease, settleDelivery, failingChannels } = store
  const late = { takeLease, dropLease, settleDelivery, failingChannels, dueDeliveries }
  const secondRound = sendRound({ ...first, holder: 'other desk', store: late })
  await Promise.race([secondRound, new Promise((resolve) => setTimeout(resolve, 200))])
  await finishFirst()
  expect(finishes).toHaveLength(1)
  expect(await secondRound).toEqual({ sent: 0, refusal: null })
})
