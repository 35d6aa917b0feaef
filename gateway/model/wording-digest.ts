import { hash } from 'node:crypto'

/** What a database or an application server says of itself in words that are its own, whoever's message it refuses. */
export type WordedCause = 'pool' | 'lock' | 'trigger'

/**
 * What may leave of an error's text: twelve hexadecimal digits of SHA-256 over its wording, lower case, blanks joined, every run of digits as one mark.
 * Texts differ by the patient's numbers and names; their wording tells which error it is. What names its cause has the name before it (`pool-`). Null for no
 * text.
 */
export function wordingDigest(text: string | null): string | null {
  if (text === null || text.trim() === '') return null
  const lower = text.slice(0, charsMax).toLowerCase()
  const wording = lower
    .replace(/\p{N}+/gu, '#')
    .replace(/\s+/g, ' ')
    .trim()
  return namedFor(lower, hash('sha256', wording, 'hex').slice(0, 12))
}

/** The digest of a text (in lower case), after the name of the cause that its words name. */
export function namedFor(lower: string, digest: string): string {
  const cause = worded.find(([, words]) => words.test(lower))?.[0]
  return cause === undefined ? digest : `${cause}-${digest}`
}

/** What the wording named, or null. */
export function wordedCauseOf(digest: string): WordedCause | null {
  return worded.find(([cause]) => digest.startsWith(`${cause}-`))?.[0] ?? null
}

/** Words of Oracle, MySQL, SQL Server, PostgreSQL, HikariCP and DBCP. Numbers alone tell nothing: a patient may have them. */
const worded: readonly (readonly [WordedCause, RegExp])[] = [
  [
    'pool',
    /hikaripool|timeout waiting for (?:connection|idle object)|ora-(?:00018|00020|12516|12519|12520)\b|too many (?:connections|clients)|remaining connection slots|(?:connection|thread) pool (?:is )?(?:exhausted|full)|连接池|线程池/,
  ],
  [
    'lock',
    /ora-(?:00054|00060|30006)\b|deadlock|lock wait timeout|lock request time ?out|could not obtain lock|死锁|锁等待|锁超时/,
  ],
  ['trigger', /ora-040(?:88|98)\b|execution of trigger|触发器|存储过程|stored procedure/],
]

const charsMax = 4_096
