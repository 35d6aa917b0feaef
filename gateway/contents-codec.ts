import type { Contents } from './analysis/inspect.ts'
import { readFactsOrNull, writeFactsOrNull } from './facts-codec.ts'
import { ByteReader, BytesError, ByteWriter } from './log/bytes.ts'
import { type Packed, PackedReader } from './log/packed.ts'
import { readFlag, readList, writeFlag, writeList } from './log/pieces.ts'
import { readValue, writeValue } from './log/value-codec.ts'
import { isRecord } from './model/json.ts'
import type { Violation } from './model/violation.ts'

/**
 * What bodies say, as bytes, for the way from the thread that read them to the one that thinks: objects cost as much to hand over as a third of their reading, and the collector
 * would carry each along until its turn comes. So each is written as soon as it is read, and made anew when it is thought of. Never stored: both ends are of one program.
 */
export class ContentsWriter {
  readonly #writer: ByteWriter
  readonly #starts: number[] = []

  /** `countMax`: of contents that may come. */
  constructor(countMax: number) {
    this.#writer = new ByteWriter(Math.max(1, countMax) * bytesExpected)
  }

  add(contents: Contents | null): void {
    this.#starts.push(this.#writer.length)
    writeContentsOrNull(this.#writer, contents)
  }

  /** To be called once. */
  finish(): Packed {
    return { bytes: new Uint8Array(this.#writer.finish()), starts: Uint32Array.from(this.#starts) }
  }
}

/** Makes contents, equal ones, out of what a `ContentsWriter` gave. Its `read` throws BytesError for bytes that no writer made. */
export function readContents(packed: Packed): PackedReader<Contents | null> {
  return new PackedReader(packed, (buffer, start, end) => {
    const reader = new ByteReader(buffer, start, end)
    const contents = readContentsOrNull(reader)
    if (!reader.isAtEnd) throw new BytesError('There are bytes left over.')
    return contents
  })
}

const bytesExpected = 512

function writeContentsOrNull(writer: ByteWriter, contents: Contents | null): void {
  writeFlag(writer, contents !== null)
  if (contents === null) return
  writeFactsOrNull(writer, contents.requestFacts)
  writeFactsOrNull(writer, contents.answerFacts)
  // Nearly all messages are sound.
  writeList(writer, contents.violations, writeValue)
  writeFlag(writer, contents.refusal !== null)
  if (contents.refusal !== null) writer.text(contents.refusal.code)
  writeFlag(writer, contents.answersOther)
}

/** Typed as Required, so that a member added to the model doesn't compile until it is read here. */
function readContentsOrNull(reader: ByteReader): Required<Contents> | null {
  if (!readFlag(reader)) return null
  return {
    requestFacts: readFactsOrNull(reader),
    answerFacts: readFactsOrNull(reader),
    violations: readList(reader, readViolation),
    refusal: readFlag(reader) ? { code: reader.knownText() } : null,
    answersOther: readFlag(reader),
  }
}

function isViolation(value: unknown): value is Violation {
  return isRecord(value) && typeof value.rule === 'string' && isRecord(value.message)
}

function readViolation(reader: ByteReader): Violation {
  const value = readValue(reader)
  if (!isViolation(value)) throw new BytesError('A violation is none.')
  return value
}
