import type { Reading } from '../../model/reading.ts'
import { wordOf } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Tally } from '../evidence/tally.ts'

/** Whether what a reading says is slow alone is the storing of DICOM objects: C-STORE (PS3.4 B) or STOW-RS (PS3.18 10.5). */
export function isStoring(reading: Reading): boolean {
  return /^C-STORE$|^POST \S*\/studies(?:\/|$)/.test(wordOf(reading, 'type') ?? '')
}

/**
 * How many times as long storing takes since the onset as before, on the average of the logarithms, where all else that is asked of the archive is about as fast as ever; else null. In bursts
 * most objects are as fast as ever too, and no monitor of one kind of message may say that it is slow.
 */
export function storingRise({ since, before }: Evidence): number | null {
  const stored = riseOf('stored', since, before)
  const unstored = riseOf('unstored', since, before)
  return stored === null || unstored === null || stored < riseMin || unstored > othersMax ? null : stored
}

const riseMin = 2
const othersMax = 1.5
const countMin = 8

function riseOf(key: string, since: Tally, before: Tally): number | null {
  if (since.count(key) < countMin || before.count(key) < countMin) return null
  return Math.exp(since.count(`${key}-ln`) / since.count(key) - before.count(`${key}-ln`) / before.count(key))
}
