import {
  type Constraint,
  type ElementDefinition,
  isResourceType,
  type TypeUse,
  typeDefinition,
  type ValueSet,
} from '../definitions/definitions.ts'
import { type PrimitiveTest, primitiveTests } from './primitives.ts'

/** An element, ready for checking. Shared by all JSON names of a choice. */
export interface ElementPlan {
  readonly name: string
  readonly min: number
  readonly max: number
  /** `value` of `value[x]`: names of its choices begin so. Null: no choice. */
  readonly choice: string | null
  readonly valueSet: ValueSet | null
  readonly constraints: readonly Constraint[]
  /** Its JSON names: one, or one for each type of a choice. */
  readonly names: readonly string[]
}

/** One JSON property. */
export interface PropertyPlan {
  readonly element: ElementPlan
  readonly type: TypeUse
  readonly test: PrimitiveTest | null
  /** Another resource stands there: `contained`, `Bundle.entry.resource`. */
  readonly isResource: boolean
  /** `_birthDate`: the id and extensions of a primitive (FHIR R4 2.6.2.3). */
  readonly isCompanion: boolean
}

/** A type with everything that it inherits. */
export interface TypePlan {
  readonly name: string
  readonly kind: 'resource' | 'complex' | 'primitive' | 'element'
  readonly properties: ReadonlyMap<string, PropertyPlan>
  readonly required: readonly ElementPlan[]
  readonly constraints: readonly Constraint[]
}

/** The plan of a type of R4; null: there is none. Made at its first use and kept: a few hundred types are all there are. */
export function typePlan(name: string): TypePlan | null {
  const known = plans.get(name)
  if (known !== undefined) return known
  const chain = chainOf(name)
  const [own] = chain
  if (own === undefined) return null
  const elements = chain.toReversed().flatMap((definition) => definition.elements.map(elementPlan))
  const plan: TypePlan = {
    name,
    kind: own.kind,
    properties: new Map(elements.flatMap(propertiesOf)),
    required: elements.map(({ element }) => element).filter(({ min }) => min > 0),
    constraints: chain.flatMap((definition) => definition.constraints),
  }
  plans.set(name, plan)
  return plan
}

const plans = new Map<string, TypePlan>()

/** The type and what it is derived from, itself first. */
function chainOf(name: string): readonly NonNullable<ReturnType<typeof typeDefinition>>[] {
  const definition = typeDefinition(name)
  if (definition === null) return []
  return definition.base === null ? [definition] : [definition, ...chainOf(definition.base)]
}

interface Planned {
  readonly element: ElementPlan
  readonly types: readonly TypeUse[]
}

function elementPlan(definition: ElementDefinition): Planned {
  const { name, min, max, types, valueSet, constraints } = definition
  const choice = name.endsWith('[x]') ? name.slice(0, -3) : null
  const names = choice === null ? [name] : types.map((type) => choiceName(choice, type.name))
  return { element: { name, min, max, choice, valueSet, constraints, names }, types }
}

/** `valueQuantity`, also where the type is a constrained Quantity. */
export function choiceName(choice: string, type: string): string {
  const code = type === 'SimpleQuantity' || type === 'MoneyQuantity' ? 'Quantity' : type
  return `${choice}${code.charAt(0).toUpperCase()}${code.slice(1)}`
}

function propertiesOf({ element, types }: Planned): readonly (readonly [string, PropertyPlan])[] {
  return types.flatMap((type, i): readonly (readonly [string, PropertyPlan])[] => {
    const name = element.names[element.choice === null ? 0 : i] ?? element.name
    const test = primitiveTests.get(type.name) ?? null
    const isResource = type.name === 'Resource' || isResourceType(type.name)
    const plan: PropertyPlan = { element, type, test, isResource, isCompanion: false }
    return test === null
      ? [[name, plan]]
      : [
          [name, plan],
          [`_${name}`, { ...plan, isCompanion: true }],
        ]
  })
}
