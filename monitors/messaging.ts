import { amountOf, type MeasuredNow, watchMeasurements, wordAt } from './shared/measured.ts'
import { amount, flag, type Held, heldAt, keyed, record, word } from './shared/state.ts'
import { rounded, say, voicePart } from './shared/voice.ts'

const groupPart = record({
  lagMs: amount(),
  lagMessages: amount(),
  members: amount(-1),
  /** Since when it has been behind more than it may; 0: it isn't. */
  behindSinceAt: amount(),
  stuckPartition: amount(-1),
  stuckSinceAt: amount(),
  /** Whether other partitions of the topic moved on meanwhile. */
  isOneOfSeveral: flag(),
})

const memoryPart = record({
  /** By group and topic. */
  groups: keyed(groupPart),
  unreachableSinceAt: amount(),
  unreachableCode: word(),
  lagVoice: voicePart,
  stuckVoice: voicePart,
  sourceVoice: voicePart,
})
type Memory = Held<typeof memoryPart>
type Group = Held<typeof groupPart>

const groupsMax = 64
/** Behind by more than this, and by twice what the interface promises of its slowest in twenty, or ten minutes more, for so long: not a burst any more. */
const lagMsMin = 30_000
const lagBeyondMsMax = 600_000
const holdMs = 20_000

/**
 * Do the systems keep up with what is published for them? `messaging/lag`: the oldest record that a consumer group hasn't read is too old, or nobody of the
 * group is there. `messaging/stuck`: a partition's committed offset stands still while its end moves on, as behind a record that can't be read.
 * `messaging/source`: the broker itself can't be reached.
 */
export const messaging = watchMeasurements<Memory>({
  name: 'messaging',
  version: 1,
  memory: memoryPart,
  concerns: ({ by }) => by === 'kafka',
  hear(memory, measurement, at) {
    if (measurement.name === 'source') {
      const isDown = measurement.verdict === 'no'
      if (isDown && memory.unreachableSinceAt === 0) memory.unreachableSinceAt = measurement.at
      if (!isDown) memory.unreachableSinceAt = 0
      memory.unreachableCode = isDown ? (measurement.code ?? '') : ''
      return
    }
    const name = `${wordAt(measurement, 'group') ?? ''} ${wordAt(measurement, 'topic') ?? ''}`
    const group = heldAt(memory.groups, name, groupPart, groupsMax)
    if (group === null) return
    if (measurement.name === 'consumer-lag') {
      group.lagMs = amountOf(measurement, 'lagMs') ?? -1
      group.lagMessages = amountOf(measurement, 'lagMessages') ?? 0
      group.members = amountOf(measurement, 'members') ?? -1
      if (!isBehind(group, at)) group.behindSinceAt = 0
      else if (group.behindSinceAt === 0) group.behindSinceAt = measurement.at
    }
    if (measurement.name === 'consumer-stuck') {
      const isStuck = measurement.verdict === 'no'
      group.stuckPartition = isStuck ? (amountOf(measurement, 'partition') ?? 0) : -1
      group.stuckSinceAt = isStuck ? measurement.at - (amountOf(measurement, 'stuckMs') ?? 0) : 0
      group.isOneOfSeveral = (amountOf(measurement, 'movingPartitions') ?? 0) > 0
    }
  },
  judge(memory, { subject, now }, out) {
    const context = { monitor: 'messaging', subject, now }
    const behind = worst(memory, (group) =>
      group.behindSinceAt > 0 && now - group.behindSinceAt >= holdMs ? group.lagMs + 1 : 0,
    )
    say(out, memory.lagVoice, { ...context, signal: 'lag' }, behind === null ? null : 'ticket', () => ({
      onsetAt: behind?.group.behindSinceAt ?? now,
      score: rounded(Math.max(1, (behind?.group.lagMs ?? 0) / lagMsMin)),
      facts: lagFacts(behind),
      exchangeIds: [],
    }))
    const stuck = worst(memory, (group) => (group.stuckPartition >= 0 ? now - group.stuckSinceAt + 1 : 0))
    say(out, memory.stuckVoice, { ...context, signal: 'stuck' }, stuck === null ? null : 'ticket', () => ({
      onsetAt: stuck?.group.stuckSinceAt ?? now,
      score: 2,
      facts: {
        ...lagFacts(stuck),
        partition: stuck?.group.stuckPartition ?? null,
        othersMove: stuck?.group.isOneOfSeveral === true ? 1 : 0,
      },
      exchangeIds: [],
    }))
    const isUnreachable = memory.unreachableSinceAt > 0 && now - memory.unreachableSinceAt >= holdMs
    say(out, memory.sourceVoice, { ...context, signal: 'source' }, isUnreachable ? 'ticket' : null, () => ({
      onsetAt: memory.unreachableSinceAt,
      score: 2,
      facts: { code: memory.unreachableCode },
      exchangeIds: [],
    }))
  },
})

function isBehind({ lagMs, lagMessages, members }: Group, { iface }: MeasuredNow): boolean {
  if (lagMessages > 0 && members === 0) return true
  const promisedMs = iface?.objectives.latencyP95Ms ?? 0
  return lagMs > Math.max(lagMsMin, promisedMs + Math.min(promisedMs, lagBeyondMsMax))
}

interface Named {
  readonly key: string
  readonly group: Group
}

function worst(memory: Memory, badness: (group: Group) => number): Named | null {
  let found: Named | null = null
  let most = 0
  for (const [key, group] of memory.groups) {
    const bad = badness(group)
    if (bad <= most) continue
    most = bad
    found = { key, group }
  }
  return found
}

function lagFacts(named: Named | null): { readonly [name: string]: number | string | null } {
  const [group = '', topic = ''] = named?.key.split(' ') ?? []
  const { lagMs, lagMessages, members } = named?.group ?? { lagMs: -1, lagMessages: 0, members: -1 }
  return { group, topic, lagS: lagMs < 0 ? null : rounded(lagMs / 1000), lagMessages, members: members < 0 ? null : members }
}
