import type { Stretch } from './values.ts'

/** One value of a JSON text: where its characters stand (without quotes), what they are, and its path as formats write it. */
export interface Scalar {
  readonly path: string
  readonly stretch: Stretch
  /** As written, escapes undone. */
  readonly value: string
}

export interface JsonWalk {
  readonly scalars: readonly Scalar[]
  /** The members' names, at which a patient's number may stand as at a value. */
  readonly names: readonly Omit<Scalar, 'path'>[]
  /** What could not be read as JSON, from the first odd character to the end; null: nothing. */
  readonly odd: Stretch | null
}

interface Container {
  readonly parent: number
  /** `.name` or `[3]`, below its parent. */
  readonly step: string
  readonly isArray: boolean
  /** Its FHIR resource type, where it says one: paths begin anew there. */
  resourceType: string | null
}

interface Found {
  readonly owner: number
  readonly step: string
  readonly stretch: Stretch
  readonly value: string
}

/**
 * Walks a JSON text by its characters and says where its values stand. It doesn't depend on the format's own parser, as the walk of HL7 v2 doesn't. It
 * reads as far as the text is JSON; what comes after that is hidden whole by whoever asks.
 */
export function walkJson(text: string): JsonWalk {
  const walker = new Walker(text)
  const isWhole = walker.read()
  return { scalars: walker.scalars(), names: walker.names, odd: isWhole ? null : { start: walker.at, end: text.length } }
}

const depthMax = 128
const token = /[ \t\r\n]*(?:("(?:[^"\\]|\\.)*")|(-?[\d.eE+-]+|true|false|null)|([{}[\],:]))/suy

class Walker {
  readonly #text: string
  readonly #containers: Container[] = []
  readonly #found: Found[] = []
  readonly names: Omit<Scalar, 'path'>[] = []
  at = 0

  constructor(text: string) {
    this.#text = text
    if (text.startsWith('\ufeff')) this.at = 1
  }

  /** False where the text stops being JSON. */
  read(): boolean {
    if (!this.#value(-1, '', 0)) return false
    return this.#text.slice(this.at).trim() === ''
  }

  scalars(): readonly Scalar[] {
    return this.#found.map(({ owner, step, stretch, value }) => ({ path: this.#path(owner, step), stretch, value }))
  }

  #path(owner: number, step: string): string {
    const container = this.#containers[owner]
    if (container === undefined) return step.replace(/^\./, '')
    if (container.resourceType !== null) return `${container.resourceType}${step}`
    return this.#path(container.parent, container.step + step)
  }

  #value(owner: number, step: string, depth: number): boolean {
    const next = this.#next()
    if (next === null || depth > depthMax) return false
    if (next.kind === 'mark') {
      if (next.text === '{') return this.#object(owner, step, depth)
      if (next.text === '[') return this.#array(owner, step, depth)
      return false
    }
    const quotes = next.kind === 'text' ? 1 : 0
    const stretch = { start: next.start + quotes, end: next.end - quotes }
    this.#found.push({ owner, step, stretch, value: quotes === 1 ? unquoted(next.text) : next.text })
    return true
  }

  #object(parent: number, step: string, depth: number): boolean {
    const own = this.#containers.push({ parent, step, isArray: false, resourceType: null }) - 1
    const before = this.at
    if (this.#next()?.text === '}') return true
    this.at = before
    for (;;) {
      const name = this.#next()
      if (name?.kind !== 'text' || this.#next()?.text !== ':') return false
      const member = unquoted(name.text)
      this.names.push({ stretch: { start: name.start + 1, end: name.end - 1 }, value: member })
      if (!this.#value(own, `.${member}`, depth + 1)) return false
      const container = this.#containers[own]
      const last = this.#found.at(-1)
      if (member === 'resourceType' && container !== undefined && last?.owner === own) container.resourceType = last.value
      const mark = this.#next()?.text
      if (mark === '}') return true
      if (mark !== ',') return false
    }
  }

  #array(parent: number, step: string, depth: number): boolean {
    const own = this.#containers.push({ parent, step, isArray: true, resourceType: null }) - 1
    const before = this.at
    if (this.#next()?.text === ']') return true
    this.at = before
    for (let i = 0; ; i += 1) {
      if (!this.#value(own, `[${i}]`, depth + 1)) return false
      const mark = this.#next()?.text
      if (mark === ']') return true
      if (mark !== ',') return false
    }
  }

  #next(): {
    readonly kind: 'text' | 'word' | 'mark'
    readonly text: string
    readonly start: number
    readonly end: number
  } | null {
    token.lastIndex = this.at
    const match = token.exec(this.#text)
    if (match === null) return null
    const [, text, word, mark] = match
    const raw = text ?? word ?? mark ?? ''
    this.at = token.lastIndex
    return {
      kind: text !== undefined ? 'text' : word !== undefined ? 'word' : 'mark',
      text: raw,
      start: this.at - raw.length,
      end: this.at,
    }
  }
}

function unquoted(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? value : text
  } catch {
    // A control character or a bad escape inside a string: shown as it stands.
    return text.slice(1, -1)
  }
}
