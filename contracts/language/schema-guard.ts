import { Ajv2020 } from 'ajv/dist/2020.js'
import { patternProblem } from './safe-pattern.ts'
import { schemaFormats } from './schema-formats.ts'

/** Something that a schema of a contract must not have, and where in the schema it stands. */
export interface SchemaProblem {
  readonly path: readonly (string | number)[]
  readonly text: string
}

/** What a schema says of itself: what is refused, and the names that it has for members. */
export interface SchemaSurvey {
  readonly problems: readonly SchemaProblem[]
  /** The only names of members that may leave in a violation: any other may be a value. */
  readonly names: ReadonlySet<string>
}

/**
 * Looks through a schema for what could stall or outgrow the analysis, or reach out of the contract: patterns that backtrack, `uniqueItems` (its time grows
 * with the square), dynamic and remote references, formats that nothing checks.
 */
export function surveySchema(schema: unknown): SchemaSurvey {
  const problems: SchemaProblem[] = []
  const names = new Set<string>()
  const visit = (value: unknown, path: readonly (string | number)[], isSchema: boolean): void => {
    if (path.length > depthMax) {
      problems.push({ path, text: 'the schema is nested too deeply' })
      return
    }
    if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) visit(item, [...path, i], isSchema)
      return
    }
    if (typeof value !== 'object' || value === null) return
    if (isSchema) problems.push(...keywordProblems(value).map(({ key, text }) => ({ path: [...path, key], text })))
    for (const [key, inner] of Object.entries(value)) {
      if (!isSchema || !dataKeywords.has(key)) visit(inner, [...path, key], !isSchema || !mapKeywords.has(key))
      if (isSchema && (key === 'properties' || key === 'dependentRequired')) addNames(names, inner)
      if (isSchema && key === 'required' && Array.isArray(inner))
        for (const name of inner) if (typeof name === 'string') names.add(name)
    }
  }
  visit(schema, [], true)
  return { problems: problems.length > 0 ? problems : metaProblems(schema), names }
}

/** Made at the first contract: the dialect's meta schema takes some milliseconds to compile. */
let dialect: Ajv2020 | null = null

/** What the dialect 2020-12 itself finds wrong: a misspelt type, a text where a number must be. */
function metaProblems(schema: unknown): readonly SchemaProblem[] {
  if (typeof schema !== 'object' || schema === null) return [{ path: [], text: 'must be a schema' }]
  dialect ??= new Ajv2020({ strict: false, logger: false, allErrors: false })
  if (dialect.validateSchema(schema)) return []
  return (dialect.errors ?? []).slice(0, 5).map(({ instancePath, message }) => ({
    path: instancePath
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')),
    text: message ?? 'is no JSON Schema',
  }))
}

const depthMax = 60
/** Below these stand schemas by name. */
const mapKeywords = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])
/** Below these stands data, not schemas. */
const dataKeywords = new Set(['enum', 'const', 'default', 'example', 'examples', 'required', 'dependentRequired'])

function keywordProblems(schema: object): readonly { readonly key: string; readonly text: string }[] {
  const found: { key: string; text: string }[] = []
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'pattern' && typeof value === 'string') {
      const text = patternProblem(value)
      if (text !== null) found.push({ key, text })
    }
    if (key === 'patternProperties' && typeof value === 'object' && value !== null)
      for (const pattern of Object.keys(value)) {
        const text = patternProblem(pattern)
        if (text !== null) found.push({ key, text })
      }
    if (key === 'uniqueItems' && value === true)
      found.push({ key, text: 'uniqueItems is not checked: its time grows with the square' })
    if (key === '$dynamicRef' || key === '$dynamicAnchor' || key === '$id' || key === '$anchor')
      found.push({ key, text: `${key} is not allowed in a contract` })
    if (key === '$ref' && typeof value === 'string' && !value.startsWith('#'))
      found.push({ key, text: 'only references inside the same file, as #/definitions/NAME, are followed' })
    if (key === 'format' && typeof value === 'string' && !schemaFormats.some((known) => known === value))
      found.push({ key, text: `there is no format ${value}: use one of ${schemaFormats.join(', ')}` })
  }
  return found
}

function addNames(names: Set<string>, inner: unknown): void {
  if (typeof inner === 'object' && inner !== null) for (const name of Object.keys(inner)) names.add(name)
}
