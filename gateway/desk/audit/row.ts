import type { Instant } from '../../model/time.ts'
import type { AuditOutcome, AuditRow } from '../../store/audit-store.ts'
import type { Caller } from '../access/session.ts'

/** The audit's row of what a caller does. */
export function auditRow(
  caller: Pick<Caller, 'name' | 'role' | 'address'>,
  at: Instant,
  deed: { readonly action: string; readonly subject: string; readonly reason?: string | null; readonly outcome?: AuditOutcome },
): AuditRow {
  const { action, subject, reason = null, outcome = 'done' } = deed
  return { at, by: caller.name, role: caller.role, action, subject, reason, outcome, address: caller.address ?? null }
}
