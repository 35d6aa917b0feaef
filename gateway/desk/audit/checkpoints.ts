import type { Clock, Instant, Millis } from '../../model/time.ts'
import { type SigningKeys, signCheckpoint } from '../../store/audit-chain.ts'
import type { AuditStore, Checkpoint } from '../../store/audit-store.ts'
import { startLoop } from '../loop.ts'
import type { Anchor } from './anchors.ts'

export interface AnchorState {
  readonly name: string
  /** Number of the last record that it knows of; null before anything arrived there since the start. */
  readonly upTo: number | null
  readonly failingSince: Instant | null
}

/** Signs the end of the chain and puts the signature away, as often as there is something new. */
export interface Checkpoints {
  state(): { readonly last: Checkpoint | null; readonly anchors: readonly AnchorState[] }
  /** After a last signature. */
  stop(): Promise<void>
}

interface Options {
  readonly store: Pick<AuditStore, 'auditEnd' | 'checkpoints' | 'saveCheckpoint'>
  readonly keys: SigningKeys
  readonly anchors: readonly Anchor[]
  readonly clock: Clock
  /** Default a minute: so long may pass before the newest records are beyond anybody's reach. */
  readonly everyMs?: Millis
  /** Once when an anchor begins to fail, and once when it takes again. */
  readonly onChange: (anchor: string, isFailing: boolean) => void
  readonly onFault: (error: unknown) => void
}

const everyMsDefault = 60_000

export function startCheckpoints(options: Options): Checkpoints {
  const { store, keys, clock, everyMs = everyMsDefault, onFault } = options
  const places = options.anchors.map((anchor) => createPlace(anchor, clock, options.onChange))
  let last: Checkpoint | null = null
  const sign = async () => {
    last ??= (await store.checkpoints(1))[0] ?? null
    const end = await store.auditEnd()
    if (end !== null && end.number !== last?.number) {
      // On the disk before it leaves the house: an anchor never knows more than the store.
      last = signCheckpoint(keys, { ...end, at: clock.now() })
      await store.saveCheckpoint(last)
    }
    const newest = last
    if (newest !== null) await Promise.all(places.map((place) => place.bring(newest)))
  }
  // Every fault is told, not only the first: each is a minute that nobody signed.
  const loop = startLoop({ clock, everyMs, run: () => sign().catch(onFault), onFault })
  return {
    state: () => ({ last, anchors: places.map((place) => place.state()) }),
    stop: async () => {
      await loop.stop()
      await sign().catch(onFault)
    },
  }
}

function createPlace(anchor: Anchor, clock: Clock, onChange: Options['onChange']) {
  let upTo: number | null = null
  let failingSince: Instant | null = null
  return {
    state: (): AnchorState => ({ name: anchor.name, upTo, failingSince }),
    bring: async (checkpoint: Checkpoint) => {
      if (upTo === checkpoint.number) return
      try {
        await anchor.write(checkpoint)
        upTo = checkpoint.number
        if (failingSince !== null) onChange(anchor.name, false)
        failingSince = null
      } catch {
        if (failingSince === null) onChange(anchor.name, true)
        failingSince ??= clock.now()
      }
    },
  }
}
