import type { Measurement } from '../../../gateway/model/measurement.ts'
import type { Instant, Millis } from '../../../gateway/model/time.ts'

/** What TCP itself did on the way of one interface's bytes, from one network of initiators. */
export interface LinkCount {
  /** Segments with data, and those of them that the wire had carried before: retransmissions. */
  segments: number
  resent: number
  /** From a segment to its acknowledgment, as far as the tap sees it. Never of a segment that was sent again (Karn). */
  rttCount: number
  rttMsSum: Millis
  rttMsMin: Millis
  rttMsMax: Millis
}

export function newLinkCount(): LinkCount {
  return { segments: 0, resent: 0, rttCount: 0, rttMsSum: 0, rttMsMin: Number.POSITIVE_INFINITY, rttMsMax: 0 }
}

export function noteRoundTrip(count: LinkCount, ms: Millis): void {
  count.rttCount += 1
  count.rttMsSum += ms
  count.rttMsMin = Math.min(count.rttMsMin, ms)
  count.rttMsMax = Math.max(count.rttMsMax, ms)
}

/** Networks that are told apart; the others are counted together. */
const networksMax = 64

/** Counts by interface and by the initiators' network, as a ward or an access point usually is one. */
export class LinkCounts {
  readonly #byInterface = new Map<string, Map<string, LinkCount>>()

  /** To be counted into, until `take`. */
  of(interfaceId: string, initiatorHost: string): () => LinkCount {
    const network = networkOf(initiatorHost)
    return () => {
      let networks = this.#byInterface.get(interfaceId)
      if (networks === undefined) {
        networks = new Map()
        this.#byInterface.set(interfaceId, networks)
      }
      const name = networks.has(network) || networks.size < networksMax ? network : 'other'
      let count = networks.get(name)
      if (count === undefined) {
        count = newLinkCount()
        networks.set(name, count)
      }
      return count
    }
  }

  /** What was counted since the last time, as the measurements of an interface; nothing where nothing passed. */
  take(at: Instant): readonly Measurement[] {
    const taken = [...this.#byInterface].map(([interfaceId, networks]) => measurementOf(interfaceId, networks, at))
    this.#byInterface.clear()
    return taken
  }
}

function measurementOf(interfaceId: string, networks: ReadonlyMap<string, LinkCount>, at: Instant): Measurement {
  const all = [...networks.values()]
  const sum = (of: (count: LinkCount) => number) => all.reduce((total, count) => total + of(count), 0)
  const [worst] = [...networks].sort((a, b) => b[1].resent - a[1].resent || (a[0] < b[0] ? -1 : 1))
  const rttCount = sum((count) => count.rttCount)
  return {
    name: 'link',
    by: 'capture',
    subject: { kind: 'interface', id: interfaceId },
    at,
    verdict: null,
    code: null,
    tookMs: null,
    facts: {
      segments: sum((count) => count.segments),
      resent: sum((count) => count.resent),
      rttMs: rttCount === 0 ? null : rounded(sum((count) => count.rttMsSum) / rttCount),
      rttMsMin: rttCount === 0 ? null : rounded(Math.min(...all.map((count) => count.rttMsMin))),
      rttMsMax: rttCount === 0 ? null : rounded(Math.max(...all.map((count) => count.rttMsMax))),
      networks: networks.size,
      network: worst?.[0] ?? null,
      networkSegments: worst?.[1].segments ?? null,
      networkResent: worst?.[1].resent ?? null,
    },
  }
}

/** The first three numbers of an IPv4 address, the first half of an IPv6 one. */
function networkOf(host: string): string {
  const parts = host.split('.')
  if (parts.length === 4) return `${parts.slice(0, 3).join('.')}.0/24`
  return `${host.split(':').slice(0, 4).join(':')}::/64`
}

function rounded(ms: Millis): Millis {
  return Math.round(ms * 1000) / 1000
}
