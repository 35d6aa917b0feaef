const textsMax = 500

/**
 * What follows from a text alone, made once for each of the first few hundred texts and not with every message. Senders choose texts, so their number has a bound; and a text that was cut
 * from a message would hold the whole of it in memory, so a copy is kept.
 */
export function remembered<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    if (known.size >= textsMax) return make(text)
    const copy = text.split('').join('')
    const made = make(copy)
    known.set(copy, made)
    return made
  }
}
