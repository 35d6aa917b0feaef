import type { Facts, Reckoning } from '../../../gateway/model/document.ts'
import { isRecord } from '../../../gateway/model/json.ts'
import { limits } from './limits.ts'
import { memberValue, scalarText } from './record.ts'

/**
 * What a body says of the books of both ends: the answer to a reconciliation with the insurance (NHSA 3201: `stmt_rslt` is 0 where they agree), or the row counts
 * by table of a watermark in a feed of changes (`op`, no table, and `rows` of numbers).
 */
export function reckoningOf(value: unknown): Pick<Facts, 'reckoning'> {
  const reckoning = reconciled(value) ?? counted(value)
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

const tablesMax = 100
