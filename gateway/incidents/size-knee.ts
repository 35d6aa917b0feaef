import type { Evidence } from './evidence.ts'
import { largeBytes } from './unanswered.ts'

/** From which size on messages break. Null where nothing broke off. */
export interface SizeKnee {
  /** Bytes that had come of the smallest that broke. */
  readonly brokenBytes: number
  /** The largest that passed since the onset, or, where none did, before; null: none ever. */
  readonly okBytes: number | null
  /** Everything that breaks is large, and nothing as large passes, though most of this interface's messages are smaller. */
  readonly isKnee: boolean
}

/**
 * A limit shows as a size below which all goes well. What passed before the onset says nothing of the limit, as it may have been lowered then; but it says whether
 * small messages are the usual ones here, and so whether it is by chance that only large ones break. A queue that keeps its order gets no small one past the first
 * that breaks.
 */
export function sizeKneeOf({ since, before }: Evidence): SizeKnee | null {
  const brokenBytes = since.low('brokenBytes')
  if (brokenBytes === null) return null
  const passed = since.high('okBytes')
  const large = since.count('ok-large') + before.count('ok-large')
  const answered = since.count('answered') + before.count('answered') + since.count('failed') + before.count('failed')
  const isSmallUsual = answered > 0 && large * 2 <= answered
  const isKnee = brokenBytes >= largeBytes && isSmallUsual && (passed === null || passed < brokenBytes)
  return { brokenBytes, okBytes: passed ?? before.high('okBytes'), isKnee }
}
