import { expect, it } from 'vitest'
import type { Entry } from '../../../../gateway/model/entry.ts'
import { Handover } from '../../../../gateway/taps/handover.ts'
import type { Offer } from '../../../../gateway/taps/messages.ts'
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
  const posted: Offer[] = []
  const tooLarge = { count: 0 }
  const ending = new AbortController()
  const handover = new Handover({
    post: (offer) => posted.push(offer),
    tooLarge: () => {
      tooLarge.count += 1
    },
    clock,
    signal: ending.signal,
  })
  return { clock, tooLarge, ending, handover, pieces: () => posted }
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
  handover.answered({ number: 1, code: 'DISK_FULL' })
  await turn()
  expect([isDone, pieces().length]).toEqual([false, 1])
  clock.advance(1_000)
  await turn()
  expect(pieces()[1]?.entries).toEqual(pieces()[0]?.entries)
  handover.answered({ number: 2, code: null })
  await kept
})

it('hands over small pieces, in order and at a pace, the next when the one before is kept', async () => {
  const { handover, pieces, clock } = setUp()
  const entries = Array.from({ length: 130 }, (_, i) => measurement(String(i)))
  const kept = handover.emit(entries)
  for (let number = 1; number <= 3; number += 1) {
    await turn()
    expect(pieces()).toHaveLength(number)
    handover.answered({ number, code: null })
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
    handover.answered({ number, code: null })
    await turn()
  }
  await Promise.all(all)
})

it('leaves out, and tells of, the one entry that the log can never take', async () => {
  const { handover, pieces, tooLarge } = setUp()
  const kept = handover.emit([measurement('a'), measurement('b')])
  await turn()
  handover.answered({ number: 1, code: 'LOG_ENTRY_TOO_LARGE' })
  await turn()
  handover.answered({ number: 2, code: 'LOG_ENTRY_TOO_LARGE' })
  await turn()
  handover.answered({ number: 3, code: null })
  await kept
  expect(pieces().map((piece) => piece.entries.length)).toEqual([2, 1, 1])
  expect(tooLarge.count).toBe(1)
})

it('offers again, another way, what was not answered', async () => {
  const { handover, pieces, clock } = setUp()
  const kept = handover.emit([measurement('a')])
  await turn()
  const again: Offer[] = []
  handover.redirect((offer) => again.push(offer))
  await turn()
  clock.advance(1_000)
  await turn()
  expect(again.map(({ entries }) => entries)).toEqual([pieces()[0]?.entries])
  handover.answered({ number: 2, code: null })
  await kept
})

it('rejects what waits when it is told to stop', async () => {
  const { handover, ending } = setUp()
  const all = Array.from({ length: 6 }, () => handover.emit([measurement('a')]))
  await turn()
  ending.abort()
  expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(Array(6).fill('rejected'))
})
