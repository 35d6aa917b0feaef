import type { Reckoning } from '../document.ts'

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
const roles = new Map((['sent', 'taken', 'left'] as const).flatMap((role) => names[role].map((name) => [name, role] as const)))

/**
 * What a body's own numbers say of a batch: of a request how many it sends, of an answer how many of them were taken or left. The first of each counts. Null: it
 * says nothing.
 */
export function batchOf(
  numbers: Iterable<readonly [name: string, text: string | null]>,
  side: 'request' | 'answer',
): Pick<Reckoning, 'sent' | 'taken' | 'left'> | null {
  const found: { sent?: number; taken?: number; left?: number } = {}
  for (const [name, text] of numbers) {
    if (text === null || !/^\d{1,9}$/.test(text)) continue
    const role = roles.get(name.toLowerCase().replaceAll(/[_-]/g, ''))
    if (role !== undefined) found[role] ??= Number(text)
  }
  if (side === 'request') return found.sent === undefined ? null : { sent: found.sent }
  return found.taken === undefined && found.left === undefined ? null : found
}
