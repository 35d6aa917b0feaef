import { expect, test } from 'vitest'
import { noAnswerRules, noMessageRules, type Operation } from '../../../../contracts/json/contract.ts'
import { fittingOperations } from '../../../../contracts/json/operations.ts'
import { readNamePattern, readRoute } from '../../../../contracts/json/route.ts'
import type { Envelope } from '../../../../gateway/model/envelope.ts'

function operation(name: string, by: { route?: string; record?: string; file?: string }): Operation {
  return {
    name,
    route: by.route === undefined ? null : readRoute(by.route),
    record: by.record === undefined ? null : readNamePattern(by.record),
    file: by.file === undefined ? null : readNamePattern(by.file),
    where: null,
    request: noMessageRules,
    answer: noAnswerRules,
  }
}

const operations = [
  operation('any', { route: 'GET /rx/{code}' }),
  operation('one', { route: 'GET /rx/all' }),
  operation('new', { route: 'POST /rx/{code}' }),
  operation('change', { record: 'ods.*.his' }),
  operation('drop', { file: 'rx_*.csv' }),
]

const asked: readonly (readonly [expected: readonly string[], envelope: Envelope])[] = [
  [
    ['any'],
    [
      [':method', 'GET'],
      [':path', '/rx/1'],
    ],
  ],
  [
    ['one'],
    [
      [':method', 'GET'],
      [':path', '/rx/all/?page=2'],
    ],
  ],
  [
    ['new'],
    [
      [':method', 'POST'],
      [':path', '/rx/1'],
    ],
  ],
  [
    ['new'],
    [
      [':path', '/rx/1'],
      ['host', 'a'],
      [':method', 'POST'],
    ],
  ],
  [
    [],
    [
      [':method', 'PUT'],
      [':path', '/rx/1'],
    ],
  ],
  [[], []],
  [['change'], [['topic', 'ods.cdc.his']]],
  [[], [['topic', 'ods.cdc.lis']]],
  [['drop'], [['file', 'in/rx_1.csv']]],
  [['drop'], [['file', 'in\\rx_.csv']]],
  [[], [['file', 'rx_1.txt']]],
]

test('whatever was asked before, the operations are those that fit what stands around this body', () => {
  const fitting = fittingOperations(operations)
  for (const [expected, envelope] of asked)
    for (const [expectedBefore, before] of asked) {
      expect(fitting(before).map(({ name }) => name)).toEqual(expectedBefore)
      expect(fitting(envelope).map(({ name }) => name)).toEqual(expected)
      expect(fitting(envelope).map(({ name }) => name)).toEqual(expected)
    }
})
