import { expect, test } from 'vitest'
import { isQuestion } from '../../../../gateway/model/question.ts'

test.each([
  'GET /fhir/{}/Patient',
  'C-FIND',
  'QBP^Q11',
  'POST /rx/check',
  'POST /api/QueryRegister',
  'POST /fhir/Patient/_search',
  'POST /fhir/{}/$match',
  'GetPackInfo',
])('%s asks', (type) => {
  expect(isQuestion(type)).toBe(true)
})

test.each([
  'POST /record',
  'PUT /find/{}',
  'ORU^R01',
  'C-STORE',
  'PushTraceBatch',
  'POST /checkout',
  'POST /queryable',
])('%s writes', (type) => {
  expect(isQuestion(type)).toBe(false)
})
