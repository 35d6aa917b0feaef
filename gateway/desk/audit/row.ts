import type { Instant } from '../../model/time.ts'
import type { AuditOutcome, AuditRow } from '../../store/audit-store.ts'

/** Auscult itself, where nobody asked. */
export const auscult = { name: 'auscult', role: 'system' } as const

/** The audit's row of what a caller does. */
export function auditRow(
  caller: { readonly name: string; readonly role: string; readonly address?: string },
  at: Instant,
  deed: { readonly action: string; readonly subject: string; readonly reason?: string | null; readonly outcome?: AuditOutcome },
): AuditRow {
  const { action, subject, reason = null, outcome = 'done' } = deed
  return { at, by: caller.name, role: caller.role, action, subject, reason, outcome, address: caller.address ?? null }
}
