/** Bytes that end too early, or that say what nothing can mean: the reader's caller reports them as damage. */
export class BytesError extends Error {
  override readonly name = 'BytesError'
}

/** Writes numbers, texts and byte runs one after another into memory that grows. Little endian. */
export class ByteWriter {
  #buffer: Buffer
  #view: DataView
  #length: number

  /** `reserved` bytes at the front are left for the caller to fill in later. */
  constructor(capacity: number, reserved = 0) {
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(capacity, reserved))
    this.#view = new DataView(this.#buffer.buffer)
    this.#length = reserved
  }

  get length(): number {
    return this.#length
  }

  /** Forgets what was written after `length`. */
  cutTo(length: number): void {
    this.#length = Math.min(this.#length, length)
  }

  u8(value: number): void {
    this.#room(1)
    this.#view.setUint8(this.#length, value)
    this.#length += 1
  }

  u32(value: number): void {
    this.#room(4)
    this.#view.setUint32(this.#length, value, true)
    this.#length += 4
  }

  /** Overwrites the four bytes at `at`. */
  u32At(at: number, value: number): void {
    this.#view.setUint32(at, value, true)
  }

  f64(value: number): void {
    this.#room(8)
    this.#view.setFloat64(this.#length, value, true)
    this.#length += 8
  }

  /** A whole number from 0 to 2^53, in as few bytes as it needs: seven bits each, lowest first. */
  varint(value: number): void {
    this.#room(8)
    let rest = value
    while (rest >= 128) {
      this.#view.setUint8(this.#length, (rest % 128) + 128)
      this.#length += 1
      rest = Math.floor(rest / 128)
    }
    this.#view.setUint8(this.#length, rest)
    this.#length += 1
  }

  /** Exact for every string, lone surrogates too: one byte a character where all are below 256, else UTF-16. */
  text(value: string | null): void {
    if (value === null) this.varint(0)
    else if (!this.#narrowText(value)) this.#wideText(value)
  }

  bytes(value: Uint8Array): void {
    this.varint(value.length)
    this.#room(value.length)
    this.#buffer.set(value, this.#length)
    this.#length += value.length
  }

  /** What was written, with `spare` more bytes of room behind it: a view, not a copy. Write nothing more afterwards. */
  finish(spare = 0): Buffer {
    this.#room(spare)
    return this.#buffer.subarray(0, this.#length + spare)
  }

  /** False, with nothing written, for a text that needs two bytes a character. */
  #narrowText(value: string): boolean {
    const count = value.length
    this.#room(count + 8)
    const lengthAt = this.#length
    this.varint(count * 2 + 1)
    const start = this.#length
    for (let i = 0; i < count; i += 1) {
      const code = value.charCodeAt(i)
      if (code > 255) {
        this.#length = lengthAt
        return false
      }
      this.#buffer[start + i] = code
    }
    this.#length = start + count
    return true
  }

  #wideText(value: string): void {
    this.varint(value.length * 2 + 2)
    this.#room(value.length * 2)
    this.#length += this.#buffer.write(value, this.#length, 'utf16le')
  }

  #room(count: number): void {
    if (this.#length + count <= this.#buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#length + count))
    larger.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = larger
    this.#view = new DataView(larger.buffer)
  }
}

/** Reads what a ByteWriter wrote. Throws BytesError where the bytes end too early. */
export class ByteReader {
  readonly #buffer: Buffer
  readonly #view: DataView
  readonly #end: number
  #at: number

  /** Reads `buffer` from `start` to `end`. */
  constructor(buffer: Buffer, start: number, end: number) {
    this.#buffer = buffer
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length)
    this.#at = start
    this.#end = end
  }

  get isAtEnd(): boolean {
    return this.#at === this.#end
  }

  u8(): number {
    return this.#view.getUint8(this.#step(1))
  }

  f64(): number {
    return this.#view.getFloat64(this.#step(8), true)
  }

  varint(): number {
    let value = 0
    let scale = 1
    for (let i = 0; i < 8; i += 1) {
      const byte = this.#view.getUint8(this.#step(1))
      value += (byte & 127) * scale
      if (byte < 128) return value
      scale *= 128
    }
    throw new BytesError('A number has more bytes than it can have.')
  }

  text(): string | null {
    const tag = this.varint()
    if (tag === 0) return null
    const isWide = tag % 2 === 0
    const count = isWide ? tag - 2 : (tag - 1) / 2
    const start = this.#step(count)
    return isWide
      ? this.#buffer.toString('utf16le', start, start + count)
      : this.#buffer.toString('latin1', start, start + count)
  }

  skipText(): void {
    const tag = this.varint()
    if (tag > 0) this.#step(tag % 2 === 0 ? tag - 2 : (tag - 1) / 2)
  }

  /** A text that was mostly read before: names, addresses, what a system says of itself. Then it is that very string, and none is made. */
  knownText(): string | null {
    const at = this.#at
    const tag = this.varint()
    const count = (tag - 1) / 2
    if (tag % 2 === 1 && count <= knownMax) return known(this.#buffer, this.#view, this.#step(count), count)
    this.#at = at
    return this.text()
  }

  /** A view of the reader's memory, not a copy. */
  bytes(): Uint8Array {
    const count = this.varint()
    const start = this.#step(count)
    return new Uint8Array(this.#buffer.buffer, this.#buffer.byteOffset + start, count)
  }

  #step(count: number): number {
    const at = this.#at
    if (at + count > this.#end) throw new BytesError('The bytes end inside a value.')
    this.#at = at + count
    return at
  }
}

const knownMax = 40
const wordsMax = Math.ceil(knownMax / 4)
const slotCount = 4096
/** The last text of each hash, and its bytes by fours. */
const slots = new Array<string>(slotCount).fill('')
const slotWords = new Int32Array(slotCount * wordsMax)
/** The bytes of the text that is looked for. */
const words = new Int32Array(wordsMax)

function known(buffer: Buffer, view: DataView, start: number, count: number): string {
  const wordCount = takeWords(buffer, view, start, count)
  let hash = count
  for (let i = 0; i < wordCount; i += 1) hash = Math.imul(hash ^ (words[i] ?? 0), 0x9e3779b1) ^ (hash >>> 15)
  const slot = (hash ^ (hash >>> 12)) & (slotCount - 1)
  const last = slots[slot] ?? ''
  if (last.length === count && areWordsOf(slot, wordCount)) return last
  const text = buffer.toString('latin1', start, start + count)
  slots[slot] = text
  for (let i = 0; i < wordCount; i += 1) slotWords[slot * wordsMax + i] = words[i] ?? 0
  return text
}

/** Puts the bytes by fours into `words`, the last of them with as many as are left. Returns how many there are. */
function takeWords(buffer: Buffer, view: DataView, start: number, count: number): number {
  const end = start + count
  let wordCount = 0
  let at = start
  for (; at + 4 <= end; at += 4) words[wordCount++] = view.getInt32(at)
  if (at === end) return wordCount
  let rest = 0
  for (; at < end; at += 1) rest = (rest << 8) | (buffer[at] ?? 0)
  words[wordCount] = rest
  return wordCount + 1
}

function areWordsOf(slot: number, wordCount: number): boolean {
  for (let i = 0; i < wordCount; i += 1) if (slotWords[slot * wordsMax + i] !== words[i]) return false
  return true
}
