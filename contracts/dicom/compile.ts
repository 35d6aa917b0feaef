import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import {
  type CompiledContract,
  heaviestFirst,
  severityWeights,
  type Violation,
  type ViolationSeverity,
} from '../../gateway/model/violation.ts'
import { writeAttributePath } from './attribute-path.ts'
import { type Finding, isFinding } from './check/finding.ts'
import { addFormats } from './check/formats.ts'
import { Glance } from './check/glance.ts'
import { addDicomKeywords } from './check/keywords.ts'
import { type Named, namedBy, pickNamed } from './check/named.ts'
import { findingOf, pathOf } from './check/place.ts'
import { type FormOptions, formBreaches } from './check/value-forms.ts'
import type { Assertion, AttributeRule, Contract, MessageContract, RuleName, RuleSet } from './contract.ts'
import { attributeOf, type JsonDataSet, type MessageView, type Stretches, valuesOf, viewOf } from './json-model.ts'
import { dataSetSchema } from './json-schema.ts'
import { wholeMessageViolations } from './whole-message.ts'
import { wordingOf } from './wording.ts'

/** Violations that one message can have; the last of a longer list counts the rest. */
export const violationsMax = 50

export interface CompileOptions {
  /** Beneath the contract, with severities of its own; what the contract says of an attribute outranks it. */
  readonly standard?: Contract | null
}

/**
 * Makes a contract ready to check messages. The data sets of each command and SOP class that it names are compiled by ajv once, at the first of them: as many
 * as the contract and the standard beneath have entries, whatever a sender states. `check` never throws for bad input and never repeats a value.
 */
export function compileContract(contract: Contract, { standard = null }: CompileOptions = {}): CompiledContract {
  const checks = new Map<string, DataSetCheck>()
  const kinds = new Set(
    [...(standard?.messages ?? []), ...contract.messages].map((entry) => kindOf(entry.command, entry.sopClass)),
  )
  const checkOf = (command: string, sopClass: string | null): DataSetCheck => {
    const kind = kindOf(command, sopClass)
    const key = kinds.has(kind) ? kind : kindOf(command, null)
    const known = checks.get(key)
    if (known !== undefined) return known
    const entries = [...entriesOf(standard, command, sopClass), ...entriesOf(contract, command, sopClass)]
    const made = makeCheck(layered([...(standard === null ? [] : [standard]), contract, ...entries]), command)
    checks.set(key, made)
    return made
  }
  return {
    id: contract.id,
    version: contract.version,
    check(document, side) {
      const view = viewOf(document.shape())
      if (view === null) return none
      const whole = wholeMessageViolations(contract, view, document.facts(), side)
      // An association has no data set, and what is no service of DICOM no rules.
      if (view.command === null) return atMost(whole, side)
      const { command } = view
      const found = view.dataSets.slice(0, dataSetsMax).flatMap((set, i) => {
        const check = checkOf(command, sopClassOf(view, set))
        return violationsOf(check, set, { contract, side, prefix: view.dataSets.length > 1 ? `part[${i + 1}].` : '' })
      })
      return found.length === 0 && whole.length === 0 ? none : atMost([...whole, ...found], side)
    },
  }
}

const none: readonly never[] = []

/** Data sets of one body that are checked: a study of thousands of images breaks its contract in each of them. */
const dataSetsMax = 50

interface DataSetCheck {
  /** Asked first; null: conditions always want the whole. */
  readonly glance: Glance | null
  /** Asked of the attributes that the rules name, together. */
  readonly validate: ValidateFunction
  readonly asked: Named
  readonly forms: FormOptions
  readonly severities: Layered['severities']
  /** Attributes that have rules, by path in keywords. */
  readonly named: ReadonlySet<string>
  readonly assertions: ReadonlyMap<string, Assertion>
}

/** What holds for every SOP class of a command, then what holds for this one. */
export function entriesOf(contract: Contract | null, command: string, sopClass: string | null): readonly MessageContract[] {
  if (contract === null) return []
  const ofCommand = contract.messages.filter((entry) => entry.command === command)
  return [
    ...ofCommand.filter((entry) => entry.sopClass === null),
    ...ofCommand.filter((entry) => entry.sopClass !== null && entry.sopClass === sopClass),
  ]
}

function kindOf(command: string, sopClass: string | null): string {
  return `${command} ${sopClass ?? '*'}`
}

/** The class of the data set itself where each has its own: a multipart, a file. */
function sopClassOf(view: MessageView, set: Stretches): string | null {
  if (view.sopClass !== null) return view.sopClass
  const [own] = valuesOf(attributeOf(set, '00080016'))
  return typeof own === 'string' ? own : null
}

/** What holds for one kind of data set, and what a breach of it weighs where that isn't the contract's severity of its rule. */
interface Layered extends RuleSet {
  /** By attribute and rule: `PatientID required`. */
  readonly severities: ReadonlyMap<string, ViolationSeverity>
}

/** Attribute by attribute, aspect by aspect, the later entry outranks the earlier one, and weighs as it says itself. */
function layered(layers: readonly RuleSet[]): Layered {
  const attributes = new Map<string, AttributeRule>()
  const severities = new Map<string, ViolationSeverity>()
  for (const rule of layers.flatMap((layer) => layer.attributes)) {
    const element = writeAttributePath(rule.path)
    attributes.set(element, merged(attributes.get(element), rule))
    for (const aspect of aspectsOf(rule)) {
      if (rule.severity === null) severities.delete(`${element} ${aspect}`)
      else severities.set(`${element} ${aspect}`, rule.severity)
    }
  }
  const assertions = layers.flatMap((layer) => layer.assertions)
  return { attributes: [...attributes.values()], assertions, severities }
}

