import type { ProbePlan } from '../model/probe.ts'
import type { Instant, Millis } from '../model/time.ts'
import { lastAt, nextAt } from '../model/wall-clock.ts'

/** When a probe asks next; `inspection`: the time of day that it is for, where it is a scheduled inspection. */
export interface Due {
  readonly at: Instant
  readonly inspection: string | null
}

/** Inspections that are set for one time of day begin within this long, each at its own moment. */
const spreadMs: Millis = 60_000

/**
 * The next time after `now`. `name` says which probe of which subject it is: its hash spreads probes over their period and inspections over a minute, the
 * same way after every restart. Null: the plan asks never.
 */
export function nextDue(plan: ProbePlan, name: string, now: Instant, timezone: string): Due | null {
  const phase = hash(name)
  const dues: Due[] = plan.at.map((timeOfDay) => {
    const offset = phase % spreadMs
    const today = lastAt(timeOfDay, now, timezone) + offset
    return { at: today > now ? today : nextAt(timeOfDay, now, timezone) + offset, inspection: timeOfDay }
  })
  if (plan.everyMs !== null) {
    const offset = phase % plan.everyMs
    dues.push({ at: (Math.floor((now - offset) / plan.everyMs) + 1) * plan.everyMs + offset, inspection: null })
  }
  return dues.toSorted((a, b) => a.at - b.at)[0] ?? null
}

/** FNV-1a, 32 bits, with murmur3's last mixing: names that differ in one letter shall not follow each other. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
