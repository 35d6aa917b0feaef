import type { KeyKind } from '../../model/document.ts'
import { linkingKinds, singleKinds } from '../../model/journey.ts'
import type { Instant, Millis } from '../../model/time.ts'
import type { StoredExchange } from '../../store/exchange-store.ts'

export interface FollowLimits {
  /** A key that more exchanges carry than this is no order's own, whatever it is called: nothing is joined by it. */
  readonly degreeMax: number
  readonly exchangesMax: number
  readonly roundsMax: number
  /** So far before and after what was asked for. Numbers are used again after a while. */
  readonly reachMs: Millis
}

export const defaultFollowLimits: FollowLimits = {
  degreeMax: 64,
  exchangesMax: 1_000,
  roundsMax: 8,
  reachMs: 30 * 86_400_000,
}

/** The exchanges that carry any of these tokens, newest first; at most `limit`. */
export type FindByTokens = (
  tokens: readonly string[],
  span: { readonly from: Instant; readonly to: Instant; readonly limit: number },
) => Promise<readonly StoredExchange[]>

/** What belongs together, oldest first. */
export interface Followed {
  readonly groups: readonly (readonly StoredExchange[])[]
  /** Kinds of keys that were not followed, because too many exchanges carry them. */
  readonly crowdedKinds: readonly KeyKind[]
  /** More belongs to it than is shown. */
  readonly isCut: boolean
}

/**
 * Finds everything that belongs to the exchanges that were asked for: by the keys that link, round after round. Two exchanges with one key but different
 * patients are two orders under one reused number, unless a second key joins them too (patients are merged; orders then keep two numbers in common).
 * What lists several orders (the answer to a worklist query, a patient's everything) belongs to each of them and joins none to another.
 */
export async function follow(
  seeds: readonly StoredExchange[],
  find: FindByTokens,
  limits: FollowLimits = defaultFollowLimits,
): Promise<Followed> {
  const known = new Map(seeds.map((exchange) => [exchange.id, exchange]))
  const asked = new Set<string>()
  const from = Math.min(...seeds.map((e) => e.at)) - limits.reachMs
  const to = Math.max(...seeds.map((e) => e.at)) + limits.reachMs
  let isCut = false
  for (let round = 0; round < limits.roundsMax; round += 1) {
    const crowded = crowdedTokens(known.values(), limits.degreeMax)
    const fresh = [...new Set([...known.values()].flatMap(leadsOf))].filter((token) => !asked.has(token) && !crowded.has(token))
    if (fresh.length === 0) break
    for (const token of fresh) asked.add(token)
    const limit = limits.exchangesMax + limits.degreeMax * 4
    const found = await find(fresh, { from, to, limit })
    isCut ||= found.length >= limit
    // A token that turns out crowded brings nothing in.
    const tooMany = crowdedTokens(found, limits.degreeMax)
    for (const exchange of found) {
      if (known.size >= limits.exchangesMax) {
        isCut = true
        break
      }
      if (linksOf(exchange).some((token) => asked.has(token) && !tooMany.has(token))) known.set(exchange.id, exchange)
    }
    if (isCut && known.size >= limits.exchangesMax) break
  }
  const all = [...known.values()].toSorted(byTime)
  const crowded = crowdedTokens(all, limits.degreeMax)
  const wanted = new Set(seeds.map(({ id }) => id))
  return {
    groups: groupsOf(all, crowded).filter((group) => group.some(({ id }) => wanted.has(id))),
    crowdedKinds: [...new Set(all.flatMap((e) => e.keys.filter((k) => crowded.has(k.token)).map((k) => k.kind)))],
    isCut,
  }
}

function byTime(a: StoredExchange, b: StoredExchange): number {
  return a.at - b.at || (a.id < b.id ? -1 : 1)
}

function linksOf(exchange: StoredExchange): readonly string[] {
  return exchange.keys.flatMap(({ kind, token }) => (linkingKinds.has(kind) ? [token] : []))
}

/** Whether it names several orders at once. */
function isList({ keys }: StoredExchange): boolean {
  return [...singleKinds].some((kind) => new Set(keys.flatMap((key) => (key.kind === kind ? [key.token] : []))).size > 1)
}

/** The keys by which more is found: none of a list, which would bring in every order that it lists. */
function leadsOf(exchange: StoredExchange): readonly string[] {
  return isList(exchange) ? [] : linksOf(exchange)
}

function patientsOf(exchange: StoredExchange): readonly string[] {
  return exchange.keys.flatMap(({ kind, token }) => (kind === 'patient' ? [token] : []))
}

function crowdedTokens(exchanges: Iterable<StoredExchange>, degreeMax: number): ReadonlySet<string> {
  const counts = new Map<string, number>()
  for (const exchange of exchanges) for (const token of leadsOf(exchange)) counts.set(token, (counts.get(token) ?? 0) + 1)
  return new Set([...counts].flatMap(([token, count]) => (count > degreeMax ? [token] : [])))
}

interface Group {
  readonly members: StoredExchange[]
  readonly links: Set<string>
  readonly patients: Set<string>
}

/** Joins exchanges that share a key; of those with other patients only what shares two. Lists come last, to each that they name. Exchanges in order of time. */
function groupsOf(all: readonly StoredExchange[], crowded: ReadonlySet<string>): readonly (readonly StoredExchange[])[] {
  const groups: Group[] = []
  for (const exchange of all) {
    if (isList(exchange)) continue
    const links = new Set(linksOf(exchange).filter((token) => !crowded.has(token)))
    const patients = new Set(patientsOf(exchange))
    const own: Group = { members: [exchange], links, patients }
    const joined = groups.filter((group) => belongs(group, own))
    for (const group of joined) {
      groups.splice(groups.indexOf(group), 1)
      own.members.unshift(...group.members)
      for (const token of group.links) own.links.add(token)
      for (const token of group.patients) own.patients.add(token)
    }
    groups.push(own)
  }
  for (const exchange of all.filter(isList)) {
    const links = new Set(linksOf(exchange))
    const own: Group = { members: [exchange], links, patients: new Set(patientsOf(exchange)) }
    const named = groups.filter((group) => belongs(group, own))
    for (const { members } of named) members.push(exchange)
    if (named.length === 0) groups.push({ ...own, links: new Set() })
  }
  return groups.map(({ members }) => members.toSorted(byTime))
}

function belongs(group: Group, one: Group): boolean {
  const shared = [...one.links].filter((token) => group.links.has(token)).length
  if (shared === 0) return false
  const isSamePatient =
    group.patients.size === 0 || one.patients.size === 0 || [...one.patients].some((token) => group.patients.has(token))
  return isSamePatient || shared >= 2
}
