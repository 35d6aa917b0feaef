import { isPairRight, perCause, tally } from './confusions.ts'
import type { Result } from './run-one.ts'
import { calibrationOf, macroF1, quantile, shareOf, shareText, shareWhere } from './statistics.ts'
import { isRight, type Verdict } from './verdict.ts'

/** A line of the table: what, its goal, what was measured. */
export type Row = readonly [what: string, goal: string, measured: string]

const ofKind = (results: readonly Result[], kind: Result['place']['kind']) => results.filter(({ place }) => place.kind === kind)
const answersOf = (results: readonly Result[]) => results.flatMap(({ verdict }) => verdict.answers)

/** The whole table of the issue. */
export function tableOf(results: readonly Result[]): readonly Row[] {
  return [
    ...faultRows(ofKind(results, 'fault')),
    ...pairRows(ofKind(results, 'look-alike')),
    ...twoRows(ofKind(results, 'two')),
    ...ticketRows(results),
    ...wellRows(results),
    ...detectRows(results),
    ...clockRows(results),
    ...calibrationRows(ofKind(results, 'fault')),
    ...baselineRows(ofKind(results, 'fault')),
    ...ablationRows(results),
    ...speedRows(results),
  ]
}

function faultRows(faults: readonly Result[]): readonly Row[] {
  const answers = answersOf(faults)
  if (answers.length === 0) return []
  const byCause = perCause(answers)
  const [worst] = [...byCause].sort((a, b) => a[1].share - b[1].share)
  const placed = answers.filter(({ isRightPlace }) => isRightPlace !== null)
  const covered = byCause.filter(([, { hits }]) => hits > 0)
  return [
    ['single faults: top-1', '>= 0.90', shareText(shareWhere(answers, isRight))],
    ['single faults: top-3', '>= 0.97', shareText(shareWhere(answers, ({ isInTop3 }) => isInTop3))],
    ['single faults: macro-F1', '>= 0.88', macroF1(answers.map(({ cause, said }) => ({ truth: cause, said }))).toFixed(3)],
    ['single faults: worst cause', '>= 0.70', worst ? `${worst[0]} ${shareText(worst[1])}` : '-'],
    [
      'single faults: right place (of those with a ticket)',
      '>= 0.95',
      shareText(shareWhere(placed, ({ isRightPlace }) => isRightPlace === true)),
    ],
    ['single faults: nothing was said', '', shareText(shareWhere(answers, ({ said }) => said === 'nothing'))],
    ['causes that were named at least once', '57', `${covered.length} of ${byCause.length}`],
    [
      'top-1 over those causes alone',
      '',
      shareText(
        shareWhere(
          answers.filter(({ cause }) => covered.some(([id]) => id === cause)),
          isRight,
        ),
      ),
    ],
  ]
}

function pairRows(results: readonly Result[]): readonly Row[] {
  const pairs = [...new Set(results.map(({ place }) => place.group))]
  return pairs.map((pair) => [
    `look-alikes: ${pair}`,
    '>= 0.90',
    shareText(
      shareWhere(
        results.filter(({ place }) => place.group === pair),
        isPairRight,
      ),
    ),
  ])
}

function twoRows(results: readonly Result[]): readonly Row[] {
  if (results.length === 0) return []
  // Two faults of one system's clock belong in one ticket; all others in two.
  const apart = results.filter(({ variant }) => variant !== 'zone-and-drift')
  const isMerged = ({ verdict: { answers } }: Result) =>
    answers[0]?.incidentId !== null && answers[0]?.incidentId === answers[1]?.incidentId
  return [
    [
      'two at once: both in the top 3 of their tickets',
      '>= 0.85',
      shareText(shareWhere(results, ({ verdict }) => verdict.answers.every(({ isInTop3 }) => isInTop3))),
    ],
    ['two at once: merged into one ticket', '<= 0.05', shareText(shareWhere(apart, isMerged))],
  ]
}

