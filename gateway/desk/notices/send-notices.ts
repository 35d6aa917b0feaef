import type { Notice } from '../../model/notice.ts'
import type { Clock, Instant, Millis } from '../../model/time.ts'
import type { Delivery, FailingChannel, NoticeToSend, TryResult } from '../../store/duty-store.ts'
import type { Store } from '../../store/store.ts'
import { type Channel, ChannelRefusal, type Language, type NoticeFile } from './channels/channel.ts'
import { channelNotice } from './write-notice.ts'

/** One try takes this long at most. */
const tryMsMax = 15_000
/** Longer than a try, so that a desk that sends has the lease until it is done. */
const leaseMs = 60_000
const perRound = 20
const firstPauseMs = 5_000
const pauseMsMax = 600_000
/** A notice that is a day old tells nobody anything. */
const triedMsMax = 86_400_000
/** A channel that fails for this long is told on the others. */
const deadAfterMs = 60_000

export interface Sending {
  readonly store: Pick<Store, 'takeLease' | 'dropLease' | 'dueDeliveries' | 'settleDelivery' | 'failingChannels'>
  readonly channel: Channel
  /** Names of the other channels: they are told when this one is dead. */
  readonly others: readonly string[]
  readonly clock: Clock
  readonly timezone: string
  /** Names this desk among others. */
  readonly holder: string
  /** What goes with a notice, for channels that take files. Left out: nothing. */
  readonly filesOf?: (notice: Notice, language: Language) => Promise<readonly NoticeFile[]>
}

/** What one round did. */
export interface Round {
  readonly sent: number
  /** Why the channel took nothing, without addresses; null: it took what there was. */
  readonly refusal: string | null
}

/**
 * Sends what waits for one channel, when this desk holds the channel's lease. Each channel has its rounds to itself, so that a dead one
 * delays no other. A desk that dies between sending and writing it down sends once more, with the same idempotency key.
 */
export async function sendRound(sending: Sending): Promise<Round> {
  const { store, channel, clock, holder } = sending
  let sent = 0
  while (sent < perRound) {
    // Before each reading: what was read under a lease that is lost since may have been sent by another desk.
    if (!(await store.takeLease(`notices/${channel.name}`, holder, clock.now(), leaseMs))) break
    const [delivery] = await store.dueDeliveries(channel.name, clock.now(), 1)
    if (delivery === undefined) break
    const settle = async (refusal: string | null) => {
      const failing = (await store.failingChannels()).find(({ name }) => name === channel.name) ?? null
      await store.settleDelivery(delivery.notice.id, channel.name, resultOf(sending, delivery, failing, refusal))
    }
    const refusal = await trySending(sending, delivery).catch(async (error: unknown) => {
      // A fault of ours with this one must not hold up those behind it: it waits as one that was refused.
      await settle('a fault')
      throw error
    })
    await settle(refusal)
    if (refusal !== null) return { sent, refusal }
    sent += 1
  }
  return { sent, refusal: null }
}

/** Lets the next desk send at once. */
export async function endSending({ store, channel, holder }: Sending): Promise<void> {
  await store.dropLease(`notices/${channel.name}`, holder)
}

async function trySending({ channel, clock, filesOf }: Sending, { notice }: Delivery): Promise<string | null> {
  const files = channel.filesIn === undefined ? [] : ((await filesOf?.(notice, channel.filesIn)) ?? [])
  return sendOnce({ channel, clock }, notice, files)
}

/** Null when the channel took it, else why not, in words without addresses or secrets. */
export async function sendOnce(
  { channel, clock }: Pick<Sending, 'channel' | 'clock'>,
  notice: Notice,
  files: readonly NoticeFile[] = [],
): Promise<string | null> {
  const giveUp = new AbortController()
  const cancel = clock.after(tryMsMax, () => giveUp.abort())
  try {
    await channel.send(notice, clock.now(), giveUp.signal, files)
    return null
  } catch (error) {
    if (error instanceof ChannelRefusal) return error.message
    throw error
  } finally {
    cancel()
  }
}

function resultOf(sending: Sending, delivery: Delivery, failing: FailingChannel | null, refusal: string | null): TryResult {
  const at = sending.clock.now()
  if (refusal === null)
    return { outcome: 'sent', at, alarm: failing?.isTold === true ? alarmOf(sending, 'channel-back', failing.since, at) : null }
  const isOld = at - delivery.notice.at > triedMsMax
  const isDead = failing !== null && !failing.isTold && at - failing.since >= deadAfterMs
  return {
    outcome: 'failed',
    at,
    nextAt: isOld ? null : at + pauseMs(delivery.tries),
    alarm: isDead ? alarmOf(sending, 'channel-dead', failing.since, at) : null,
  }
}

function alarmOf(
  { channel, others, timezone }: Sending,
  kind: 'channel-dead' | 'channel-back',
  since: Instant,
  at: Instant,
): NoticeToSend {
  return { notice: channelNotice(kind, channel.name, { at, since, timezone }), channels: others }
}

/** 5 s, doubled with each try, ten minutes at most. */
function pauseMs(tries: number): Millis {
  return Math.min(firstPauseMs * 2 ** Math.min(tries, 20), pauseMsMax)
}
