import { writeRange } from '../../language/range.ts'
import type { Finding } from './finding.ts'
import { type Delimiters, element, isEmpty, isNull } from './message-text.ts'
import type { ComponentPlan, FieldPlan, SegmentPlan } from './segment-plan.ts'
import { breach, type ValueBreach, type ValueTest, valueTest } from './value-check.ts'
import { valueShape } from './value-shape.ts'
import { typeTest } from './value-type.ts'

/** Checks one segment's raw field texts; `index` is where it stands in the message. Adds to `findings`; most segments add nothing. */
export type SegmentCheck = (fields: readonly string[], index: number, delimiters: Delimiters, findings: Finding[]) => void

/**
 * Prepares the check of a segment plan. Tests are made once and return null for what is sound, so that a healthy segment makes no
 * garbage: this is the hottest code of the analysis.
 */
export function segmentCheck(plan: SegmentPlan): SegmentCheck {
  const { segment, version, required, forbidden, valueByType } = plan
  // By field number, so that only what a segment holds is looked at: most fields of most segments are empty.
  const tests: (ValueTest | null)[] = []
  for (const field of plan.fields) {
    while (tests.length < field.number) tests.push(null)
    tests[field.number] = fieldTest(field, version)
  }
  const sound = new SoundTexts()
  const valueTests = new Map<string, ValueTest | null>()
  const tell = (found: ValueBreach, field: number, index: number, findings: Finding[]) => {
    const { rule, repetition, component, subcomponent, expected, text } = found
    const shape = text === null ? null : valueShape(text)
    findings.push({ rule, index, segment, field, repetition, component, subcomponent, expected, shape })
  }
  return (texts, index, delimiters, findings) => {
    for (const field of required) {
      if (field >= texts.length || isEmpty(texts[field], delimiters))
        tell(breach('required', 0, 0, '', ''), field, index, findings)
    }
    for (const field of forbidden) {
      if (field >= texts.length) continue
      const text = texts[field] ?? ''
      if (!isEmpty(text, delimiters)) tell(breach('forbidden', 0, 0, '', text), field, index, findings)
    }
    sound.hold(delimiters)
    const end = Math.min(texts.length, tests.length)
    for (let number = 1; number < end; number += 1) {
      const text = texts[number] ?? ''
      if (text === '') continue
      const test = tests[number] ?? null
      if (test === null || sound.has(number, text)) continue
      const found = test(text, delimiters)
      if (found === null) sound.add(number, text)
      else for (const one of found) tell(one, number, index, findings)
    }
    if (valueByType === null) return
    const text = texts[valueByType.valueField] ?? ''
    if (text === '') return
    const type = testByName(valueTests, texts[valueByType.typeField] ?? '', version)
    const found = type === null ? null : eachRepetition(text, delimiters, type)
    if (found !== null) for (const one of found) tell(one, valueByType.valueField, index, findings)
  }
}

type Breaches = readonly ValueBreach[] | null

/** Only types that exist are kept, so that what a message writes as OBX-2 can't make this grow. */
function testByName(tests: Map<string, ValueTest | null>, type: string, version: string): ValueTest | null {
  const known = tests.get(type)
  if (known !== undefined) return known
  if (!/^[A-Z]{2,3}$/u.test(type)) return null
  const test = typeBreaches(version, type)
  if (test !== null || tests.size < knownTypesMax) tests.set(type, test)
  return test
}

const knownTypesMax = 200

function typeBreaches(version: string, type: string): ValueTest | null {
  const test = typeTest(version, type)
  if (test === null) return null
  return (text, delimiters) => {
    if (isEmpty(text, delimiters) || isNull(text)) return null
    const found = test(text, delimiters)
    return found === null ? null : [breach('type', found.component, found.subcomponent, found.type, found.text)]
  }
}

function fieldTest(plan: FieldPlan, version: string): ValueTest {
  const value = valueTest(plan, version)
  const components = plan.components.map((component) => componentTest(component, version))
  const { repeats } = plan
  const inOne = (text: string, delimiters: Delimiters): Breaches => {
    if (isEmpty(text, delimiters) || isNull(text)) return null
    let found = value === null ? null : value(text, delimiters)
    for (const component of components) {
      const inside = component(text, delimiters)
      if (inside !== null) found = found === null ? inside : [...found, ...inside]
    }
    return found
  }
  return (text, delimiters) => {
    // Nearly every field stands once: that way must cost one search.
    if (!text.includes(delimiters.repetition)) {
      const found = inOne(text, delimiters)
      return repeats === null || repeats.min <= 1 || isEmpty(text, delimiters) ? found : [...(found ?? []), count(repeats)]
    }
    const times = text.split(delimiters.repetition).length
    const found = eachRepetition(text, delimiters, inOne)
    const isAgreed = repeats === null || (times >= repeats.min && (repeats.max === null || times <= repeats.max))
    return isAgreed || isEmpty(text, delimiters) ? found : [...(found ?? []), count(repeats)]
  }
}

/** V8 copies texts below this length; a longer one would keep the whole message in memory that it was cut from. */
const rememberedMax = 12

/**
 * The last sound text of each field: the lines of one message mostly repeat their codes, units and flags, and the same text need not
 * be tested again.
 */
class SoundTexts {
  readonly #texts: string[] = []
  #delimiters: Delimiters | null = null

  /** Forgets what was read with other delimiters. */
  hold(delimiters: Delimiters): void {
    if (delimiters === this.#delimiters) return
    this.#texts.length = 0
    this.#delimiters = delimiters
  }

  has(field: number, text: string): boolean {
    return field < this.#texts.length && this.#texts[field] === text
  }

  add(field: number, text: string): void {
    if (text.length > rememberedMax) return
    while (this.#texts.length < field) this.#texts.push('')
    this.#texts[field] = text
  }
}

function count(repeats: NonNullable<FieldPlan['repeats']>): ValueBreach {
  return breach('cardinality', 0, 0, writeRange(repeats), null)
}

/** Repetitions are numbered only where there are several. */
function eachRepetition(text: string, delimiters: Delimiters, test: ValueTest): Breaches {
  if (!text.includes(delimiters.repetition)) return test(text, delimiters)
  const found = text
    .split(delimiters.repetition)
    .flatMap((part, i) => (test(part, delimiters) ?? []).map((one) => ({ ...one, repetition: i + 1 })))
  return found.length === 0 ? null : found
}

function componentTest(plan: ComponentPlan, version: string): ValueTest {
  const value = valueTest(plan, version)
  const { component, subcomponent, isRequired, isForbidden } = plan
  return (repetition, delimiters) => {
    const text = element(repetition, component, subcomponent, delimiters)
    if (isEmpty(text, delimiters)) return isRequired ? [breach('required', component, subcomponent, '', '')] : null
    if (isForbidden) return [breach('forbidden', component, subcomponent, '', text)]
    if (value === null || isNull(text)) return null
    // A component's own components are divided by the subcomponent delimiter.
    const { repetition: between, subcomponent: below } = delimiters
    const found = value(text, { component: below, repetition: between, subcomponent: below })
    if (found === null) return null
    return found.map((one) => ({ ...one, component, subcomponent: one.component === 0 ? subcomponent : one.component }))
  }
}
