import type { Ajv2020, ValidateFunction } from 'ajv/dist/2020.js'
import { attributeIn, membersIn, placeIn, placesMax, type Stretches, tagIn } from '../json-model.ts'
import type { DataSetSchema } from '../json-schema.ts'
import { type Named, pickWithin } from './named.ts'

interface Rule {
  readonly isRequired: boolean
  readonly validate: ValidateFunction
  readonly below: Named
}

interface Seen {
  readonly stretch: unknown
  /** How many of its members must be there. */
  readonly requiredCount: number
  /** Each member keeps what is asked of it alone. */
  readonly isSound: boolean
}

/**
 * Tells of a data set that it keeps a schema without conditions: what must be there is, and each attribute is sound by itself. A stretch that came before is not asked again. Where
 * it isn't so, the whole schema has to say what is wrong.
 */
export class Glance {
  readonly #rules: ReadonlyMap<string, Rule>
  readonly #requiredCount: number
  /** By the places of their stretches. */
  readonly #seen = new Array<Seen | undefined>(placesMax)

  constructor(ajv: Ajv2020, { required = [], properties }: DataSetSchema, named: Named) {
    // The same few schemas stand for most attributes.
    const compiled = new Map<string, ValidateFunction>()
    const rules = Object.entries(properties).map(([tag, schema]): [string, Rule] => {
      const text = JSON.stringify(schema)
      const validate = compiled.get(text) ?? ajv.compile(schema)
      compiled.set(text, validate)
      return [tag, { isRequired: required.includes(tag), validate, below: named.get(tag) ?? nothing }]
    })
    this.#rules = new Map(rules)
    this.#requiredCount = required.length
  }

  isSound(set: Stretches): boolean {
    let missing = this.#requiredCount
    for (const stretch of set) {
      const seen = this.#see(stretch)
      if (!seen.isSound) return false
      missing -= seen.requiredCount
    }
    return missing === 0
  }

  #see(stretch: unknown): Seen {
    const place = placeIn(stretch)
    const known = place < 0 ? undefined : this.#seen[place]
    if (known !== undefined && known.stretch === stretch) return known
    const seen = this.#look(stretch)
    if (place >= 0) this.#seen[place] = seen
    return seen
  }

  #look(stretch: unknown): Seen {
    let requiredCount = 0
    for (const member of membersIn(stretch)) {
      const rule = this.#rules.get(tagIn(member))
      const attribute = attributeIn(member)
      if (rule === undefined || attribute === undefined) continue
      if (rule.isRequired) requiredCount++
      if (!rule.validate(pickWithin(rule.below, attribute))) return { stretch, requiredCount, isSound: false }
    }
    return { stretch, requiredCount, isSound: true }
  }
}

const nothing: Named = new Map()
