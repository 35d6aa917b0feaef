import type { Evidence } from '../evidence/evidence.ts'

/** Where a standard has the name of a coding system, or all of a coding: FHIR's Coding, and components 3 and 6 of HL7's coded elements. */
const systemElement = /^required (?:.*coding(?:\.system|\.code)?|[A-Z][A-Z0-9]{2}-\d+\.[36])$/

/** Whether what is required and missing is, for the greater part, the name of a code's system: a local code stands alone, and nothing else is gone. */
export function areSystemsMissing({ since }: Evidence): boolean {
  const missing = since.top('element').filter(({ name }) => name.startsWith('required '))
  const all = missing.reduce((sum, { count }) => sum + count, 0)
  const systems = missing.reduce((sum, { name, count }) => (systemElement.test(name) ? sum + count : sum), 0)
  return systems >= 3 && systems >= 0.8 * all
}
