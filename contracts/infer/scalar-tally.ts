import { formatTest } from '../language/value-format.ts'

/** Forms that a text may have, the narrowest first: of those that fit all texts, the first is told. */
const forms = [
  ['uuid', formatTest({ kind: 'uuid' })],
  ['id-card', formatTest({ kind: 'id-card' })],
  ['timestamp', formatTest({ kind: 'timestamp' })],
  ['date', formatTest({ kind: 'date' })],
  ['datetime', formatTest({ kind: 'datetime' })],
  ['mobile', (text: string) => /^1[3-9]\d{9}$/.test(text)],
  ['iso-date', (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text)],
  ['date-time', (text: string) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/.test(text)],
  ['local-time', (text: string) => /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)],
  ['digits', (text: string) => /^\d{1,64}$/.test(text)],
  ['number', formatTest({ kind: 'number' })],
  ['oid', formatTest({ kind: 'oid' })],
] as const

export type FormName = (typeof forms)[number][0]

/** Kinds of characters in a row, with how many stand there at least and at most. `kind` is a class of a pattern, or a mark as it is. */
export interface Run {
  readonly kind: '\\d' | '[A-Z]' | '[a-z]' | 'mark'
  readonly mark: string
  min: number
  max: number
}

/** One code, in how many messages it was seen. */
interface CodeTally {
  count: number
  lastMessage: number
  readonly firstMessage: number
  readonly patient: string | null
  /** Of more than one patient, or of messages that name none. */
  isOfSeveral: boolean
}

/** Who and which message a value is of: for counting, never told. */
export interface Sighting {
  /** Counts up from 1. */
  readonly message: number
  /** Null: the message names no patient. */
  readonly patient: string | null
}

const codesMax = 256
const codeCharsMax = 64
const formedCharsMax = 256
const runsMax = 6

/**
 * What is kept of all texts that stood at one place: how long, in which form; of coded places also which codes. Of every other place no value is ever
 * kept, so that none can get into a contract.
 */
export class ScalarTally {
  count = 0
  lengthMin = Number.POSITIVE_INFINITY
  lengthMax = 0
  readonly isCoded: boolean
  /** Null: more different codes than a dictionary has. */
  codes: Map<string, CodeTally> | null
  #fitting: readonly (typeof forms)[number][] = forms
  #runs: Run[] | null | undefined

  constructor(isCoded: boolean) {
    this.isCoded = isCoded
    this.codes = isCoded ? new Map() : null
  }

  note(text: string, { message, patient }: Sighting): void {
    this.count += 1
    this.lengthMin = Math.min(this.lengthMin, text.length)
    this.lengthMax = Math.max(this.lengthMax, text.length)
    if (text.length > formedCharsMax) {
      this.#fitting = []
      this.#runs = null
    } else {
      if (this.#fitting.length > 0 && !this.#fitting.every(([, fits]) => fits(text)))
        this.#fitting = this.#fitting.filter(([, fits]) => fits(text))
      this.#noteRuns(text)
    }
    if (this.codes !== null) this.#noteCode(text.trim(), message, patient)
  }

  /** The narrowest form that all texts have. */
  form(): FormName | null {
    return this.count === 0 ? null : (this.#fitting[0]?.[0] ?? null)
  }

  /** The same kinds of characters in the same order in all texts; null where they differ, or hold anything but ASCII. */
  runs(): readonly Run[] | null {
    return this.#runs ?? null
  }

  #noteCode(code: string, message: number, patient: string | null): void {
    if (this.codes === null) return
    const known = this.codes.get(code)
    if (known === undefined) {
      if (this.codes.size >= codesMax || code.length > codeCharsMax) {
        this.codes = null
        return
      }
      this.codes.set(code, {
        count: 1,
        firstMessage: message,
        lastMessage: message,
        patient,
        isOfSeveral: patient === null,
      })
      return
    }
    if (known.lastMessage !== message) known.count += 1
    known.lastMessage = message
    if (patient !== known.patient) known.isOfSeveral = true
  }

  #noteRuns(text: string): void {
    if (this.#runs === null) return
    const seen = runsOf(text)
    if (this.#runs === undefined || seen === null) {
      this.#runs = seen
      return
    }
    const isAlike = seen.length === this.#runs.length && seen.every((run, i) => isSameKind(run, this.#runs?.[i]))
    if (!isAlike) {
      this.#runs = null
      return
    }
    for (const [i, known] of this.#runs.entries()) {
      known.min = Math.min(known.min, seen[i]?.min ?? 0)
      known.max = Math.max(known.max, seen[i]?.max ?? 0)
    }
  }
}

function isSameKind(run: Run, other: Run | undefined): boolean {
  return run.kind === other?.kind && run.mark === other.mark
}

function runsOf(text: string): Run[] | null {
  const runs: Run[] = []
  for (const char of text) {
    const kind = /\d/.test(char) ? '\\d' : /[A-Z]/.test(char) ? '[A-Z]' : /[a-z]/.test(char) ? '[a-z]' : 'mark'
    if (kind === 'mark' && !/[-_./:]/.test(char)) return null
    const mark = kind === 'mark' ? char : ''
    const last = runs.at(-1)
    if (last !== undefined && last.kind === kind && last.mark === mark) {
      last.min += 1
      last.max += 1
    } else {
      if (runs.length >= runsMax) return null
      runs.push({ kind, mark, min: 1, max: 1 })
    }
  }
  return runs
}
