import type { Instant } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import { eachApart } from '../each-apart.ts'
import { lateNotice } from '../notices/plan-notices.ts'
import type { Setting } from '../setting.ts'
import { afterOverdue } from './overdue.ts'
import { planDuties } from './plan-duties.ts'

const dutiesPerSweep = 200
const leaseName = 'duties'
/** A desk that died is followed after this long. */
const leaseMs = 10_000

export interface DutySweep {
  readonly store: Store
  readonly setting: Setting
  /** Names this desk among others; a new one at every start. */
  readonly holder: string
}

/**
 * Does what follows from duties that are late, when this desk holds the lease. Each is one write of its ticket, which is refused when
 * anybody wrote in between or the duty is settled: then the next sweep looks again. Gives the ids of the tickets that changed.
 */
export async function sweepDuties({ store, setting, holder }: DutySweep, now: Instant): Promise<readonly string[]> {
  if (!(await store.takeLease(leaseName, holder, now, leaseMs))) return []
  const changed = new Set<string>()
  await eachApart(await store.dueDuties(now, dutiesPerSweep), async ({ duty, ticket, version }) => {
    // Of two late duties of one ticket the second is read with the version before the first: it waits for the next sweep.
    if (changed.has(ticket.id)) return
    const late = afterOverdue(ticket, duty, setting.rules, now)
    const planned = planDuties(ticket, late, setting, now)
    const told = lateNotice(late, duty, setting, now).map((notice) => ({ notice, channels: setting.channels }))
    const effects = {
      ...planned.effects,
      notices: [...planned.effects.notices, ...told],
      overdue: { dutyId: duty.id, at: now },
    }
    if (await store.saveTicket(planned.ticket, version, 0, effects)) changed.add(ticket.id)
  })
  return [...changed]
}

/** Lets the next desk sweep at once. */
export async function endDutySweeps({ store, holder }: DutySweep): Promise<void> {
  await store.dropLease(leaseName, holder)
}
