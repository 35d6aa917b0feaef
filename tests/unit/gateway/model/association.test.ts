import { expect, test } from 'vitest'
import { lackingSyntaxes } from '../../../../gateway/model/association.ts'
import { exchanged, mondayMorning } from '../../monitors/stream.ts'

function lacking(answered: readonly string[]): readonly string[] {
  const item = exchanged({ at: mondayMorning, interfaceId: 'modality-pacs-store', type: 'A-ASSOCIATE', code: 'AC' })
  const { exchange } = item.entry
  const contexts = (values: readonly string[]) => values.map((value) => ['context', value] as const)
  const proposed = contexts(['1 1.2 1.2.840.10008.1.2', '3 1.2 1.2.840.10008.1.2.4.70', '5 1.3 1.2.840.10008.1.2'])
  const opened = {
    ...exchange,
    request: exchange.request && { ...exchange.request, envelope: proposed },
    answers: exchange.answers.map((answer) => ({
      ...answer,
      envelope: [['called-ae', '0 3'] as const, ...contexts(answered)],
    })),
  }
  return lackingSyntaxes(opened).map(({ abstractSyntax, result }) => `${abstractSyntax} ${result}`)
}

test('lacking is what was proposed and accepted in no context', () => {
  expect(lacking(['1 0 1.2.840.10008.1.2', '3 0', '5 0'])).toEqual([])
  expect(lacking(['1 0 1.2.840.10008.1.2', '3 4', '5 0'])).toEqual([])
  expect(lacking(['1 0 1.2.840.10008.1.2', '3 4', '5 3'])).toEqual(['1.3 3'])
  expect(lacking(['1 1', '3 3', '5 0'])).toEqual(['1.2 3'])
  for (const result of [1, 2, 3, 4]) expect(lacking(['1 0', '3 0', `5 ${result} 1.2.840.10008.1.2`])).toEqual([`1.3 ${result}`])
  // Neither accepted nor rejected by the standard's numbers, or not answered at all: nothing is said of it.
  expect(lacking(['1 0', '3 0', '5 9'])).toEqual([])
  expect(lacking(['1 0', '3 10'])).toEqual([])
  expect(lacking([])).toEqual([])
})
