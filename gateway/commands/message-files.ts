import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { splitBatch } from '../../adapters/formats/hl7v2/batch.ts'
import type { Document, Format } from '../model/document.ts'
import type { Envelope } from '../model/envelope.ts'
import { failure } from '../model/failures.ts'

/** A message that was read from a file. */
export interface MessageFile {
  readonly file: string
  /** From 1: of a batch of HL7 v2 messages which one. */
  readonly number: number
  /** Line of the file where the message begins, from 1. */
  readonly line: number
  readonly document: Document
  readonly side: 'request' | 'answer'
}

export interface MessageFileOptions {
  readonly format: Format
  readonly timezone: string
  /** Null: an acknowledgment is an answer, anything else a request. */
  readonly side: 'request' | 'answer' | null
  /** `POST /rx/check`: what HTTP would have said around the body. */
  readonly route: string | null
}

const fileBytesMax = 64 * 1024 * 1024

/** Messages in files and folders (all files below), in order of name. Throws Failure INPUT_NOT_FOUND or INPUT_UNREADABLE. */
export function readMessageFiles(paths: readonly string[], options: MessageFileOptions): readonly MessageFile[] {
  const envelope = envelopeOf(options.route)
  return paths.flatMap(filesOf).flatMap((file) => {
    if (statSync(file).size > fileBytesMax)
      throw failure('INPUT_UNREADABLE', 'a file of messages is larger than 64 MB', { place: { file } })
    const bytes = new Uint8Array(readFileSync(file))
    const bodies = options.format.name === 'hl7v2' ? splitBatch(bytes) : [bytes]
    return bodies.map((body, i) => {
      const hints = { at: 0, timezone: options.timezone, ...(envelope === null ? {} : { envelope }) }
      const side = options.side ?? (options.format.read(body, hints).facts().ack === null ? 'request' : 'answer')
      const around = envelope !== null && side === 'answer' ? { requestEnvelope: envelope, envelope: [] } : {}
      const document = options.format.read(body, { ...hints, side, ...around })
      return { file, number: i + 1, line: lineOf(bytes, body), document, side }
    })
  })
}

function filesOf(path: string): readonly string[] {
  if (!existsSync(path)) throw failure('INPUT_NOT_FOUND', 'there is no such file or folder', { place: { file: path } })
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !/\.(?:ya?ml|md)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
}

function envelopeOf(route: string | null): Envelope | null {
  if (route === null) return null
  const match = /^([A-Z]{3,10}) (\/\S*)$/.exec(route)
  if (match === null) throw failure('ARGUMENTS_INVALID', '--route takes a method and a path, as "POST /rx/check"')
  return [
    [':method', match[1] ?? ''],
    [':path', match[2] ?? ''],
  ]
}

/** The body is a view of the file's bytes, or a copy of them. */
function lineOf(file: Uint8Array, body: Uint8Array): number {
  const start = body.buffer === file.buffer ? body.byteOffset - file.byteOffset : Buffer.from(file).indexOf(Buffer.from(body))
  let line = 1
  for (let i = 0; i < start; i += 1) {
    const isBreak = file[i] === 10 || (file[i] === 13 && file[i + 1] !== 10)
    if (isBreak) line += 1
  }
  return line
}
