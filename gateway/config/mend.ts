import type { ErrorObject } from 'ajv'

/** What is left of a configuration when the parts that break its schema are taken out, so that the rest can be checked more deeply. */
export interface Mended {
  readonly value: unknown
  /** False for a problem inside a part that was taken out. */
  isLeft(key: string | undefined): boolean
}

/**
 * Takes out what breaks the schema: broken interfaces and systems give way to stubs, so that the others keep their places; broken sections and unknown
 * keys go. A person then hears of everything at once, and not of zones and twins only after the spelling is right.
 */
export function mendConfig(value: unknown, errors: readonly ErrorObject[]): Mended {
  const copy: unknown = structuredClone(value)
  const stubs = new Set<string>()
  if (!isRecord(copy)) return { value: copy, isLeft: () => false }
  for (const error of errors) {
    const [section, index] = error.instancePath.split('/').slice(1)
    if (section === undefined) {
      if (error.keyword === 'additionalProperties') delete copy[String(error.params.additionalProperty)]
      continue
    }
    const items = copy[section]
    if ((section === 'interfaces' || section === 'systems') && Array.isArray(items) && index !== undefined) {
      items[Number(index)] = stub(section, Number(index))
      stubs.add(`${section}[${index}]`)
    } else delete copy[section]
  }
  return { value: copy, isLeft: (key) => key === undefined || ![...stubs].some((taken) => key.startsWith(taken)) }
}

function stub(section: 'interfaces' | 'systems', index: number): object {
  const id = `taken-out-${index}`
  return section === 'systems' ? { id } : { id, from: id, to: id, protocol: 'record' }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
