import { statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { type Inference, startInference } from '../../contracts/infer/infer.ts'
import { defaultSureness } from '../../contracts/infer/judge.ts'
import { compileContractText } from '../../contracts/languages.ts'
import { createMessageReader } from '../analysis/read-messages.ts'
import { formats, readSoundConfig } from '../app.ts'
import type { Config } from '../config/config.ts'
import { compileContractFile } from '../contract-files.ts'
import { failure } from '../model/failures.ts'
import type { Interface } from '../model/interface.ts'
import { isoInZone } from '../model/time.ts'
import { openInput } from './analyze-inputs.ts'
import { readArguments } from './arguments.ts'
import { readMessageFiles } from './message-files.ts'

const usage =
  'auscult contract infer INPUT... --config FILE --interface ID [--out FILE] [--sure-after N] [--route "METHOD /path"]'

/** Learns the contract of one interface from captures, a folder of messages or a log folder. */
export async function contractInfer(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      config: { type: 'string' },
      interface: { type: 'string' },
      out: { type: 'string' },
      'sure-after': { type: 'string' },
      route: { type: 'string' },
    },
    usage,
  )
  if (positionals.length === 0) throw failure('ARGUMENTS_INVALID', `no input; usage: ${usage}`)
  if (values.config === undefined) throw failure('ARGUMENTS_INVALID', `--config is missing; usage: ${usage}`)
  const config = await readSoundConfig(values.config)
  const iface = interfaceOf(config, values.interface)
  const sureAfter = sureAfterOf(values['sure-after'])
  const inference = startInference(iface.format)
  const seen = await feed(positionals, { config, iface, route: values.route ?? null }, inference)

  const learnt = inference.contract({
    id: iface.id,
    version: versionAfter(iface, dirname(config.file)),
    title: iface.name,
    sureness: { sureAfter },
    span: seen.span,
  })
  if (learnt === null)
    throw failure('INPUT_UNREADABLE', `the input holds no message of ${iface.id} that a contract could be learnt from`)
  // What is written can be read back: anything else is a fault of ours, told before anybody relies on it.
  compileContractText({ text: learnt.text, path: values.out ?? `${iface.id}.yaml` }, () => null)
  process.stderr.write(
    `auscult: learnt from ${learnt.messageCount} messages of ${iface.id}${seen.refused > 0 ? `; ${seen.refused} that were refused are left out` : ''}\n`,
  )
  if (learnt.messageCount < sureAfter)
    process.stderr.write(
      `auscult: fewer than ${sureAfter} messages: nothing but what the standard says too is held as required\n`,
    )
  if (values.out === undefined) process.stdout.write(learnt.text)
  else write(values.out, learnt.text)
  return 0
}

interface Seen {
  readonly refused: number
  readonly span: string | null
}

async function feed(
  paths: readonly string[],
  { config, iface, route }: { readonly config: Config; readonly iface: Interface; readonly route: string | null },
  inference: Inference,
): Promise<Seen> {
  const known = await formats()
  if (isFilesOfOtherFormat(paths, iface)) {
    const format = known.get(iface.format)
    if (format === undefined) throw failure('ARGUMENTS_INVALID', `the format ${iface.format} is not known`)
    const options = { format, timezone: config.catalogue.hospital.timezone, side: null, route }
    for (const { document, side } of readMessageFiles(paths, options)) inference.note(document, side)
    return { refused: 0, span: null }
  }
  const input = await openInput(paths, config, iface.id)
  const read = createMessageReader({ catalogue: input.catalogue, formats: known, interfaceId: iface.id })
  let refused = 0
  for await (const entries of input.entries) {
    for (const { entry } of entries) {
      const exchange = read(entry)
      if (exchange === null) continue
      refused += exchange.refusedCount
      for (const { document, side } of exchange.taken) inference.note(document, side)
    }
  }
  for (const warning of input.warnings()) process.stderr.write(`auscult: ${warning}\n`)
  const { from, to } = input.facts()
  const day = (at: number) => isoInZone(at, config.catalogue.hospital.timezone).slice(0, 10)
  const span = from === null || to === null ? null : day(from) === day(to) ? day(from) : `${day(from)} to ${day(to)}`
  return { refused, span }
}

/** Files of HL7 v2 go the way that a wire goes, as `analyze` has it; those of other formats are read as they are. */
function isFilesOfOtherFormat(paths: readonly string[], iface: Interface): boolean {
  if (iface.format === 'hl7v2') return false
  return paths.every((path) => {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) throw failure('INPUT_NOT_FOUND', 'there is no such file or folder', { place: { file: path } })
    return found.isFile() && !/\.p?cap(?:ng)?$/i.test(path)
  })
}

function interfaceOf(config: Config, id: string | undefined): Interface {
  if (id === undefined) throw failure('ARGUMENTS_INVALID', `--interface is missing; usage: ${usage}`)
  const found = config.catalogue.interfaces.find((iface) => iface.id === id)
  if (found === undefined) throw failure('ARGUMENTS_INVALID', `the configuration has no interface "${id}"`)
  return found
}

function sureAfterOf(text: string | undefined): number {
  if (text === undefined) return defaultSureness.sureAfter
  const number = Number(text)
  if (!Number.isInteger(number) || number < 3 || number > 1_000_000)
    throw failure('ARGUMENTS_INVALID', '--sure-after takes a number of messages from 3')
  return number
}

/** One more than the contract that the interface has; 1 without one. */
function versionAfter(iface: Interface, folder: string): number {
  if (iface.contract === null) return 1
  return Number(compileContractFile(iface.contract, folder).version) + 1
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (cause) {
    throw failure('ARGUMENTS_INVALID', 'the contract cannot be written there', { place: { file: path }, cause })
  }
}
