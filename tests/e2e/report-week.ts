/**
 * `node tests/e2e/report-week.ts FOLDER`: two weeks of the simulated hospital, the second with ten faults, played on event time through
 * the real analysis into a store, with people who work on the tickets; then the reports of that week in every format and language.
 * For people to look at. The store stays in FOLDER/data and is used again. Traffic this thin pauses by chance for an hour now and then:
 * such silences are in the traffic, and so they are in the report.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { comparePositions } from '../../fixtures/observed/made.ts'
import { makeReport } from '../../gateway/desk/reports/make-report.ts'
import { periodOf } from '../../gateway/desk/reports/period.ts'
import { renderReport, reportFormats } from '../../gateway/desk/reports/render/render.ts'
import { sweepReports } from '../../gateway/desk/reports/sweep-reports.ts'
import { customerRules } from '../../gateway/desk/rules/read-rules.ts'
import { secretsFrom } from '../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../gateway/store/sqlite-store.ts'
import { faultyWeek, monday, peopleAtWork, weekAfter } from '../support/faulty-week.ts'
import { playInto, quietHospital } from '../support/report-week.ts'

const [folder = 'report-week'] = process.argv.slice(2)
const data = join(folder, 'data')
const isPlayed = existsSync(join(data, 'auscult.db'))
mkdirSync(data, { recursive: true })
const secrets = secretsFrom(new Uint8Array(32).fill(9))
await using closing = new AsyncDisposableStack()
const store = openSqliteStore({ folder: data, tokenKeys: [secrets.key('tokens')], bodyKey: null, comparePositions })
closing.defer(() => store.close())
const catalogue = await quietHospital(0.004, 4)
const setting = { rules: customerRules, catalogue, channels: [] }
const sweep = { sources: { store, catalogue, rules: customerRules }, channels: [], holder: 'report-week' }

if (!isPlayed) {
  const acting = async (now: number) => {
    await peopleAtWork(store, setting, now)
    await sweepReports(sweep, now)
  }
  const count = await playInto(
    store,
    { seed: 47, startAt: weekAfter(-1), lastsMs: 2 * 7 * 86_400_000, http: true, ...faultyWeek() },
    setting,
    acting,
  )
  process.stderr.write(`${count} exchanges played\n`)
}
const madeAt = weekAfter(1) + 7.5 * 3_600_000
// What was made as the weeks went by is there already.
await sweepReports(sweep, weekAfter(-1))
for (const at of [weekAfter(0) + 7.5 * 3_600_000, madeAt])
  while ((await sweepReports(sweep, at)).length > 0) {
    // One a sweep, until none is due.
  }
for (const [kind, name] of [
  ['weekly', '2026-W47'],
  ['daily', '2026-11-19'],
  ['monthly', '2026-11'],
] as const) {
  const period = periodOf(kind, name, catalogue.hospital)
  if (period === null) throw new Error('no such period')
  const report = await makeReport(sweep.sources, period, madeAt)
  for (const language of ['zh', 'en'] as const)
    for (const format of reportFormats) {
      const file = await renderReport(report, format, language)
      writeFileSync(join(folder, file.name), file.bytes)
      process.stdout.write(`${file.name} ${file.bytes.length}\n`)
    }
}
process.stderr.write(`the week begins at ${new Date(monday).toISOString()}\n`)
