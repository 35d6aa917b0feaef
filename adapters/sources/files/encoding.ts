export type Encoding = 'ascii' | 'utf-8' | 'gb18030' | 'utf-16' | 'unknown'

export interface EncodingFound {
  readonly encoding: Encoding
  readonly hasBom: boolean
}

/** Finds a file's encoding by strict decoding as its bytes pass. UTF-16 is known by its byte order mark alone. */
export class EncodingSniffer {
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true })
  readonly #gb18030 = new TextDecoder('gb18030', { fatal: true })
  #isUtf8 = true
  #isGb18030 = true
  #isAscii = true
  #bom: 'utf-8' | 'utf-16' | null = null
  #isFirst = true

  /** The first piece holds at least the mark: three bytes, or the whole file. */
  push(bytes: Uint8Array): void {
    if (this.#isFirst && bytes.length > 0) {
      this.#bom = bomOf(bytes)
      this.#isFirst = false
    }
    if (this.#bom === 'utf-16') return
    if (this.#isAscii) this.#isAscii = bytes.every((byte) => byte < 0x80)
    this.#isUtf8 &&= decodes(this.#utf8, bytes, true)
    // What is good UTF-8 so far is as good as never good GB18030 alone.
    this.#isGb18030 &&= decodes(this.#gb18030, bytes, true)
  }

  end(): EncodingFound {
    const none = new Uint8Array(0)
    const hasBom = this.#bom !== null
    if (this.#bom === 'utf-16') return { encoding: 'utf-16', hasBom }
    if (this.#isAscii) return { encoding: 'ascii', hasBom }
    if (this.#isUtf8 && decodes(this.#utf8, none, false)) return { encoding: 'utf-8', hasBom }
    if (this.#isGb18030 && decodes(this.#gb18030, none, false)) return { encoding: 'gb18030', hasBom }
    return { encoding: 'unknown', hasBom }
  }
}

function bomOf(bytes: Uint8Array): 'utf-8' | 'utf-16' | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  return isUtf16 ? 'utf-16' : null
}

function decodes(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array, stream: boolean): boolean {
  try {
    decoder.decode(bytes, { stream })
    return true
  } catch {
    return false
  }
}
