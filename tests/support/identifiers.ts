import { familyNames, givenNames, type Person, streets } from '../../fixtures/hospital/people.ts'
import type { GrantableIdentity } from '../../gateway/desk/masking/grants.ts'

/** One kind of identifier that fixtures carry. */
interface Pattern {
  readonly what: string
  readonly pattern: RegExp
}

/**
 * What identifies a patient, a visit or an order in the simulated hospital and in the project's own messages. All of it is invented, in
 * ranges that belong to nobody, so that it can be told from everything else that a program says. Names of two characters are left out:
 * they are words too.
 */
const patterns: readonly Pattern[] = [
  { what: 'identity number', pattern: /990000(?:19|20)\d{9}[\dX]/g },
  { what: 'telephone number', pattern: /(?<!\d)199\d{8}(?!\d)/g },
  { what: 'record number', pattern: /(?<![\w.-])P\d{7}(?!\w)/g },
  { what: 'visit or order number', pattern: /(?<![\w-])[A-Z]{1,4}20\d{6}\d{6,7}(?!\w)/g },
  { what: 'name', pattern: new RegExp(`(?:${familyNames.join('|')})[${givenNames}]{2}`, 'gu') },
  { what: 'name', pattern: /张三丰|欧阳若兰|王𠮷/gu },
  { what: 'address', pattern: new RegExp(`(?:${streets.join('|')})\\d+号`, 'gu') },
]

/** Identifiers in a text, with what they are; each once, at most 20. */
export function identifiersIn(
  text: string,
): readonly { readonly what: string; readonly value: string; readonly near: string }[] {
  const found = new Map<string, { what: string; value: string; near: string }>()
  for (const { what, pattern } of patterns) {
    for (const match of text.matchAll(pattern)) {
      if (found.size >= 20) break
      const near = text.slice(Math.max(match.index - 80, 0), match.index + match[0].length + 40).replaceAll('\n', ' ')
      found.set(match[0], { what, value: match[0], near })
    }
  }
  return [...found.values()]
}

/** One value that tells of a person, and the grant that shows it. */
export interface Identifier {
  readonly identity: GrantableIdentity
  readonly value: string
}

export function identifiersOf(person: Person): readonly Identifier[] {
  const { name, idNumber, mrn, phone, address, birthDate } = person
  return [
    { identity: 'name', value: name },
    { identity: 'id', value: idNumber },
    { identity: 'id', value: mrn },
    // As the insurance platform numbers its people.
    { identity: 'id', value: `4403000000${idNumber.slice(-10, -1)}0` },
    { identity: 'phone', value: phone },
    { identity: 'address', value: address },
    { identity: 'birth', value: birthDate },
  ]
}

/** However it is spelled: full-width forms, blanks, dashes and the marks of a date are one. */
export function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(
      /(\d{4})年(\d{1,2})月(\d{1,2})日/g,
      (_, y: string, m: string, d: string) => y + m.padStart(2, '0') + d.padStart(2, '0'),
    )
    .replace(/[\s./-]/g, '')
}
