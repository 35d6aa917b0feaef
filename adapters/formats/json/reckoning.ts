import type { Facts, Reckoning } from '../../../gateway/model/document.ts'
import { isRecord, type JsonRecord } from '../../../gateway/model/json.ts'
import { batchOf } from '../../../gateway/model/members/batch.ts'
import { saysNone } from '../../../gateway/model/members/none-found.ts'
import { limits } from './limits.ts'
import { memberValue, scalarText } from './record.ts'

/**
 * What a body says of the books of both ends: the answer to a reconciliation with the insurance (NHSA 3201: `stmt_rslt` is 0 where they agree), or the row counts
 * by table of a watermark in a feed of changes (`op`, no table, and `rows` of numbers), or how many of a batch there are and were taken.
 */
export function reckoningOf(value: unknown, side: 'request' | 'answer'): Pick<Facts, 'reckoning'> {
  const reckoning = reconciled(value) ?? counted(value) ?? batched(value, side)
  return reckoning === null ? {} : { reckoning }
}

function reconciled(value: unknown): Reckoning | null {
  const output = memberValue(value, 'output')
  const result = output === undefined ? null : scalarText(memberValue(memberValue(output, 'stmtinfo'), 'stmt_rslt'))
  return result === null ? null : { agrees: Number(result) === 0, counts: [] }
}

function counted(value: unknown): Reckoning | null {
  const rows = memberValue(value, 'rows')
  if (!isRecord(rows) || typeof memberValue(value, 'op') !== 'string' || memberValue(value, 'table') !== undefined) return null
  const counts = Object.entries(rows)
    .slice(0, tablesMax)
    .flatMap(([of, count]) =>
      typeof count === 'number' && Number.isSafeInteger(count) && of.length <= limits.codeCharsMax ? [{ of, count }] : [],
    )
  return counts.length === 0 ? null : { agrees: null, counts }
}

function batched(value: unknown, side: 'request' | 'answer'): Reckoning | null {
  const batch = isRecord(value) ? batchOf(numbersIn(value), side) : null
  return batch === null ? null : { agrees: null, counts: [], ...batch }
}

/** An answer of nothing: an empty list, or one that says so. */
export function hasNone(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  return isRecord(value) && saysNone(numbersIn(value))
}

/** Of the body itself, and of the objects in it. */
function* numbersIn(value: JsonRecord, depth = 2): Generator<readonly [string, string | null]> {
  let left = membersMax
  for (const name in value) {
    left -= 1
    if (left < 0) return
    const member = value[name]
    if (isRecord(member)) {
      if (depth > 1) yield* numbersIn(member, depth - 1)
    } else if (typeof member === 'number' || typeof member === 'string') yield [name, scalarText(member)]
  }
}

const tablesMax = 100
const membersMax = 32
