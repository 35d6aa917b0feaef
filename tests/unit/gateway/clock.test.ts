import { describe, expect, it } from 'vitest'
import { clockFrom, systemClock } from '../../../gateway/clock.ts'

/** A wall clock and a steady count that a test moves. */
function source(originMs: number) {
  let steadyMs = 0
  let wallOffsetMs = originMs
  return {
    originMs,
    wallMs: () => Math.floor(steadyMs + wallOffsetMs),
    steadyMs: () => steadyMs,
    pass: (ms: number) => {
      steadyMs += ms
    },
    set: (byMs: number) => {
      wallOffsetMs += byMs
    },
  }
}

describe('the clock', () => {
  it('has fractions of a millisecond and goes with the steady count', () => {
    const time = source(1_000_000.25)
    const clock = clockFrom(time)
    expect(clock.now()).toBe(1_000_000.25)
    time.pass(0.5)
    expect(clock.now()).toBe(1_000_000.75)
  })

  it('follows a wall clock that is set forward', () => {
    const time = source(1_000_000)
    const clock = clockFrom(time)
    clock.now()
    time.set(7_200_000)
    expect(Math.abs(clock.now() - 8_200_000)).toBeLessThanOrEqual(1)
    time.pass(10)
    expect(Math.abs(clock.now() - 8_200_010)).toBeLessThanOrEqual(1)
  })

  it('stands still while a wall clock that was set back a little catches up', () => {
    const time = source(1_000_000)
    const clock = clockFrom(time)
    const before = clock.now()
    time.set(-300)
    expect(clock.now()).toBe(before)
    time.pass(299)
    expect(clock.now()).toBe(before)
    time.pass(20)
    expect(clock.now()).toBeGreaterThan(before)
  })

  it('follows a wall clock that was set back by hours', () => {
    const time = source(10_000_000)
    const clock = clockFrom(time)
    clock.now()
    time.set(-7_200_000)
    expect(Math.abs(clock.now() - 2_800_000)).toBeLessThanOrEqual(1)
  })

  it('of the system never goes back, and runs and cancels timers', async () => {
    const clock = systemClock()
    let last = clock.now()
    for (let i = 0; i < 10_000; i++) {
      const at = clock.now()
      expect(at).toBeGreaterThanOrEqual(last)
      last = at
    }
    const ran: string[] = []
    clock.after(0, () => ran.push('cancelled'))()
    await new Promise<void>((resolve) => clock.after(1, resolve))
    expect(ran).toEqual([])
  })
})
