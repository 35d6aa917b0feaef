import { Buffer } from 'node:buffer'

/**
 * A pure function of a text that remembers what it gave: names, paths and types are the same in one message after the other. Texts of more than `charsMax` are read anew
 * each time, and all is forgotten when `entriesMax` are known, so that no message makes it grow. The text that is kept is a copy: a piece of a message would hold the whole
 * message in memory.
 */
export function remembered<Made extends object | string | number | boolean | null>(
  make: (text: string) => Made,
  { entriesMax = 5_000, charsMax = 64 }: { readonly entriesMax?: number; readonly charsMax?: number } = {},
): (text: string) => Made {
  const known = new Map<string, Made>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    if (text.length > charsMax) return make(text)
    const own = Buffer.from(text, 'utf16le').toString('utf16le')
    const made = make(own)
    if (known.size >= entriesMax) known.clear()
    known.set(own, made)
    return made
  }
}
