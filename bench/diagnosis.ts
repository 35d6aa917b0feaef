/**
 * How good are the answers? Labelled faults of all causes, look-alikes, two at once, cascades, and weeks in which nothing is wrong, through the real decoders
 * and the engine, and the table of docs/diagnosis-benchmark.md.
 *
 *   node bench/diagnosis.ts [--split development|calibration|test] [--per-cause 30] [--only FAMILY|CAUSE|KIND,...] [--jobs 2] [--json FILE] [--fast]
 *   node bench/diagnosis.ts --read FILE,FILE...
 *
 * `--fast` leaves out the ablations, which play every fault twice more; `--first N` begins with the Nth of each, so that a long run can be cut; `--seconds N` begins none
 * after so long (all causes get as many); `--read` prints the table of runs that
 * were kept with `--json`. Nothing may be tuned on `test`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { placesOf } from '../fixtures/scenarios/list.ts'
import { splits } from '../fixtures/scenarios/scenario.ts'
import { confusionsOf, mistakenPairs, unsoundMixtures } from './diagnosis/confusions.ts'
import type { Result } from './diagnosis/run-one.ts'
import { tableOf } from './diagnosis/table.ts'
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
    first: { type: 'string', default: '0' },
    read: { type: 'string' },
    seconds: { type: 'string' },
  },
})
const split = splits.find((one) => one === values.split)
if (!split) throw new Error(`a split is one of ${splits.join(', ')}`)
const perCause = values.short ? 1 : Number(values['per-cause'])
const isFast = values.fast || values.short
const results = values.read === undefined ? await played() : values.read.split(',').flatMap(kept)

for (const [what, goal, measured] of tableOf(results)) console.log(`${what.padEnd(52)} ${goal.padEnd(28)} ${measured}`)
console.log('\nwhat was said, by cause (true cause: share of top-1, what was said instead):')
for (const line of confusionsOf(results)) console.log(`  ${line}`)
console.log('\nlook-alikes that were mistaken:')
for (const line of mistakenPairs(results)) console.log(`  ${line}`)
console.log('\ntwo at once and cascades that fell short:')
for (const line of unsoundMixtures(results)) console.log(`  ${line}`)
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results))

async function played(): Promise<readonly Result[]> {
  const places = placesOf({
    split: split ?? 'test',
    perCause,
    only: (values.only ?? values.family)?.split(',') ?? null,
    first: Number(values.first),
  })
  if (places.length === 0) throw new Error('no scenario of that name')
  const startedAt = performance.now()
  const progress = (done: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${places.length}`)
  }
  const extent = { baselines: true, ablations: !isFast, calibrations: [] }
  const withinMs = values.seconds === undefined ? Number.POSITIVE_INFINITY : Number(values.seconds) * 1000
  const all = await runAll(places, { jobs: Number(values.jobs), extent, progress, withinMs })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
  console.log(
    `${all.length} of ${places.length} scenarios of ${split}, ${perCause} a cause, in ${seconds} s with ${values.jobs} processes\n`,
  )
  return all
}

/** What an earlier run wrote: our own file. */
function kept(file: string): readonly Result[] {
  const results: readonly Result[] = JSON.parse(readFileSync(file, 'utf8'))
  return results
}
