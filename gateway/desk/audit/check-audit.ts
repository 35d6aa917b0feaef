import { isSignedBy, type SigningKeys } from '../../store/audit-chain.ts'
import type { AuditBreach, AuditLink, AuditStore, Checkpoint } from '../../store/audit-store.ts'
import { anchorLine } from './anchor-line.ts'

export interface AuditVerdict {
  /** Records that are as they were written, from the first on. */
  readonly records: number
  /** The first record that is wrong; null when none is. */
  readonly breach: AuditBreach | null
  /** Number of the last record under a signature that stands in the store. */
  readonly signedUpTo: number
  /** The same, of the anchors: what nobody can cut off unseen. */
  readonly anchoredUpTo: number
}

interface Evidence {
  readonly audit: Pick<AuditStore, 'verifyAudit' | 'auditLink' | 'checkpoints'>
  readonly keys: Pick<SigningKeys, 'publicKey'>
  /** What was put away outside of the store. */
  readonly anchored: readonly Checkpoint[]
  /** Between two slices: a desk goes on answering. */
  readonly pause?: () => Promise<void>
}

const sliceRecords = 500
/** Checked between two pauses: each takes about a third of a millisecond. */
const sliceSignatures = 50
const checkpointsMax = 1_000_000

/** Checks the whole chain, its end, the signatures in the store and those that were anchored. Names the first record that is wrong. */
export async function checkAudit({ audit, keys, anchored, pause }: Evidence): Promise<AuditVerdict> {
  let last: AuditLink | null = null
  let breach: AuditBreach | null = null
  for (;;) {
    const slice = await audit.verifyAudit(last, sliceRecords)
    last = slice.last
    breach = slice.breach
    if (breach !== null || slice.isEnd) break
    await pause?.()
  }
  const signed = await audit.checkpoints(checkpointsMax)
  for (const [index, checkpoint] of distinct([...signed, ...anchored]).entries()) {
    if (index % sliceSignatures === sliceSignatures - 1) await pause?.()
    const found = await contradiction(audit, keys, checkpoint, last)
    if (found !== null && (breach === null || found.number < breach.number)) breach = found
  }
  return { records: last.number, breach, signedUpTo: highest(signed), anchoredUpTo: highest(anchored) }
}

/** An anchor has what the store has, and so has the next anchor: each is looked at once. */
function distinct(checkpoints: readonly Checkpoint[]): readonly Checkpoint[] {
  return [...new Map(checkpoints.map((checkpoint) => [anchorLine(checkpoint), checkpoint])).values()]
}

async function contradiction(
  audit: Evidence['audit'],
  keys: Evidence['keys'],
  checkpoint: Checkpoint,
  last: AuditLink,
): Promise<AuditBreach | null> {
  const { number } = checkpoint
  if (!isSignedBy(keys, checkpoint)) return { number, why: 'unsigned' }
  const found = await audit.auditLink(number)
  if (found === null) return { number: Math.min(last.number + 1, number), why: 'cut-off' }
  return found.hash === checkpoint.hash ? null : { number, why: 'contradicted' }
}

function highest(checkpoints: readonly Checkpoint[]): number {
  return checkpoints.reduce((most, { number }) => Math.max(most, number), 0)
}
