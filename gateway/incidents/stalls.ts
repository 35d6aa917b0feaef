import type { Evidence } from './evidence.ts'

/** What stood still on the way, of answered exchanges. */
export interface Stalls {
  readonly send: number
  readonly receive: number
  readonly connect: number
  readonly of: number
  /** Requests and answers both stand still now and then, and hardly did before: neither side alone can do that. */
  readonly isBothWays: boolean
}

const stallsMin = 3
const shareMin = 0.05
/** Neither way has more than so many times the other's. */
const lopsidedMax = 3

export function stallsOf({ since, before }: Evidence): Stalls {
  const [send, receive] = [since.count('stall-send'), since.count('stall-receive')]
  const of = since.count('answered') + since.count('failed')
  const ofBefore = before.count('answered') + before.count('failed')
  const isMany = (count: number, key: string) =>
    count >= stallsMin && count >= shareMin * of && count / Math.max(of, 1) > 3 * (before.count(key) / Math.max(ofBefore, 1))
  const isEven = Math.max(send, receive) <= lopsidedMax * Math.min(send, receive)
  const isBothWays = isEven && isMany(send, 'stall-send') && isMany(receive, 'stall-receive')
  return { send, receive, connect: since.count('stall-connect'), of, isBothWays }
}
