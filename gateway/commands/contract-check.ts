import process from 'node:process'
import { LineCounter, parseDocument } from 'yaml'
import { formatIn } from '../../contracts/language/contract-head.ts'
import { compileContractText } from '../../contracts/languages.ts'
import { formats } from '../app.ts'
import { readContractFile, readNear } from '../contract-files.ts'
import type { Document } from '../model/document.ts'
import { failure } from '../model/failures.ts'
import { severityWeights, type Violation, type ViolationSeverity } from '../model/violation.ts'
import { readArguments } from './arguments.ts'
import { type MessageFile, readMessageFiles } from './message-files.ts'

const usage =
  'auscult contract check CONTRACT MESSAGES... [--side request|answer] [--route "METHOD /path"] [--json] [--fail-on violation|warn|ticket]'

/** The severity from which on the command fails. */
const failOns: { readonly [name: string]: ViolationSeverity } = { violation: 'observe', warn: 'warn', ticket: 'ticket' }

/** Holds message files against a contract: each violation with its file, line and path, and never a value. */
export async function contractCheck(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      side: { type: 'string' },
      route: { type: 'string' },
      json: { type: 'boolean' },
      'fail-on': { type: 'string' },
    },
    usage,
  )
  const [name, ...paths] = positionals
  if (name === undefined || paths.length === 0) throw failure('ARGUMENTS_INVALID', `a contract and messages; usage: ${usage}`)
  const { side = null } = values
  if (side !== null && side !== 'request' && side !== 'answer')
    throw failure('ARGUMENTS_INVALID', `--side takes request or answer; usage: ${usage}`)
  const failOn = values['fail-on'] === undefined ? null : failOns[values['fail-on']]
  if (failOn === undefined) throw failure('ARGUMENTS_INVALID', `--fail-on takes violation, warn or ticket; usage: ${usage}`)
  const text = readContractFile(name, process.cwd())
  const contract = compileContractText(text, readNear(process.cwd()))
  const format = (await formats()).get(formatIn(text.text) ?? '')
  if (format === undefined) throw failure('CONTRACT_INVALID', 'no format of this version reads its messages')

  const messages = readMessageFiles(paths, { format, timezone: 'Asia/Shanghai', side, route: values.route ?? null })
  const found = messages.flatMap((message) =>
    contract.check(message.document, message.side).map((violation) => ({ message, violation })),
  )
  const broken = new Set(found.map(({ message }) => message)).size
  process.stdout.write(
    values.json === true
      ? answerJson(messages, found)
      : found.map(({ message, violation }) => line(message, violation)).join(''),
  )
  process.stderr.write(
    `auscult: ${messages.length} messages held against ${contract.id} ${contract.version}: ${found.length} violations in ${broken} of them (${counts(found)})\n`,
  )
  if (failOn === null) return 0
  return found.some(({ violation }) => severityWeights[violation.severity] >= severityWeights[failOn]) ? 1 : 0
}

function counts(found: readonly Found[]): string {
  const of = (severity: ViolationSeverity) => found.filter(({ violation }) => violation.severity === severity).length
  return `ticket ${of('ticket')}, warn ${of('warn')}, observe ${of('observe')}`
}

interface Found {
  readonly message: MessageFile
  readonly violation: Violation
}

function answerJson(messages: readonly MessageFile[], found: readonly Found[]): string {
  const violations = found.map(({ message, violation }) => ({
    file: message.file,
    number: message.number,
    line: lineOf(message, violation),
    ...violation,
  }))
  return `${JSON.stringify({ messages: messages.length, violations }, null, 2)}\n`
}

function line(message: MessageFile, violation: Violation): string {
  const { path, rule, severity, message: words, shape } = violation
  const form = shape === null ? '' : ` (${shape})`
  return `${message.file}:${lineOf(message, violation)}: ${severity} ${rule} ${path}: ${words.zh} / ${words.en}${form}\n`
}

/** The line of the segment, or of the member, that the path names; of the message where that can't be said. */
function lineOf({ document, line: first }: MessageFile, { path }: Violation): number {
  const within = document.format === 'hl7v2' ? segmentLine(document, path) : memberLine(document, path)
  return first + within
}

function segmentLine(document: Document, path: string): number {
  const match = /^([A-Z][A-Z0-9]{2})(?:\[(\d+)\])?/.exec(path)
  if (match === null) return 0
  const lines = document.text().split('\n')
  let left = Number(match[2] ?? 1)
  const at = lines.findIndex((text) => {
    if (text.startsWith(match[1] ?? '')) left -= 1
    return left === 0
  })
  return Math.max(at, 0)
}

/** JSON is YAML: its parser knows where things stand. */
function memberLine(document: Document, path: string): number {
  const text = document.text()
  if (!text.trimStart().startsWith('{') && !text.trimStart().startsWith('[')) return 0
  const counter = new LineCounter()
  const parsed = parseDocument(text, { lineCounter: counter, schema: 'json' })
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '')
  for (let length = steps.length; length > 0; length -= 1) {
    const node: unknown = parsed.getIn(
      steps.slice(0, length).map((step) => (/^\d+$/.test(step) ? Number(step) : step)),
      true,
    )
    if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) continue
    const offset: unknown = node.range[0]
    if (typeof offset === 'number') return counter.linePos(offset).line - 1
  }
  return 0
}
