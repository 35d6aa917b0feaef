import type { CharsetFacts } from '../../../gateway/model/document.ts'

type Charset = CharsetFacts['detected']

/** What one MSH-18 label says. `charset` null: a character set that isn't read here, or no known label. */
interface Label {
  readonly charsets: readonly Charset[]
  /** In table 0211. */
  readonly isStandard: boolean
}

/**
 * Labels of table 0211, and those that messages in China carry instead (Mindray's manuals: `UNICODE`; others `GBK`,
 * `UTF-8`). Keys without spaces, dashes and underscores. `UNICODE` names a repertoire, not its encoding: both fit.
 */
const labels: ReadonlyMap<string, Label> = new Map<string, Label>([
  ['ASCII', { charsets: ['ascii'], isStandard: true }],
  ['UNICODEUTF8', { charsets: ['utf-8'], isStandard: true }],
  ['UNICODE', { charsets: ['utf-8', 'utf-16'], isStandard: true }],
  ['UNICODEUTF16', { charsets: ['utf-16'], isStandard: true }],
  ['UNICODEUTF32', { charsets: [], isStandard: true }],
  ['GB180302000', { charsets: ['gb18030'], isStandard: true }],
  ['8859/1', { charsets: ['iso-8859-1'], isStandard: true }],
  // The other parts differ from part 1 in meaning, not in which bytes are valid.
  ...['8859/2', '8859/3', '8859/4', '8859/5', '8859/6', '8859/7', '8859/8', '8859/9', '8859/15'].map(
    (name): [string, Label] => [name, { charsets: ['iso-8859-1'], isStandard: true }],
  ),
  ...['BIG5', 'CNS116431992', 'KSX1001', 'ISOIR14', 'ISOIR87', 'ISOIR159'].map((name): [string, Label] => [
    name,
    { charsets: [], isStandard: true },
  ]),
  ['UTF8', { charsets: ['utf-8'], isStandard: false }],
  ['ISOIR192', { charsets: ['utf-8'], isStandard: false }],
  ['UTF16', { charsets: ['utf-16'], isStandard: false }],
  ['GB18030', { charsets: ['gb18030'], isStandard: false }],
  ['GB180302005', { charsets: ['gb18030'], isStandard: false }],
  ['GB180302022', { charsets: ['gb18030'], isStandard: false }],
  ['GBK', { charsets: ['gb18030'], isStandard: false }],
  ['CP936', { charsets: ['gb18030'], isStandard: false }],
  ['GB2312', { charsets: ['gb18030'], isStandard: false }],
  ['ISO88591', { charsets: ['iso-8859-1'], isStandard: false }],
  ['LATIN1', { charsets: ['iso-8859-1'], isStandard: false }],
  ['USASCII', { charsets: ['ascii'], isStandard: false }],
])

/** Character sets that MSH-18 names, all its repetitions together; empty when it names none that is read here. */
export function charsetsOf(declared: string | null, repetition: string): readonly Charset[] {
  return labelsOf(declared, repetition).flatMap((label) => label?.charsets ?? [])
}

/**
 * Holds the claim of MSH-18 against what the bytes were found to be. ASCII bytes agree with every label whose character
 * set contains ASCII; the label itself may still be odd.
 */
export function verdictOn(declared: string | null, detected: Charset, repetition: string): CharsetFacts['verdict'] {
  if (declared === null) return 'unlabelled'
  // A sender says the same in all of its messages.
  const key = `${detected} ${repetition} ${declared}`
  const known = verdicts.get(key)
  if (known !== undefined) return known
  const verdict = judged(declared, detected, repetition)
  if (verdicts.size < verdictsMax && declared.length <= declaredMax) verdicts.set(key, verdict)
  return verdict
}

const verdicts = new Map<string, CharsetFacts['verdict']>()
/** What a hostile sender can make this remember. */
const verdictsMax = 200
const declaredMax = 40

function judged(declared: string, detected: Charset, repetition: string): CharsetFacts['verdict'] {
  const said = labelsOf(declared, repetition)
  const named = said.flatMap((label) => label?.charsets ?? [])
  const isOdd = said.some((label) => label === null || !label.isStandard)
  if (detected === 'ascii' && !(named.length > 0 && named.every((charset) => charset === 'utf-16')))
    return isOdd ? 'odd-label' : 'agrees'
  if (named.includes(detected)) return isOdd ? 'odd-label' : 'agrees'
  return said.every((label) => label === null) && detected !== 'unknown' ? 'odd-label' : 'contradicts'
}

function labelsOf(declared: string | null, repetition: string): readonly (Label | null)[] {
  if (declared === null) return []
  return declared
    .split(repetition)
    .filter((one) => one.trim() !== '')
    .map((one) => labels.get(one.toUpperCase().replace(/[\s_-]/g, '')) ?? null)
}
