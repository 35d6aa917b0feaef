import type { Range, RuleName } from '../contract.ts'
import { writeRange } from '../language/range.ts'
import { formatTest, writeFormat } from '../language/value-format.ts'
import type { Finding } from './finding.ts'
import { type Delimiters, element, isEmpty, isNull } from './message-text.ts'
import type { ComponentPlan, FieldPlan, SegmentPlan, ValuePlan } from './segment-plan.ts'
import { valueShape } from './value-shape.ts'
import { type TypeTest, typeTest } from './value-type.ts'

/** Checks one segment's raw field texts; `index` is where it stands in the message. Adds to `findings`; most segments add nothing. */
export type SegmentCheck = (fields: readonly string[], index: number, delimiters: Delimiters, findings: Finding[]) => void

/** Prepares the check of a segment plan: tests are made once, so that a healthy segment costs little more than reading it. */
export function segmentCheck(plan: SegmentPlan): SegmentCheck {
  const { version } = plan
  const fields = plan.fields.map((field) => fieldCheck(field, version))
  const { required, forbidden, valueByType } = plan
  const valueTests = new Map<string, TypeTest | null>()
  return (texts, index, delimiters, findings) => {
    const report: Report = (rule, field, place, expected, text) => {
      const shape = text === null ? null : valueShape(text)
      findings.push({ rule, index, segment: plan.segment, field, ...place, expected, shape })
    }
    for (const number of required) if (isEmpty(texts[number], delimiters)) report('required', number, whole, '', '')
    for (const number of forbidden) {
      const text = texts[number]
      if (text !== undefined && !isEmpty(text, delimiters)) report('forbidden', number, whole, '', text)
    }
    for (const check of fields) {
      const text = texts[check.number]
      if (text !== undefined && text !== '') check.run(text, delimiters, report)
    }
    if (valueByType !== null) {
      const type = texts[valueByType.typeField] ?? ''
      const text = texts[valueByType.valueField] ?? ''
      if (type === '' || text === '') return
      const test = testByName(valueTests, type, version)
      if (test !== null) checkRepetitions(text, valueByType.valueField, delimiters, typeCheck(test, report))
    }
  }
}

interface Place {
  readonly repetition: number
  readonly component: number
  readonly subcomponent: number
}

type Report = (rule: RuleName, field: number, place: Place, expected: string, text: string | null) => void

const whole: Place = { repetition: 0, component: 0, subcomponent: 0 }

/** Only types that exist are kept, so that what a message writes as OBX-2 can't make this grow. */
function testByName(tests: Map<string, TypeTest | null>, type: string, version: string): TypeTest | null {
  const known = tests.get(type)
  if (known !== undefined) return known
  if (!/^[A-Z]{2,3}$/u.test(type)) return null
  const test = typeTest(version, type)
  if (test !== null) tests.set(type, test)
  return test
}

interface FieldCheck {
  readonly number: number
  readonly run: (text: string, delimiters: Delimiters, report: Report) => void
}

type RepetitionCheck = (text: string, field: number, repetition: number, delimiters: Delimiters) => void

function fieldCheck(plan: FieldPlan, version: string): FieldCheck {
  const value = valueCheck(plan, version)
  const components = plan.components.map((component) => componentCheck(component, version))
  const { repeats, number } = plan
  return {
    number,
    run(text, delimiters, report) {
      if (repeats !== null) checkCount(text, repeats, number, delimiters, report)
      checkRepetitions(text, number, delimiters, (part, field, repetition, marks) => {
        if (isEmpty(part, marks) || isNull(part)) return
        value?.(part, marks, (rule, place, expected, shown) => report(rule, field, { repetition, ...place }, expected, shown))
        for (const check of components) {
          check(part, marks, (rule, place, expected, shown) => report(rule, field, { repetition, ...place }, expected, shown))
        }
      })
    },
  }
}

function checkCount(text: string, repeats: Range, field: number, delimiters: Delimiters, report: Report): void {
  let count = 1
  for (let at = text.indexOf(delimiters.repetition); at >= 0; at = text.indexOf(delimiters.repetition, at + 1)) count += 1
  if (count >= repeats.min && (repeats.max === null || count <= repeats.max)) return
  if (isEmpty(text, delimiters)) return
  report('cardinality', field, whole, writeRange(repeats), null)
}

/** Repetitions are numbered only where there are several. */
function checkRepetitions(text: string, field: number, delimiters: Delimiters, check: RepetitionCheck): void {
  if (!text.includes(delimiters.repetition)) {
    check(text, field, 0, delimiters)
    return
  }
  let repetition = 0
  for (const part of text.split(delimiters.repetition)) {
    repetition += 1
    check(part, field, repetition, delimiters)
  }
}

function typeCheck(test: TypeTest, report: Report): RepetitionCheck {
  return (text, field, repetition, delimiters) => {
    if (isEmpty(text, delimiters) || isNull(text)) return
    const breach = test(text, delimiters)
    if (breach === null) return
    const { component, subcomponent } = breach
    report('type', field, { repetition, component, subcomponent }, breach.type, breach.text)
  }
}

interface Spot {
  readonly component: number
  readonly subcomponent: number
}

type ValueReport = (rule: RuleName, spot: Spot, expected: string, text: string | null) => void
type ValueCheck = (text: string, delimiters: Delimiters, report: ValueReport) => void

const noSpot: Spot = { component: 0, subcomponent: 0 }

/** The tests of one value, or null when there are none. */
function valueCheck(plan: ValuePlan, version: string): ValueCheck | null {
  const { length, format } = plan
  const test = plan.type === null ? null : typeTest(version, plan.type)
  const values = plan.values === null ? null : new Set(plan.values)
  const fits = format === null ? null : formatTest(format)
  if (test === null && values === null && fits === null && length === null) return null
  return (text, delimiters, report) => {
    const breach = test === null ? null : test(text, delimiters)
    if (breach !== null) report('type', breach, breach.type, breach.text)
    if (length !== null && !within(text.length, length)) report('length', noSpot, writeRange(length), text)
    if (values === null && fits === null) return
    // A coded field's code is its first component; what follows is its name and its table.
    const code = element(text, 1, 0, delimiters).trim()
    if (values !== null && !values.has(code)) report('table', noSpot, plan.table ?? '', code)
    if (format !== null && fits !== null && !fits(code)) report('format', noSpot, writeFormat(format), code)
  }
}

function within(length: number, range: Range): boolean {
  return length >= range.min && (range.max === null || length <= range.max)
}

function componentCheck(plan: ComponentPlan, version: string): ValueCheck {
  const value = valueCheck(plan, version)
  const spot: Spot = { component: plan.component, subcomponent: plan.subcomponent }
  return (repetition, delimiters, report) => {
    const text = element(repetition, plan.component, plan.subcomponent, delimiters)
    if (isEmpty(text, delimiters)) {
      if (plan.isRequired) report('required', spot, '', '')
      return
    }
    if (plan.isForbidden) report('forbidden', spot, '', text)
    if (value === null || isNull(text)) return
    // A component's own components are divided by the subcomponent delimiter.
    const inner: Delimiters = { ...delimiters, component: delimiters.subcomponent }
    value(text, inner, (rule, deeper, expected, shown) => {
      const subcomponent = deeper.component === 0 ? spot.subcomponent : deeper.component
      report(rule, { component: spot.component, subcomponent }, expected, shown)
    })
  }
}
