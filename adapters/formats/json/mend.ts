import type { Defect } from '../../../gateway/model/document.ts'
import { type DefectCode, defect } from './defects.ts'
import { limits } from './limits.ts'
import { type Step, tellingPath } from './path.ts'

/**
 * Reads a text that is not quite JSON, or whose names stand twice: as far as it goes, with what is wrong and where. A name that stands twice keeps its
 * last value, as JSON.parse has it. Objects that were begun are closed where the text ends or breaks off.
 */
export function mend(text: string, isCut: boolean): { readonly value: unknown; readonly defects: readonly Defect[] } {
  const reader = new Reader(text, isCut)
  const value = reader.whole()
  return { value, defects: reader.defects }
}

const blank = /[ \t\r\n]*/y
const numeral = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const word = /true|false|null/y
const noNumber = /-?(?:NaN|Infinity)/y

class Reader {
  readonly defects: Defect[] = []
  readonly #text: string
  readonly #isCut: boolean
  readonly #path: Step[] = []
  #at = 0
  #isOver = false

  constructor(text: string, isCut: boolean) {
    this.#text = text
    this.#isCut = isCut
  }

  whole(): unknown {
    const value = this.#value()
    this.#skip(blank)
    if (!this.#isOver && this.#at < this.#text.length) this.#tell('JSON_TRAILING_BYTES', false)
    return value
  }

  #value(): unknown {
    this.#skip(blank)
    if (this.#isOver) return undefined
    const first = this.#text[this.#at]
    if ((first === '{' || first === '[') && this.#path.length >= limits.depthMax) return this.#breakOff('JSON_TOO_DEEP')
    switch (first) {
      case undefined:
        return this.#breakOff('JSON_TRUNCATED')
      case '{':
        return this.#object()
      case '[':
        return this.#array()
      case '"':
        return this.#string()
      default:
        return this.#plain()
    }
  }

  #plain(): unknown {
    const number = this.#take(numeral)
    if (number !== null) return Number(number)
    const literal = this.#take(word)
    if (literal !== null) return literal === 'null' ? null : literal === 'true'
    if (this.#take(noNumber) !== null) {
      this.#tell('JSON_NOT_A_NUMBER', true)
      return null
    }
    const rest = this.#text.slice(this.#at, this.#at + 9)
    const isBegun =
      this.#at + rest.length >= this.#text.length && ['true', 'false', 'null', '-'].some((w) => w.startsWith(rest))
    return this.#breakOff(isBegun ? 'JSON_TRUNCATED' : 'JSON_INVALID')
  }

  #object(): unknown {
    this.#at += 1
    const members = new Map<string, unknown>()
    for (let isFirst = true; !this.#isOver; isFirst = false) {
      this.#skip(blank)
      if (this.#eat('}')) break
      if (!isFirst && !this.#eat(',')) this.#breakOff(this.#ended())
      this.#skip(blank)
      if (this.#isOver) break
      if (this.#text[this.#at] !== '"') this.#breakOff(this.#ended())
      else this.#member(members)
    }
    return Object.fromEntries(members)
  }

  #member(members: Map<string, unknown>): void {
    const name = this.#string()
    this.#skip(blank)
    if (this.#isOver || name === undefined) return
    if (!this.#eat(':')) {
      this.#breakOff(this.#ended())
      return
    }
    this.#path.push(name)
    if (members.has(name)) this.#tell('JSON_DUPLICATE_KEY', true)
    const value = this.#value()
    if (value !== undefined) members.set(name, value)
    this.#path.pop()
  }

  #array(): unknown {
    this.#at += 1
    const items: unknown[] = []
    for (let isFirst = true; !this.#isOver; isFirst = false) {
      this.#skip(blank)
      if (this.#eat(']')) break
      if (!isFirst && !this.#eat(',')) this.#breakOff(this.#ended())
      if (this.#isOver) break
      this.#path.push(items.length)
      const value = this.#value()
      if (value !== undefined) items.push(value)
      this.#path.pop()
    }
    return items
  }

  #string(): string | undefined {
    const start = this.#at
    let end = this.#text.indexOf('"', start + 1)
    while (end > 0 && this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1)
    if (end < 0) {
      this.#breakOff('JSON_TRUNCATED')
      return undefined
    }
    this.#at = end + 1
    try {
      const value: unknown = JSON.parse(this.#text.slice(start, end + 1))
      return typeof value === 'string' ? value : undefined
    } catch {
      // A control character or an unknown escape: shown as it stands.
      this.#tell('JSON_INVALID', true)
      return this.#text.slice(start + 1, end)
    }
  }

  #isEscaped(at: number): boolean {
    let slashes = 0
    while (this.#text.charCodeAt(at - 1 - slashes) === 92) slashes += 1
    return slashes % 2 === 1
  }

  #ended(): DefectCode {
    return this.#at >= this.#text.length ? 'JSON_TRUNCATED' : 'JSON_INVALID'
  }

  #eat(char: string): boolean {
    if (this.#isOver || this.#text[this.#at] !== char) return false
    this.#at += 1
    return true
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match === null) return null
    this.#at = pattern.lastIndex
    return match[0]
  }

  #skip(pattern: RegExp): void {
    this.#take(pattern)
  }

  /** Nothing more can be read. */
  #breakOff(code: DefectCode): undefined {
    if (!this.#isOver && !(code === 'JSON_TRUNCATED' && this.#isCut)) this.#tell(code, code !== 'JSON_TOO_DEEP')
    this.#isOver = true
    return undefined
  }

  #tell(code: DefectCode, hasPlace: boolean): void {
    if (this.defects.length >= limits.defectsMax) return
    this.defects.push(defect(code, hasPlace && this.#path.length > 0 ? tellingPath(this.#path) : null))
  }
}
