/** The delimiters that a message names for itself in MSH-1 and MSH-2 (HL7 2.5.4). Each is one character. */
export interface Delimiters {
  readonly field: string
  readonly component: string
  readonly repetition: string
  readonly escape: string
  readonly subcomponent: string
  /** Whether MSH named five different usable characters, or some had to be assumed. */
  readonly areSound: boolean
}

export const usualDelimiters: Delimiters = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
  areSound: true,
}

/** Reads them at the offset of `MSH`, `FHS` or `BHS`. What is missing, a letter or named twice is replaced by the usual one. */
export function delimitersAt(text: string, start: number): Delimiters {
  if (text.startsWith('|^~\\&|', start + 3)) return usualDelimiters
  const field = text.charAt(start + 3)
  if (!isUsable(field)) return { ...usualDelimiters, areSound: false }
  // Five characters since 2.7: the fifth marks truncation and separates nothing.
  const room = text.slice(start + 4, start + 10)
  const end = [...room].findIndex((char) => char === field || char === '\r' || char === '\n')
  const named = end < 0 ? room : room.slice(0, end)
  const usable = [...named.slice(0, 4)].filter((char, i, all) => isUsable(char) && char !== field && all.indexOf(char) === i)
  if (usable.length === 4 && named.length <= 5) {
    const [component = '^', repetition = '~', mark = '\\', subcomponent = '&'] = usable
    return { field, component, repetition, escape: mark, subcomponent, areSound: true }
  }
  return { ...repaired(field, named), areSound: false }
}

/** Fewer than four: the first ones stand where the standard puts them; the rest are the usual ones. */
function repaired(field: string, named: string): Omit<Delimiters, 'areSound'> {
  const taken = new Set([field])
  const pick = (i: number, usual: string) => {
    const char = named.charAt(i)
    const chosen = named.length <= 5 && isUsable(char) && !taken.has(char) ? char : usual
    taken.add(chosen)
    return chosen
  }
  return { field, component: pick(0, '^'), repetition: pick(1, '~'), escape: pick(2, '\\'), subcomponent: pick(3, '&') }
}

function isUsable(char: string): boolean {
  return char.length === 1 && char > ' ' && char !== '\u007f' && !/[\p{L}\p{N}\s]/u.test(char)
}
