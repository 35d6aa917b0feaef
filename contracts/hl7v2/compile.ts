import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { nearestVersion } from '../../gateway/model/hl7v2/spec.ts'
import { type CompiledContract, heaviestFirst, type Violation } from '../../gateway/model/violation.ts'
import { type Finding, isFinding } from './check/finding.ts'
import { addHl7Keywords, type CheckContext } from './check/keywords.ts'
import { type MessageView, part, viewOf } from './check/message-text.ts'
import { valueShape } from './check/value-shape.ts'
import type { Contract, MessageContract } from './contract.ts'
import { type SeverityTable, severityOf } from './element-severity.ts'
import { messageSchema } from './json-schema.ts'
import { wholeMessageCheck } from './whole-message.ts'
import { wordingOf } from './wording.ts'

/** Violations that one message can have; the last of a longer list counts the rest. */
export const violationsMax = 50

/** Findings that are kept while one message is checked; what goes beyond is counted. */
const findingsMax = 1_000

/**
 * Makes a contract ready to check messages. Each message type is compiled by ajv once, at its first message of each version of
 * HL7 (at most the types of the contract times five versions). `options.version` is taken where a message states none. `check` never throws for bad input and never repeats a value.
 */
export function compileContract(contract: Contract, options: { readonly version?: string | null } = {}): CompiledContract {
  const byType = new Map(contract.messages.map((message) => [message.type, message]))
  const checks = new Map<string, MessageCheck>()
  const checkWhole = wholeMessageCheck(contract)
  const assertionTexts = new Map(
    [...contract.assertions, ...contract.messages.flatMap((message) => message.assertions)].map((a) => [a.id, a]),
  )
  const checkOf = (message: MessageContract | null, stated: string): MessageCheck => {
    const version = nearestVersion(stated === '' ? (options.version ?? contract.versions[0] ?? null) : stated)
    const key = `${version} ${message?.type ?? ''}`
    const known = checks.get(key)
    if (known) return known
    const [oldest] = checks
    if (oldest && checks.size >= checksMax) {
      // A sender that states another type each time must not make this grow.
      checks.delete(oldest[0])
    }
    const { schema, severities } = messageSchema(contract, message, version)
    const made: MessageCheck = { validate: freshAjv().compile(schema), severities, assertionTexts }
    checks.set(key, made)
    return made
  }
  return {
    id: contract.id,
    version: contract.version,
    check(document, side) {
      const view = viewOf(document.shape())
      const message = view === null ? null : messageOf(byType, view)
      const whole = checkWhole(message, view, document.facts(), side)
      if (view === null) return atMost(whole, 0, side)
      const version = part(view.segments[0]?.[12] ?? '', view.delimiters.component, 1)
      return runCheck(checkOf(message, version), view, whole, side)
    },
  }
}

/** Compiled checks that are kept, a message type and version each: a few hundred kilobytes apiece. */
const checksMax = 64

/** One for each check: what an ajv has compiled it never lets go, so it goes with the check. */
function freshAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    passContext: true,
    meta: false,
    validateSchema: false,
    strictTuples: false,
    strictTypes: false,
    addUsedSchema: false,
  })
  addHl7Keywords(ajv)
  return ajv
}

interface MessageCheck {
  readonly validate: ValidateFunction
  readonly severities: SeverityTable
  readonly assertionTexts: ReadonlyMap<string, Contract['assertions'][number]>
}

/** `ORU^R01`, else `ORU^*`, else `ACK` for any acknowledgment. */
function messageOf(byType: ReadonlyMap<string, MessageContract>, view: MessageView): MessageContract | null {
  const field = view.segments[0]?.[9] ?? ''
  const code = part(field, view.delimiters.component, 1)
  const event = part(field, view.delimiters.component, 2)
  return byType.get(`${code}^${event}`) ?? byType.get(`${code}^*`) ?? byType.get(code) ?? null
}

