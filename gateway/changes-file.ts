import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { LineCounter, parseDocument } from 'yaml'
import schema from './changes-file.schema.json' with { type: 'json' }
import { createLocator, type Locator, type Problem, schemaProblems } from './config/problems.ts'
import { type Declaration, graceMsDefault } from './model/change.ts'
import type { Failure } from './model/failure.ts'
import { failure } from './model/failures.ts'
import type { Catalogue } from './model/interface.ts'

interface SubjectsShape {
  readonly interfaceIds?: readonly string[]
  readonly systemIds?: readonly string[]
}

interface ChangeShape extends SubjectsShape {
  readonly title?: string
  readonly approval: string
  readonly from: string
  readonly to: string
  readonly graceMin?: number
  readonly by?: string
  readonly comment?: string
}

interface SilenceShape extends SubjectsShape {
  readonly from: string
  readonly minutes: number
  readonly cause?: string
  readonly reason?: string
  readonly by?: string
}

interface FileShape {
  readonly changes?: readonly ChangeShape[]
  readonly silences?: readonly SilenceShape[]
}

const isFile = new Ajv({ allErrors: true, verbose: true, strict: false }).compile<FileShape>(schema)

/**
 * Planned changes and silences from a YAML file, in the API's own words, for an offline analysis. Throws Failure CHANGES_INVALID with
 * file, line and column of the first thing that is wrong.
 */
export function readChangesFile(path: string, catalogue: Catalogue): readonly Declaration[] {
  const lines = new LineCounter()
  const document = parseDocument(readText(path), { lineCounter: lines, prettyErrors: false })
  const broken = document.errors[0]
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0])
    throw failure('CHANGES_INVALID', broken.message, { place: { file: path, line, column: col } })
  }
  const locator = createLocator(path, document, lines)
  const value: unknown = document.toJS()
  if (!isFile(value)) throw asFailure(schemaProblems(isFile.errors ?? [], locator))
  const problems = deeperProblems(value, catalogue, locator)
  if (problems.length > 0) throw asFailure(problems)
  return declarationsOf(value)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw failure('CHANGES_INVALID', 'the file of changes cannot be read', { place: { file: path }, cause })
  }
}

function asFailure(problems: readonly Problem[]): Failure {
  const [first] = problems
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  return failure('CHANGES_INVALID', `${first?.message ?? 'the changes are wrong'}${more}`, { place: first?.place ?? {} })
}

/** What the schema can't say: windows end after they begin, name something, and only what there is. */
function deeperProblems(
  { changes = [], silences = [] }: FileShape,
  catalogue: Catalogue,
  locator: Locator,
): readonly Problem[] {
  const problems: Problem[] = []
  const wrong = (message: string, path: readonly (string | number)[]) =>
    problems.push({ severity: 'error', message, place: locator.place(path) })
  const interfaceIds = new Set(catalogue.interfaces.map(({ id }) => id))
  const systemIds = new Set([
    ...catalogue.systems.flatMap(({ id, depends }) => [id, ...depends]),
    ...catalogue.interfaces.flatMap(({ from, to }) => [from, to]),
  ])
  const checkSubjects = (subjects: SubjectsShape, path: readonly (string | number)[]) => {
    for (const [i, id] of (subjects.interfaceIds ?? []).entries())
      if (!interfaceIds.has(id)) wrong(`no interface "${id}" in the configuration`, [...path, 'interfaceIds', i])
    for (const [i, id] of (subjects.systemIds ?? []).entries())
      if (!systemIds.has(id)) wrong(`no system or resource "${id}" in the configuration`, [...path, 'systemIds', i])
  }
  const isEmpty = (subjects: SubjectsShape) => (subjects.interfaceIds ?? []).length + (subjects.systemIds ?? []).length === 0
  for (const [i, change] of changes.entries()) {
    if (!(Date.parse(change.to) > Date.parse(change.from))) wrong('must lie after "from"', ['changes', i, 'to'])
    if (isEmpty(change)) wrong('must name at least one of "interfaceIds" and "systemIds"', ['changes', i])
    checkSubjects(change, ['changes', i])
  }
  for (const [i, silence] of silences.entries()) {
    if (isEmpty(silence) && silence.cause === undefined)
      wrong('must name at least one of "interfaceIds", "systemIds" and "cause"', ['silences', i])
    checkSubjects(silence, ['silences', i])
  }
  return problems
}

function declarationsOf({ changes = [], silences = [] }: FileShape): readonly Declaration[] {
  const made = { revision: 1, endedAt: null, endedBy: null } as const
  const ofFile = { state: 'planned', madeAt: 0, origin: 'person', snapshot: null, snapshotBefore: null } as const
  return [
    ...changes.map((change, i): Declaration => {
      const { title = '', approval, from, to, graceMin, by = '', comment = '', interfaceIds = [], systemIds = [] } = change
      const graceMs = graceMin === undefined ? graceMsDefault : graceMin * 60_000
      const span = { fromAt: Date.parse(from), toAt: Date.parse(to), graceMs }
      const said = { title, approval, by, comment, interfaceIds, systemIds }
      return { kind: 'change', change: { id: `c${i + 1}`, ...made, ...ofFile, ...span, ...said } }
    }),
    ...silences.map((silence, i): Declaration => {
      const { from, minutes, cause = null, reason = '', by = '', interfaceIds = [], systemIds = [] } = silence
      const span = { fromAt: Date.parse(from), untilAt: Date.parse(from) + minutes * 60_000 }
      return { kind: 'silence', silence: { id: `s${i + 1}`, ...made, ...span, cause, reason, by, interfaceIds, systemIds } }
    }),
  ]
}
