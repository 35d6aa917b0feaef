import { expect, test } from 'vitest'
import { batchOf } from '../../../../gateway/model/members/batch.ts'
import { saysNone } from '../../../../gateway/model/members/none-found.ts'
import { isTelling } from '../../../../gateway/model/members/telling.ts'

test('whatever a batch or an answer of nothing is known by is a telling name, and the names of other members are none', () => {
  for (const name of [
    'total',
    'record_count',
    'Success-Count',
    'failNum',
    'rejected',
    'num',
    'size',
    'orderStatus',
    'MSG',
    'zt',
  ])
    expect(isTelling(name), name).toBe(true)
  for (const name of ['patientId', 'amount', 'op', 'totals', 'statusCode', 'constructor', ''])
    expect(isTelling(name), name).toBe(false)
  // Longer than names that are remembered.
  expect(isTelling(`${'x'.repeat(100)}_status`)).toBe(true)
})

test('of a batch the first of each number counts, and nothing but numbers does', () => {
  const told = [
    ['totalCount', 'many'],
    ['total', '3'],
    ['count', '9'],
    ['failed', null],
    ['fail-count', '1'],
  ] as const
  expect(batchOf(told, 'request')).toEqual({ sent: 3 })
  expect(batchOf(told, 'answer')).toEqual({ sent: 3, left: 1 })
  expect(batchOf([['total', '3']], 'answer')).toBe(null)
})

test('an answer says by a count of 0 or by its status that it has nothing', () => {
  expect(saysNone([['total', '0']])).toBe(true)
  expect(saysNone([['result', '0']])).toBe(false)
  expect(saysNone([['study_state', 'NOT_FOUND']])).toBe(true)
  expect(saysNone([['total', 'NOT_FOUND']])).toBe(false)
  expect(saysNone([['status', null]])).toBe(false)
})
