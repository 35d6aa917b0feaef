import { expect, it } from 'vitest'
import type { Entry } from '../../../../gateway/model/entry.ts'
import { Handover } from '../../../../gateway/taps/handover.ts'
import type { FromWorker } from '../../../../gateway/taps/messages.ts'
import { manualClock } from '../../../support/clock.ts'

const measurement = (name: string): Entry => ({
  kind: 'measurement',
  at: 0,
  measurement: {
    name,
    by: 'test',
    subject: { kind: 'gateway', id: 'x' },
    at: 0,
    verdict: null,
    code: null,
    tookMs: null,
    facts: {},
  },
})

function setUp() {
  const clock = manualClock()
  const posted: FromWorker[] = []
  const ending = new AbortController()
  const handover = new Handover({ post: (message) => posted.push(message), clock, signal: ending.signal })
  const pieces = () => posted.flatMap((m) => (m.kind === 'entries' ? [m] : []))
  return { clock, posted, ending, handover, pieces }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

it('resolves when the log has kept the entries, and offers again what it refused', async () => {
  const { handover, pieces, clock } = setUp()
  const kept = handover.emit([measurement('a')])
  let isDone = false
  void kept.then(() => {
    isDone = true
  })
  await turn()
  handover.answered({ kind: 'refused', number: 1, code: 'DISK_FULL' })
  await turn()
  expect([isDone, pieces().length]).toEqual([false, 1])
  clock.advance(1_000)
  await turn()
  expect(pieces()[1]?.entries).toEqual(pieces()[0]?.entries)
  handover.answered({ kind: 'kept', number: 2 })
  await kept
})

it('hands over small pieces, in order and at a pace, the next when the one before is kept', async () => {
  const { handover, pieces, clock } = setUp()
  const entries = Array.from({ length: 130 }, (_, i) => measurement(String(i)))
  const kept = handover.emit(entries)
  for (let number = 1; number <= 3; number += 1) {
    await turn()
    expect(pieces()).toHaveLength(number)
    handover.answered({ kind: 'kept', number })
    await turn()
    // 50 entries at 2,000 a second.
    clock.advance(24)
    await turn()
    expect(pieces()).toHaveLength(number)
    clock.advance(1)
  }
  await kept
  expect(pieces().flatMap((piece) => piece.entries)).toEqual(entries)
})

it('lets two sources hand over at once; the others wait', async () => {
  const { handover, pieces, clock } = setUp()
  const all = Array.from({ length: 5 }, (_, i) => handover.emit([measurement(String(i))]))
  clock.advance(1_000)
  await turn()
  expect(pieces()).toHaveLength(2)
  for (let number = 1; number <= 5; number += 1) {
    handover.answered({ kind: 'kept', number })
    await turn()
  }
  await Promise.all(all)
})

it('leaves out, and logs, the one entry that the log can never take', async () => {
  const { handover, pieces, posted } = setUp()
  const kept = handover.emit([measurement('a'), measurement('b')])
  await turn()
  handover.answered({ kind: 'refused', number: 1, code: 'LOG_ENTRY_TOO_LARGE' })
  await turn()
  handover.answered({ kind: 'refused', number: 2, code: 'LOG_ENTRY_TOO_LARGE' })
  await turn()
  handover.answered({ kind: 'kept', number: 3 })
  await kept
  expect(pieces().map((piece) => piece.entries.length)).toEqual([2, 1, 1])
  expect(posted).toContainEqual(expect.objectContaining({ kind: 'log', level: 'error' }))
})

it('rejects what waits when it is told to stop', async () => {
  const { handover, ending } = setUp()
  const all = Array.from({ length: 6 }, () => handover.emit([measurement('a')]))
  await turn()
  ending.abort()
  expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(Array(6).fill('rejected'))
})
