import type { Defect, Key, Stamp } from '../../../gateway/model/document.ts'
import { isRecord, type JsonRecord } from '../../../gateway/model/json.ts'
import { type Member, memberOf } from '../../../gateway/model/members/members.ts'
import { readTimestamp } from '../../../gateway/model/timestamp.ts'
import { type DefectCode, defect } from './defects.ts'
import { limits } from './limits.ts'
import { type Step, tellingPath } from './path.ts'

/** What one pass over a value finds. */
export interface Gathered {
  readonly keys: readonly Key[]
  readonly stamps: readonly Stamp[]
  readonly codes: readonly { readonly path: string; readonly value: string }[]
  readonly defects: readonly Defect[]
  /** Names of all objects; fewer than the text has: a name stands twice. Null: not all were seen. */
  readonly nameCount: number | null
}

export interface GatherOptions {
  readonly timezone: string
  /** The text has escapes of surrogates, so that halves are possible. */
  readonly maySurrogate: boolean
}

/** Keys, times, codes and what is odd, by the names of members: one pass, nothing built for what isn't wanted. */
export function gather(value: unknown, options: GatherOptions): Gathered {
  const gatherer = new Gatherer(options)
  gatherer.visit(value, null)
  return gatherer.gathered()
}

/** `ts_ms`, `createdMs`, `timeMillis`. */
const millisName = /(?:_ms|[a-z]Ms|[Mm]illis)$/

class Gatherer {
  readonly #options: GatherOptions
  readonly #keys = new Map<string, Key>()
  readonly #stamps: Stamp[] = []
  readonly #codes: { path: string; value: string }[] = []
  readonly #seenCodes = new Set<string>()
  readonly #defects: Defect[] = []
  readonly #path: Step[] = []
  #nameCount = 0
  #valueCount = 0
  #isAll = true

  constructor(options: GatherOptions) {
    this.#options = options
  }

  gathered(): Gathered {
    return {
      keys: [...this.#keys.values()],
      stamps: this.#stamps,
      codes: this.#codes,
      defects: this.#defects,
      nameCount: this.#isAll ? this.#nameCount : null,
    }
  }

  /** `name`: of the member whose value this is, through arrays. */
  visit(value: unknown, name: string | null): void {
    this.#valueCount += 1
    if (typeof value !== 'object' || value === null) {
      this.#scalar(value, name)
      return
    }
    if (Array.isArray(value)) this.#items(value, name)
    else if (isRecord(value)) this.#members(value)
  }

  #isFull(): boolean {
    if (this.#valueCount <= limits.valuesMax) return false
    this.#isAll = false
    if (!this.#defects.some(({ code }) => code === 'JSON_TOO_LARGE')) this.#defects.push(defect('JSON_TOO_LARGE'))
    return true
  }

  #items(items: readonly unknown[], name: string | null): void {
    for (const [i, item] of items.entries()) {
      this.#path.push(i)
      this.visit(item, name)
      this.#path.pop()
      if (this.#isFull()) return
    }
  }

  #members(record: JsonRecord): void {
    for (const name of Object.keys(record)) {
      this.#nameCount += 1
      this.#path.push(name)
      this.visit(record[name], name)
      this.#path.pop()
      if (this.#isFull()) return
    }
  }

  #scalar(value: unknown, name: string | null): void {
    if (typeof value === 'string') {
      if (this.#options.maySurrogate && !value.isWellFormed()) this.#tell('JSON_LONE_SURROGATE')
    } else if (typeof value !== 'number') return
    else if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      // Its last digits are lost: as a key it would name somebody else.
      this.#tell('JSON_UNSAFE_NUMBER')
      return
    }
    if (name === null || value === '') return
    const member = memberOf(name, this.#parent())
    if (member === null) return
    if (member.key !== null) this.#key(member, value)
    if (member.isCode) this.#code(value)
    if (member.stamp !== null) this.#stamp(member.stamp, value, millisName.test(name))
  }

  /** The nearest name above the member's own. */
  #parent(): string | null {
    let names = 0
    for (let i = this.#path.length - 1; i >= 0; i--) {
      const step = this.#path[i]
      if (typeof step === 'string' && ++names === 2) return step
    }
    return null
  }

  #key(member: Member, value: string | number): void {
    const text = String(value).trim()
    if (member.key === null || !isKeyText(text) || this.#keys.size >= limits.keysMax) return
    const id = `${member.key} ${member.authority ?? ''} ${text}`
    if (!this.#keys.has(id)) this.#keys.set(id, { kind: member.key, value: text, authority: member.authority })
  }

  #code(value: string | number): void {
    const text = String(value)
    if (text.length > limits.codeCharsMax || this.#codes.length >= limits.codesMax) return
    const names = this.#path.filter((step) => typeof step === 'string')
    // Items of one list carry the same codes again and again: the path is written for the first alone.
    const id = `${names.join(' ')} ${text}`
    if (this.#seenCodes.has(id)) return
    this.#seenCodes.add(id)
    this.#codes.push({ path: tellingPath(names), value: text })
  }

  /** `isMillis`: by its name; seconds there are read as milliseconds by everybody, and are a day of 1970. */
  #stamp(kind: 'message' | 'event', value: string | number, isMillis: boolean): void {
    if (this.#stamps.length >= limits.stampsMax) return
    const reading = readTimestamp(value, this.#options.timezone)
    // A number that is no instant is a duration or a count of that name.
    if (reading.at === null && typeof value === 'number') return
    const at = isMillis && typeof value === 'number' ? value : reading.at
    this.#stamps.push({ path: tellingPath(this.#path), kind, ...reading, at })
  }

  #tell(code: DefectCode): void {
    if (this.#defects.length < limits.defectsMax) this.#defects.push(defect(code, tellingPath(this.#path)))
  }
}

/** No key is a text that was masked on the way, or one that is too long for a number that people use. */
export function isKeyText(text: string): boolean {
  return text !== '' && text.length <= limits.keyCharsMax && !text.includes('*') && text !== '(masked)'
}
