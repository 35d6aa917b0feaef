import { dataTypeSpec } from '../../../gateway/model/hl7v2/spec.ts'
import { digitsEnd, isDate, isStamp, isTime } from '../language/stamp.ts'
import { type Delimiters, isEmpty, isNull, part } from './message-text.ts'

/** Where inside one repetition a data type is broken; 0 is the whole. `type` is the data type that doesn't fit. */
export interface TypeBreach {
  readonly component: number
  readonly subcomponent: number
  readonly type: string
  readonly text: string
}

/** A test of one repetition's raw text. Null: it fits. */
export type TypeTest = (text: string, delimiters: Delimiters) => TypeBreach | null

/**
 * The test for a data type as that version has it, or null for a type that any text fits. Primitive types are tested by their
 * form (HL7 2.5.1 section 2.A), composite types by their components and by what they can't be without.
 */
export function typeTest(version: string | null, type: string): TypeTest | null {
  const leaf = leafOf(type)
  if (leaf !== null) return leafTest(type, leaf, (delimiters) => delimiters.component)
  const inside = componentTests(version, type)
  const needs = needed[type] ?? null
  if (inside.length === 0 && needs === null) return null
  const needsFirst = needs?.includes(1) ?? false
  return (text, delimiters) => {
    if (
      needs !== null &&
      !(needsFirst && startsWithText(text)) &&
      !needs.some((n) => !isEmpty(part(text, delimiters.component, n), delimiters))
    )
      return breach(0, 0, type, text)
    return breachInside(text, inside, delimiters)
  }
}

/** Whether HL7 has such a data type in any of the versions that are given (any when none is). */
export function isDataType(versions: readonly string[], type: string): boolean {
  const asked = versions.length === 0 ? ['2.3.1', '2.4', '2.5.1', '2.6'] : versions
  return leafOf(type) !== null || asked.some((version) => dataTypeSpec(version, type) !== null)
}

/** `-12.5`; no blanks inside, no thousands, no comparison: HL7 2.5.1 section 2.A.47. */
export function isNumber(text: string): boolean {
  let digits = 0
  let dots = 0
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code >= 48 && code <= 57) digits += 1
    else if (code === 46) dots += 1
    else if (i > 0 || (code !== 43 && code !== 45)) return false
  }
  return digits > 0 && dots <= 1
}

const leaves: { readonly [type: string]: (text: string) => boolean } = {
  NM: isNumber,
  SI: (text) => text.length <= 9 && text !== '' && digitsEnd(text, 0) === text.length,
  DT: isDate,
  TM: isTime,
  DTM: isStamp,
  TS: isStamp,
}

/** Of these components at least one must be valued, or the value says nothing. */
const needed: { readonly [type: string]: readonly number[] } = {
  CX: [1],
  EI: [1, 2, 3],
  CE: [1, 2, 4, 5],
  CWE: [1, 2, 4, 5, 9],
  CNE: [1, 2, 4, 5, 9],
  XPN: [1, 2, 3],
  SN: [2],
}

/** A letter, a digit or a character beyond ASCII: the first component is there. */
function startsWithText(text: string): boolean {
  const first = text.charCodeAt(0)
  return (first > 47 && first < 58) || (first > 64 && first < 91) || (first > 96 && first < 123) || first > 127
}

function leafOf(type: string): ((text: string) => boolean) | null {
  return Object.hasOwn(leaves, type) ? (leaves[type] ?? null) : null
}

function leafTest(type: string, fits: (text: string) => boolean, divider: (delimiters: Delimiters) => string): TypeTest {
  // Blanks around a value are allowed and rare: trimming it first would be most of the test.
  const isFit = (text: string) => fits(text) || fits(text.trim())
  if (type !== 'TS') return (text) => (isFit(text) ? null : breach(0, 0, type, text))
  // TS carries its precision as a second component up to 2.5; the stamp itself is the first.
  return (text, delimiters) => (isFit(part(text, divider(delimiters), 1)) ? null : breach(0, 0, type, text))
}

interface ComponentTest {
  readonly number: number
  readonly test: TypeTest
}

function componentTests(version: string | null, type: string): readonly ComponentTest[] {
  const components = dataTypeSpec(version, type)?.components ?? []
  return components.flatMap((component) => {
    // A type inside itself, as the tables have in places, ends here.
    const test = component.dataType === type ? null : innerTest(version, component.dataType)
    return test === null ? [] : [{ number: component.number, test }]
  })
}

/** Components of a component are one level deeper: only their forms are tested. */
function innerTest(version: string | null, type: string): TypeTest | null {
  const leaf = leafOf(type)
  if (leaf !== null) return leafTest(type, leaf, (delimiters) => delimiters.subcomponent)
  const parts = (dataTypeSpec(version, type)?.components ?? []).flatMap((component) => {
    const inner = leafOf(component.dataType)
    return inner === null ? [] : [{ number: component.number, type: component.dataType, fits: inner }]
  })
  if (parts.length === 0) return null
  return (text, delimiters) => {
    if (!text.includes(delimiters.subcomponent) && parts[0]?.number !== 1) return null
    for (const { number, type: name, fits } of parts) {
      const value = part(text, delimiters.subcomponent, number)
      if (value !== '' && !isNull(value) && !fits(value.trim())) return breach(0, number, name, value)
    }
    return null
  }
}

function breachInside(text: string, tests: readonly ComponentTest[], delimiters: Delimiters): TypeBreach | null {
  let from = 0
  let at = 1
  for (const { number, test } of tests) {
    for (; at < number; at += 1) {
      const next = text.indexOf(delimiters.component, from)
      if (next < 0) return null
      from = next + 1
    }
    const end = text.indexOf(delimiters.component, from)
    const value = end < 0 ? text.slice(from) : text.slice(from, end)
    if (value === '' || isNull(value) || isBlank(value)) continue
    const inner = test(value, delimiters)
    if (inner !== null) return breach(number, inner.subcomponent, inner.type, inner.text)
  }
  return null
}

function isBlank(text: string): boolean {
  return text.charCodeAt(0) <= 32 && text.trim() === ''
}

function breach(component: number, subcomponent: number, type: string, text: string): TypeBreach {
  return { component, subcomponent, type, text }
}
