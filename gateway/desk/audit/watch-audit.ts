import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock, Instant, Millis } from '../../model/time.ts'
import type { SigningKeys } from '../../store/audit-chain.ts'
import type { AuditStore } from '../../store/audit-store.ts'
import { startLoop } from '../loop.ts'
import type { Anchor } from './anchors.ts'
import { type AuditVerdict, checkAudit } from './check-audit.ts'

export interface Verification extends AuditVerdict {
  readonly at: Instant
}

/** Verifies the audit at the start, every hour, and when it is asked to. */
export interface AuditWatch {
  last(): Verification | null
  isVerifying(): boolean
  /** Whoever asks while a verification runs gets that one's. */
  verify(): Promise<Verification>
  stop(): Promise<void>
}

interface Options {
  readonly store: Pick<AuditStore, 'verifyAudit' | 'auditLink' | 'checkpoints'>
  readonly keys: Pick<SigningKeys, 'publicKey'>
  readonly anchors: readonly Anchor[]
  readonly clock: Clock
  readonly everyMs?: Millis
  /** Once for each breach that wasn't there before. */
  readonly onBreach: (breach: NonNullable<AuditVerdict['breach']>) => void
  readonly onFault: (error: unknown) => void
}

const everyMsDefault = 3_600_000

export function watchAudit({ store, keys, anchors, clock, everyMs = everyMsDefault, onBreach, onFault }: Options): AuditWatch {
  let last: Verification | null = null
  let running: Promise<Verification> | null = null
  const check = async (): Promise<Verification> => {
    const read = await Promise.all(anchors.map((anchor) => anchor.read?.() ?? { checkpoints: [], badLines: [] }))
    const anchored = read.flatMap(({ checkpoints }) => checkpoints)
    const verdict = await checkAudit({ audit: store, keys, anchored, pause: () => nextTurn() })
    if (verdict.breach !== null && verdict.breach.number !== last?.breach?.number) onBreach(verdict.breach)
    last = { ...verdict, at: clock.now() }
    return last
  }
  const verify = () => {
    running ??= check().finally(() => {
      running = null
    })
    return running
  }
  const run = async () => {
    await verify().catch(onFault)
  }
  const loop = startLoop({ clock, everyMs, run, onFault })
  return {
    last: () => last,
    isVerifying: () => running !== null,
    verify,
    stop: async () => {
      await loop.stop()
      await running?.catch(() => {})
    },
  }
}
