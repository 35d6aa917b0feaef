import { type Line, present, say, unknown, weights } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { bytesOfCutStep, bytesOfStep } from '../evidence/size-step.ts'
import { largeBytes } from '../evidence/unanswered.ts'
import { deafTypeOf } from './common-lines.ts'

/** From which size on messages break. Null where nothing broke off. */
export interface SizeKnee {
  /** Bytes that had come of the smallest that broke. */
  readonly brokenBytes: number
  /** The largest that passed since the onset, or, where none did, before; null: none ever. */
  readonly okBytes: number | null
  /**
   * Everything that breaks is large, and nothing as large passes, though most of this interface's messages are smaller; or, whatever is large here, all that is longer breaks at one byte.
   */
  readonly isKnee: boolean
  /** All that is longer breaks there, which says more than how much of it there is. */
  readonly isOnePlace: boolean
}

/**
 * A limit shows as a size below which all goes well. What passed before the onset says nothing of the limit, as it may have been lowered then; but it says whether
 * small messages are the usual ones here, and so whether it is by chance that only large ones break. A queue that keeps its order gets no small one past the first
 * that breaks.
 */
export function sizeKneeOf({ since, before }: Evidence): SizeKnee | null {
  const least = since.low('brokenBytes')
  if (least === null) return null
  const place = onePlaceOf(since)
  if (place !== null) return { brokenBytes: place, okBytes: since.high('okBytes'), isKnee: true, isOnePlace: true }
  const passed = since.high('okBytes')
  const large = since.count('ok-large') + before.count('ok-large')
  const answered = since.count('answered') + before.count('answered') + since.count('failed') + before.count('failed')
  const isSmallUsual = answered > 0 && large * 2 <= answered
  const isAbove = least >= largeBytes && (passed === null || passed < least)
  const step = isAbove
    ? null
    : stepOf(since.top('size-broken'), [...since.top('size-taken'), ...since.top('size-refused')], since.count('broken'))
  return {
    brokenBytes: step === null ? least : bytesOfStep(step.step),
    okBytes: passed ?? before.high('okBytes'),
    isKnee: isSmallUsual && (isAbove || step !== null),
    isOnePlace: false,
  }
}

/**
 * The byte at which nearly all that breaks is cut, when messages pass up to about there and none beyond it. Where no more than short questions pass, it is what follows them that the
 * receiver can't take, and not its length; where all are as long as the cut, it is their end.
 */
function onePlaceOf(since: Evidence['since']): number | null {
  const cuts = since.top('broken-at').map(({ name, count }) => ({ step: Number(name), count }))
  const [most] = cuts
  if (most === undefined) return null
  // The same byte may lie on either side of a step's border, as what is around a message differs a little.
  const near = cuts.filter(({ step }) => Math.abs(step - most.step) <= 1)
  const cut = near.reduce((sum, { count }) => sum + count, 0)
  const steps = near.map(({ step }) => step)
  const [from, to] = [bytesOfCutStep(Math.min(...steps)), bytesOfCutStep(Math.max(...steps) + 1)]
  const [shortest, longest] = [since.low('okBytes'), since.high('okBytes')]
  if (shortest === null || longest === null) return null
  if (cut < cutsMin || cut < 0.8 * since.count('broken')) return null
  return 2 * shortest <= from && from <= 4 * longest && longest < to ? from : null
}

type Counts = ReturnType<Evidence['since']['top']>

/** From which step on nearly all of what is lost lies, and little of what passes: strays are lost at any size, and an onset may be guessed too early. Null: from none. */
function stepOf(lostBy: Counts, passedBy: Counts, lostCount: number): { step: number; lost: number; passed: number } | null {
  const from = (counts: Counts, least: number) =>
    counts.reduce((sum, { name, count }) => (Number(name) >= least ? sum + count : sum), 0)
  for (const step of lostBy.map(({ name }) => Number(name)).sort((a, b) => a - b)) {
    const lost = from(lostBy, step)
    const passed = from(passedBy, step)
    if (lost < lostMin || lost < 0.8 * lostCount) return null
    if (passed <= 0.2 * lost) return { step, lost, passed }
  }
  return null
}

const lostMin = 3
/** So many at one byte are no chance. */
const cutsMin = 4

/**
 * From which size on nearly all goes unheard and hardly anything is answered, while most is smaller and answered: who listens throws away what its buffer doesn't hold. Null: it isn't
 * the size, or not that of several kinds of message.
 */
export function unheardSizeOf(
  e: Evidence,
): { readonly fromBytes: number; readonly lost: number; readonly passed: number } | null {
  const { since } = e
  const passed = [...since.top('size-taken'), ...since.top('size-refused')]
  const found = stepOf(since.top('size-unheard'), passed, since.count('unheard'))
  if (found === null || since.count('answered') < found.lost || deafTypeOf(e) !== null) return null
  return { fromBytes: bytesOfStep(found.step), lost: found.lost, passed: found.passed }
}

/** Against who doesn't answer in general: it is the size. */
export function unheardSizeLine(e: Evidence, weight: number): Line {
  const size = unheardSizeOf(e)
  return {
    key: 'unheard-size',
    group: 'size',
    sign: size === null ? unknown : present(),
    present: weight,
    absent: 0,
    text: say(
      `无应答的 ${e.since.count('unheard')} 条中 ${size?.lost ?? 0} 条在 ${size?.fromBytes ?? 0} 字节以上,这样大的被应答 ${size?.passed ?? 0} 条`,
      `${size?.lost ?? 0} of ${e.since.count('unheard')} unanswered have ${size?.fromBytes ?? 0} bytes and more; as large, ${size?.passed ?? 0} were answered`,
    ),
  }
}

/** Of what is refused by word nearly all is as large as this or larger, and hardly anything as large is taken, while most is smaller. */
export interface RefusedSize {
  readonly fromBytes: number
  readonly refused: number
  readonly taken: number
}

/** From which size on messages are refused by word; null where it isn't their size. */
export function refusedSizeOf({ since }: Evidence): RefusedSize | null {
  const found = stepOf(since.top('size-refused'), since.top('size-taken'), since.count('nak'))
  if (found === null || since.count('answered') < found.lost) return null
  return { fromBytes: bytesOfStep(found.step), refused: found.lost, taken: found.passed }
}

/** Against whoever is blamed for refusals of what a message says: it is its size. */
export function refusedSizeLine(e: Evidence): Line {
  const size = refusedSizeOf(e)
  return {
    key: 'refused-size',
    group: 'named',
    sign: size === null ? unknown : present(),
    present: -weights.decisive,
    absent: 0,
    text: say(
      `被拒的几乎都是 ${size?.fromBytes ?? 0} 字节以上的大报文`,
      `nearly all that is refused has ${size?.fromBytes ?? 0} bytes and more`,
    ),
  }
}

/** Against a reply that is said to be lost: it came, and was cut off or turned away for its size. */
export function lostSizeLine(e: Evidence): Line {
  const size = refusedSizeOf(e)?.fromBytes ?? (sizeKneeOf(e)?.isKnee === true ? e.since.low('brokenBytes') : null)
  return {
    key: 'lost-size',
    group: 'size',
    sign: size === null ? unknown : present(),
    present: -weights.decisive,
    absent: 0,
    text: say(`被拒或中断的都在 ${size ?? 0} 字节以上`, `all that is refused or breaks has ${size ?? 0} bytes and more`),
  }
}
