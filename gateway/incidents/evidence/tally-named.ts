import type { Counter } from './tally.ts'

/** Counts all and bad ones of a family by name: `type:T`, `type-bad:T`. */
export function tallyNamed(tally: Counter, family: string, name: string, isBad: boolean): void {
  tally.addNamed(family, name)
  if (isBad) tally.addNamed(`${family}-bad`, name)
}
