import { valueShape } from '../../hl7v2/check/value-shape.ts'

/** What a JSON value looks like, without the value: its JSON type, of texts and numbers the shape of what is written. */
export function jsonShape(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `array(${value.length})`
  switch (typeof value) {
    case 'string':
      return valueShape(value)
    case 'number':
      return `number ${valueShape(String(value))}`
    case 'boolean':
      return 'boolean'
    default:
      return 'object'
  }
}
