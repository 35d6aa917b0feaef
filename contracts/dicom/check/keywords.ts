import type { Ajv2020 } from 'ajv/dist/2020.js'
import type { DataValidateFunction } from 'ajv/dist/types/index.js'
import { isRecord } from '../../../gateway/model/json.ts'
import { valueShape } from '../../hl7v2/check/value-shape.ts'
import type { AttributePath } from '../attribute-path.ts'
import type { Assertion, AttributeRule, Condition } from '../contract.ts'
import { isEmpty, type JsonDataSet, textOf, valuesOf } from '../json-model.ts'
import { conditionTest, holdersOf } from './condition-test.ts'
import type { Finding, Step } from './finding.ts'

/** Value of `dicomConditions`: what holds only where something else does. */
export interface ConditionsPlan {
  readonly attributes: readonly (Pick<AttributeRule, 'path' | 'type' | 'otherwise'> & { readonly when: Condition })[]
  readonly assertions: readonly Assertion[]
}

/** Findings that are kept of one data set. */
const findingsMax = 200

/**
 * Teaches ajv what JSON Schema can't say well about a data set in DICOM JSON: `dicomFilled` (a value that is more than blanks and delimiters)
 * and `dicomConditions`. Errors carry a Finding as their parameters, and never a value.
 */
export function addDicomKeywords(ajv: Ajv2020): void {
  ajv.addKeyword({
    keyword: 'dicomFilled',
    type: 'object',
    schemaType: 'boolean',
    validate: (_: boolean, data: unknown) => !isEmpty(data),
  })
  ajv.addKeyword({
    keyword: 'dicomConditions',
    type: 'object',
    schemaType: 'object',
    errors: true,
    compile: (plan: ConditionsPlan) => reporting(conditionsCheck(plan)),
  })
}

type Check = (set: JsonDataSet) => readonly Finding[]

function reporting(check: Check): DataValidateFunction {
  const validate: DataValidateFunction = (set: unknown): boolean => {
    const findings = isRecord(set) ? check(set).slice(0, findingsMax) : []
    if (findings.length === 0) return true
    validate.errors = findings.map((finding) => ({ keyword: 'dicom', params: finding }))
    return false
  }
  return validate
}

function conditionsCheck({ attributes, assertions }: ConditionsPlan): Check {
  const perAttribute = attributes.map(({ path, type, otherwise, when }) => ({
    path,
    type,
    otherwise,
    holds: conditionTest(when, path),
  }))
  const perSet = assertions.map(({ id, when, require, at }) => {
    const holder = at ?? firstPath(require)
    return {
      id,
      holder,
      isAsked: when === null ? null : conditionTest(when, holder),
      holds: conditionTest(require, holder),
    }
  })
  return (root) => {
    const findings: Finding[] = []
    for (const { path, type, otherwise, holds } of perAttribute) {
      for (const { set, steps } of holdersOf(root, path)) {
        const tag = path.at(-1) ?? ''
        const here = [...steps, { tag, item: 0 }]
        const rule = holds(root, set) ? type : otherwise
        const attribute = set[tag]
        if (rule === '1C' && isEmpty(attribute)) findings.push(finding('required', here, 'when'))
        else if (rule === '2C' && attribute === undefined) findings.push(finding('required', here, 'present-when'))
        else if (rule === 'X' && !isEmpty(attribute))
          findings.push({ ...finding('forbidden', here, ''), shape: shapeOf(attribute) })
      }
    }
    for (const { id, holder, isAsked, holds } of perSet) {
      for (const { set, steps } of holdersOf(root, holder)) {
        if ((isAsked !== null && !isAsked(root, set)) || holds(root, set)) continue
        findings.push(finding('condition', [...steps, { tag: holder.at(-1) ?? '', item: 0 }], id))
      }
    }
    return findings
  }
}

function firstPath(condition: Condition): AttributePath {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of[0] === undefined ? [] : firstPath(condition.of[0])
    case 'not':
      return firstPath(condition.of)
    default:
      return condition.path
  }
}

function finding(rule: Finding['rule'], steps: readonly Step[], expected: string): Finding {
  return { rule, steps, expected, shape: null }
}

function shapeOf(attribute: unknown): string | null {
  const [first] = valuesOf(attribute)
  const text = textOf(first)
  return text === null ? null : valueShape(text)
}
