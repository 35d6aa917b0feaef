import { digitsEnd, isDate, isStamp } from '../hl7v2/language/stamp.ts'
import { patternProblem, patternTextMax } from './safe-pattern.ts'

/** A named form of a value, for what a data type doesn't say. */
export type ValueFormat =
  | { readonly kind: 'digits'; readonly min: number; readonly max: number }
  /** `date`: YYYYMMDD; `datetime`: at least to the minute; `timestamp`: to the second, with or without zone. */
  | { readonly kind: 'date' | 'datetime' | 'timestamp' | 'number' | 'id-card' | 'mobile' | 'oid' | 'uuid' }
  /** Text of any kind that holds no identity number and no mobile number: what stands in it in clear is a breach of masking. */
  | { readonly kind: 'masked' }
  /** Text that leaves those who treat the patient: `masked`, and none of the findings that the law protects most. */
  | { readonly kind: 'public' }
  | { readonly kind: 'pattern'; readonly pattern: string }

export type FormatReading =
  | { readonly format: ValueFormat; readonly problem: null }
  | { readonly format: null; readonly problem: string }

/** Reads `digits(8)`, `digits(6..12)`, `datetime`, `id-card`, `/^[A-Z]{2}\d+$/`. Never throws. */
export function readFormat(text: string): FormatReading {
  const digits = /^digits\((\d{1,3})(?:\.\.(\d{1,3}))?\)$/u.exec(text)
  if (digits) {
    const min = Number(digits[1])
    const max = Number(digits[2] ?? digits[1])
    return min <= max ? { format: { kind: 'digits', min, max }, problem: null } : refused('the range runs backwards')
  }
  if (text.length > 2 && text.startsWith('/') && text.endsWith('/')) {
    const pattern = text.slice(1, -1)
    const problem = patternProblem(pattern)
    return problem === null ? { format: { kind: 'pattern', pattern }, problem } : refused(problem)
  }
  if (isNamed(text)) return { format: { kind: text }, problem: null }
  return refused(`"${text}" is no format: use digits(n), ${named.join(', ')} or /a pattern/`)
}

/** A test for a value, made once a contract. */
export function formatTest(format: ValueFormat): (value: string) => boolean {
  switch (format.kind) {
    case 'digits':
      return (value) => value.length >= format.min && value.length <= format.max && /^\d*$/u.test(value)
    case 'pattern': {
      const pattern = new RegExp(format.pattern, 'u')
      return (value) => value.length <= patternTextMax && pattern.test(value)
    }
    case 'id-card':
      return isIdCard
    case 'masked':
      return isMasked
    case 'public':
      return (value) => isMasked(value) && !protectedFinding.test(value)
    case 'date':
      return (value) => value.length === 8 && isDate(value)
    case 'datetime':
      return (value) => digitsEnd(value, 0) >= 12 && isStamp(value)
    case 'timestamp':
      return (value) => digitsEnd(value, 0) === 14 && isStamp(value)
    default:
      return patternTest(patterns[format.kind])
  }
}

/** What doesn't fit is in clear what should be masked: a breach of masking, and not of form. */
export function isOfMasking(name: unknown): boolean {
  return name === 'masked' || name === 'public'
}

/** The format as a contract writes it, for messages to people. */
export function writeFormat(format: ValueFormat): string {
  if (format.kind === 'pattern') return `/${format.pattern}/`
  if (format.kind !== 'digits') return format.kind
  return format.min === format.max ? `digits(${format.min})` : `digits(${format.min}..${format.max})`
}

const named = ['date', 'datetime', 'timestamp', 'number', 'id-card', 'mobile', 'oid', 'uuid', 'masked', 'public'] as const

const patterns = {
  number: /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/u,
  mobile: /^1\d{10}$/u,
  oid: /^[0-2](?:\.(?:0|[1-9]\d{0,40})){1,30}$/u,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu,
}

function patternTest(pattern: RegExp): (value: string) => boolean {
  return (value) => value.length <= patternTextMax && pattern.test(value)
}

function isNamed(text: string): text is (typeof named)[number] {
  return named.some((name) => name === text)
}

function refused(problem: string): FormatReading {
  return { format: null, problem }
}

const idCardWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** A mainland identity number: 17 digits and a check character, GB 11643-1999 (ISO 7064 MOD 11-2). */
function isIdCard(value: string): boolean {
  if (!/^\d{17}[\dXx]$/u.test(value)) return false
  const sum = idCardWeights.reduce((total, weight, i) => total + weight * Number(value[i]), 0)
  return '10X98765432'[sum % 11] === value[17]?.toUpperCase()
}

/**
 * No run of digits in it is an identity number, by its check character, or as long as a mobile number and begins like one; an old one of 15 digits only behind its
 * name, as it has no check character. Full-width digits, +86, and blanks and hyphens between are read through. Masked ones (`110101********1234`) are none.
 */
function isMasked(value: string): boolean {
  // Nearly all texts are left here: numbers of visits, dates and codes among them.
  if (!suspicious.test(value) || !someDigits.test(value)) return true
  const text = fullWidth.test(value) ? value.normalize('NFKC') : value
  for (const [run] of text.matchAll(/(?<!\d)\d{11,18}[Xx]?(?!\d)/gu)) {
    if (/^(?:86)?1[3-9]\d{9}$/u.test(run)) return false
    if (run.length === 18 && isIdCard(run) && birthDate.test(run)) return false
  }
  for (const [run] of text.matchAll(spaced)) {
    const bare = run.replace(/[\s-]/gu, '')
    if (bare.length === 11 || isIdCard(bare)) return false
  }
  return !oldIdCard.test(text)
}

/**
 * Infections with HIV and syphilis, serious mental disorders, drugs found in a body (《艾滋病防治条例》 39; 《精神卫生法》 4, 23; 《个人信息保护法》 28): a result that says so, or the
 * diagnosis. A negative result, the name of a test and that of an outpatient clinic are none.
 */
const protectedFinding =
  /(?:hiv|艾滋|免疫缺陷病毒|梅毒|tppa|\brpr\b)[^,;。;,]{0,30}(?:(?<!未)检出|[^非]阳性|有反应|拷贝|确诊|感染者|1 ?[::] ?\d)|(?:精神分裂|双相情?感?障碍|双相情感|躁狂|抑郁(?:发作|症|障碍)|精神病性)(?!\S{0,6}(?:门诊|科|专病|专家|中心|筛查))|(?:苯丙胺|吗啡|氯胺酮|大麻)[^,;。;,]{0,12}(?:[^非]阳性|(?<!未)检出)/iu
/** What one of the numbers looked for has in it, whichever it is: a mobile number, as many digits as an identity number, blanks between some, digits of full width. */
const suspicious = /(?<!\d)(?:86)?1[3-9]\d{9}(?!\d)|\d{17}[\dXx]|\d{3}[\s-]\d{4}|身份证[^\d]{0,8}\d{15}|[０-９]/
const someDigits = /[\d０-９]{3}/u
/** Positions 7 to 14: a serial number of eighteen digits passes the check character once in eleven. */
const birthDate = /^[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/u
const fullWidth = /[０-９]/u
/** `138 0013 8000`, `138-0013-8000`; `110101 19900307 231X`. */
const spaced = /(?<![\d.-])(?:1[3-9]\d[\s-]\d{4}[\s-]\d{4}|\d{6}[\s-]\d{8}[\s-]\d{3}[\dXx])(?![\d.-])/gu
const oldIdCard = /身份证[^\d]{0,8}\d{15}(?!\d)/u
