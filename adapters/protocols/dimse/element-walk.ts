/** How a data set is written: byte order, or a deflated stream that isn't walked (PS3.5 A.5). Explicit and implicit VR are told apart by the first element. */
export type Encoding = 'little' | 'big' | 'deflated'

/** The encoding of a transfer syntax; of an unknown one: every private and every compressed one is little endian but for its pixels (PS3.5 A.4). */
export function encodingOf(transferSyntax: string | null): Encoding {
  if (transferSyntax === '1.2.840.10008.1.2.2') return 'big'
  return transferSyntax !== null && deflated.has(transferSyntax) ? 'deflated' : 'little'
}

/** Deflated Explicit VR Little Endian, and the two JPIP syntaxes that deflate. */
const deflated: ReadonlySet<string> = new Set(['1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.4.95', '1.2.840.10008.1.2.4.205'])

/** Pixel data (7FE0,0010), float pixel data, and what may come after them: other groups of private pixels, padding. */
const pixelGroup = 0x7fe0
const delimiterGroup = 0xfffe
const undefinedLength = 0xffff_ffff
/** So much is kept after the place where a data set stops making sense. */
const lostKeptBytes = 4_096

/**
 * Finds where a data set's pixel data begins, by the headers of its elements, in whatever pieces it comes. Values are passed over by their length;
 * sequences of undefined length are walked through. Holds one header and counts nothing but depth.
 */
export class ElementWalk {
  /** Of the data set so many bytes are worth keeping; infinite while that isn't known. */
  keepBytes = Number.POSITIVE_INFINITY
  /** Where the pixel data begins, once found. */
  pixelsAt: number | null = null
  /** Where it ends, by its own word; null where it says none, as encapsulated pixel data does (PS3.5 A.4). */
  pixelsEndAt: number | null = null
  #at = 0
  readonly #isBig: boolean
  /** Null before the first element. */
  #isExplicit: boolean | null = null
  #skipBytes = 0
  readonly #header = Buffer.alloc(12)
  #headerBytes = 0
  #headerNeeds = 8
  /** Even: elements are next (of the data set, of an item). Odd: items of a sequence. */
  #depth = 0
  /** From this depth on everything is Implicit VR Little Endian: inside a UN of undefined length (PS3.5 6.2.2). */
  #implicitFrom = Number.POSITIVE_INFINITY
  #isDone: boolean

  constructor(encoding: Encoding) {
    this.#isBig = encoding === 'big'
    this.#isDone = encoding === 'deflated'
  }

  /** Nothing more is to be learned from the bytes. */
  get isDone(): boolean {
    return this.#isDone
  }

  feed(bytes: Buffer): void {
    let from = 0
    while (from < bytes.length && !this.#isDone) {
      if (this.#skipBytes > 0) {
        const skipped = Math.min(this.#skipBytes, bytes.length - from)
        this.#skipBytes -= skipped
        this.#at += skipped
        from += skipped
      } else from = this.#take(bytes, from)
    }
  }

  /** Bytes were lost: where the next element begins isn't known. */
  lose(): void {
    this.#stop(this.#at)
  }

  /** Takes bytes of a header, and reads it when it is whole. */
  #take(bytes: Buffer, from: number): number {
    const taken = Math.min(this.#headerNeeds - this.#headerBytes, bytes.length - from)
    bytes.copy(this.#header, this.#headerBytes, from, from + taken)
    this.#headerBytes += taken
    this.#at += taken
    if (this.#headerBytes === this.#headerNeeds) this.#read()
    return from + taken
  }

  #read(): void {
    const header = this.#header
    const isBig = this.#isBig && this.#depth < this.#implicitFrom
    const group = isBig ? header.readUInt16BE(0) : header.readUInt16LE(0)
    const isPixels = this.#depth === 0 && group >= pixelGroup && group !== delimiterGroup
    if (isPixels) this.pixelsAt ??= this.#at - this.#headerBytes
    this.#isExplicit ??= isVr(vrAt(header))
    const hasVr = this.#isExplicit && this.#depth < this.#implicitFrom && group !== delimiterGroup && this.#depth % 2 === 0
    const vr = hasVr ? vrAt(header) : ''
    if (hasVr && !/^[A-Z]{2}$/.test(vr)) {
      this.#stop(this.pixelsAt ?? this.#at + lostKeptBytes)
      return
    }
    if (hasVr && !shortVrs.has(vr) && this.#headerNeeds === 8) {
      this.#headerNeeds = 12
      return
    }
    const length = lengthAt(header, hasVr ? (shortVrs.has(vr) ? 'short' : 'long') : 'plain', isBig)
    const element = isBig ? header.readUInt16BE(2) : header.readUInt16LE(2)
    this.#headerBytes = 0
    this.#headerNeeds = 8
    if (isPixels) {
      this.pixelsEndAt = length === undefinedLength ? null : this.#at + length
      this.#stop(this.pixelsAt ?? this.#at)
    } else if (group === delimiterGroup || this.#depth % 2 === 1) this.#delimit(group, element, length)
    else if (length === undefinedLength) this.#enter(vr === 'UN')
    else this.#skipBytes = length
  }

  /** An item, or the end of an item or of a sequence (PS3.5 7.5). Anything else has no place here. */
  #delimit(group: number, element: number, length: number): void {
    const awaitsItems = this.#depth % 2 === 1
    if (group === delimiterGroup && element === 0xe000 && awaitsItems) {
      if (length === undefinedLength) this.#depth += 1
      else this.#skipBytes = length
    } else if (group === delimiterGroup && element === (awaitsItems ? 0xe0dd : 0xe00d) && this.#depth > 0) {
      this.#depth -= 1
      if (this.#depth < this.#implicitFrom) this.#implicitFrom = Number.POSITIVE_INFINITY
    } else this.#stop(this.#at + lostKeptBytes)
  }

  #enter(isUnknownVr: boolean): void {
    this.#depth += 1
    if (isUnknownVr) this.#implicitFrom = Math.min(this.#implicitFrom, this.#depth)
  }

  #stop(keepBytes: number): void {
    this.#isDone = true
    this.keepBytes = keepBytes
  }
}

function vrAt(header: Buffer): string {
  return header.toString('latin1', 4, 6)
}

function lengthAt(header: Buffer, form: 'short' | 'long' | 'plain', isBig: boolean): number {
  if (form === 'short') return isBig ? header.readUInt16BE(6) : header.readUInt16LE(6)
  const at = form === 'long' ? 8 : 4
  return isBig ? header.readUInt32BE(at) : header.readUInt32LE(at)
}

/** Those with a length of 16 bits (PS3.5 7.1-2); every other VR, future ones too, has 32. */
const shortVrs: ReadonlySet<string> = new Set('AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' '))
const longVrs: ReadonlySet<string> = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '))

function isVr(text: string): boolean {
  return shortVrs.has(text) || longVrs.has(text)
}
