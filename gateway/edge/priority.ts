import { getPriority, setPriority } from 'node:os'
import process from 'node:process'

/**
 * Lets the calling thread have the processor only when others leave it some: whoever forwards goes first. Its work is not lost by waiting, it lies in the
 * ring. Linux alone: there 0 names the calling thread (setpriority(2)), elsewhere the whole process, which must not give way.
 */
export function giveWay(): void {
  if (process.platform === 'linux') setPriority(0, Math.min(nicest, getPriority(0) + givenWay))
}

/** About half of a full share against threads that would use all there is. */
const givenWay = 3
const nicest = 19
