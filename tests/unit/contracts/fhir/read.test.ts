import { describe, expect, test } from 'vitest'
import { readContract } from '../../../../contracts/fhir/read.ts'

function problems(yaml: string, files: { readonly [path: string]: string } = {}): string[] {
  const head = 'contract: x\nversion: 1\ntitle: { zh: 甲, en: A }\nformat: fhir\n'
  return readContract(head + yaml, 'folder/x.yaml', (path) => files[path] ?? null).problems.map(
    ({ message, place }) => `${place.line}:${place.column} ${message}`,
  )
}

const element = (line: string) => `resources:\n  Observation:\n    elements:\n      ${line}\n`

describe('mistakes are told with their places', () => {
  test.each([
    [element('colour: R'), '8:7 Observation has no element colour'],
    [element('code.colour: R'), '8:7 CodeableConcept has no element colour'],
    [element('status.x: R'), '8:7 nothing more can be said below status'],
    [element('value[x].code: R'), '8:7 nothing more can be said below value[x]'],
    [element("identifier[colour='a']: R"), '8:7 identifier has no element colour'],
    [element('subject: { repeats: 2..1 }'), '8:27 must be a range as 1..*, 0..5, ..250 or 3'],
    [element('subject: { types: [string] }'), '8:25 "types" is for a choice, as value[x]'],
    [element('value[x]: { types: [Money] }'), '8:26 value[x] is never of type Money'],
    [
      element('subject: { format: tidy }'),
      '8:26 "tidy" is no format: use digits(n), date, datetime, timestamp, number, id-card, mobile, oid, uuid, masked, public or /a pattern/',
    ],
    [element('subject: { when: "status = " }'), "8:25 the expression can't be read as FHIRPath"],
    [element('subject: { when: "status.matches(\'(a+)+b\')" }'), '8:25 a repeated group may not repeat or choose inside'],
    [element('subject: { when: "status.matches(code.text)" }'), '8:25 a pattern must stand in the expression itself'],
    [element('subject: { when: "valueQantity.exists()" }'), '8:25 R4 has no element valueQantity'],
    [
      element('subject: { when: "subject.nonsense()" }'),
      "8:25 the expression can't be asked: a function is unknown, or needs another server",
    ],
    [
      'interactions: { reed Patient: allow }\n',
      '5:17 "reed" is no interaction on a type: use read, vread, update, patch, delete, history, create, search',
    ],
    [
      'interactions: { read: allow }\n',
      '5:17 "read" is no interaction of the whole system: use history, search, capabilities, batch, transaction',
    ],
    ['interactions: { read Colour: allow }\n', '5:17 R4 has no resource type Colour'],
    ['interactions: { transaction: { entries: [create Colour] } }\n', '5:42 R4 has no resource type Colour'],
    ['resources: { Colour: {} }\n', '5:14 R4 has no resource type Colour'],
    ['colour: red\n', '5:1 this key is unknown'],
    ['interactions: { "Read Patient": allow }\n', '5:18 this name has a form that is not allowed here'],
    ['resources: { Observation: { profiles: [none.json] } }\n', '5:40 there is no file none.json beside this contract'],
  ])('%j', (yaml, expected) => {
    expect(problems(yaml).map((one) => one.split(' (')[0])).toContain(expected.split(' (')[0])
  })

  test('all of them at once, in the order of the file', () => {
    expect(problems('resources:\n  Observation:\n    elements:\n      colour: R\n      taste: R\n')).toHaveLength(2)
  })

  test('a profile that could not be held whole is refused', () => {
    const profile = (type: string, slicing: unknown) =>
      JSON.stringify({
        resourceType: 'StructureDefinition',
        name: 'P',
        type,
        differential: { element: [{ id: `${type}.category`, slicing }] },
      })
    const yaml = 'resources: { Observation: { profiles: [p.json] } }\n'
    expect(problems(yaml, { 'folder/p.json': '{' })[0]).toContain('this is no StructureDefinition in JSON')
    expect(problems(yaml, { 'folder/p.json': profile('Patient', undefined) })[0]).toContain('this profile is one of Patient')
    expect(
      problems(yaml, {
        'folder/p.json': profile('Observation', { discriminator: [{ type: 'profile', path: 'resolve()' }] }),
      })[0],
    ).toContain('told apart in a way that is not held here')
    expect(
      problems(yaml, { 'folder/p.json': profile('Observation', { discriminator: [{ type: 'value', path: 'coding.code' }] }) }),
    ).toEqual([])
  })
})
