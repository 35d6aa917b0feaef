import { readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { SaxesParser } from 'saxes'

/**
 * Makes `r4.json` and `value-sets.json` from HL7's own publication of FHIR 4.0.1 (CC0-1.0), as SOURCES.md says:
 *
 *   node contracts/fhir/definitions/generate.ts FOLDER
 *
 * FOLDER holds `profile/profiles-resources.xml`, `profile/profiles-types.xml` and `valueset/valuesets.xml`. Runs by hand; nothing of the product imports it.
 */

/** An element of FHIR XML: its `value` attribute and what stands in it. */
interface Node {
  readonly name: string
  readonly value: string | null
  readonly children: Node[]
}

/** A constraint as `r4.json` has it: key, severity (e, w), what it says, FHIRPath. */
type Constraint = readonly [key: string, severity: 'e' | 'w', human: string, expression: string]

/** An element: name, cardinality, types, and (if any) its required value set and the numbers of its constraints. */
type Element = readonly [name: string, range: string, types: string, valueSet?: string | null, constraints?: readonly number[]]

interface TypeDefinition {
  readonly base: string | null
  readonly kind: 'resource' | 'complex' | 'primitive' | 'element'
  readonly constraints?: readonly number[]
  readonly elements: readonly Element[]
}

const folder = process.argv[2] ?? '.'
const out = new URL('.', import.meta.url)
const constraints: Constraint[] = []
const types = new Map<string, TypeDefinition>()
const valueSetsWanted = new Set<string>()

for (const file of ['profiles-types.xml', 'profiles-resources.xml']) {
  for (const definition of resourcesOf(`${folder}/profile/${file}`, 'StructureDefinition')) addDefinition(definition)
}
const sorted = [...types].sort(([a], [b]) => (a < b ? -1 : 1))
const lines = sorted.map(([name, definition]) => `  ${JSON.stringify(name)}: ${JSON.stringify(definition)}`)
const constraintLines = constraints.map((constraint) => `  ${JSON.stringify(constraint)}`)
writeFileSync(
  new URL('r4.json', out),
  `{"fhirVersion":"4.0.1","constraints":[\n${constraintLines.join(',\n')}\n],"types":{\n${lines.join(',\n')}\n}}\n`,
)
writeFileSync(new URL('value-sets.json', out), valueSetText())

function addDefinition(definition: Node): void {
  const name = textOf(definition, 'name') ?? ''
  const type = textOf(definition, 'type') ?? ''
  const isProfile = textOf(definition, 'derivation') === 'constraint'
  // Of the types' constrained forms only those that elements name: SimpleQuantity, MoneyQuantity.
  if (name === 'MetadataResource' || (isProfile && type !== 'Quantity')) return
  const base = (textOf(definition, 'baseDefinition') ?? '').split('/').at(-1) || null
  const all = (child(definition, 'snapshot')?.children ?? []).filter((node) => node.name === 'element')
  const kind = textOf(definition, 'kind')
  const root = isProfile ? name : type
  const own = isProfile ? [] : all.filter((node) => isOwn(node))
  for (const owner of ownersOf(own, root)) {
    const node = all.find((one) => textOf(one, 'path') === (isProfile ? type : owner))
    const isRoot = owner === root
    types.set(owner, {
      base: isRoot ? base : typeCodes(node).includes('BackboneElement') ? 'BackboneElement' : 'Element',
      kind: !isRoot ? 'element' : kind === 'resource' ? 'resource' : kind === 'primitive-type' ? 'primitive' : 'complex',
      ...constraintsOf(node, isRoot ? root : null),
      elements: own.filter((one) => parentOf(one) === owner && textOf(one, 'path') !== root).map(elementOf),
    })
  }
}

/** The paths that have elements of their own, the root first. */
function ownersOf(elements: readonly Node[], root: string): readonly string[] {
  return [...new Set([root, ...elements.map(parentOf).filter((path) => path !== '')])]
}

function isOwn(element: Node): boolean {
  const path = textOf(element, 'path') ?? ''
  const base = textOf(child(element, 'base') ?? element, 'path')
  return base === path || base === null
}

function parentOf(element: Node): string {
  return (textOf(element, 'path') ?? '').split('.').slice(0, -1).join('.')
}

function elementOf(element: Node): Element {
  const path = textOf(element, 'path') ?? ''
  const name = path.split('.').at(-1) ?? ''
  const range = `${textOf(element, 'min')}..${textOf(element, 'max')}`
  const binding = child(element, 'binding')
  const isRequired = binding !== null && textOf(binding, 'strength') === 'required'
  const valueSet = isRequired ? (textOf(binding, 'valueSet')?.split('|')[0] ?? null) : null
  if (valueSet !== null) valueSetsWanted.add(valueSet)
  const types = typesOf(element, path)
  const isNested = types.startsWith('#')
  const { constraints } = isNested && textOf(element, 'contentReference') === null ? {} : constraintsOf(element, null)
  if (constraints !== undefined) return [name, range, types, valueSet, constraints]
  return valueSet === null ? [name, range, types] : [name, range, types, valueSet]
}

/** `code`, `string,Quantity`, `Reference(Patient|Group)`, `#Observation.component` for elements that are defined in place. */
function typesOf(element: Node, path: string): string {
  const reference = textOf(element, 'contentReference')
  if (reference !== null) return reference
  if (path === 'Resource.id') return 'id'
  const named = element.children.filter((node) => node.name === 'type')
  return named
    .map((type) => {
      const code = textOf(type, 'code') ?? ''
      if (code === 'BackboneElement' || code === 'Element') return `#${path}`
      if (code.startsWith('http://hl7.org/fhirpath/')) return path === 'Extension.url' ? 'uri' : 'string'
      const profile = textOf(type, 'profile')?.split('/').at(-1) ?? ''
      if (code === 'Quantity' && (profile === 'SimpleQuantity' || profile === 'MoneyQuantity')) return profile
      const targets = type.children.filter((node) => node.name === 'targetProfile').map(({ value }) => value?.split('/').at(-1))
      const isOpen = code !== 'Reference' || targets.length === 0 || targets.includes('Resource')
      return isOpen ? code : `${code}(${targets.join('|')})`
    })
    .join(',')
}

function typeCodes(element: Node | undefined): readonly string[] {
  if (element === undefined) return []
  return element.children.filter(({ name }) => name === 'type').map((type) => textOf(type, 'code') ?? '')
}

/** Those that every element or resource has (ele-1, ext-1, ref-1, txt-*, dom-*) are checked by code: `contracts/fhir/check`. */
function constraintsOf(element: Node | undefined, root: string | null): { readonly constraints?: readonly number[] } {
  const own = (element?.children ?? []).filter(({ name }) => name === 'constraint')
  const numbers = own.flatMap((constraint) => {
    const key = textOf(constraint, 'key') ?? ''
    const source = textOf(constraint, 'source')?.split('/').at(-1) ?? root
    const expression = textOf(constraint, 'expression')
    if (/^(?:ele-1|ext-1|ref-1|txt-\d|dom-\d)$/.test(key) || expression === null) return []
    if (root !== null && source !== root && source !== null) return []
    return [
      constraintNumber([
        key,
        textOf(constraint, 'severity') === 'error' ? 'e' : 'w',
        textOf(constraint, 'human') ?? '',
        expression,
      ]),
    ]
  })
  return numbers.length === 0 ? {} : { constraints: numbers }
}

function constraintNumber(constraint: Constraint): number {
  const text = JSON.stringify(constraint)
  const known = constraints.findIndex((one) => JSON.stringify(one) === text)
  return known >= 0 ? known : constraints.push(constraint) - 1
}

/** The codes of each required value set by system; left out where a system lists no codes (media types, UCUM, currencies). */
function valueSetText(): string {
  const file = `${folder}/valueset/valuesets.xml`
  const systems = new Map(resourcesOf(file, 'CodeSystem').map((system) => [textOf(system, 'url') ?? '', system]))
  const lines = resourcesOf(file, 'ValueSet').flatMap((set) => {
    const url = textOf(set, 'url') ?? ''
    const includes = (child(set, 'compose')?.children ?? []).filter(({ name }) => name === 'include')
    const groups = includes.map((include) => codesOf(include, systems))
    if (!valueSetsWanted.has(url) || groups.length === 0 || groups.some((group) => group === null)) return []
    return [`${JSON.stringify(url)}: ${JSON.stringify(Object.fromEntries(groups.filter((group) => group !== null)))}`]
  })
  return `{\n${lines.sort().join(',\n')}\n}\n`
}

function codesOf(include: Node, systems: ReadonlyMap<string, Node>): readonly [string, readonly string[]] | null {
  const system = textOf(include, 'system') ?? ''
  const listed = include.children.filter(({ name }) => name === 'concept')
  if (include.children.some(({ name }) => name === 'filter' || name === 'valueSet')) return null
  const whole = systems.get(system)
  const concepts = listed.length > 0 ? listed : whole === undefined ? [] : conceptsOf(whole)
  return concepts.length === 0 ? null : [system, concepts.map((concept) => textOf(concept, 'code') ?? '')]
}

/** Concepts may hold concepts. */
function conceptsOf(node: Node): readonly Node[] {
  return node.children.filter(({ name }) => name === 'concept').flatMap((concept) => [concept, ...conceptsOf(concept)])
}

function resourcesOf(file: string, type: string): readonly Node[] {
  const found: Node[] = []
  const open: Node[] = []
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    const node: Node = { name, value: attributes.value ?? null, children: [] }
    if (open.length > 0) open.at(-1)?.children.push(node)
    if (open.length > 0 || name === type) open.push(node)
  })
  parser.on('closetag', () => {
    const node = open.pop()
    if (node !== undefined && open.length === 0) found.push(node)
  })
  parser.write(readFileSync(file, 'utf8')).close()
  return found
}

function child(node: Node, name: string): Node | null {
  return node.children.find((one) => one.name === name) ?? null
}

function textOf(node: Node, name: string): string | null {
  return child(node, name)?.value ?? null
}
