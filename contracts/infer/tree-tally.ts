import { isRecord } from '../../gateway/model/json.ts'
import { ScalarTally, type Sighting } from './scalar-tally.ts'

/** What a learner is told of a place by its language. Steps from the top, without numbers of items. */
export interface PlaceRules {
  /** A dictionary governs its values: they may be told. */
  isCoded(steps: readonly string[]): boolean
  /** Its value may say which neighbours are there. */
  isTrigger?(steps: readonly string[]): boolean
}

export type Kind = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null'

export interface Member {
  /** Things around it that had it. */
  present: number
  lastMessage: number
  /** Messages that had it. */
  messages: number
  readonly node: TreeTally
}

/** How often each neighbour was there beside one value of a trigger. */
export interface Beside {
  count: number
  readonly present: Map<string, number>
}

/** Places that one learner keeps at most; the traffic of a contract has some hundreds. */
export interface Budget {
  left: number
  /** Something was left out. */
  isSpent: boolean
}

export const placesMax = 20_000
const depthMax = 24
const membersMax = 400
const triggerValuesMax = 12
const triggersMax = 6

/** What stood at one place of all messages: which kinds of value, which members, how many items. Bounded; keeps values of coded places alone. */
export class TreeTally {
  readonly steps: readonly string[]
  count = 0
  readonly kinds = new Map<Kind, number>()
  readonly members = new Map<string, Member>()
  items: TreeTally | null = null
  itemsMin = Number.POSITIVE_INFINITY
  itemsMax = 0
  hasNegative = false
  /** It has so many different members that their names are values. */
  isMap = false
  /** Trigger member, its value, its neighbours. Null: too many values. */
  readonly triggers = new Map<string, Map<string, Beside> | null>()
  #scalar: ScalarTally | null = null
  readonly #rules: PlaceRules
  readonly #budget: Budget

  constructor(steps: readonly string[], rules: PlaceRules, budget: Budget) {
    this.steps = steps
    this.#rules = rules
    this.#budget = budget
    budget.left -= 1
  }

  /** Null: no text and no number stood there. */
  get scalar(): ScalarTally | null {
    return this.#scalar
  }

  note(value: unknown, sighting: Sighting): void {
    this.count += 1
    const kind = kindOf(value)
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1)
    if (Array.isArray(value)) this.#noteItems(value, sighting)
    else if (isRecord(value)) this.#noteMembers(value, sighting)
    else if (typeof value === 'string' || typeof value === 'number') {
      if (typeof value === 'number' && value < 0) this.hasNegative = true
      this.#scalar ??= new ScalarTally(this.#rules.isCoded(this.steps))
      this.#scalar.note(String(value), sighting)
    }
  }

  #noteItems(value: readonly unknown[], sighting: Sighting): void {
    this.itemsMin = Math.min(this.itemsMin, value.length)
    this.itemsMax = Math.max(this.itemsMax, value.length)
    if (value.length === 0) return
    this.items ??= this.#child(this.steps)
    for (const item of value) this.items?.note(item, sighting)
  }

  #noteMembers(value: { readonly [name: string]: unknown }, sighting: Sighting): void {
    if (this.isMap) return
    const names = Object.keys(value)
    for (const name of names) {
      const member = this.members.get(name) ?? this.#newMember(name)
      if (member === null) continue
      member.present += 1
      if (member.lastMessage !== sighting.message) member.messages += 1
      member.lastMessage = sighting.message
      member.node.note(value[name], sighting)
    }
    if (this.#rules.isTrigger !== undefined) this.#noteTriggers(value, names)
  }

  #newMember(name: string): Member | null {
    if (this.members.size >= membersMax) {
      this.isMap = true
      this.members.clear()
      return null
    }
    const node = this.#child([...this.steps, name])
    if (node === null) return null
    const member = { present: 0, lastMessage: 0, messages: 0, node }
    this.members.set(name, member)
    return member
  }

  #child(steps: readonly string[]): TreeTally | null {
    if (this.#budget.left <= 0 || steps.length > depthMax) {
      this.#budget.isSpent = true
      return null
    }
    return new TreeTally(steps, this.#rules, this.#budget)
  }

  #noteTriggers(value: { readonly [name: string]: unknown }, names: readonly string[]): void {
    for (const name of names) {
      if (!this.#isTrigger(name)) continue
      const values = this.triggers.get(name)
      const text = firstText(value[name])
      if (values === null || values === undefined || text === null) continue
      const beside = values.get(text) ?? { count: 0, present: new Map<string, number>() }
      if (beside.count === 0 && values.size >= triggerValuesMax) {
        this.triggers.set(name, null)
        continue
      }
      values.set(text, beside)
      beside.count += 1
      for (const other of names) beside.present.set(other, (beside.present.get(other) ?? 0) + 1)
    }
  }

  #isTrigger(name: string): boolean {
    if (this.triggers.has(name)) return true
    if (this.triggers.size >= triggersMax || this.#rules.isTrigger?.([...this.steps, name]) !== true) return false
    this.triggers.set(name, new Map())
    return true
  }
}

/** The text itself, or that of its first repetition. */
function firstText(value: unknown): string | null {
  if (typeof value === 'string') return value
  const [first] = Array.isArray(value) ? value : []
  if (typeof first === 'string') return first
  return isRecord(first) && typeof first['1'] === 'string' ? first['1'] : null
}

function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (typeof value === 'string') return 'string'
  return typeof value === 'boolean' ? 'boolean' : 'object'
}
