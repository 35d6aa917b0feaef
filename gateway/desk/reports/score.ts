import type { Interface } from '../../model/interface.ts'
import type { Text } from '../../model/text.ts'
import type { Ticket } from '../../model/ticket.ts'
import type { ReportTally, ScorePart } from '../api/report-shapes.ts'
import { coveragePenalty, knownP95, latencyPenalty, successPenalty, tenths, violationPenalty } from '../penalties.ts'
import { countText, lengthText, msText, percentText } from './numbers.ts'

/** What a span says of one interface. */
export interface SpanSigns {
  /** Null: nothing passed. */
  readonly tally: ReportTally | null
  readonly silenceMin: number
  /** Violations that are more than the vendors' habits. */
  readonly violations: number
  /** Of the tickets that were opened in the span. */
  readonly severities: readonly Ticket['severity'][]
  /** Tickets of the span whose cause had been there before. */
  readonly repeats: number
  /** Names of the systems at its ends whose clock was wrong. */
  readonly wrongClocks: readonly Text[]
  readonly coverage: number | null
}

const ticketPoints = { P1: 10, P2: 6, P3: 3, P4: 1 } as const
const minutesPerPoint = 15

/**
 * 100 less what each part takes off, so that every missing point has a line that says why, with its numbers:
 * failures beyond the objective 3 points a percent, 60 at most; latency 20 at twice the objective; silence a point for each 15 minutes,
 * 20 at most; violations 15 where every second exchange has one; tickets 10, 6, 3 or 1 by severity, 25 at most; repeats 5 each, 10 at
 * most; a wrong clock at either end 5; what wasn't observed a tenth of its percentage. Null where nothing passed and nothing was due.
 */
export function scoreOf(
  iface: Interface,
  signs: SpanSigns,
): { readonly score: number | null; readonly parts: readonly ScorePart[] } {
  if (signs.tally === null && signs.silenceMin === 0) return { score: null, parts: [] }
  const parts = [
    successPart(iface, signs),
    latencyPart(iface, signs),
    silencePart(signs),
    violationPart(signs),
    ticketPart(signs),
    repeatPart(signs),
    clockPart(signs),
    coveragePart(signs),
  ].filter((part) => part.penalty > 0)
  const lost = parts.reduce((sum, { penalty }) => sum + penalty, 0)
  return { score: Math.max(0, Math.round(100 - lost)), parts }
}

/** What the interfaces of a hospital amount to: their mean, weighed by how much each matters. Null without any. */
export function wholeScore(
  interfaces: readonly { readonly score: number | null; readonly criticality: Interface['criticality'] }[],
) {
  const known = interfaces.flatMap(({ score, criticality }) =>
    score === null ? [] : [{ score, weight: weights[criticality] }],
  )
  const weight = known.reduce((sum, one) => sum + one.weight, 0)
  return weight === 0 ? null : Math.round(known.reduce((sum, one) => sum + one.score * one.weight, 0) / weight)
}

/** How much an interface matters. */
export const weights = { high: 3, medium: 2, low: 1 } as const

/** The points that an interface lost times what it matters; 0 where nothing is known. */
export function weighedLoss({
  score,
  criticality,
}: {
  readonly score: number | null
  readonly criticality: Interface['criticality']
}) {
  return score === null ? 0 : (100 - score) * weights[criticality]
}

function successPart({ objectives }: Interface, { tally }: SpanSigns): ScorePart {
  const rate = tally?.successRate ?? null
  const numbers = `${rate === null ? '' : percentText(rate)}`
  return part('success-rate', successPenalty(rate, objectives), {
    zh: `成功率 ${numbers}，目标 ${percentText(objectives.successRate)}`,
    en: `success rate ${numbers}, objective ${percentText(objectives.successRate)}`,
  })
}

function latencyPart({ objectives }: Interface, { tally }: SpanSigns): ScorePart {
  const latencyMs = tally?.latencyMs ?? null
  const [now, goal] = [msText(knownP95(latencyMs) ?? 0), msText(objectives.latencyP95Ms)]
  return part('latency', latencyPenalty(latencyMs, objectives), {
    zh: `P95 时延 ${now}，目标 ${goal}`,
    en: `95th percentile of latency ${now}, objective ${goal}`,
  })
}

function silencePart({ silenceMin }: SpanSigns): ScorePart {
  const length = lengthText(silenceMin * 60)
  return part('silence', Math.min(20, silenceMin / minutesPerPoint), {
    zh: `应有报文而静默 ${length.zh}`,
    en: `silent for ${length.en} while messages were due`,
  })
}

function violationPart({ tally, violations }: SpanSigns): ScorePart {
  const share = tally === null || tally.exchanges === 0 ? 0 : violations / tally.exchanges
  return part('violations', violationPenalty(share), {
    zh: `违反契约 ${countText(violations)} 处，每百条 ${(share * 100).toFixed(1)} 处`,
    en: `${countText(violations)} breaches of the contract, ${(share * 100).toFixed(1)} in a hundred exchanges`,
  })
}

function ticketPart({ severities }: SpanSigns): ScorePart {
  const points = severities.reduce((sum, severity) => sum + ticketPoints[severity], 0)
  const counts = (['P1', 'P2', 'P3', 'P4'] as const)
    .map((severity) => [severity, severities.filter((s) => s === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${severity} × ${count}`)
    .join(', ')
  return part('incidents', Math.min(25, points), { zh: `工单 ${counts}`, en: `tickets ${counts}` })
}

function repeatPart({ repeats }: SpanSigns): ScorePart {
  return part('repeats', Math.min(10, repeats * 5), {
    zh: `同一原因重复出现 ${repeats} 次`,
    en: repeats === 1 ? 'a cause came back once' : `causes came back ${repeats} times`,
  })
}

function clockPart({ wrongClocks }: SpanSigns): ScorePart {
  return part('clock', wrongClocks.length > 0 ? 5 : 0, {
    zh: `时钟有误：${wrongClocks.map(({ zh }) => zh).join('、')}`,
    en: `wrong clock: ${wrongClocks.map(({ en }) => en).join(', ')}`,
  })
}

function coveragePart({ coverage }: SpanSigns): ScorePart {
  const share = coverage ?? 1
  return part('coverage', coveragePenalty(share), {
    zh: `仅 ${percentText(share)} 的报文被完整观测`,
    en: `only ${percentText(share)} of the exchanges were observed in full`,
  })
}

function part(id: ScorePart['id'], points: number, text: Text): ScorePart {
  return { id, penalty: tenths(points), text }
}
