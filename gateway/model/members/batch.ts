import type { Reckoning } from '../document.ts'
import { remembered } from '../remembered.ts'
import { plainName, type Told } from './plain-name.ts'

/** Numbers by which a batch, or the answer to one, counts its items: names without case, `_` and `-`. */
const names: { readonly [role in 'sent' | 'taken' | 'left']: readonly string[] } = {
  sent: [
    'total',
    'totalcount',
    'totalnum',
    'count',
    'itemcount',
    'recordcount',
    'rowcount',
    'datacount',
    'batchcount',
    'batchsize',
  ],
  taken: [
    ...['accepted', 'acceptcount', 'acceptedcount', 'success', 'successcount', 'successnum', 'succcount', 'succeeded'],
    ...['received', 'receivecount', 'receivedcount', 'processed', 'processedcount', 'handledcount', 'dealcount'],
    ...['imported', 'importcount', 'inserted', 'insertcount', 'saved', 'savecount', 'savedcount', 'okcount'],
  ],
  left: [
    ...['fail', 'failcount', 'failnum', 'failed', 'failedcount', 'failurecount', 'errorcount', 'errcount', 'errornum'],
    ...['rejected', 'rejectcount', 'rejectedcount'],
  ],
}
type Role = keyof typeof names
const roles: ReadonlyMap<string, Role> = new Map(
  (['sent', 'taken', 'left'] as const).flatMap((role) => names[role].map((name) => [name, role] as const)),
)

/** What a number of that name counts of a batch; null: nothing. */
export const roleInBatch = remembered((name): Role | null => roles.get(plainName(name)) ?? null)

/**
 * What a body's own numbers say of a batch: of a request how many it sends, of an answer how many of them were taken or left. The first of each counts. Null: it
 * says nothing.
 */
export function batchOf(
  numbers: readonly Told[],
  side: 'request' | 'answer',
): Pick<Reckoning, 'sent' | 'taken' | 'left'> | null {
  const found: { sent?: number; taken?: number; left?: number } = {}
  for (const [name, text] of numbers) {
    const role = roleInBatch(name)
    if (role !== null && text !== null && /^\d{1,9}$/.test(text)) found[role] ??= Number(text)
  }
  if (side === 'request') return found.sent === undefined ? null : { sent: found.sent }
  return found.taken === undefined && found.left === undefined ? null : found
}
