/** Sizes by half octaves: a limit lies between two of them. */
export function sizeStepOf(bytes: number): number {
  return Math.floor(2 * Math.log2(bytes))
}

/** Where a step begins. */
export function bytesOfStep(step: number): number {
  return Math.round(2 ** (step / 2))
}
