import type { Reading } from '../model/reading.ts'
import { wordOf } from './cause.ts'

/** Whether what a reading says is slow alone is the storing of DICOM objects: C-STORE (PS3.4 B) or STOW-RS (PS3.18 10.5). */
export function isStoring(reading: Reading): boolean {
  return /^C-STORE$|^POST \S*\/studies(?:\/|$)/.test(wordOf(reading, 'type') ?? '')
}