function ticketRows(results: readonly Result[]): readonly Row[] {
  const perIncident = (of: readonly Result[]) => {
    const known = of.filter(({ verdict }) => verdict.answers.length > 0 && verdict.ticketCount > 0)
    const tickets = known.reduce((n, { verdict }) => n + verdict.ticketCount, 0)
    const incidents = known.reduce(
      (n, { verdict, variant }) => n + (variant === 'zone-and-drift' ? 1 : verdict.answers.length),
      0,
    )
    return `${(tickets / Math.max(1, incidents)).toFixed(2)} (${tickets} tickets, ${incidents} incidents)`
  }
  const cascades = ofKind(results, 'cascade')
  const faults = ofKind(results, 'fault')
  const rows: Row[] = faults.length === 0 ? [] : [['tickets per incident: single faults', '<= 1.15', perIncident(faults)]]
  if (cascades.length > 0) {
    rows.push(['tickets per incident: cascades', '1', perIncident(cascades)])
    rows.push([
      'cascades that are one ticket',
      '1.00',
      shareText(shareWhere(cascades, ({ verdict }) => verdict.ticketCount === 1)),
    ])
    rows.push(['cascades: top-1', '', shareText(shareWhere(answersOf(cascades), isRight))])
  }
  return rows
}

function wellRows(results: readonly Result[]): readonly Row[] {
  return (['healthy', 'benign'] as const).flatMap((kind): readonly Row[] => {
    const own = ofKind(results, kind)
    if (own.length === 0) return []
    const weeks = own.reduce((sum, { verdict }) => sum + verdict.interfaceWeeks, 0)
    const tickets = own.reduce((sum, { verdict }) => sum + verdict.ticketCount, 0)
    const leads = own.flatMap(({ verdict, variant }) => verdict.strayTickets.map((lead) => `${variant}: ${lead}`))
    const goal = kind === 'healthy' ? '0 in >= 200 interface-weeks' : '<= 0.05 per interface-week'
    return [
      [
        `false tickets, ${kind}`,
        goal,
        `${tickets} in ${weeks.toFixed(0)} interface-weeks = ${(tickets / weeks).toFixed(3)}${leads.length > 0 ? `; ${tally(leads)}` : ''}`,
      ],
    ]
  })
}

/** After so much silence chance is out but for so many false alarms a week: ln(messages a week / false alarms a week) expected gaps (algorithms.md 2.5). */
function silenceMs(perHour: number, falsePerWeek: number): number {
  return (Math.log((perHour * 168) / falsePerWeek) / perHour) * 3_600_000
}

/** Columns of that table: one false alarm a week in 27 interfaces, and the rarest. */
const silenceColumns = [0.037, 0.01]

function detectRows(results: readonly Result[]): readonly Row[] {
  const detected = (name: string) => results.filter(({ detects, verdict }) => detects === name && verdict.answers.length > 0)
  const first = ({ verdict }: Result) => verdict.answers[0]
  const row = (
    name: string,
    what: string,
    goal: string,
    value: (r: Result) => number | null,
    limit: number,
    unit: string,
    digits = 1,
  ): readonly Row[] => {
    const own = detected(name)
    if (own.length === 0) return []
    const known = own.map(value).filter((v) => v !== null)
    const within = shareOf(known.filter((v) => v <= limit).length, own.length)
    return [
      [
        `time to detect: ${what}`,
        goal,
        `median ${quantile(known, 0.5).toFixed(digits)}, p95 ${quantile(known, 0.95).toFixed(digits)} ${unit}; within ${shareText(within)}`,
      ],
    ]
  }
  const seconds = (r: Result) => ((first(r)?.afterMs ?? null) === null ? null : (first(r)?.afterMs ?? 0) / 1000)
  const messages = (r: Result) => first(r)?.afterMessages ?? null
  const ratio = (falsePerWeek: number) => (r: Result) => {
    const afterMs = first(r)?.afterMs ?? null
    return afterMs === null ? null : afterMs / silenceMs(r.perHour, falsePerWeek)
  }
  return [
    ...row('total', 'total failure', '<= 6 messages', messages, 6, 'messages'),
    ...row('half', 'half of all fail', 'median <= 12 messages', messages, 12, 'messages'),
    ...row('retry-storm', 'retry storm', '<= 60 s', seconds, 60, 's'),
    ...row('shared-database', 'shared database', '<= 180 s', seconds, 180, 's'),
    ...silenceColumns.flatMap((column) =>
      row('silence', `silence, of the table's ${column} a week`, '<= 1.1', ratio(column), 1.1, 'times', 2),
    ),
  ]
}

