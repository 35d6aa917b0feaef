import type { KeyObject } from 'node:crypto'
import type { Logger } from '../../model/logger.ts'
import type { Clock } from '../../model/time.ts'
import { signingKeysFrom } from '../../store/audit-chain.ts'
import type { AuditStore } from '../../store/audit-store.ts'
import type { Anchor } from './anchors.ts'
import { type Checkpoints, startCheckpoints } from './checkpoints.ts'
import { type AuditWatch, watchAudit } from './watch-audit.ts'

export interface Audit {
  readonly checkpoints: Checkpoints
  readonly watch: AuditWatch
  stop(): Promise<void>
}

interface Options {
  readonly store: AuditStore
  readonly seed: KeyObject
  readonly anchors: readonly Anchor[]
  readonly clock: Clock
  readonly logger: Pick<Logger, 'info' | 'error'>
  readonly onFault: (error: unknown) => void
}

/** Signs, anchors and verifies the audit until it is stopped; says in the log when an anchor fails and when a record is wrong. */
export function startAudit({ store, seed, anchors, clock, logger, onFault }: Options): Audit {
  const keys = signingKeysFrom(seed)
  const watch = watchAudit({
    store,
    keys,
    anchors,
    clock,
    onFault,
    onBreach: ({ number, why }) => logger.error({ number, why }, 'the audit is not as it was written'),
  })
  const checkpoints = startCheckpoints({
    store,
    keys,
    anchors,
    clock,
    onFault,
    onChange: (anchor, isFailing) => {
      if (isFailing) logger.error({ anchor }, 'the audit can not be anchored')
      else logger.info({ anchor }, 'the audit is anchored again')
    },
  })
  return {
    checkpoints,
    watch,
    stop: async () => {
      await watch.stop()
      await checkpoints.stop()
    },
  }
}
