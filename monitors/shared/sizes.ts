import { logOf } from '../statistics/knots.ts'
import { amount, type Held, list, record } from './state.ts'

/** Octaves of sizes from 64 kB on; the last has no end. */
const octaveCount = 14
/** From so many bytes on what something takes is a matter of its size: images, documents. */
export const largeBytesMin = 64 * 1024

/**
 * What large objects take, by their size: an X-ray takes longer than a slice of a CT, and a megabyte of small slices longer than one of large X-rays, on the best of days. They are told
 * apart by octaves of size, so that what one takes can be said as if it were of the size that was known first.
 */
export const sizesPart = record({
  counts: list(amount(), octaveCount),
  /** Means of logarithms. */
  centres: list(amount(), octaveCount),
  /** The octave that was known first. */
  first: amount(-1),
})
export type Sizes = Held<typeof sizesPart>

/** So many tell what is usual for a size. */
const knownMin = 5
const memoryCount = 200
/** One odd object moves what is known of its size as if it were three times as slow at most. */
const farthest = Math.log(3)

/** Takes what a healthy object of that size took, in whatever unit. */
export function learnSize(sizes: Sizes, bytes: number, value: number): void {
  const octave = octaveOf(bytes)
  const count = (sizes.counts[octave] ?? 0) + 1
  const centre = sizes.centres[octave] ?? 0
  const far = logOf(value) - centre
  const distance = count <= knownMin ? far : Math.min(Math.max(far, -farthest), farthest)
  sizes.counts[octave] = Math.min(count, memoryCount)
  sizes.centres[octave] = centre + distance / sizes.counts[octave]
  if (sizes.first < 0 && count >= knownMin) sizes.first = octave
}

/** As if it were of the size that was known first; what is small is taken as it is. Null before it is known what is usual for its size. */
export function asOfOneSize({ counts, centres, first }: Sizes, bytes: number, value: number): number | null {
  if (bytes < largeBytesMin) return value
  const octave = octaveOf(bytes)
  if (octave === first) return value
  return (counts[octave] ?? 0) < knownMin ? null : value * Math.exp((centres[first] ?? 0) - (centres[octave] ?? 0))
}

function octaveOf(bytes: number): number {
  return Math.min(Math.max(Math.floor(Math.log2(bytes / largeBytesMin)), 0), octaveCount - 1)
}
