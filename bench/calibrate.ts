/**
 * Fits how scores become confidences, on the calibration split alone: the temperature and the score of "none of these" that make the log loss of the best
 * guess smallest. Prints what gateway/incidents/calibration.ts should say, and what it does to the split. Only causes that have a file take part: others
 * can't be guessed, whatever the confidence.
 *
 *   node bench/calibrate.ts [--per-cause 10] [--jobs 2]
 */
import { parseArgs } from 'node:util'
import { placesOf } from '../fixtures/scenarios/list.ts'
import { type Calibration, fitted } from '../gateway/incidents/calibration.ts'
import { causes } from '../gateway/incidents/causes/index.ts'
import { calibrationOf } from './diagnosis/statistics.ts'
import { runAll } from './diagnosis/workers.ts'

const { values } = parseArgs({
  options: { 'per-cause': { type: 'string', default: '10' }, jobs: { type: 'string', default: '2' } },
})
const temperatures = [0.8, 1, 1.2, 1.5, 1.8, 2.2, 2.6, 3, 3.5, 4, 5, 6]
const unknownScores = [-2, -1, 0, 1, 2, 3, 4]
const grid: readonly Calibration[] = [
  fitted,
  ...temperatures.flatMap((temperature) => unknownScores.map((unknownScore) => ({ temperature, unknownScore }))),
]

const known = new Set(causes.map(({ id }) => id))
const places = placesOf({ split: 'calibration', perCause: Number(values['per-cause']), only: ['fault'] }).filter(({ group }) =>
  known.has(group),
)
const results = await runAll(places, {
  jobs: Number(values.jobs),
  extent: { baselines: false, ablations: false, calibrations: grid },
  progress: () => {},
})
const judged = results.flatMap(({ guesses, verdict }) =>
  guesses === null || guesses.length === 0 || verdict.answers[0]?.incidentId === null
    ? []
    : [{ guesses, cause: verdict.answers[0]?.cause ?? '' }],
)

function lossOf(at: Calibration): {
  readonly loss: number
  readonly ece: number
  readonly brier: number
  readonly named: number
} {
  const claims = judged.flatMap(({ guesses, cause }) =>
    guesses
      .filter((g) => g.temperature === at.temperature && g.unknownScore === at.unknownScore)
      .slice(0, 1)
      .map((g) => ({ confidence: g.confidence, isRight: g.cause === cause })),
  )
  const loss = claims.reduce((sum, { confidence, isRight }) => {
    const p = Math.min(0.999, Math.max(0.001, confidence))
    return sum - Math.log(isRight ? p : 1 - p)
  }, 0)
  const { ece, brier } = calibrationOf(claims)
  return {
    loss: loss / Math.max(1, claims.length),
    ece,
    brier,
    named: claims.filter(({ confidence, isRight }) => isRight && confidence >= 0.5).length / Math.max(1, claims.length),
  }
}

const ranked = grid.map((at) => ({ at, ...lossOf(at) })).sort((a, b) => a.loss - b.loss)
const say = ({ at, loss, ece, brier, named }: (typeof ranked)[number]) =>
  `temperature ${at.temperature}, unknownScore ${at.unknownScore}: log loss ${loss.toFixed(3)}, ECE ${ece.toFixed(3)}, Brier ${brier.toFixed(3)}, right and named ${named.toFixed(3)}`
console.log(`${judged.length} tickets of ${results.length} scenarios of the calibration split, ${known.size} causes`)
console.log(`as it is: ${say({ at: fitted, ...lossOf(fitted) })}`)
for (const one of ranked.slice(0, 6)) console.log(say(one))
