import type { Ajv2020 } from 'ajv/dist/2020.js'
import { formatTest, type ValueFormat } from '../../language/value-format.ts'

/** The name under which ajv knows a format of the contract language. */
export function formatName(format: ValueFormat): string {
  return format.kind === 'digits' ? `digits-${format.min}-${format.max}` : format.kind
}

/** Makes the formats of these rules known. Patterns are JSON Schema's own. An empty value has no form. */
export function addFormats(ajv: Ajv2020, formats: readonly ValueFormat[]): void {
  for (const format of formats) {
    if (format.kind === 'pattern') continue
    const fits = formatTest(format)
    ajv.addFormat(formatName(format), { type: 'string', validate: (text: string) => text === '' || fits(text) })
  }
}
