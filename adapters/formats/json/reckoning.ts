import type { Facts, Reckoning } from '../../../gateway/model/document.ts'
import { isRecord, type JsonRecord } from '../../../gateway/model/json.ts'
import { batchOf } from '../../../gateway/model/members/batch.ts'
import type { Told } from '../../../gateway/model/members/plain-name.ts'
import { isTelling } from '../../../gateway/model/members/telling.ts'
import { limits } from './limits.ts'
import { memberValue, scalarText } from './record.ts'

/**
 * What a body says of the books of both ends: the answer to a reconciliation with the insurance (NHSA 3201: `stmt_rslt` is 0 where they agree), or the row counts
 * by table of a watermark in a feed of changes (`op`, no table, and `rows` of numbers), or how many of a batch there are and were taken.
 */
export function reckoningOf(value: unknown, told: readonly Told[], side: 'request' | 'answer'): Pick<Facts, 'reckoning'> {
  const reckoning = reconciled(value) ?? counted(value) ?? batched(told, side)
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

function batched(told: readonly Told[], side: 'request' | 'answer'): Reckoning | null {
  const batch = batchOf(told, side)
  return batch === null ? null : { agrees: null, counts: [], ...batch }
}

/** The members of a body, and of the objects in it, that tell how many there are or how it stands. */
export function tellingMembers(value: unknown): readonly Told[] {
  const told: Told[] = []
  if (isRecord(value)) addTelling(told, value, 2)
  return told
}

function addTelling(told: Told[], value: JsonRecord, depth: number): void {
  let left = membersMax
  for (const name in value) {
    left -= 1
    if (left < 0) return
    const member = value[name]
    if (isRecord(member)) {
      if (depth > 1) addTelling(told, member, depth - 1)
    } else if ((typeof member === 'number' || typeof member === 'string') && isTelling(name))
      told.push([name, scalarText(member)])
  }
}

const tablesMax = 100
const membersMax = 32
