const lf = 0x0a
const cr = 0x0d
const quote = 0x22
const less = 0x3c
const greater = 0x3e
const slash = 0x2f
const bang = 0x21
const question = 0x3f
const apostrophe = 0x27

/** What a file holds rows of. */
export type RowKind = 'csv' | 'hl7' | 'xml'

/**
 * Counts rows as bytes pass, in ASCII, UTF-8 and GB18030 alike: none of them has a delimiter's byte inside a character. CSV: records after the header
 * (RFC 4180: a line break within quotes is none). HL7: messages of the batch. XML: children of the root.
 */
export interface RowCounter {
  readonly kind: RowKind
  push(bytes: Uint8Array): void
  end(): number
}

/** The counter for a file that begins like this; null where rows mean nothing (JSON, UTF-16, binary). */
export function rowCounterFor(start: Uint8Array): RowCounter | null {
  const at = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? 3 : 0
  const head = Buffer.from(start.subarray(at, at + 64))
    .toString('latin1')
    .trimStart()
  if (/^[{[]/.test(head) || /^[\xff\xfe]{2}/.test(head) || head.includes('\0')) return null
  if (head.startsWith('<')) return new XmlRows()
  if (/^(FHS|BHS|MSH)[|^]/.test(head)) return new Hl7Rows()
  return new CsvRows()
}

class CsvRows implements RowCounter {
  readonly kind = 'csv'
  #records = 0
  #isQuoted = false
  #isEmpty = true

  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === quote) this.#isQuoted = !this.#isQuoted
      const isEnd = (byte === lf || byte === cr) && !this.#isQuoted
      if (isEnd && !this.#isEmpty) this.#records += 1
      this.#isEmpty = isEnd
    }
  }

  end(): number {
    return Math.max(0, this.#records + (this.#isEmpty ? 0 : 1) - 1)
  }
}

class Hl7Rows implements RowCounter {
  readonly kind = 'hl7'
  #messages = 0
  /** How much of `MSH` stands at the begin of this line so far; -1: another segment. */
  #matched = 0

  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === lf || byte === cr) this.#matched = 0
      else if (this.#matched >= 0) {
        this.#matched = byte === name[this.#matched] ? this.#matched + 1 : -1
        if (this.#matched < name.length) continue
        this.#messages += 1
        this.#matched = -1
      }
    }
  }

  end(): number {
    return this.#messages
  }
}

const name: readonly number[] = [0x4d, 0x53, 0x48]

/** Enough of XML 1.0 to know where elements begin and end: tags, quoted attribute values, comments, CDATA and processing instructions. */
class XmlRows implements RowCounter {
  readonly kind = 'xml'
  #rows = 0
  #depth = 0
  #state: 'text' | 'open' | 'start' | 'close' | 'skip' = 'text'
  #quote = 0
  #last = 0
  /** What ends what is skipped: `-->`, `]]>`, `?>`, `>`. */
  #ending = ''
  #recent = ''

  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      this.#see(byte)
      this.#last = byte
    }
  }

  end(): number {
    return this.#rows
  }

  #see(byte: number): void {
    switch (this.#state) {
      case 'text':
        if (byte === less) this.#state = 'open'
        return
      case 'open':
        this.#open(byte)
        return
      case 'start':
        this.#inStart(byte)
        return
      case 'close':
        if (byte !== greater) return
        this.#depth = Math.max(0, this.#depth - 1)
        this.#state = 'text'
        return
      case 'skip':
        this.#recent = (this.#recent + String.fromCharCode(byte)).slice(-9)
        if (this.#ending === '>' && /^(--|\[CDATA\[)/.test(this.#recent))
          this.#ending = this.#recent.startsWith('-') ? '-->' : ']]>'
        if (this.#recent.endsWith(this.#ending)) this.#state = 'text'
        return
      default:
        this.#state satisfies never
    }
  }

  #open(byte: number): void {
    if (byte === slash) this.#state = 'close'
    else if (byte === bang || byte === question) {
      this.#state = 'skip'
      this.#recent = ''
      this.#ending = byte === question ? '?>' : '>'
    } else {
      if (this.#depth === 1) this.#rows += 1
      this.#depth += 1
      this.#state = 'start'
    }
  }

  #inStart(byte: number): void {
    if (this.#quote !== 0) {
      if (byte === this.#quote) this.#quote = 0
    } else if (byte === quote || byte === apostrophe) this.#quote = byte
    else if (byte === greater) {
      if (this.#last === slash) this.#depth -= 1
      this.#state = 'text'
    }
  }
}
