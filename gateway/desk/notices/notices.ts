import type { Clock, Millis } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import { startLoop } from '../loop.ts'
import type { Channel } from './channels/channel.ts'
import { endSending, type Sending, sendRound } from './send-notices.ts'

export interface NoticesOptions {
  readonly store: Store
  readonly channels: readonly Channel[]
  readonly clock: Clock
  readonly timezone: string
  readonly holder: string
  readonly filesOf?: Sending['filesOf']
  readonly everyMs: Millis
  /** Hears once when a channel begins to fail, and once when it works again. */
  onChange(channel: string, refusal: string | null): void
  /** Hears once when rounds begin to fail of themselves, as of a store that can't answer. The rounds go on. */
  onFault(error: unknown): void
}

/** The sending of all channels, each in a loop of its own. */
export function startNotices(options: NoticesOptions): { stop(): Promise<void> } {
  const loops = options.channels.map((channel) =>
    startSending(options, {
      store: options.store,
      channel,
      others: options.channels.filter((other) => other !== channel).map(({ name }) => name),
      clock: options.clock,
      timezone: options.timezone,
      holder: options.holder,
      ...(options.filesOf === undefined ? {} : { filesOf: options.filesOf }),
    }),
  )
  return {
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()))
    },
  }
}

function startSending({ clock, everyMs, onChange, onFault }: NoticesOptions, sending: Sending) {
  let isFailing = false
  const say = ({ sent, refusal }: Awaited<ReturnType<typeof sendRound>>) => {
    if (refusal !== null ? isFailing : !isFailing || sent === 0) return
    isFailing = refusal !== null
    onChange(sending.channel.name, refusal)
  }
  const loop = startLoop({ clock, everyMs, run: async () => say(await sendRound(sending)), onFault })
  return {
    stop: async () => {
      await loop.stop()
      await endSending(sending).catch(onFault)
    },
  }
}