function runCheck(
  check: MessageCheck,
  view: MessageView,
  whole: readonly Violation[],
  side: Violation['side'],
): readonly Violation[] {
  const context: CheckContext = { view, left: findingsMax, uncounted: 0 }
  const isSound = check.validate.call(context, view)
  if (isSound && whole.length === 0 && context.uncounted === 0) return none
  const numbering = numberSegments(view)
  const violations = [...whole]
  for (const error of isSound ? [] : (check.validate.errors ?? [])) {
    const finding = findingOf(error, view)
    if (finding !== null) violations.push(violationOf(finding, check, numbering, side))
  }
  return atMost(violations, context.uncounted, side)
}

const none: readonly Violation[] = []

/** What ajv says, as a finding: ours come as they are, `maxLength` and `enum` are told by their place. Null: an echo of another error. */
function findingOf(error: ErrorObject, view: MessageView): Finding | null {
  if (isFinding(error.params)) return error.params
  const place = /^\/segments\/(\d+)\/(\d+)$/u.exec(error.instancePath)
  if (place === null || (error.keyword !== 'maxLength' && error.keyword !== 'enum')) return null
  const index = Number(place[1])
  const field = Number(place[2])
  const segment = view.segments[index] ?? []
  const isLength = error.keyword === 'maxLength'
  return {
    rule: isLength ? 'length' : 'table',
    index,
    segment: segment[0] ?? '',
    field,
    repetition: 0,
    component: 0,
    subcomponent: 0,
    expected: isLength ? `..${error.params.limit}` : '',
    shape: valueShape(segment[field] ?? ''),
  }
}

/** How many segments of each name there are, and which of them each one is. */
interface Numbering {
  readonly counts: ReadonlyMap<string, number>
  readonly nth: readonly number[]
}

function numberSegments(view: MessageView): Numbering {
  const counts = new Map<string, number>()
  const nth = view.segments.map(([name = '']) => {
    const n = (counts.get(name) ?? 0) + 1
    counts.set(name, n)
    return n
  })
  return { counts, nth }
}

function violationOf(finding: Finding, check: MessageCheck, numbering: Numbering, side: Violation['side']): Violation {
  const { rule, index, segment, field, repetition, component, subcomponent } = finding
  const name = segment === '' ? 'MSH' : segment
  const isOneOfSeveral = index >= 0 && (numbering.counts.get(name) ?? 0) > 1
  const below = `${component === 0 ? '' : `.${component}`}${subcomponent === 0 ? '' : `.${subcomponent}`}`
  const element = field === 0 ? name : `${name}-${field}${below}`
  const at = isOneOfSeveral ? `${name}[${numbering.nth[index] ?? 1}]` : name
  const path = field === 0 ? at : `${at}-${field}${repetition === 0 ? '' : `[${repetition}]`}${below}`
  const assertion = rule === 'condition' ? check.assertionTexts.get(finding.expected) : undefined
  if (assertion !== undefined) {
    const severity = assertion.severity ?? severityOf(check.severities, element, rule)
    const spot = assertion.at === null ? path : assertion.at.replace(name, at)
    return { path: spot, element: assertion.at ?? element, rule, severity, message: assertion.message, shape: null, side }
  }
  const severity = severityOf(check.severities, element, rule)
  return { path, element, rule, severity, message: wordingOf(finding, path), shape: finding.shape, side }
}

/** The heaviest come first when not all can be told; `uncounted` were not even kept. */
function atMost(violations: readonly Violation[], uncounted: number, side: Violation['side']): readonly Violation[] {
  if (violations.length <= violationsMax && uncounted === 0) return violations
  const sorted = violations.toSorted(heaviestFirst)
  const kept = sorted.slice(0, violationsMax - 1)
  const rest = violations.length - kept.length + uncounted
  if (rest === 0) return kept
  const severity = sorted[kept.length]?.severity ?? 'observe'
  const message = { zh: `另有 ${rest} 处违约`, en: `${rest} more violations` }
  return [...kept, { path: 'MSH', element: 'MSH', rule: 'more', severity, message, shape: null, side }]
}
