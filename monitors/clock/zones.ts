import { zoneOffsetMin } from '../../gateway/model/time.ts'

const quarterS = 900

/** How an offset stands to the lattice of time zones, which lie whole quarters of an hour apart. */
export interface ZoneFit {
  /** Multiple of a quarter of an hour next to the offset; 0 = none. */
  readonly quarters: number
  readonly residualS: number
  /** So near to the lattice that a zone explains it better than chance. */
  readonly isZone: boolean
}

/**
 * A random offset lies within 5 s of the lattice once in 90 times (algorithms.md 3.3). Whole hours are what zones really
 * differ by, so there a residual up to a minute is taken for a zone and a clock that isn't kept in step besides (domain.md 3.3).
 */
export function zoneFit(offsetS: number, errorS: number): ZoneFit {
  const quarters = Math.round(offsetS / quarterS)
  const residualS = offsetS - quarters * quarterS
  const allowedS = (quarters % 4 === 0 ? 60 : 5) + Math.min(errorS, 5)
  // Zones reach from UTC-12 to UTC+14, so nothing beyond 26 hours is one; and a whole day is a date that is set wrong, wherever the hospital stands.
  const isFar = Math.abs(quarters) > 26 * 4 || Math.abs(quarters) === 24 * 4
  const isZone = quarters !== 0 && !isFar && Math.abs(residualS) <= allowedS
  return { quarters, residualS, isZone }
}

/** Zones that hospitals of China meet in practice, by minutes ahead of UTC: containers, Xinjiang, "CST" read as US Central. */
const names: ReadonlyMap<number, string> = new Map([
  [0, 'UTC'],
  [360, 'Asia/Urumqi'],
  [420, 'Asia/Bangkok'],
  [480, 'Asia/Shanghai'],
  [540, 'Asia/Tokyo'],
  [-300, 'America/Chicago (CDT)'],
  [-360, 'America/Chicago (CST)'],
  [-480, 'America/Los_Angeles (PST)'],
])

/** In which zone stamps that are off by so much were written, when they were read in `readAs`: `UTC`, `Asia/Urumqi`, `UTC+05:45`. */
export function zoneGuess(fit: ZoneFit, readAs: string, at: number): string {
  const minutes = zoneOffsetMin(at, readAs) + fit.quarters * 15
  const known = names.get(minutes)
  if (known !== undefined) return known
  const two = (n: number) => String(n).padStart(2, '0')
  const absolute = Math.abs(minutes)
  return `UTC${minutes < 0 ? '-' : '+'}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`
}
