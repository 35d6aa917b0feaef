import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { startEngine } from '../analysis/engine.ts'
import { type Summary, startSumming } from '../analysis/summary.ts'
import { deskRules, engineParts, known } from '../app.ts'
import { readChangesFile } from '../changes-file.ts'
import { configFailure, loadConfig } from '../config/config.ts'
import { createPresenter } from '../desk/api/present.ts'
import { createTicketRules } from '../desk/ticket-rules.ts'
import { failure } from '../model/failures.ts'
import type { ObservedExchange } from '../model/observed.ts'
import type { Ticket } from '../model/ticket.ts'
import { createStoredView } from '../store/stored-view.ts'
import { analysisPage } from './analysis-page.ts'
import { analysisText } from './analysis-text.ts'
import { openInput } from './analyze-inputs.ts'
import { readArguments } from './arguments.ts'
import { problemLine } from './check-config.ts'

const usage =
  'auscult analyze INPUT... --config FILE [--changes FILE] [--json] [--html FILE] [--exchanges] [--interface ID] [--fail-on ticket|violation]'
/** So many exchanges are listed with --exchanges; an input with more says so. */
const listedMax = 1_000_000

/** Offline: captures, a folder of messages, or a log folder, by the engine that works live, in the input's own time. */
export async function analyze(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      config: { type: 'string' },
      changes: { type: 'string' },
      json: { type: 'boolean' },
      html: { type: 'string' },
      exchanges: { type: 'boolean' },
      interface: { type: 'string' },
      'fail-on': { type: 'string' },
    },
    usage,
  )
  const failOn = values['fail-on'] ?? null
  if (positionals.length === 0) throw failure('ARGUMENTS_INVALID', `no input; usage: ${usage}`)
  if (values.config === undefined) throw failure('ARGUMENTS_INVALID', `--config is missing; usage: ${usage}`)
  if (failOn !== null && failOn !== 'ticket' && failOn !== 'violation')
    throw failure('ARGUMENTS_INVALID', `--fail-on takes ticket or violation; usage: ${usage}`)
  const { config, problems } = await loadConfig(values.config, await known())
  for (const problem of problems) process.stderr.write(`auscult: ${problemLine(problem)}\n`)
  if (!config) throw configFailure(problems)

  const input = await openInput(positionals, config, values.interface ?? null)
  const engine = startEngine(await engineParts(input.catalogue, dirname(config.file)), null)
  if (values.changes !== undefined) engine.declare(readChangesFile(values.changes, config.catalogue))
  const summing = startSumming(input.catalogue)
  const observed: ObservedExchange[] = []
  for await (const entries of input.entries) {
    const changes = engine.take(entries)
    summing.add(changes)
    if (values.exchanges === true)
      for (const exchange of changes.exchanges) if (observed.length < listedMax) observed.push(exchange)
  }
  for (const warning of input.warnings()) process.stderr.write(`auscult: ${warning}\n`)

  const summary = summing.summary(engine, input.facts())
  const { ticketFor } = createTicketRules(input.catalogue, await deskRules(config))
  const tickets = summing.incidents().flatMap((incident) => (incident.ticketed ? [ticketFor(incident)] : []))
  const timezone = input.catalogue.hospital.timezone
  if (values.html !== undefined) writePage(values.html, analysisPage(input.catalogue, summary, tickets))
  const listed = values.exchanges === true ? exchangesOf(observed, timezone) : null
  process.stdout.write(
    values.json === true
      ? answerJson(summary, tickets, listed, timezone)
      : analysisText(input.catalogue, summary, tickets, listed),
  )
  return isFound(failOn, summary, tickets) ? 1 : 0
}

function answerJson(summary: Summary, tickets: readonly Ticket[], listed: readonly object[] | null, timezone: string): string {
  const present = createPresenter(timezone)
  const answer = { ...summary, ...(listed === null ? {} : { exchanges: listed }), tickets: tickets.map(present.ticket) }
  return `${JSON.stringify(answer, null, 2)}\n`
}

/** As the API shows exchanges. Identifiers are tokens under a key that is made for this run and forgotten after it. */
function exchangesOf(observed: readonly ObservedExchange[], timezone: string) {
  const present = createPresenter(timezone)
  const view = createStoredView(randomBytes(32))
  return observed.map((exchange) => present.exchange(view(exchange)))
}

function isFound(failOn: 'ticket' | 'violation' | null, summary: Summary, tickets: readonly Ticket[]): boolean {
  if (failOn === null) return false
  return failOn === 'ticket' ? tickets.length > 0 : summary.interfaces.some((iface) => iface.violations > 0)
}

function writePage(path: string, html: string): void {
  try {
    writeFileSync(path, html)
  } catch (cause) {
    throw failure('ARGUMENTS_INVALID', 'the page cannot be written there', { place: { file: path }, cause })
  }
}
