import type { Chance } from '../../fixtures/hospital/chance.ts'
import type { Instant } from '../../gateway/model/time.ts'
import { dayMs, hourMs } from '../../tests/unit/monitors/stream.ts'

/** How many messages an hour come, by the hospital's clock, as parts of the busiest hour. */
export interface DayShape {
  readonly name: string
  readonly parts: readonly number[]
}

export const dayShapes: readonly DayShape[] = [
  // Outpatients: a rush in the morning, a pause at noon, next to nothing at night.
  shape('clinic', [2, 2, 1, 1, 1, 2, 10, 40, 95, 100, 95, 80, 40, 50, 90, 85, 70, 45, 25, 18, 14, 10, 6, 4]),
  // Inpatients: rounds in the morning, and something at every hour.
  shape('ward', [25, 20, 15, 15, 20, 45, 90, 100, 95, 90, 85, 70, 55, 60, 75, 70, 65, 60, 55, 50, 45, 40, 35, 30]),
  // A device that measures round the clock.
  shape('even', Array<number>(24).fill(100)),
  // A job at midnight has as much to send as a busy morning.
  shape('night job', [100, 90, 10, 5, 5, 5, 20, 40, 50, 50, 50, 40, 30, 35, 45, 45, 40, 30, 20, 15, 12, 10, 40, 80]),
]

/** How busy an interface is, at any time. */
export interface Pace {
  readonly shape: DayShape
  /** Of the busiest hour of a workday. */
  readonly perHour: number
  /** A Saturday's or a Sunday's part of a workday. */
  readonly weekendFactor: number
}

const zoneMs = 8 * hourMs

export function hourOfDay(at: Instant): number {
  return ((at + zoneMs) % dayMs) / hourMs
}

export function perHourAt({ shape, perHour, weekendFactor }: Pace, at: Instant): number {
  // 1970-01-01 was a Thursday.
  const weekday = (Math.floor((at + zoneMs) / dayMs) + 4) % 7
  return perHour * (shape.parts[Math.floor(hourOfDay(at))] ?? 0) * (weekday === 0 || weekday === 6 ? weekendFactor : 1)
}

/**
 * When messages come. Gaps of mean 1 and squared coefficient of variation `cv2` (hyperexponential with balanced means) are stretched by the pace: at 1 senders know nothing of each
 * other, at 8 they send in bursts, as people do who save a ward round at once.
 */
export function* arrivals(chance: Chance, pace: Pace, cv2: number, from: Instant, to: Instant): Generator<Instant> {
  const short = 0.5 * (1 + Math.sqrt((cv2 - 1) / (cv2 + 1)))
  for (let at = from; ; ) {
    const share = chance.happens(short) ? short : 1 - short
    for (let gap = chance.gap(1 / (2 * share)); ; ) {
      const hourEndsAt = (Math.floor(at / hourMs) + 1) * hourMs
      const left = ((hourEndsAt - at) / hourMs) * perHourAt(pace, at)
      if (left >= gap) {
        at += (gap / perHourAt(pace, at)) * hourMs
        break
      }
      gap -= left
      at = hourEndsAt
      if (at >= to) return
    }
    at += 1
    if (at >= to) return
    yield at
  }
}

function shape(name: string, percents: readonly number[]): DayShape {
  return { name, parts: percents.map((percent) => percent / 100) }
}
