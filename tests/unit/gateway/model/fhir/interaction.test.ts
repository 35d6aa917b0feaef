import { describe, expect, test } from 'vitest'
import { interactionOf, interactionText, parametersOf } from '../../../../../gateway/model/fhir/interaction.ts'

function asked(method: string, path: string, bundleType: string | null = null): string | null {
  const found = interactionOf(
    [
      [':method', method],
      [':path', path],
    ],
    bundleType,
  )
  return found === null ? null : `${interactionText(found)}${found.id === null ? '' : ` #${found.id}`}`
}

// FHIR R4 3.1.0 http.html, the table of its section 3.1.0.13 row by row.
describe('what a request asks for', () => {
  test.each([
    ['GET', '/fhir/Patient/123', 'read Patient #123'],
    ['HEAD', '/Patient/123', 'read Patient #123'],
    ['GET', '/fhir/Patient/123/_history/4', 'vread Patient #123'],
    ['PUT', '/fhir/Patient/123', 'update Patient #123'],
    ['PUT', '/fhir/Patient?identifier=1', 'update Patient'],
    ['PATCH', '/fhir/Patient/123', 'patch Patient #123'],
    ['DELETE', '/fhir/Patient/123', 'delete Patient #123'],
    ['POST', '/fhir/Observation', 'create Observation'],
    ['GET', '/fhir/Observation?patient=1', 'search Observation'],
    ['POST', '/fhir/Observation/_search', 'search Observation'],
    ['GET', '/fhir?_type=Patient', 'search'],
    ['POST', '/fhir/_search', 'search'],
    ['GET', '/fhir/Patient/123/Observation?code=1', 'search Observation'],
    ['GET', '/fhir/metadata', 'capabilities'],
    ['GET', '/fhir/Patient/123/_history', 'history Patient #123'],
    ['GET', '/fhir/Patient/_history', 'history Patient'],
    ['GET', '/_history', 'history'],
    ['GET', '/fhir/Patient/123/$everything', 'operation Patient/$everything #123'],
    ['POST', '/fhir/ValueSet/$expand', 'operation ValueSet/$expand'],
    ['POST', '/fhir/$process-message', 'operation $process-message'],
    ['POST', '/fhir', 'transaction'],
  ])('%s %s: %s', (method, path, expected) => {
    expect(asked(method, path)).toBe(expected)
  })

  test('a batch is told by its body', () => {
    expect(asked('POST', '/fhir/', 'batch')).toBe('batch')
    expect(asked('POST', '/fhir/', 'transaction')).toBe('transaction')
  })

  test.each([
    ['GET', '/'],
    ['GET', '/health'],
    ['OPTIONS', '/fhir/Patient'],
    ['GET', '/fhir/Patient/123/nothing'],
  ])('%s %s asks nothing that FHIR knows', (method, path) => {
    expect(asked(method, path)).toBeNull()
  })

  test('an operation whose name may be anything is not repeated', () => {
    expect(asked('GET', '/fhir/Patient/$张三')).toBe('operation Patient/$?')
  })

  test('a query is decoded, and what can not be is left as it is', () => {
    expect(parametersOf('identifier=http%3A%2F%2Fa%7C1&name=%E5%BC%A0+%E4%B8%89&x&bad=%zz')).toEqual([
      ['identifier', 'http://a|1'],
      ['name', '张 三'],
      ['x', ''],
      ['bad', '%zz'],
    ])
  })
})
