import { describe, expect, it } from 'vitest'
import { Shedding } from '../../../../gateway/edge/shed.ts'

describe('shedding', () => {
  it('goes up the ladder at once, as far as the pressure asks', () => {
    const shedding = new Shedding()
    expect([0.1, 0.5, 0.7, 0.85, 0.95].map((pressure, at) => shedding.assess(pressure, at))).toEqual([
      'full',
      'sampled',
      'headers',
      'counters',
      'none',
    ])
    expect(new Shedding().assess(2, 0)).toBe('none')
  })

  it('comes down a step at a time, after five calm seconds each', () => {
    const shedding = new Shedding()
    shedding.assess(1, 0)
    const levels = [0, 4_999, 5_000, 9_999, 10_000, 15_000, 20_000, 25_000, 30_000].map((at) => shedding.assess(0.1, at))
    expect(levels).toEqual(['none', 'none', 'counters', 'counters', 'counters', 'headers', 'headers', 'sampled', 'sampled'])
  })

  it('a moment of pressure starts the calm anew', () => {
    const shedding = new Shedding()
    shedding.assess(0.6, 0)
    shedding.assess(0.1, 1_000)
    shedding.assess(0.6, 5_000)
    expect(shedding.assess(0.1, 6_000)).toBe('sampled')
    expect(shedding.assess(0.1, 10_999)).toBe('sampled')
    expect(shedding.assess(0.1, 11_000)).toBe('full')
  })
})