function clockRows(results: readonly Result[]): readonly Row[] {
  const goals = {
    zone: ['zone named in 3 messages', '>= 0.98'],
    offset: ['±1 s after 30 answers', '>= 0.99'],
    drift: ['20 ppm within 24 h', '1.00'],
  } as const
  return (['zone', 'offset', 'drift'] as const).flatMap((measures): readonly Row[] => {
    const own = results.flatMap(({ clock }) => (clock?.measures === measures ? [clock] : []))
    if (own.length === 0) return []
    const [what, goal] = goals[measures]
    const detail =
      measures === 'zone'
        ? `median ${quantile(
            own.flatMap((c) => (c.afterMessages === null ? [] : [c.afterMessages])),
            0.5,
          )} messages`
        : measures === 'offset'
          ? `p95 error ${quantile(
              own.flatMap((c) => (c.errorS === null ? [] : [c.errorS])),
              0.95,
            ).toFixed(2)} s`
          : `median ${(
              quantile(
                own.flatMap((c) => (c.afterMs === null ? [] : [c.afterMs])),
                0.5,
              ) / 3_600_000
            ).toFixed(1)} h`
    return [[`clock: ${what}`, goal, `${shareText(shareWhere(own, (c) => c.isRight))}; ${detail}`]]
  })
}

function calibrationRows(faults: readonly Result[]): readonly Row[] {
  const claims = answersOf(faults).flatMap(({ guess, cause }) =>
    guess === null ? [] : [{ confidence: guess.confidence, isRight: guess.cause === cause }],
  )
  if (claims.length === 0) return []
  const { ece, brier, bins } = calibrationOf(claims)
  const shown = bins.filter(({ n }) => n > 0).map((bin) => `${bin.confidence.toFixed(2)}->${bin.right.toFixed(2)} (${bin.n})`)
  return [
    ['calibration: ECE, 10 bins', '<= 0.05', `${ece.toFixed(3)} n ${claims.length}`],
    ['calibration: Brier', '<= 0.12', brier.toFixed(3)],
    ['calibration: said -> right (n)', '', shown.join(', ')],
  ]
}

function baselineRows(faults: readonly Result[]): readonly Row[] {
  const judged = faults.filter(({ baselines }) => baselines !== null)
  if (judged.length === 0) return []
  const shares = (['largestZ', 'robust', 'flat'] as const).map(
    (name) => [name, shareWhere(judged, ({ baselines, verdict }) => baselines?.[name] === verdict.answers[0]?.cause)] as const,
  )
  const ours = shareWhere(answersOf(judged), isRight)
  const bestShare = Math.max(...shares.map(([, { share }]) => share))
  const names = { largestZ: 'largest z-score', robust: 'BARO-style robust scorer', flat: 'flat thresholds' }
  return [
    ...shares.map(([name, share]): Row => [`baseline top-1: ${names[name]}`, '', shareText(share)]),
    ['points of top-1 above the best baseline', '>= 15', ((ours.share - bestShare) * 100).toFixed(1)],
  ]
}

function ablationRows(results: readonly Result[]): readonly Row[] {
  return (['without-topology', 'without-gates'] as const).flatMap((name): readonly Row[] => {
    const own = results.filter(({ without }) => without[name] !== undefined)
    const of = (r: Result): Verdict => r.without[name] ?? r.verdict
    const faults = ofKind(own, 'fault')
    if (faults.length === 0) return []
    const top1 = (pick: (r: Result) => Verdict) =>
      shareText(
        shareWhere(
          faults.flatMap((r) => pick(r).answers),
          isRight,
        ),
      )
    const tickets = own.reduce((n, r) => n + of(r).ticketCount, 0)
    const before = own.reduce((n, { verdict }) => n + verdict.ticketCount, 0)
    return [
      [
        `ablation: ${name}`,
        '',
        `top-1 ${top1(of)}, as it is ${top1(({ verdict }) => verdict)}; tickets ${tickets}, as it is ${before}`,
      ],
    ]
  })
}

function speedRows(results: readonly Result[]): readonly Row[] {
  const cpuMs = results.reduce((sum, { verdict }) => sum + verdict.cpuMs, 0)
  const exchanges = results.reduce((sum, { verdict }) => sum + verdict.exchangeCount, 0)
  return [
    [
      'speed: scenarios',
      '',
      `${(cpuMs / Math.max(1, results.length)).toFixed(0)} ms of one core a scenario, ${exchanges} exchanges in ${(cpuMs / 1000).toFixed(0)} s: ${((cpuMs * 1000) / Math.max(1, exchanges)).toFixed(0)} µs an exchange, its making included`,
    ],
  ]
}
