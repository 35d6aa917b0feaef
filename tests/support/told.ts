import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/**
 * What the product said where a body has no business: `log` what its processes wrote, `notice` what went out on a channel, `metric`
 * what /metrics answered, `ticket` tickets, incidents and findings, `report` reports. Error texts are in logs and answers.
 */
export type ToldKind = 'log' | 'notice' | 'metric' | 'ticket' | 'report'
export const toldKinds = ['log', 'notice', 'metric', 'ticket', 'report'] as const satisfies readonly ToldKind[]

/** Names the folder that this run's tests write to. */
export const toldVariable = 'AUSCULT_TEST_TOLD'

/** Keeps what was said for the end of the run, when told-setup.ts looks through all of it for identifiers of the fixtures. */
export function tell(kind: ToldKind, text: string): void {
  const folder = process.env[toldVariable]
  if (folder === undefined || text === '') return
  // Logs come in pieces that may end anywhere.
  appendFileSync(join(folder, `${kind}-${process.pid}.txt`), kind === 'log' ? text : `${text}\n`)
}
