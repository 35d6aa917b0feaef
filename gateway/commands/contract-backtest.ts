import { dirname, resolve } from 'node:path'
import process from 'node:process'
import { startBacktest } from '../analysis/backtest.ts'
import { engineParts, readSoundConfig } from '../app.ts'
import type { Config } from '../config/config.ts'
import { compileContractFile } from '../contract-files.ts'
import { backtestAnswer } from '../desk/api/backtest-answer.ts'
import type { Backtest } from '../model/backtest.ts'
import type { LoggedEntry } from '../model/entry.ts'
import { failure } from '../model/failures.ts'
import type { Catalogue, Interface } from '../model/interface.ts'
import { isoInZone } from '../model/time.ts'
import { lastDaysOf, storedEntries } from '../store/stored-entries.ts'
import { openInput } from './analyze-inputs.ts'
import { readArguments } from './arguments.ts'
import { openInstalledStore } from './installed-store.ts'

const usage =
  'auscult contract backtest CONTRACT --config FILE [--interface ID] [--data DIR | INPUT...] [--days N] [--json] [--fail-on ticket|violation]'
const exchangesMax = 1_000_000
const daysDefault = 7

/** What a contract would have found and ticketed on the stored days, or on a capture, a folder of messages or a log. */
export async function contractBacktest(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      config: { type: 'string' },
      interface: { type: 'string' },
      data: { type: 'string' },
      days: { type: 'string' },
      json: { type: 'boolean' },
      'fail-on': { type: 'string' },
    },
    usage,
  )
  const [name, ...inputs] = positionals
  if (name === undefined) throw failure('ARGUMENTS_INVALID', `no contract; usage: ${usage}`)
  if (values.config === undefined) throw failure('ARGUMENTS_INVALID', `--config is missing; usage: ${usage}`)
  const failOn = values['fail-on'] ?? null
  if (failOn !== null && failOn !== 'ticket' && failOn !== 'violation')
    throw failure('ARGUMENTS_INVALID', `--fail-on takes ticket or violation; usage: ${usage}`)
  const days = Number(values.days ?? daysDefault)
  if (!Number.isInteger(days) || days < 1 || days > 400)
    throw failure('ARGUMENTS_INVALID', '--days takes a number of days from 1 to 400')
  const config = await readSoundConfig(values.config)
  const contract = compileContractFile(name, process.cwd())
  const iface = interfaceOf(config, values.interface ?? contract.id)
  const source = await sourceOf({ config, iface, inputs, days, dataFolder: resolve(values.data ?? 'data') })
  const backtest = startBacktest(await engineParts(source.catalogue, dirname(config.file)), iface, contract)
  try {
    for await (const entries of source.entries) backtest.add(entries)
  } finally {
    await source.close()
  }
  const result = backtest.result()
  const zone = config.catalogue.hospital.timezone
  const answer = backtestAnswer(result, (at) => isoInZone(at, zone))
  process.stdout.write(values.json === true ? `${JSON.stringify(answer, null, 2)}\n` : textOf(result, zone))
  if (result.exchanges === 0) process.stderr.write(`auscult: nothing is stored of ${iface.id} in that time\n`)
  if (result.unreadable > 0)
    process.stderr.write(
      `auscult: the messages of ${result.unreadable} exchanges are not kept any more: they could not be checked\n`,
    )
  return (failOn === 'ticket' && result.tickets.length > 0) || (failOn === 'violation' && result.violating > 0) ? 1 : 0
}

interface Source {
  readonly catalogue: Catalogue
  readonly entries: AsyncIterable<readonly LoggedEntry[]>
  close(): Promise<void>
}

async function sourceOf(options: {
  readonly config: Config
  readonly iface: Interface
  readonly inputs: readonly string[]
  readonly days: number
  readonly dataFolder: string
}): Promise<Source> {
  const { config, iface, inputs, days, dataFolder } = options
  if (inputs.length > 0) {
    const { catalogue, entries } = await openInput(inputs, config, iface.id)
    return { catalogue, entries, close: async () => {} }
  }
  const store = await openInstalledStore(dataFolder, config)
  const span = { ...(await lastDaysOf(iface.id, days, store)), exchangesMax }
  return { catalogue: config.catalogue, entries: storedEntries(store, span), close: () => store.close() }
}

function interfaceOf(config: Config, id: string): Interface {
  const found = config.catalogue.interfaces.find((iface) => iface.id === id)
  if (found === undefined)
    throw failure('ARGUMENTS_INVALID', `the configuration has no interface "${id}": name one with --interface`)
  return found
}

function textOf(result: Backtest, zone: string): string {
  const lines = [
    `${result.contract} ${result.version} on ${result.exchanges} exchanges of ${result.interfaceId}: ${result.violating} with violations, ${result.tickets.length} tickets`,
    '',
    'day         exchanges  violating  tickets',
    ...result.days.map(
      ({ day, exchanges, violating, tickets }) =>
        `${day}  ${String(exchanges).padStart(9)}  ${String(violating).padStart(9)}  ${String(tickets).padStart(7)}`,
    ),
    ...(result.rules.length === 0 ? [] : ['', 'severity  rule         exchanges  element']),
    ...result.rules.flatMap(({ severity, rule, exchanges, element, message, firstAt, exchangeIds }) => [
      `${severity.padEnd(8)}  ${rule.padEnd(11)}  ${String(exchanges).padStart(9)}  ${element}: ${message.zh} / ${message.en}`,
      `          first ${isoInZone(firstAt, zone)}, as ${exchangeIds.join(', ')}`,
    ]),
    ...(result.tickets.length === 0 ? [] : ['', 'tickets that it would have opened']),
    ...result.tickets.map(
      ({ openedAt, severity, title, causes }) =>
        `${isoInZone(openedAt, zone)}  ${severity}  ${title.zh} / ${title.en} [${causes[0] ?? 'unknown'}]`,
    ),
  ]
  return `${lines.join('\n')}\n`
}
