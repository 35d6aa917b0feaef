import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { type EncodingFound, EncodingSniffer } from './encoding.ts'
import type { FileGate } from './file-gate.ts'
import { type RowCounter, rowCounterFor } from './row-count.ts'

/** A file as it was read. */
export interface FileContent extends EncodingFound {
  /** The first bytes, as many as may be kept. */
  readonly body: Uint8Array
  readonly bytes: number
  /** Of all bytes, 64 hexadecimal digits. */
  readonly sha256: string
  /** Null where rows mean nothing. */
  readonly rows: number | null
}

const pieceBytes = 1024 * 1024
/** Of a longer file only this much is read; digest and rows are of that much, and `bytes` is the whole. */
const readBytesMax = 4 * 1024 * 1024 * 1024

/** Reads a file once, piece by piece. Rejects with the system's error, or with code FILE_CHANGED when it changed meanwhile. */
export async function readContent(path: string, bodyBytesMax: number, gate: FileGate): Promise<FileContent> {
  const file = await gate.run(() => open(path, 'r'))
  try {
    const before = await gate.run(() => file.stat())
    const reading = new Reading(bodyBytesMax, before.size)
    await readThrough(file, Math.min(before.size, readBytesMax), gate, (piece) => reading.push(piece))
    const after = await gate.run(() => file.stat())
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) throw new FileChanged()
    return reading.end()
  } finally {
    await gate.run(() => file.close())
  }
}

/** The start of a file, decoded by the encoding it was found to have. */
export function textOf(content: FileContent): string {
  const label = content.encoding === 'unknown' || content.encoding === 'ascii' ? 'utf-8' : content.encoding
  return new TextDecoder(label === 'utf-16' && content.body[0] === 0xfe ? 'utf-16be' : label).decode(content.body)
}

async function readThrough(file: FileHandle, bytes: number, gate: FileGate, push: (piece: Uint8Array) => void): Promise<void> {
  const buffer = new Uint8Array(pieceBytes)
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await gate.run(() => file.read(buffer, 0, Math.min(pieceBytes, bytes - at), at))
    if (bytesRead === 0) throw new FileChanged()
    push(buffer.subarray(0, bytesRead))
    at += bytesRead
  }
}

class Reading {
  readonly #body: Uint8Array
  readonly #bytes: number
  readonly #hash = createHash('sha256')
  readonly #sniffer = new EncodingSniffer()
  #rows: RowCounter | null = null
  #kept = 0
  #isFirst = true

  constructor(bodyBytesMax: number, bytes: number) {
    this.#body = new Uint8Array(Math.min(bodyBytesMax, bytes))
    this.#bytes = bytes
  }

  push(piece: Uint8Array): void {
    if (this.#isFirst) this.#rows = rowCounterFor(piece)
    this.#isFirst = false
    this.#hash.update(piece)
    this.#sniffer.push(piece)
    this.#rows?.push(piece)
    const part = piece.subarray(0, this.#body.length - this.#kept)
    this.#body.set(part, this.#kept)
    this.#kept += part.length
  }

  end(): FileContent {
    return {
      ...this.#sniffer.end(),
      body: this.#body,
      bytes: this.#bytes,
      sha256: this.#hash.digest('hex'),
      rows: this.#rows?.end() ?? null,
    }
  }
}

class FileChanged extends Error {
  readonly code = 'FILE_CHANGED'
}
