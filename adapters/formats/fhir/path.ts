import { isRecord } from '../../../gateway/model/json.ts'

/** One step of a path: a name, and which one of several. */
interface Step {
  readonly name: string
  /** From 0, as FHIRPath counts; null: the first. */
  readonly index: number | null
}

const stepsMax = 40

/**
 * The text at a path as `Patient.identifier[0].value` or `Bundle.entry[1].resource.code.text`: the first of several where no index is named. The resource's
 * type may stand before it or be left out. Null when nothing stands there, when it isn't a single value, and when the path isn't one.
 */
export function valueAt(root: unknown, path: string): string | null {
  const steps = stepsOf(path)
  if (steps === null || !isRecord(root)) return null
  const [first] = steps
  const isTyped = first !== undefined && first.index === null && first.name === root.resourceType
  let value: unknown = root
  for (const { name, index } of isTyped ? steps.slice(1) : steps) {
    const one: unknown = Array.isArray(value) ? value[0] : value
    if (!isRecord(one) || !Object.hasOwn(one, name)) return null
    const inner = one[name]
    value = index === null ? inner : Array.isArray(inner) ? inner[index] : index === 0 ? inner : undefined
  }
  return textOf(Array.isArray(value) ? value[0] : value)
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}

function stepsOf(path: string): readonly Step[] | null {
  const steps = path.split('.', stepsMax + 1).map((text): Step | null => {
    const match = /^(_?[A-Za-z][A-Za-z0-9]*)(?:\[(\d{1,6})\])?$/.exec(text)
    return match === null ? null : { name: match[1] ?? '', index: match[2] === undefined ? null : Number(match[2]) }
  })
  const known = steps.filter((step) => step !== null)
  return known.length === steps.length && steps.length <= stepsMax ? known : null
}
