import { parse } from 'yaml'
import type { Failure } from '../../gateway/model/failure.ts'
import { isRecord } from '../../gateway/model/json.ts'
import type { Raw } from '../language/raw.ts'
import { type SchemaCheck, schemaCheck } from '../language/schema-check.ts'
import { surveySchema } from '../language/schema-guard.ts'
import type { KeyPath } from '../language/source.ts'

/** What reading schemas needs of the contract around them. */
export interface SchemaReader {
  readonly problems: Failure[]
  readonly definitions: Raw
  report(path: KeyPath, message: string): void
  /** A file beside the contract; null: there is none. */
  readBeside(name: string): string | null
}

/** A schema that stands in the contract, or in the file that it names; null with a problem when it can't be used. */
export function schemaAt(reader: SchemaReader, path: KeyPath, value: unknown): SchemaCheck | null {
  const found = typeof value === 'string' ? readStructured(reader, path, value) : value
  if (found === null) return null
  const schema = typeof found === 'boolean' ? (found ? {} : { not: {} }) : found
  if (!isRecord(schema)) {
    reader.report(path, 'must be a JSON Schema or the name of a file with one')
    return null
  }
  return checked(reader, path, withDefinitions(schema, reader.definitions))
}

/** YAML or JSON, as it is meant: JSON is YAML. Null when there is no such file, or it is neither. */
export function readStructured(reader: SchemaReader, path: KeyPath, name: string): unknown {
  const text = reader.readBeside(name)
  if (text === null) {
    reader.report(path, `there is no file ${name} beside the contract`)
    return null
  }
  try {
    const value: unknown = parse(text, { schema: 'core', maxAliasCount: 100 })
    return value
  } catch {
    reader.report(path, `${name} is neither YAML nor JSON`)
    return null
  }
}

/** Problems are told at the schema's own place where it stands in the contract. Compiled once here, so that every reference is known to lead somewhere. */
export function checked(reader: SchemaReader, path: KeyPath, schema: object): SchemaCheck | null {
  const { problems, names } = surveySchema(schema)
  for (const problem of problems) {
    // A definition that is wrong is told where it stands, not where it is used.
    const place = problem.path[0] === 'definitions' ? problem.path : [...path, ...problem.path]
    reader.report(place, problem.text)
  }
  if (problems.length > 0) return null
  try {
    return schemaCheck(schema, names)
  } catch (error) {
    reader.report(path, error instanceof Error ? error.message : 'the schema can not be compiled')
    return null
  }
}

function withDefinitions(schema: Raw, definitions: Raw): Raw {
  if (Object.keys(definitions).length === 0) return schema
  return { ...schema, definitions: { ...definitions, ...(isRecord(schema.definitions) ? schema.definitions : {}) } }
}
