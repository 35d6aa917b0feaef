import { writeFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import process from 'node:process'
import { deskRules, readSoundConfig, systemClock } from '../app.ts'
import type { Config } from '../config/config.ts'
import { lastPeriod, type Period, periodOf } from '../desk/reports/period.ts'
import { type ReportFormat, reportFormats } from '../desk/reports/render/render.ts'
import { createReports } from '../desk/reports/reports.ts'
import { failure } from '../model/failures.ts'
import type { Hospital } from '../model/interface.ts'
import { type ReportKind, reportKinds } from '../model/report.ts'
import { rememberedConfig } from '../run-folder.ts'
import { readArguments } from './arguments.ts'
import { openInstalledStore } from './installed-store.ts'

const usage =
  'auscult report weekly|daily|monthly [--week 2026-W47 | --day 2026-11-22 | --month 2026-11] --out FILE.html|.pdf|.xlsx|.json [--lang zh|en] [--config FILE] [--data DIR]'

/**
 * Writes the health report of a week, a day or a month: as it was made, or, where none was kept, as the store has it now. Without a span
 * the last whole one. Without --config the one that this data folder was last started with.
 */
export async function report(args: readonly string[]): Promise<number> {
  const options = {
    week: { type: 'string' },
    day: { type: 'string' },
    month: { type: 'string' },
    out: { type: 'string' },
    lang: { type: 'string' },
    config: { type: 'string' },
    data: { type: 'string' },
  } as const
  const { values, positionals } = readArguments(args, options, usage)
  const kind = reportKinds.find((one) => one === positionals[0])
  if (kind === undefined || positionals.length > 1) throw wrong('say weekly, daily or monthly')
  const { format, out } = outOf(values.out)
  const language = values.lang ?? 'zh'
  if (language !== 'zh' && language !== 'en') throw wrong('--lang is zh or en')
  const dataFolder = resolve(values.data ?? 'data')
  const config = await configOf(values.config, dataFolder)
  const now = systemClock.now()
  const period = spanOf(kind, values, config.catalogue.hospital, now)
  const store = await openInstalledStore(dataFolder, config)
  try {
    const file = await createReports({ store, catalogue: config.catalogue, rules: await deskRules(config) }).file(
      period,
      format,
      language,
      now,
    )
    write(out, file.bytes)
    process.stderr.write(`auscult: ${out}: ${period.kind} report ${period.name}, ${file.bytes.length} bytes\n`)
    return 0
  } finally {
    await store.close()
  }
}

function outOf(out: string | undefined): { readonly format: ReportFormat; readonly out: string } {
  if (out === undefined) throw wrong('--out is missing')
  const format = reportFormats.find((one) => `.${one}` === extname(out).toLowerCase())
  if (format === undefined) throw wrong('--out ends in .html, .pdf, .xlsx or .json')
  return { format, out }
}

const spanNames = { weekly: 'week', daily: 'day', monthly: 'month' } as const

function spanOf(
  kind: ReportKind,
  values: { readonly week?: string; readonly day?: string; readonly month?: string },
  hospital: Hospital,
  now: number,
): Period {
  const wanted = spanNames[kind]
  for (const name of Object.values(spanNames))
    if (name !== wanted && values[name] !== undefined) throw wrong(`a ${kind} report takes --${wanted}, not --${name}`)
  const name = values[wanted]
  const period = name === undefined ? lastPeriod(kind, now, hospital) : periodOf(kind, name, hospital)
  if (period === null) throw wrong(`there is no ${wanted} "${name ?? ''}"`)
  if (period.from > now) throw wrong(`the ${wanted} ${period.name} has not begun`)
  return period
}

function configOf(given: string | undefined, dataFolder: string): Promise<Config> {
  const configFile = given ?? rememberedConfig(dataFolder)
  if (configFile === null)
    throw failure('ARGUMENTS_INVALID', `--config is missing, and ${dataFolder} was never started; usage: ${usage}`)
  return readSoundConfig(configFile)
}

function write(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes)
  } catch (cause) {
    throw failure('ARGUMENTS_INVALID', `--out ${path} can not be written`, { cause })
  }
}

function wrong(what: string) {
  return failure('ARGUMENTS_INVALID', `${what}; usage: ${usage}`)
}
