import { amount, type Held, record } from '../shared/state.ts'

/**
 * How slow ones come together. A sum of scores with deviation 1 varies as its length where they know nothing of each other; slow minutes, a busy hour, one large patient make it vary more, and
 * a CUSUM's threshold must be higher by as much (its false alarms fall with e^(-2kh/variance)).
 */
export const bunchingPart = record({
  /** Of the running block, and the sum of the one before it. */
  sum: amount(),
  count: amount(),
  before: amount(),
  hasBefore: amount(),
  /** Pairs of blocks, and how much more they differ than they would by chance, in all. */
  pairs: amount(),
  excess: amount(),
})
export type Bunching = Held<typeof bunchingPart>

const block = 16
/** As if so many pairs had shown so much: nobody's messages know nothing of each other. */
const priorPairs = 4
const priorBunching = 1.25
const pairsMax = 200
const bunchingMax = 12

/** Takes a healthy score. */
export function noteScore(bunching: Bunching, score: number): void {
  bunching.sum += score
  bunching.count += 1
  if (bunching.count < block) return
  // Of two blocks in a row: what differs from one part of the day to the next is no bunching.
  if (bunching.hasBefore === 1) {
    bunching.pairs += 1
    bunching.excess += (bunching.sum - bunching.before) ** 2 / (2 * block)
    if (bunching.pairs >= pairsMax) {
      bunching.pairs /= 2
      bunching.excess /= 2
    }
  }
  bunching.before = bunching.sum
  bunching.hasBefore = 1
  bunching.sum = 0
  bunching.count = 0
}

/** What comes next is no neighbour of what came before. */
export function breakOff(bunching: Bunching): void {
  bunching.hasBefore = 0
  bunching.sum = 0
  bunching.count = 0
}

/** 1: they know nothing of each other. */
export function bunchingOf({ pairs, excess }: Bunching): number {
  return Math.min(Math.max((priorPairs * priorBunching + excess) / (priorPairs + pairs), 1), bunchingMax)
}
