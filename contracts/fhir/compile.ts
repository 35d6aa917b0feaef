import type { Document } from '../../gateway/model/document.ts'
import { type CompiledContract, heaviestFirst, type Violation, type ViolationSeverity } from '../../gateway/model/violation.ts'
import type { Finding, RuleName } from './check/finding.ts'
import { checkResource } from './check/resource.ts'
import { pathOf, type Walk } from './check/walk.ts'
import { type Contract, defaultSeverities, standardSeverities } from './contract.ts'
import { checkInteraction } from './interaction-check.ts'
import { type MessageShape, readShape } from './message-shape.ts'
import { type ResourceBreach, type ResourceCheck, resourceCheck } from './resource-check.ts'
import { wordingOf } from './wording.ts'

/** Violations that one message can have; the last of a longer list counts the rest. */
export const violationsMax = 50

/** Makes a contract ready to check messages. `check` never throws for bad input and never repeats a value. */
export function compileContract(contract: Contract): CompiledContract {
  const own = { ...defaultSeverities, ...contract.severities }
  const base = { ...standardSeverities, ...contract.severities }
  const resources = new Map(
    [...contract.resources].map(([type, rules]) => [type, { side: rules.side, check: resourceCheck(rules) }]),
  )
  return {
    id: contract.id,
    version: contract.version,
    check(document, side) {
      const shape = readShape(document.shape())
      if (shape === null) return none
      const told: Told = { violations: [], uncounted: 0, side, own, base }
      checkWhole(told, contract, document, shape)
      if (side === 'request') {
        for (const { rule, path, expected, severity } of checkInteraction(contract, shape)) {
          tell(told, {
            rule,
            path,
            element: path.replaceAll(/\[\d+\]/g, ''),
            expected,
            shape: null,
            severity: severity ?? own[rule],
          })
        }
      }
      if (shape.resource !== undefined && !isPatch(shape) && !isForeignError(shape)) checkBody(told, contract, shape, resources)
      return atMost(told)
    },
  }
}

interface Told {
  readonly violations: Violation[]
  uncounted: number
  readonly side: Violation['side']
  readonly own: { readonly [rule in RuleName]: ViolationSeverity }
  readonly base: { readonly [rule in RuleName]: ViolationSeverity }
}

/** A JSON Patch is no resource (FHIR R4 3.1.0.6.1). */
function isPatch({ asked, resource }: MessageShape): boolean {
  return asked?.kind === 'patch' && Array.isArray(resource)
}

/** A refusal by what stands before the FHIR server (a gateway's 429 or 401) need not speak FHIR: only an OperationOutcome is held to it. */
function isForeignError({ status, resource }: MessageShape): boolean {
  const isResource = typeof resource === 'object' && resource !== null && 'resourceType' in resource
  return status !== null && status >= 400 && !isResource
}

/** Charset, version, and whether there is a body that can be read at all. */
function checkWhole(told: Told, contract: Contract, document: Document, { kind, resource, status, asked }: MessageShape): void {
  const { charset, version, defects } = document.facts()
  const whole = (rule: RuleName, expected: string, shape: string | null = null) =>
    tell(told, { rule, path: 'body', element: 'body', expected, shape, severity: told.base[rule] })
  if (kind === 'json' && charset.verdict === 'contradicts') whole('charset', 'UTF-8', charset.detected)
  if (contract.versions.length > 0 && version !== null && !contract.versions.includes(version))
    whole('version', contract.versions.join(', '))
  if (kind === 'json' && resource === undefined) {
    whole('structure', defects.some(({ code }) => code === 'FHIR_TOO_DEEP') ? 'depth' : 'json')
  }
  const mayBeAnything = asked?.type === 'Binary' || (status !== null && status >= 400)
  if (kind === 'other' && !mayBeAnything) whole('structure', 'fhir')
  for (const { code, path } of defects) {
    if (code !== 'FHIR_DUPLICATE_NAME') continue
    const at = path ?? 'body'
    tell(told, {
      rule: 'structure',
      path: at,
      element: at.replaceAll(/\[\d+\]/g, ''),
      expected: 'duplicate',
      shape: null,
      severity: told.base.structure,
    })
  }
}

/** A resource with more values, a Bundle of some thousand entries, is held to R4 alone: a contract's FHIRPath may take its time. Its entries are held to the contract all the same. */
const checkedSizeMax = 50_000

type Resources = ReadonlyMap<string, { readonly side: 'request' | 'answer' | 'both'; readonly check: ResourceCheck }>

/** R4 itself, and at each resource what the contract says of its type: one walk. */
function checkBody(told: Told, contract: Contract, { resource, fractions }: MessageShape, resources: Resources): void {
  const after = (walk: Walk, size: number): void => {
    const rules = resources.get(walk.resourceType)
    if (size > checkedSizeMax) return
    if (rules === undefined || (rules.side !== 'both' && rules.side !== told.side)) return
    for (const breach of rules.check(walk.resource, walk.container.resource)) tellBreach(told, walk, breach)
  }
  const { findings, uncounted } = checkResource(resource, { fractions, after })
  if (contract.base === 'ignore') return
  told.uncounted += uncounted
  for (const finding of findings) tellFinding(told, finding)
}

function tellFinding(told: Told, { rule, path, element, expected, shape, level }: Finding): void {
  tell(told, { rule, path, element, expected, shape, severity: level === 'warning' ? 'observe' : told.base[rule] })
}

function tellBreach(told: Told, walk: Walk, { rule, path: below, expected, shape, severity, message }: ResourceBreach): void {
  const path = below === '' ? pathOf(walk) : `${pathOf(walk)}.${below}`
  const element = `${walk.resourceType}${below === '' ? '' : '.'}${below.replaceAll(/\[\d+\]/g, '')}`
  const { violations, side } = told
  if (message === null) tell(told, { rule, path, element, expected, shape, severity: severity ?? told.own[rule] })
  else violations.push({ path, element, rule, severity: severity ?? told.own[rule], message, shape, side })
}

type ToTell = Omit<Finding, 'level'> & { readonly severity: ViolationSeverity }

function tell({ violations, side }: Told, { rule, path, element, expected, shape, severity }: ToTell): void {
  violations.push({ path, element, rule, severity, message: wordingOf({ rule, path, expected }), shape, side })
}

const none: readonly Violation[] = []

/** The heaviest come first when not all can be told. */
function atMost({ violations, uncounted, side }: Told): readonly Violation[] {
  if (violations.length === 0 && uncounted === 0) return none
  if (violations.length <= violationsMax && uncounted === 0) return violations
  const sorted = violations.toSorted(heaviestFirst)
  const kept = sorted.slice(0, violationsMax - 1)
  const rest = violations.length - kept.length + uncounted
  const severity = sorted[kept.length]?.severity ?? 'observe'
  const message = wordingOf({ rule: 'more', path: 'body', expected: String(rest) })
  return [...kept, { path: 'body', element: 'body', rule: 'more', severity, message, shape: null, side }]
}
