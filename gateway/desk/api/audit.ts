import type { Clock } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import { atnaDocument } from '../audit/atna.ts'
import type { Checkpoints } from '../audit/checkpoints.ts'
import type { AuditWatch } from '../audit/watch-audit.ts'
import { type Binding, bind } from './bind.ts'
import { FileAnswer } from './file-answer.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import { openSpanOf } from './span.ts'

interface Parts {
  readonly store: Store
  readonly clock: Clock
  readonly present: Presenter
  readonly checkpoints: Checkpoints
  readonly watch: AuditWatch
  /** Name of this installation in exported audit messages. */
  readonly source: string
}

/** The audit, and the state of its chain. */
export function auditBindings(parts: Parts): readonly Binding[] {
  const { store, present, watch, source } = parts
  return [
    bind(routes.audit, async ({ query }) => {
      const { by, action, outcome, cursor, limit = 50 } = query
      const page = await store.audit({
        ...openSpanOf(query),
        ...(by === undefined ? {} : { by }),
        ...(action === undefined ? {} : { action }),
        ...(outcome === undefined ? {} : { outcome }),
        ...(cursor === undefined ? {} : { cursor }),
        limit,
      })
      if (query.format === 'atna')
        return new FileAnswer('audit.xml', 'application/xml; charset=utf-8', Buffer.from(atnaDocument(page.items, source)))
      return { items: page.items.map((row) => ({ ...row, at: present.iso(row.at) })), nextCursor: page.nextCursor }
    }),
    bind(routes.auditState, () => stateOf(parts)),
    bind(routes.verifyAudit, async () => {
      await watch.verify()
      return stateOf(parts)
    }),
  ]
}

async function stateOf({ store, present, checkpoints, watch }: Parts) {
  const { last, anchors } = checkpoints.state()
  const verification = watch.last()
  return {
    records: (await store.auditEnd())?.number ?? 0,
    verification: verification && {
      at: present.iso(verification.at),
      records: verification.records,
      breach: verification.breach,
      anchoredUpTo: verification.anchoredUpTo,
      signedUpTo: verification.signedUpTo,
    },
    isVerifying: watch.isVerifying(),
    lastSignature: last && { number: last.number, at: present.iso(last.at) },
    anchors: anchors.map(({ name, upTo, failingSince }) => ({
      name,
      upTo,
      failingSince: failingSince === null ? null : present.iso(failingSince),
    })),
  }
}
