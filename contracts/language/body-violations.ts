import type { CharsetFacts, Defect, Document, Facts } from '../../gateway/model/document.ts'
import type { Text } from '../../gateway/model/text.ts'
import { heaviestFirst, type Violation, type ViolationSeverity } from '../../gateway/model/violation.ts'
import type { BodyRuleName, BodySeverities } from './body-rules.ts'
import { bodyWording } from './body-wording.ts'
import type { Breach } from './breach.ts'

type Side = Violation['side']

/** Violations that one message can have; the last of a longer list counts the rest. */
export const bodyViolationsMax = 50

export interface ViolationOptions {
  readonly severities: BodySeverities
  readonly side: Side
  /** How a place is written: `items[2].dose` or `items/item[3]/dose`. */
  readonly pathOf: (steps: Breach['steps']) => string
}

/** A schema's breaches as violations. */
export function violationsOf(
  breaches: readonly Breach[],
  { severities, side, pathOf }: ViolationOptions,
): readonly Violation[] {
  return breaches.map((breach) => {
    const path = pathOf(breach.steps)
    const severity = breach.severity ?? severities[breach.rule]
    return violation({ rule: breach.rule, path, severity, message: bodyWording(breach, path), shape: breach.shape, side })
  })
}

export interface WholeBody {
  readonly document: Document
  readonly severities: BodySeverities
  readonly side: Side
  /** Character sets agreed, as `utf-8`; empty: any that is labelled truly. */
  readonly charsets: readonly string[]
  /** An answer whose status says already that it failed: a proxy's own page may stand in for the body. */
  readonly isFailure: boolean
}

/** What is wrong with a body as a whole: its character set, and the defects that reading found. */
export function wholeBodyViolations({ document, severities, side, charsets, isFailure }: WholeBody): readonly Violation[] {
  const facts = document.facts()
  const found: Violation[] = []
  const charset = charsetProblem(facts.charset, charsets)
  if (charset !== null) {
    const severity = charset.isLight ? 'observe' : severities.charset
    found.push(violation({ rule: 'charset', path: '', severity, message: charset.text, shape: null, side }))
  }
  for (const defect of facts.defects) {
    const isCharset = defect.code.includes('CHARSET')
    if (isCharset && charset !== null && !charset.isLight) continue
    const rule: BodyRuleName = isCharset ? 'charset' : 'structure'
    const severity = isFailure ? 'observe' : defectSeverity(defect, severities[rule])
    found.push(violation({ rule, path: defect.path ?? '', severity, message: defectText(defect), shape: null, side }))
  }
  return found
}

/** One violation; an empty path is the body as a whole. */
export function violation(parts: Omit<Violation, 'element'>): Violation {
  const path = parts.path === '' ? 'body' : parts.path
  return { ...parts, path, element: path.replaceAll(/\[\d+\]/gu, '') }
}

/** The heaviest come first when not all can be told. */
export function atMost(violations: readonly Violation[], side: Side): readonly Violation[] {
  if (violations.length <= bodyViolationsMax) return violations
  const sorted = violations.toSorted(heaviestFirst)
  const kept = sorted.slice(0, bodyViolationsMax - 1)
  const rest = violations.length - kept.length
  const severity = sorted[kept.length]?.severity ?? 'observe'
  const message = { zh: `另有 ${rest} 处违约`, en: `${rest} more violations` }
  return [...kept, violation({ path: '', rule: 'more', severity, message, shape: null, side })]
}

/** No receiver can be sure of what it reads, whatever a contract says. */
const heavy = /_(?:INVALID|TRUNCATED|NOT_WELL_FORMED|NOT_XML|DTD|CODING_BROKEN|CODING_CUT|NO_BODY)$/
/** Odd, but readable by every receiver that is written with care; or nobody's fault. */
const light = /_(?:BYTE_ORDER_MARK|OPAQUE|LABELS_DIFFER|TOO_LARGE|TOO_DEEP|TOO_MANY_ROWS|UNSAFE_NUMBER)$/

function defectSeverity(defect: Defect, own: ViolationSeverity): ViolationSeverity {
  return heavy.test(defect.code) ? 'ticket' : light.test(defect.code) ? 'observe' : own
}

/** The defect's own words are free of values; its code is what a search finds. */
function defectText(defect: Defect): Text {
  return { zh: `报文本身有缺陷:${defect.code}`, en: `${defect.text} (${defect.code})` }
}

function charsetProblem(
  charset: CharsetFacts,
  agreed: readonly string[],
): { readonly text: Text; readonly isLight: boolean } | null {
  const { detected, verdict, nonAsciiCount } = charset
  if (verdict === 'contradicts') {
    const zh = `声明(或标准规定)的字符集与实际字节不符(实际为 ${detected})`
    return {
      text: { zh, en: `the bytes are in ${detected}, which is not what is declared, or what the standard has` },
      isLight: false,
    }
  }
  if (agreed.length > 0 && detected !== 'ascii' && !agreed.includes(detected)) {
    const text = {
      zh: `字符集不在约定之内(实际为 ${detected})`,
      en: `the character set is not an agreed one (it is ${detected})`,
    }
    return { text, isLight: nonAsciiCount === 0 }
  }
  if (verdict !== 'odd-label') return null
  return {
    text: { zh: '声明的字符集名称不在标准内', en: 'the declared character set is not one that the standard has' },
    isLight: true,
  }
}

/** Whether the wire says already that an answer failed: an HTTP status of 400 or above. */
export function isFailedStatus(facts: Facts, status: string | null): boolean {
  return (status !== null && /^[45]\d\d$/.test(status)) || facts.ack?.verdict === 'no'
}
