import { describe, expect, it } from 'vitest'
import { Outlet } from '../../../../gateway/edge/outlet.ts'
import { Tally } from '../../../../gateway/edge/tally.ts'
import type { Entry, LogWriter } from '../../../../gateway/model/entry.ts'
import { failure } from '../../../../gateway/model/failures.ts'
import { manualClock } from '../../../support/clock.ts'
import { memoryLog, silent } from '../../../support/log.ts'

const limits = { queueBytesMax: 1_000_000, queueEntriesMax: 10, batchBytes: 100_000, batchEntries: 4, batchMs: 20 }

function tick(at: number): Entry {
  const health = {
    edgeId: 'e',
    loopLagMsMax: 0,
    connections: 0,
    heldBytes: 0,
    dropped: {},
    exchanges: 0,
    forwardedBytes: 0,
    clock: { synchronised: null, errorBoundMs: null },
    listening: {},
  }
  return { kind: 'tick', at, health }
}

function exchange(id: string, bodyBytes = 10): Entry {
  const passage = { startAt: 0, endAt: 0, wireBytes: bodyBytes, body: new Uint8Array(bodyBytes), bodyBytes }
  const connection = {
    id: 'c1',
    initiator: 'a',
    acceptor: 'b',
    openedAt: 0,
    connectMs: null,
    exchangesBefore: 0,
    idleBeforeMs: null,
  }
  return {
    kind: 'exchange',
    at: 0,
    exchange: {
      id,
      interfaceId: 'i',
      connection,
      requestFrom: 'initiator',
      outcome: 'answered',
      controlId: id,
      type: null,
      request: passage,
      answers: [],
      code: null,
      latencyMs: 1,
      wire: [],
      coverage: 'full',
    },
  }
}

function outletOver(log: LogWriter, changed: Partial<typeof limits> = {}) {
  const clock = manualClock()
  const dropped = new Tally()
  return { clock, dropped, outlet: new Outlet({ log, clock, limits: { ...limits, ...changed }, dropped, logger: silent }) }
}

/** A log whose appends end when the test says so. */
function heldLog() {
  const waiting: { readonly entries: readonly Entry[]; readonly keep: () => void; readonly refuse: (error: Error) => void }[] =
    []
  const append = (entries: readonly Entry[]) =>
    new Promise<void>((keep, refuse) => void waiting.push({ entries, keep, refuse }))
  return { waiting, log: { ...memoryLog(), append } }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('the outlet', () => {
  it('sends a batch when it is old enough, in order', async () => {
    const log = memoryLog()
    const { outlet, clock } = outletOver(log)
    for (const id of ['1', '2', '3']) outlet.add(exchange(id))
    clock.advance(19)
    expect(log.entries).toHaveLength(0)
    clock.advance(1)
    await settle()
    expect(log.exchanges().map(({ id }) => id)).toEqual(['1', '2', '3'])
    expect(outlet.heldBytes).toBe(0)
  })

  it.each([
    ['entries', 4, 10],
    ['bytes', 1, 100_000],
  ])('sends at once when a batch has enough %s', (_what, count, bodyBytes) => {
    const { waiting, log } = heldLog()
    const { outlet } = outletOver(log)
    for (let i = 0; i < count; i++) outlet.add(exchange(`${i}`, bodyBytes))
    expect(waiting.map(({ entries }) => entries.length)).toEqual([count])
  })

  it('has one batch under way at a time; what comes meanwhile follows at once', async () => {
    const { waiting, log } = heldLog()
    const { outlet } = outletOver(log)
    for (let i = 0; i < 9; i++) outlet.add(exchange(`${i}`))
    expect(waiting).toHaveLength(1)
    waiting[0]?.keep()
    await settle()
    expect(waiting.map(({ entries }) => entries.length)).toEqual([4, 5])
  })

  it('drops the newest when the queue is full, counts it, and still takes the tick that tells of it', () => {
    const { waiting, log } = heldLog()
    const { outlet, dropped } = outletOver(log)
    for (let i = 0; i < 20; i++) outlet.add(exchange(`${i}`))
    outlet.add(tick(1))
    expect(waiting).toHaveLength(1)
    expect(dropped.take()).toEqual({ 'log-full': 6 })
    expect(outlet.pressure).toBeGreaterThanOrEqual(1)
  })

  it('is bounded by bytes as well, those that the log has not kept yet among them', () => {
    const { log } = heldLog()
    const { outlet, dropped } = outletOver(log, { queueBytesMax: 250_000 })
    for (let i = 0; i < 4; i++) outlet.add(exchange(`${i}`, 100_000))
    expect(outlet.heldBytes).toBeLessThanOrEqual(250_000)
    expect(dropped.take()).toEqual({ 'log-full': 2 })
  })

  it.each([
    ['DISK_FULL', failure('DISK_FULL', 'full'), { 'log-full': 4 }],
    ['anything else', new Error('a bug'), { 'log-failed': 4 }],
  ])('counts what the log refuses with %s, and goes on', async (_name, error, counts) => {
    const { waiting, log } = heldLog()
    const { outlet, dropped } = outletOver(log)
    for (let i = 0; i < 4; i++) outlet.add(exchange(`${i}`))
    waiting[0]?.refuse(error)
    await settle()
    expect(dropped.take()).toEqual(counts)
    for (let i = 0; i < 4; i++) outlet.add(exchange(`${i}`))
    expect(waiting).toHaveLength(2)
  })

  it('flush resolves when everything is kept', async () => {
    const log = memoryLog()
    const { outlet } = outletOver(log)
    for (let i = 0; i < 7; i++) outlet.add(exchange(`${i}`))
    await outlet.flush()
    expect(log.entries).toHaveLength(7)
  })
})
