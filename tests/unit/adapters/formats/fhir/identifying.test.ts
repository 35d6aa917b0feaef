import { expect, test } from 'vitest'
import { identifyingElements } from '../../../../../adapters/formats/fhir/identifying.ts'
import { type PropertyPlan, typePlan } from '../../../../../contracts/fhir/check/plan.ts'
import { resourceTypes } from '../../../../../gateway/model/fhir/resources.ts'

/** Whether R4 has such an element, below the resource. */
function exists(type: string, path: readonly string[]): boolean {
  let owner: string | null = type
  for (const name of path) {
    const property: PropertyPlan | undefined = owner === null ? undefined : typePlan(owner)?.properties.get(name)
    if (property === undefined) return false
    owner = property.type.name
  }
  return true
}

test('every identifying element is one that R4 has', () => {
  const wrong = identifyingElements.filter(({ path }) => {
    const [type = '', ...rest] = path.split('.')
    return type === '*' ? ![...resourceTypes].some((one) => exists(one, rest)) : !exists(type, rest)
  })
  expect(wrong).toEqual([])
  expect(identifyingElements.length).toBeGreaterThan(50)
})
