import { expect, it } from 'vitest'
import { contextsOf } from '../../../../console/src/exchanges/context-rows.ts'
import type { TreeNodeAnswer } from '../../../../gateway/desk/api/shapes.ts'

function node(path: string, value: string | null, children: readonly TreeNodeAnswer[] = []): TreeNodeAnswer {
  return {
    path,
    name: null,
    dataType: null,
    value,
    masked: false,
    pseudonym: null,
    meaning: value === '0' ? { zh: '接受', en: 'Acceptance' } : null,
    children,
  }
}

it('reads the contexts of an association from its tree', () => {
  const contexts = [
    node('command.calling-ae', 'CT01'),
    node('command.context', null, [
      node('command.context.context-id', '1'),
      node('command.context.abstract-syntax', '1.2'),
      node('command.context.result', '0'),
      node('command.context.transfer-syntax', '1.3'),
      node('command.context.transfer-syntax[2]', '1.4'),
    ]),
    node('command.context[2]', null, [node('command.context[2].context-id', '3')]),
  ]
  expect(contextsOf([node('command', null, contexts)])).toEqual([
    {
      id: '1',
      abstract: { value: '1.2', meaning: null },
      result: { value: '0', meaning: { zh: '接受', en: 'Acceptance' } },
      transfers: [
        { value: '1.3', meaning: null },
        { value: '1.4', meaning: null },
      ],
    },
    { id: '3', abstract: null, result: null, transfers: [] },
  ])
  expect(contextsOf([node('patient', 'x')])).toEqual([])
})
