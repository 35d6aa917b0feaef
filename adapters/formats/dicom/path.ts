import { attributeName, tagOf } from '../../../gateway/model/dicom/dictionary.ts'
import { type DataSet, type Element, elementOf } from './data-set.ts'

/** One step of a path: an attribute, and which item of its sequence or which of its values. */
export interface Step {
  readonly tag: number
  /** From 1. */
  readonly number: number
}

/** A place in a message: `ScheduledProcedureStepSequence[2].Modality`, `00100010`, `ImageType[3]`, `part[2].StudyInstanceUID`, `PatientName.Ideographic`. */
export interface Path {
  /** Which data set of the message, from 1. */
  readonly part: number
  /** Of the file meta information. */
  readonly steps: readonly Step[]
  /** Component group of a person name (PS3.5 6.2.1.1), from 0; null: the whole name. */
  readonly group: 0 | 1 | 2 | null
}

const known = new Map<string, Path | null>()
const knownMax = 4000
const depthMax = 32
const groups = { Alphabetic: 0, Ideographic: 1, Phonetic: 2 } as const

/** Null when the text is no path. Contracts ask for the same paths again and again, so they are kept. */
export function parsePath(text: string): Path | null {
  const kept = known.get(text)
  if (kept !== undefined) return kept
  const path = read(text)
  if (known.size >= knownMax) known.clear()
  known.set(text, path)
  return path
}

function read(text: string): Path | null {
  const pieces = text.split('.')
  if (pieces.length > depthMax) return null
  const part = /^part\[(\d{1,6})\]$/.exec(pieces[0] ?? '')
  if (part !== null) pieces.shift()
  const last = pieces.at(-1)
  const group = last === 'Alphabetic' || last === 'Ideographic' || last === 'Phonetic' ? groups[last] : null
  if (group !== null) pieces.pop()
  const steps: Step[] = []
  for (const piece of pieces) {
    const match = /^(\(?[0-9A-Fa-f]{4},?[0-9A-Fa-f]{4}\)?|[A-Za-z][A-Za-z0-9]*)(?:\[(\d{1,6})\])?$/.exec(piece)
    const tag = match?.[1] === undefined ? null : tagOf(match[1])
    if (tag === null) return null
    steps.push({ tag, number: Number(match?.[2] ?? 1) })
  }
  return steps.length === 0 ? null : { part: Number(part?.[1] ?? 1), steps, group }
}

/** The element that the steps lead to, with the data set that holds it; null when there is none. */
export function follow(set: DataSet, steps: readonly Step[]): { readonly set: DataSet; readonly element: Element } | null {
  let here: DataSet | undefined = set
  for (const [i, { tag, number }] of steps.entries()) {
    if (here === undefined) return null
    const element = elementOf(here, tag)
    if (element === null) return null
    if (i === steps.length - 1) return { set: here, element }
    here = element.items?.[number - 1]
  }
  return null
}

/** `Modality`, below `ScheduledProcedureStepSequence[1].`. */
export function pathTo(prefix: string, tag: number): string {
  return `${prefix}${attributeName(tag)}`
}
