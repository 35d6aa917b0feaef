import type { RankedCause } from '../model/incident.ts'
import { type Calibration, fitted } from './calibration.ts'
import { type Cause, contribution, evidenceLines, type Line, say, type Weighing } from './cause.ts'
import type { Evidence } from './evidence/evidence.ts'
import { excludedFirst } from './exclusion.ts'

/** Below this the answer is `unknown`, and says what was seen. */
export const namedConfidenceMin = 0.5
/** A second cause stands beside the first when what the first doesn't explain makes it this likely. */
const residualConfidenceMin = 0.6
const groupCap = 4.6
/** A group counts its heaviest line in full and the rest by this share, as they measure the same thing. */
const groupRest = 0.3
const causesMax = 5
const linesMax = 10
/** A line that weighs at least this much explains its observation. */
const explainsMin = 1.1

interface Scored {
  readonly cause: Cause
  readonly weighing: Weighing
  readonly score: number
}

/**
 * Ranks the causes of one incident: weight of evidence by correlation groups, a softmax against `unknown`, and causes that
 * stand beside the leading one because they explain what it doesn't (algorithms.md 4.2). Best first, at most 5.
 */
export function explain(causes: readonly Cause[], evidence: Evidence, how: Calibration = fitted): readonly RankedCause[] {
  const all = causes
    .filter((cause) => cause.kinds.some((kind) => evidence.kinds.includes(kind)) || evidence.kinds.includes('other'))
    .map((cause) => scored(cause, excludedFirst(cause, cause.weigh(evidence), evidence)))
    .filter(({ weighing }) => weighing.isOpen)
    .sort((a, b) => b.score - a.score || (a.cause.id < b.cause.id ? -1 : 1))
  const beside = all.slice(1).filter((other) => standsBeside(all[0], other, how))
  const rivals = all.filter((s) => !beside.includes(s))
  const ranked = rivals
    .map((s) => ranking(s, share(s.score, rivals, how)))
    .concat(beside.map((s) => ranking(s, share(s.score, [s], how))))
    // One that stands beside has no rivals, and is as likely as not the surer; what leads is what explains most.
    .sort((a, b) => Number(b.id === all[0]?.cause.id) - Number(a.id === all[0]?.cause.id) || b.confidence - a.confidence)
    .slice(0, causesMax)
    .filter((cause) => cause.confidence >= 0.01)
  const best = ranked[0]
  if (best !== undefined && best.confidence >= namedConfidenceMin) return ranked
  return [unknownCause(best ?? null, evidence), ...ranked]
}

/** Sum over groups of a weighing's lines, each group capped. */
export function weightOf(lines: readonly Line[]): number {
  const groups = new Map<string, { plus: number[]; minus: number[] }>()
  for (const line of lines) {
    const weight = contribution(line)
    const group = groups.get(line.group) ?? { plus: [], minus: [] }
    groups.set(line.group, group)
    if (weight > 0) group.plus.push(weight)
    if (weight < 0) group.minus.push(-weight)
  }
  let sum = 0
  for (const { plus, minus } of groups.values()) {
    sum += Math.min(groupCap, Math.max(-groupCap, condensed(plus) - condensed(minus)))
  }
  return sum
}

function condensed(weights: readonly number[]): number {
  const heaviest = Math.max(0, ...weights)
  return heaviest + groupRest * (weights.reduce((a, b) => a + b, 0) - heaviest)
}

function scored(cause: Cause, weighing: Weighing): Scored {
  return { cause, weighing, score: cause.prior + weightOf(weighing.lines) }
}

/** Explaining away: the other cause is weighed again without what the leading one explains. */
function standsBeside(lead: Scored | undefined, other: Scored, how: Calibration): boolean {
  if (lead === undefined || lead.weighing.explainsAll === true) return false
  const explained = new Set([...strongLines(lead.weighing).map((line) => line.key), ...(lead.cause.explains ?? [])])
  const own = strongLines(other.weighing).filter((line) => !explained.has(line.key))
  if (own.length === 0) return false
  const rest = other.weighing.lines.filter((line) => !explained.has(line.key))
  const score = other.cause.prior + weightOf(rest)
  const isIndependent = new Set(own.map((line) => line.group)).size >= 2 || own.some((l) => contribution(l) >= groupCap)
  return isIndependent && share(score, [{ score }], how) >= residualConfidenceMin
}

function strongLines(weighing: Weighing): readonly Line[] {
  return weighing.lines.filter((line) => contribution(line) >= explainsMin)
}

function share(
  score: number,
  rivals: readonly { readonly score: number }[],
  { temperature, unknownScore }: Calibration,
): number {
  const all = [unknownScore, ...rivals.map((r) => r.score)].map((s) => Math.exp(s / temperature))
  return Math.exp(score / temperature) / all.reduce((a, b) => a + b, 0)
}

function ranking({ cause, weighing }: Scored, confidence: number): RankedCause {
  return {
    id: cause.id,
    confidence: Math.round(confidence * 1000) / 1000,
    evidence: evidenceLines(weighing.lines, linesMax),
    locus: weighing.locus,
  }
}

/** Says what was seen and doesn't guess. Its confidence is that of the best guess being wrong. */
function unknownCause(best: RankedCause | null, evidence: Evidence): RankedCause {
  const { since } = evidence
  const seen = since.count('exchanges')
  const outcomes = ['answered', 'failed', 'unanswered', 'orphan'].map((o) => since.count(o))
  const [answered = 0, failed = 0, unanswered = 0, orphan = 0] = outcomes
  const counts = say(
    `故障开始后共 ${seen} 次交互:应答 ${answered}、拒绝 ${failed}、无应答 ${unanswered}、孤立应答 ${orphan}`,
    `${seen} exchanges since the onset: ${answered} answered, ${failed} refused, ${unanswered} unanswered, ${orphan} orphan answers`,
  )
  const signals = evidence.readings('').map((r) => r.signal)
  const what = say(
    `异常指标:${[...new Set(signals)].join('、') || '无'}`,
    `bad signals: ${[...new Set(signals)].join(', ') || 'none'}`,
  )
  return {
    id: 'unknown',
    confidence: Math.round((1 - (best?.confidence ?? 0)) * 1000) / 1000,
    evidence: [counts, what].map((text) => ({ text, for: true, weight: 0 })),
    locus: evidence.locus,
  }
}
