/** A place in a message: `PID-5.1`, `OBX[2]-5`, `PID-3[2].4.1`. */
export interface Path {
  readonly segment: string
  /** From 1. */
  readonly occurrence: number
  readonly field: number
  readonly repetition: number
  /** 0: the whole repetition. */
  readonly component: number
  /** 0: the whole component. */
  readonly subcomponent: number
}

const form = /^([A-Za-z][A-Za-z0-9]{2})(?:\[(\d{1,6})\])?-(\d{1,4})(?:\[(\d{1,6})\])?(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?$/
const known = new Map<string, Path | null>()
const knownMax = 4000

/** Null when the text is no path. Contracts ask for the same paths again and again, so they are kept. */
export function parsePath(text: string): Path | null {
  const kept = known.get(text)
  if (kept !== undefined) return kept
  const match = form.exec(text)
  const path = match && {
    segment: match[1] ?? '',
    occurrence: Number(match[2] ?? 1),
    field: Number(match[3]),
    repetition: Number(match[4] ?? 1),
    component: Number(match[5] ?? 0),
    subcomponent: Number(match[6] ?? 0),
  }
  if (known.size >= knownMax) known.clear()
  known.set(text, path)
  return path
}
