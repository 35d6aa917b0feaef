import { expect, it } from 'vitest'
import { queryOf, routeType } from '../../../../../gateway/model/http/route.ts'

it.each([
  ['/rx/check', 'POST /rx/check'],
  ['/rx/check?requestId=1', 'POST /rx/check'],
  ['/tasks/PR20261123000311', 'POST /tasks/{}'],
  ['/drug/%E9%98%BF/instruction', 'POST /drug/{}/instruction'],
  ['/patient/张三', 'POST /patient/{}'],
  [`/t/${'a'.repeat(33)}`, 'POST /t/{}'],
])('%s has the type %s', (path, type) => {
  expect(routeType('POST', path)).toBe(type)
})

it('reads the query', () => {
  expect(queryOf('/queue?visitId=V1&name=%E5%BC%A0')).toEqual([
    ['visitId', 'V1'],
    ['name', '张'],
  ])
  expect(queryOf('/queue')).toEqual([])
})
