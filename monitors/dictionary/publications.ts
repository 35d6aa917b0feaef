import type { InspectedExchange } from '../../gateway/model/reading.ts'
import type { Instant } from '../../gateway/model/time.ts'
import { hashOf, keepLast } from '../shared/rate.ts'
import { amount, type Held, list, record, word } from '../shared/state.ts'

/** What was published of dictionaries on any interface: the last one, and the codes that it and those before it named. */
export const publicationsPart = record({
  /** 0: none was seen. */
  at: amount(),
  interfaceId: word(),
  count: amount(),
  /** Hashes of the codes that were added or changed, newest last. */
  codes: list(amount()),
})
export type Publications = Held<typeof publicationsPart>

const codesMax = 256
/** What broke later than this after a publication didn't break because of it. */
const effectMsMax = 48 * 3_600_000
/** Of what was published these say that a code is valid from now on. `disabled` says the opposite. */
const publishedPaths: ReadonlySet<string> = new Set(['added', 'updated', 'items.code', 'MFE-4.1'])

/** HL7 master files (chapter 8), and whatever a format knows to be a dictionary by its key. */
export function isPublication({ requestFacts }: InspectedExchange): boolean {
  if (requestFacts === null) return false
  if (requestFacts.type?.startsWith('MFN') === true) return true
  return requestFacts.keys.some((key) => key.authority === 'dictionary')
}

export function notePublication(publications: Publications, item: InspectedExchange): void {
  publications.at = item.now
  publications.interfaceId = item.entry.exchange.interfaceId
  publications.count += 1
  for (const { path, value } of item.requestFacts?.codes ?? []) {
    if (publishedPaths.has(path)) keepLast(publications.codes, hashOf(value), codesMax)
  }
}

/** For facts: how long before `onsetAt` the last publication was, on which interface; nulls where none was or none can have to do with it. */
export function publishedBefore(
  { at, interfaceId }: Publications,
  onsetAt: Instant,
): { publishedBeforeS: number | null; publishedOn: string | null } {
  const isNear = at > 0 && at <= onsetAt && onsetAt - at <= effectMsMax
  return { publishedBeforeS: isNear ? Math.round((onsetAt - at) / 1000) : null, publishedOn: isNear ? interfaceId : null }
}
