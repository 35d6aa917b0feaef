import type { Measurement } from '../../../gateway/model/measurement.ts'
import type { Subject } from '../../../gateway/model/subject.ts'
import type { Instant, Millis } from '../../../gateway/model/time.ts'
import type { GroupStanding, PartitionEnds, PartitionOffset } from './driver.ts'

/** A committed offset that stands still for so long, with something to read behind it, is told of, and again so often. */
const stuckAfterMs: Millis = 30_000
const tellAgainMs: Millis = 60_000
/** A lag that stays as it is grows older: it is said more often. */
const lagAgainMs: Millis = 10_000

/** What the cluster says of one group at one time. */
export interface GroupLook {
  readonly at: Instant
  readonly ends: readonly PartitionEnds[]
  readonly committed: readonly PartitionOffset[]
  readonly standing: GroupStanding | null
  /** When the record of that offset was put there, where that is known. */
  putAt(topic: string, partition: number, offset: number): Instant | null
}

interface KeyedLook extends GroupLook {
  /** Committed offsets by topic and partition. */
  readonly offsets: ReadonlyMap<string, number>
}

interface Progress {
  readonly offset: number
  /** The end when the offset last moved. */
  readonly highThen: number
  readonly sinceAt: Instant
  toldAt: Instant | null
}

/** One consumer group of one of the hospital's systems, over time. Pure: looks come in, measurements go out. */
export class GroupWatch {
  readonly #group: string
  readonly #subject: Subject
  readonly #progress = new Map<string, Progress>()
  /** What was last said of each topic's lag, and when. */
  readonly #said = new Map<string, { readonly words: string; readonly at: Instant }>()
  #standing: GroupStanding | null = null

  constructor(group: string, subject: Subject) {
    this.#group = group
    this.#subject = subject
  }

  /** The lag of each topic where it changed, every ten seconds while there is one, and once a minute; partitions that are stuck or go on; members that came or went. */
  see(group: GroupLook): readonly Measurement[] {
    const look = { ...group, offsets: new Map(group.committed.map((place) => [keyOf(place), place.offset])) }
    const topics = Map.groupBy(look.ends, ({ topic }) => topic)
    const found = [...topics].map(([topic, ends]) => this.#lag(look, topic, ends)).filter((lag) => this.#isNews(lag))
    for (const ends of look.ends) {
      const told = this.#stuck(look, ends)
      if (told !== null) found.push(told)
    }
    const change = this.#rebalance(look)
    if (change !== null) found.push(change)
    return found
  }

  #lag(look: KeyedLook, topic: string, ends: readonly PartitionEnds[]): Measurement {
    const lags = ends.flatMap(({ partition, low, high }) => {
      const offset = look.offsets.get(keyOf({ topic, partition }))
      return offset === undefined
        ? []
        : [{ partition, lag: Math.max(0, high - Math.max(offset, low)), lost: Math.max(0, low - offset), offset }]
    })
    const worst = lags.reduce<(typeof lags)[number] | null>((a, b) => (a === null || b.lag > a.lag ? b : a), null)
    const ages = lags.flatMap(({ partition, lag, offset }) => {
      const putAt = lag === 0 ? null : look.putAt(topic, partition, offset)
      return putAt === null ? [] : [Math.max(0, look.at - putAt)]
    })
    const isRead = lags.every(({ lag }) => lag === 0)
    return this.#measurement('consumer-lag', look.at, null, null, {
      topic,
      lagMessages: lags.length === 0 ? null : lags.reduce((sum, { lag }) => sum + lag, 0),
      lagMs: lags.length > 0 && isRead ? 0 : ages.length === 0 ? null : Math.max(...ages),
      partitions: ends.length,
      uncommittedPartitions: ends.length - lags.length,
      worstPartition: worst?.partition ?? null,
      worstLagMessages: worst?.lag ?? null,
      // Retention took them before the group read them.
      lostMessages: lags.reduce((sum, { lost }) => sum + lost, 0),
      ...standingOf(look, lags.length > 0),
    })
  }

  #isNews({ at, facts }: Measurement): boolean {
    const { topic, lagMessages, lostMessages, state, members } = facts
    const words = `${lagMessages} ${lostMessages} ${state} ${members}`
    const before = this.#said.get(String(topic))
    const againMs = Number(lagMessages) > 0 ? lagAgainMs : tellAgainMs
    if (before?.words === words && at - before.at < againMs) return false
    this.#said.set(String(topic), { words, at })
    return true
  }

  #stuck(look: KeyedLook, { topic, partition, high }: PartitionEnds): Measurement | null {
    const key = keyOf({ topic, partition })
    const offset = look.offsets.get(key)
    if (offset === undefined) return null
    const before = this.#progress.get(key)
    const facts = {
      topic,
      partition,
      offset,
      lagMessages: Math.max(0, high - offset),
      members: standingOf(look, true).members,
    }
    if (before === undefined || before.offset !== offset || high <= offset) {
      this.#progress.set(key, { offset, highThen: high, sinceAt: look.at, toldAt: null })
      if (before === undefined || before.toldAt === null) return null
      return this.#measurement('consumer-stuck', look.at, 'yes', null, { ...facts, stuckMs: look.at - before.sinceAt })
    }
    const stuckMs = look.at - before.sinceAt
    if (stuckMs < stuckAfterMs || (before.toldAt !== null && look.at - before.toldAt < tellAgainMs)) return null
    before.toldAt = look.at
    return this.#measurement('consumer-stuck', look.at, 'no', 'OFFSET_STUCK', {
      ...facts,
      stuckMs,
      endMovedMessages: high - before.highThen,
      // One partition of several points at one record; all of them at the consumer.
      movingPartitions: [...this.#progress].filter(
        ([k, p]) => k !== key && k.startsWith(`${topic}/`) && p.sinceAt > before.sinceAt,
      ).length,
    })
  }

  #rebalance({ at, standing }: GroupLook): Measurement | null {
    const before = this.#standing
    if (standing === null) return null
    this.#standing = standing
    if (before === null) return null
    const joined = standing.members.filter((member) => !before.members.includes(member)).length
    const left = before.members.filter((member) => !standing.members.includes(member)).length
    if (joined === 0 && left === 0 && before.state === standing.state) return null
    return this.#measurement('rebalance', at, null, null, {
      state: standing.state,
      stateBefore: before.state,
      members: standing.members.length,
      joined,
      left,
    })
  }

  #measurement(
    name: string,
    at: Instant,
    verdict: Measurement['verdict'],
    code: string | null,
    facts: Measurement['facts'],
  ): Measurement {
    return {
      name,
      by: 'kafka',
      subject: this.#subject,
      at,
      verdict,
      code,
      tookMs: null,
      facts: { group: this.#group, ...facts },
    }
  }
}

/** A group of the new protocol (KIP-848) has offsets and yet is `Dead` to the classic question: who reads is not known then, and nobody is said to be missing. */
function standingOf({ standing }: GroupLook, hasOffsets: boolean): { state: string | null; members: number | null } {
  if (standing === null || (standing.state === 'Dead' && hasOffsets)) return { state: null, members: null }
  return { state: standing.state, members: standing.members.length }
}

function keyOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}/${partition}`
}
