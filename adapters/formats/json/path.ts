import { isRecord } from '../../../gateway/model/json.ts'
import { memberOf } from '../../../gateway/model/members/members.ts'
import { remembered } from '../../../gateway/model/remembered.ts'
import { memberValue } from './record.ts'

/** One step of a path: a member's name, or an item's number from 0. */
export type Step = string | number

/** The steps of `input.data.mdtrt_id`, `items[2].dose`, `["a.b"].c`; null when the text is no path. */
export const readPath = remembered(readSteps, { charsMax: 200 })

function readSteps(text: string): readonly Step[] | null {
  const steps: Step[] = []
  const step = /\.?(?:([^.[\]"]+)|\[(\d{1,9})\]|\["((?:[^"\\]|\\.)*)"\])/y
  while (step.lastIndex < text.length) {
    const match = step.exec(text)
    if (match === null) return null
    const [, name, index, quoted] = match
    steps.push(name ?? (index === undefined ? (quoted ?? '').replace(/\\(.)/g, '$1') : Number(index)))
  }
  return steps.length === 0 ? null : steps
}

/** A path as people read it. */
export function writePath(steps: readonly Step[]): string {
  return written(steps, writeName)
}

/** As `writePath`, with `*` for a name that may be a value itself, as the numbers in an object by patient number. For defects, stamps and codes, which leave the body. */
export function tellingPath(steps: readonly Step[]): string {
  return written(steps, tellingName)
}

function written(steps: readonly Step[], nameOf: (name: string) => string): string {
  let text = ''
  for (const step of steps) {
    const name = typeof step === 'number' ? `[${step}]` : nameOf(step)
    text += text === '' || name.startsWith('[') ? name : `.${name}`
  }
  return text
}

function writeName(name: string): string {
  return /^[^.[\]"]+$/.test(name) || name === '*' ? name : `["${name.replace(/["\\]/g, '\\$&')}"]`
}

const tellingName = remembered((name) => (isPlainName(name) ? writeName(name) : '*'))

function isPlainName(name: string): boolean {
  return memberOf(name) !== null || (name.length <= 40 && /^[A-Za-z_][A-Za-z_-]*\d{0,2}$/.test(name))
}

/** The value at `steps`; where the path names no item of an array, its first. Undefined: nothing is there. */
export function valueAt(root: unknown, steps: readonly Step[]): unknown {
  let value = root
  for (const step of steps) {
    if (Array.isArray(value) && typeof step === 'string') value = value[0]
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined
    else value = isRecord(value) ? memberValue(value, step) : undefined
    if (value === undefined) return undefined
  }
  return value
}
