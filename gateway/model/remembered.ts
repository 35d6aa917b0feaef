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

/** The same of two texts, of which the first is one of a few that are known beforehand, as they are written in a program. */
export function rememberedByFamily<Family extends string, Made extends object | string | number | boolean | null>(
  make: (family: Family, text: string) => Made,
  limits?: Parameters<typeof remembered>[1],
): (family: Family, text: string) => Made {
  const families = new Map<Family, (text: string) => Made>()
  return (family, text) => {
    const known = families.get(family)
    if (known !== undefined) return known(text)
    const begun = remembered((one) => make(family, one), limits)
    families.set(family, begun)
    return begun(text)
  }
}
