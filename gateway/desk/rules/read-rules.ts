import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { LineCounter, parseDocument } from 'yaml'
import { createLocator, type Locator, type Problem, schemaProblems } from '../../config/problems.ts'
import { findCauseEntry } from '../../incidents/catalogue.ts'
import { failure } from '../../model/failures.ts'
import type { DeskRules, When } from './desk-rules.ts'
import schema from './rules.schema.json' with { type: 'json' }

const isRules = new Ajv({ allErrors: true, verbose: true, strict: false }).compile<DeskRules>(schema)
const severities = ['P1', 'P2', 'P3', 'P4'] as const

/** The customer's rules, which hold where the configuration names none. */
export const customerRules: DeskRules = loadRules(new URL('./customer.yaml', import.meta.url), 'customer.yaml')

/** Reads a file of rules. Throws Failure RULES_INVALID with file, line and column of the first thing that is wrong. */
export function loadRules(path: string | URL, shown = String(path)): DeskRules {
  const text = readText(path, shown)
  return readRules(text, shown)
}

/** The rules that a YAML text states. Throws Failure RULES_INVALID. */
export function readRules(text: string, file: string): DeskRules {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const broken = document.errors[0]
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0])
    throw failure('RULES_INVALID', broken.message, { place: { file, line, column: col } })
  }
  const locator = createLocator(file, document, lines)
  const value: unknown = document.toJS()
  if (!isRules(value)) throw asFailure(schemaProblems(isRules.errors ?? [], locator))
  const problems = deeperProblems(value, locator)
  if (problems.length > 0) throw asFailure(problems)
  return value
}

function readText(path: string | URL, shown: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw failure('RULES_INVALID', 'the file of rules can not be read', { place: { file: shown }, cause })
  }
}

function asFailure(problems: readonly Problem[]) {
  const [first] = problems
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  return failure('RULES_INVALID', `${first?.message ?? 'the rules are wrong'}${more}`, { place: first?.place ?? {} })
}

/** What the schema can't say: every severity has its limits and its urgency, and causes are causes. */
function deeperProblems(rules: DeskRules, locator: Locator): readonly Problem[] {
  const problems: Problem[] = []
  const wrong = (message: string, path: readonly (string | number)[]) =>
    problems.push({ severity: 'error', message, place: locator.place(path) })
  for (const table of ['limits', 'urgency'] as const) {
    for (const severity of severities) {
      if (!rules[table].some(({ when }) => isPlain(when) && when.severity?.includes(severity) === true))
        wrong(`no row holds for every ticket of ${severity}: add one with nothing but the severity`, [table])
    }
  }
  const checkCauses = (when: When, path: readonly (string | number)[]) => {
    for (const id of when.causes ?? []) if (findCauseEntry(id) === null) wrong(`there is no cause "${id}"`, path)
  }
  for (const table of ['limits', 'urgency', 'routes'] as const)
    for (const [i, { when }] of rules[table].entries()) checkCauses(when, [table, i, 'when', 'causes'])
  for (const [i, when] of rules.major.when.entries()) checkCauses(when, ['major', 'when', i, 'causes'])
  return problems
}

function isPlain(when: When): boolean {
  return Object.keys(when).join() === 'severity'
}
