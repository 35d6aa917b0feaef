/** Sizes by half octaves: a limit lies between two of them. */
export function sizeStepOf(bytes: number): number {
  return Math.floor(2 * Math.log2(bytes))
}

/** Where a step begins. */
export function bytesOfStep(step: number): number {
  return Math.round(2 ** (step / 2))
}

/** Where a message broke off, by eighths of octaves: a limit cuts all that is longer at the same byte. */
export function cutStepOf(bytes: number): number {
  return Math.floor(8 * Math.log2(Math.max(bytes, 1)))
}

/** Where such a step begins. */
export function bytesOfCutStep(step: number): number {
  return Math.round(2 ** (step / 8))
}
