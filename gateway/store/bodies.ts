import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { crc32, constants as zlib, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Instant } from '../model/time.ts'

/**
 * Bodies in append-only files, one per UTC day of the exchange, so that pruning is the removal of a file and frees the disk at
 * once. Records are gathered into blocks, which are compressed (zstd: a seventh of the size, and the disk is what runs out) and
 * then sealed with AES-256-GCM when a key is given, else protected by a CRC. A record is found by day, block and offset.
 */
export interface BodyFiles {
  /** Writes the records before it returns; `undo` takes them back when the transaction that names them fails. */
  append(records: readonly BodyRecord[]): { readonly places: readonly BodyPlace[]; readonly undo: () => void }
  /** The record's bytes; null when its file was dropped, or when what stands there isn't what was written. */
  read(place: BodyPlace): Uint8Array | null
  /** Removes the files of whole days before `before`; gives their number. */
  drop(before: Instant): number
  sizeBytes(): number
  close(): void
}

export interface BodyRecord {
  readonly at: Instant
  readonly bytes: Uint8Array
}

export interface BodyPlace {
  /** Days since 1970-01-01 UTC. */
  readonly day: number
  readonly blockOffset: number
  readonly blockBytes: number
  readonly offset: number
  readonly bytes: number
}

const dayMs = 86_400_000
const blockBytesMax = 131_072
const openFilesMax = 4
const nonceBytes = 12
const tagBytes = 16

export function openBodyFiles(folder: string, key: KeyObject | null): BodyFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return new DayFiles(folder, key)
}

interface OpenFile {
  readonly fd: number
  bytes: number
}

class DayFiles implements BodyFiles {
  readonly #folder: string
  readonly #key: KeyObject | null
  readonly #open = new Map<number, OpenFile>()

  constructor(folder: string, key: KeyObject | null) {
    this.#folder = folder
    this.#key = key
  }

