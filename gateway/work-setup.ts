import type { WorkOrder, WorkSaid } from './model/work.ts'

/** What a work thread is started with. */
export interface WorkSetup {
  readonly order: WorkOrder
  readonly role: { readonly configFile: string; readonly dataFolder: string; readonly listen: string | null }
}

/** Handed over by this same program: its outline is enough to know it by. */
export function isWorkSetup(value: unknown): value is WorkSetup {
  return typeof value === 'object' && value !== null && 'order' in value && 'role' in value
}

/** The same of what it says back. */
export function isWorkSaid(value: unknown): value is WorkSaid {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && /^(?:progress|finished|failed)$/.test(String(value.kind))
  )
}
