/**
 * How good are the answers? Labelled faults of all causes, look-alikes, two at once, cascades, and weeks in which nothing is wrong, through the real decoders
 * and the engine, and the table of docs/diagnosis-benchmark.md.
 *
 *   node bench/diagnosis.ts [--split development|calibration|test] [--per-cause 30] [--only FAMILY|CAUSE|KIND] [--jobs 2] [--json FILE] [--fast]
 *
 * `--fast` leaves out baselines and ablations. Nothing may be tuned on `test`.
 */
import { writeFileSync } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { placesOf } from '../fixtures/scenarios/list.ts'
import { splits } from '../fixtures/scenarios/scenario.ts'
import { confusionsOf, tableOf, tally, isPairRight } from './diagnosis/table.ts'
import { runAll } from './diagnosis/workers.ts'

const { values } = parseArgs({
  options: {
    split: { type: 'string', default: 'test' },
    'per-cause': { type: 'string', default: '30' },
    only: { type: 'string' },
    family: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    json: { type: 'string' },
    fast: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
  },
})
const split = splits.find((one) => one === values.split)
if (!split) throw new Error(`a split is one of ${splits.join(', ')}`)
const perCause = values.short ? 1 : Number(values['per-cause'])
const isFast = values.fast || values.short
const places = placesOf({ split, perCause, only: values.only ?? values.family ?? null })
if (places.length === 0) throw new Error('no scenario of that name')

const startedAt = performance.now()
const progress = (done: number) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${places.length}`)
}
const results = await runAll(places, { jobs: Number(values.jobs), extent: { baselines: !isFast, ablations: !isFast }, progress })

console.log(`${results.length} scenarios of ${split}, ${perCause} a cause, in ${((performance.now() - startedAt) / 1000).toFixed(0)} s with ${values.jobs} processes\n`)
for (const [what, goal, measured] of tableOf(results)) console.log(`${what.padEnd(52)} ${goal.padEnd(28)} ${measured}`)
console.log('\nwhat was said, by cause (true cause: share of top-1, what was said instead):')
for (const line of confusionsOf(results)) console.log(`  ${line}`)
const wrongPairs = results.filter((result) => result.place.kind === 'look-alike' && !isPairRight(result))
console.log('\nlook-alikes that were mistaken:')
for (const pair of new Set(wrongPairs.map(({ place }) => place.group))) {
  const own = wrongPairs.filter(({ place }) => place.group === pair)
  console.log(`  ${pair}: ${tally(own.map(({ variant, verdict }) => `${variant}: ${verdict.answers[0]?.said ?? verdict.strayTickets.join('+')}`))}`)
}
const unsound = results.filter(({ place, verdict }) => (place.kind === 'two' || place.kind === 'cascade') && (verdict.answers.some((a) => !a.isInTop3) || verdict.ticketCount > verdict.answers.length))
console.log('\ntwo at once and cascades that fell short:')
for (const line of tally(unsound.map(({ variant, verdict }) => `${variant}: ${verdict.answers.map((a) => `${a.cause}=${a.said}`).join(', ')}, ${verdict.ticketCount} tickets`)).split('; ')) console.log(`  ${line}`)
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results))