  append(records: readonly BodyRecord[]): { readonly places: readonly BodyPlace[]; readonly undo: () => void } {
    const before = new Map<number, number>()
    const undo = () => {
      for (const [day, bytes] of before) this.#cut(day, bytes)
    }
    const places: BodyPlace[] = []
    try {
      for (const block of blocksOf(records)) {
        const file = this.#file(block.day)
        if (!before.has(block.day)) before.set(block.day, file.bytes)
        const sealed = seal(block.bytes, this.#key, placeLabel(block.day, file.bytes))
        writeWhole(file.fd, sealed, file.bytes)
        for (const part of block.parts) {
          places[part.index] = {
            day: block.day,
            blockOffset: file.bytes,
            blockBytes: sealed.length,
            offset: part.offset,
            bytes: part.bytes,
          }
        }
        file.bytes += sealed.length
      }
    } catch (error) {
      undo()
      throw error
    }
    return { places, undo }
  }

  read(place: BodyPlace): Uint8Array | null {
    const sealed = readBlock(this.#path(place.day), place.blockOffset, place.blockBytes)
    const block = sealed === null ? null : unseal(sealed, this.#key, placeLabel(place.day, place.blockOffset))
    if (block === null || place.offset + place.bytes > block.length) return null
    return block.subarray(place.offset, place.offset + place.bytes)
  }

  drop(before: Instant): number {
    let dropped = 0
    for (const name of readdirSync(this.#folder)) {
      const day = dayOfName(name)
      if (day === null || (day + 1) * dayMs > before) continue
      this.#forget(day)
      rmSync(join(this.#folder, name), { force: true })
      dropped += 1
    }
    return dropped
  }

  sizeBytes(): number {
    return readdirSync(this.#folder).reduce(
      (sum, name) => sum + (statSync(join(this.#folder, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    )
  }

  close(): void {
    for (const day of [...this.#open.keys()]) this.#forget(day)
  }

  #path(day: number): string {
    return join(this.#folder, `${new Date(day * dayMs).toISOString().slice(0, 10)}.body`)
  }

  #file(day: number): OpenFile {
    const known = this.#open.get(day)
    if (known !== undefined) return known
    const oldest = this.#open.keys().next()
    if (this.#open.size >= openFilesMax && oldest.done !== true) this.#forget(oldest.value)
    // Not O_APPEND: every write names its offset, which is also part of what is sealed.
    const fd = openSync(this.#path(day), constants.O_RDWR | constants.O_CREAT, 0o600)
    const file: OpenFile = { fd, bytes: fstatSync(fd).size }
    this.#open.set(day, file)
    return file
  }

  #forget(day: number): void {
    const file = this.#open.get(day)
    if (file !== undefined) closeSync(file.fd)
    this.#open.delete(day)
  }

  #cut(day: number, bytes: number): void {
    const file = this.#file(day)
    ftruncateSync(file.fd, bytes)
    file.bytes = bytes
  }
}

interface Block {
  readonly day: number
  readonly bytes: Uint8Array
  readonly parts: readonly { readonly index: number; readonly offset: number; readonly bytes: number }[]
}

/** Records of one day, in order, gathered until the next would make the block too large. */
function blocksOf(records: readonly BodyRecord[]): readonly Block[] {
  const blocks: Block[] = []
  const gather = new Map<number, { index: number; record: BodyRecord }[]>()
  const flush = (day: number) => {
    const taken = gather.get(day) ?? []
    gather.delete(day)
    let offset = 0
    const parts = taken.map(({ index, record }) => {
      const part = { index, offset, bytes: record.bytes.length }
      offset += record.bytes.length
      return part
    })
    blocks.push({ day, bytes: Buffer.concat(taken.map(({ record }) => record.bytes)), parts })
  }
  const sizes = new Map<number, number>()
  for (const [index, record] of records.entries()) {
    const day = Math.floor(record.at / dayMs)
    const held = sizes.get(day) ?? 0
    const isFull = held > 0 && held + record.bytes.length > blockBytesMax
    if (isFull) flush(day)
    sizes.set(day, (isFull ? 0 : held) + record.bytes.length)
    const list = gather.get(day)
    if (list === undefined) gather.set(day, [{ index, record }])
    else list.push({ index, record })
  }
  for (const day of [...gather.keys()]) flush(day)
  return blocks
}

/** Binds a sealed block to its place, so that blocks can't be exchanged for one another. */
function placeLabel(day: number, offset: number): Uint8Array {
  return Buffer.from(`${day}:${offset}`, 'ascii')
}

const formatOpen = 1
const formatSealed = 2

function seal(bytes: Uint8Array, key: KeyObject | null, label: Uint8Array): Uint8Array {
  const small = zstdCompressSync(bytes, { params: { [zlib.ZSTD_c_compressionLevel]: 1 } })
  if (key === null) {
    const crc = Buffer.alloc(4)
    crc.writeUInt32LE(crc32(small))
    return Buffer.concat([Uint8Array.of(formatOpen), crc, small])
  }
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(label)
  const hidden = cipher.update(small)
  cipher.final()
  return Buffer.concat([Uint8Array.of(formatSealed), nonce, cipher.getAuthTag(), hidden])
}

function unseal(sealed: Uint8Array, key: KeyObject | null, label: Uint8Array): Uint8Array | null {
  try {
    if (sealed[0] === formatOpen) {
      const small = sealed.subarray(5)
      const crc = Buffer.from(sealed.subarray(1, 5)).readUInt32LE()
      return crc32(small) === crc ? zstdDecompressSync(small) : null
    }
    if (sealed[0] !== formatSealed || key === null) return null
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + nonceBytes), { authTagLength: tagBytes })
    decipher.setAAD(label)
    decipher.setAuthTag(sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes))
    const small = Buffer.concat([decipher.update(sealed.subarray(1 + nonceBytes + tagBytes)), decipher.final()])
    return zstdDecompressSync(small)
  } catch {
    // Another key, or bytes that a power cut left: what was written isn't there.
    return null
  }
}

function writeWhole(fd: number, bytes: Uint8Array, at: number): void {
  let written = 0
  while (written < bytes.length) written += writeSync(fd, bytes, written, bytes.length - written, at + written)
}

function readBlock(path: string, offset: number, length: number): Uint8Array | null {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  try {
    const bytes = Buffer.alloc(length)
    return readSync(fd, bytes, 0, length, offset) === length ? bytes : null
  } finally {
    closeSync(fd)
  }
}

function dayOfName(name: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})\.body$/.exec(name)
  const at = match?.[1] === undefined ? Number.NaN : Date.parse(`${match[1]}T00:00:00Z`)
  return Number.isNaN(at) ? null : at / dayMs
}
