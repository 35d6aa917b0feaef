import type { Evidence } from '../evidence/evidence.ts'

/** What stood still on the way, of answered exchanges. */
export interface Stalls {
  readonly send: number
  readonly receive: number
  readonly connect: number
  readonly of: number
  /** The fastest handshake takes several times as long as it did: that is the way, or what answers in the kernel. */
  readonly isConnectSlow: boolean
  /**
   * Requests and answers both stand still now and then, and hardly did before: neither side alone can do that. An answer of one segment never
   * shows it (most acknowledgments are), and where one way alone loses segments the other is well: handshakes tell then.
   */
  readonly isBothWays: boolean
}

const stallsMin = 3
const shareMin = 0.05
/** Neither way has more than so many times the other's. */
const lopsidedMax = 3
const connectMsMin = 20
const connectFactor = 4

export function stallsOf({ since, before }: Evidence): Stalls {
  const [send, receive] = [since.count('stall-send'), since.count('stall-receive')]
  const of = since.count('answered') + since.count('failed')
  const ofBefore = before.count('answered') + before.count('failed')
  const isMany = (count: number, key: string, [whole, wholeBefore] = [of, ofBefore]) =>
    count >= stallsMin &&
    count >= shareMin * whole &&
    count / Math.max(whole, 1) > 3 * (before.count(key) / Math.max(wholeBefore, 1))
  const [connectMs, connectBeforeMs] = [since.low('connectMs'), before.low('connectMs')]
  const isConnectSlow =
    connectMs !== null && connectBeforeMs !== null && connectMs > connectMsMin && connectMs > connectFactor * connectBeforeMs
  const isEven = Math.max(send, receive) <= lopsidedMax * Math.min(send, receive)
  const connect = since.count('stall-connect')
  const [isSend, isReceive] = [isMany(send, 'stall-send'), isMany(receive, 'stall-receive')]
  // Neither side's work delays a handshake: with it one way is enough.
  const isConnect = isConnectSlow || isMany(connect, 'stall-connect', [since.count('connections'), before.count('connections')])
  const isBothWays = isConnect ? isSend || isReceive : isSend && isReceive && isEven
  return { send, receive, connect, of, isConnectSlow, isBothWays }
}