function aspectsOf({ type, vr, vm, values, format, length }: AttributeRule): readonly RuleName[] {
  return [
    ...(type === null ? [] : (['required', 'forbidden'] as const)),
    ...(vr === null ? [] : (['type'] as const)),
    ...(vm === null ? [] : (['cardinality'] as const)),
    ...(values === null ? [] : (['table'] as const)),
    ...(format === null ? [] : (['format'] as const)),
    ...(length === null ? [] : (['length'] as const)),
  ]
}

/** What the later rule leaves open stays as it was; a type takes its condition along. */
function merged(under: AttributeRule | undefined, over: AttributeRule): AttributeRule {
  if (under === undefined) return over
  const typed = over.type === null ? under : over
  return {
    path: over.path,
    type: typed.type,
    when: typed.when,
    otherwise: typed.otherwise,
    vr: over.vr ?? under.vr,
    vm: over.vm ?? under.vm,
    values: over.values ?? under.values,
    format: over.format ?? under.format,
    length: over.length ?? under.length,
    severity: over.severity,
  }
}

function makeCheck(rules: Layered, command: string): DataSetCheck {
  const ajv = new Ajv2020({ allErrors: true, meta: false, validateSchema: false, strictTypes: false, addUsedSchema: false })
  addDicomKeywords(ajv)
  addFormats(
    ajv,
    rules.attributes.flatMap(({ format }) => format ?? []),
  )
  const isQuery = command === 'C-FIND-RQ' || command === 'C-MOVE-RQ' || command === 'C-GET-RQ'
  const schema = dataSetSchema(rules)
  const asked = namedBy(rules)
  return {
    glance: schema.dicomConditions === undefined ? new Glance(ajv, schema, asked) : null,
    validate: ajv.compile(schema),
    asked,
    forms: { isQuery },
    severities: rules.severities,
    named: new Set(rules.attributes.map(({ path }) => writeAttributePath(path))),
    assertions: new Map(rules.assertions.map((assertion) => [assertion.id, assertion])),
  }
}

interface Telling {
  readonly contract: Contract
  readonly side: Violation['side']
  readonly prefix: string
}

function violationsOf(check: DataSetCheck, set: Stretches, telling: Telling): readonly Violation[] {
  const findings = check.glance?.isSound(set) === true ? none : schemaFindings(check, pickNamed(check.asked, set))
  const breaches = formBreaches(set, check.forms)
  if (findings.length === 0 && breaches.length === 0) return none
  return withoutEchoes([...findings, ...breaches].map((finding) => violationOf(check, finding, telling)))
}

function schemaFindings({ validate }: DataSetCheck, named: JsonDataSet): readonly Finding[] {
  const errors = validate(named) ? [] : (validate.errors ?? [])
  return errors.flatMap((error) => (isFinding(error.params) ? error.params : (findingOf(error, named) ?? [])))
}

/** A length that the contract and the representation both limit is told once, as heavily as the heavier says. */
function withoutEchoes(violations: readonly Violation[]): readonly Violation[] {
  const told = new Map<string, Violation>()
  for (const one of violations) {
    const key = `${one.rule} ${one.path} ${one.rule === 'condition' ? one.message.en : ''}`
    const known = told.get(key)
    if (known === undefined || severityWeights[one.severity] > severityWeights[known.severity]) told.set(key, one)
  }
  return [...told.values()]
}

function violationOf(check: DataSetCheck, finding: Finding, { contract, side, prefix }: Telling): Violation {
  const { rule, steps, expected, shape } = finding
  const { path, element } = pathOf(steps)
  const assertion = rule === 'condition' ? check.assertions.get(expected) : undefined
  const own = assertion?.severity ?? check.severities.get(`${element} ${rule}`)
  const severity = own ?? formSeverity(check, element, rule) ?? contract.severities[rule]
  const spot = `${prefix}${path}`
  const message = assertion?.message ?? wordingOf(finding, spot)
  return { path: spot, element, rule, severity, message, shape, side }
}

/** A UID that is none breaks every archive. The form of other attributes that nobody has agreed on mostly breaks nobody. */
function formSeverity(check: DataSetCheck, element: string, rule: RuleName): ViolationSeverity | null {
  if (rule !== 'type' && rule !== 'length') return null
  if (rule === 'type' && /UID$/.test(element)) return 'warn'
  return check.named.has(element) ? null : 'observe'
}

/** The heaviest come first when not all can be told. */
function atMost(violations: readonly Violation[], side: Violation['side']): readonly Violation[] {
  if (violations.length <= violationsMax) return violations
  const sorted = violations.toSorted(heaviestFirst)
  const kept = sorted.slice(0, violationsMax - 1)
  const rest = violations.length - kept.length
  const severity = sorted[kept.length]?.severity ?? 'observe'
  const message = { zh: `另有 ${rest} 处违约`, en: `${rest} more violations` }
  return [...kept, { path: '', element: '', rule: 'more', severity, message, shape: null, side }]
}
