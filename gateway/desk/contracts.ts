import { parse } from 'yaml'
import { compareContracts } from '../../contracts/diff/compare.ts'
import type { Alert } from '../model/incident.ts'
import type { Catalogue, Interface } from '../model/interface.ts'
import { isRecord } from '../model/json.ts'
import type { Text } from '../model/text.ts'
import { type Instant, isoInZone } from '../model/time.ts'
import { heaviestFirst } from '../model/violation.ts'
import type { ContractVersion } from '../store/contract-store.ts'
import type { Store, ViolationCount } from '../store/store.ts'

/** One text of a contract with the interfaces that it was used on. */
export interface ContractText extends Omit<ContractVersion, 'interfaceId'> {
  readonly interfaceIds: readonly string[]
  readonly inUse: boolean
}

/** A contract as the store knows it: its texts newest first; the first is in use. */
export interface KnownContract {
  readonly id: string
  readonly interfaces: readonly Interface[]
  /** How the configuration names it. */
  readonly name: string
  readonly texts: readonly [ContractText, ...ContractText[]]
}

/** Contracts that interfaces of the catalogue are held to, in the catalogue's order. */
export function knownContracts(catalogue: Catalogue, versions: readonly ContractVersion[]): readonly KnownContract[] {
  const current = new Map<string, ContractVersion>()
  for (const version of versions) if (!current.has(version.interfaceId)) current.set(version.interfaceId, version)
  const held = catalogue.interfaces.flatMap((iface) => {
    const version = iface.contract === null ? undefined : current.get(iface.id)
    return version === undefined ? [] : [{ iface, version }]
  })
  const ids = [...new Set(held.map(({ version }) => version.contractId))]
  return ids.flatMap((id): readonly KnownContract[] => {
    const own = held.filter(({ version }) => version.contractId === id)
    const inUse = new Set(own.map(({ version }) => version.digest))
    const [first, ...more] = textsOf(
      versions.filter((version) => version.contractId === id),
      inUse,
    )
    if (first === undefined) return []
    const interfaces = own.map(({ iface }) => iface)
    return [{ id, interfaces, name: interfaces[0]?.contract ?? id, texts: [first, ...more] }]
  })
}

/** One for each text, newest first use first. */
function textsOf(versions: readonly ContractVersion[], inUse: ReadonlySet<string>): readonly ContractText[] {
  const byDigest = new Map<string, ContractVersion[]>()
  for (const version of versions) byDigest.set(version.digest, [...(byDigest.get(version.digest) ?? []), version])
  return [...byDigest.values()].flatMap((uses): readonly ContractText[] => {
    const [newest] = uses
    if (newest === undefined) return []
    const { interfaceId: _, ...text } = newest
    const firstUsedAt = Math.min(...uses.map((use) => use.firstUsedAt))
    return [
      {
        ...text,
        firstUsedAt,
        interfaceIds: [...new Set(uses.map((use) => use.interfaceId))].sort(),
        inUse: inUse.has(text.digest),
      },
    ]
  })
}

/** Its newest text is read for it, which takes some milliseconds. */
export function titleOf({ id, texts: [newest] }: KnownContract): Text {
  const contract: unknown = parse(newest.text)
  const title = isRecord(contract) ? contract.title : null
  return isRecord(title) && typeof title.zh === 'string' && typeof title.en === 'string'
    ? { zh: title.zh, en: title.en }
    : { zh: id, en: id }
}

export function changesBetween(before: string | null, after: string) {
  return before === null ? [] : compareContracts(before, after).map(({ text, breaking }) => ({ text, breaking }))
}

const dayMs = 86_400_000

/** Midnights of the hospital's zone: the last `count` days, today included. */
export function lastDays(
  now: Instant,
  count: number,
  timezone: string,
): readonly { readonly day: string; readonly from: Instant }[] {
  const today = isoInZone(now, timezone)
  const sinceMidnight = Number(today.slice(11, 13)) * 3_600_000 + Number(today.slice(14, 16)) * 60_000 + (now % 60_000)
  const midnight = now - sinceMidnight
  return Array.from({ length: count }, (_, i) => {
    const from = midnight - (count - 1 - i) * dayMs
    return { day: isoInZone(from, timezone).slice(0, 10), from }
  })
}

export interface DayCounts extends Omit<ViolationCount, 'count'> {
  readonly interfaceId: string
  readonly counts: readonly number[]
  readonly total: number
}

/** Violations of one interface by element and rule, day by day. */
export async function violationsByDay(
  store: Store,
  interfaceId: string,
  days: readonly { readonly from: Instant }[],
): Promise<readonly DayCounts[]> {
  const found = new Map<string, { newest: ViolationCount; counts: number[] }>()
  for (const [i, { from }] of days.entries()) {
    for (const one of await store.violationCounts(interfaceId, from, from + dayMs)) {
      const key = `${one.element} ${one.rule} ${one.severity}`
      const tally = found.get(key) ?? { newest: one, counts: days.map(() => 0) }
      found.set(key, tally)
      tally.counts[i] = one.count
      if (one.lastAt >= tally.newest.lastAt) tally.newest = one
    }
  }
  return [...found.values()]
    .map(({ newest: { count: _, ...newest }, counts }) => ({
      interfaceId,
      ...newest,
      counts,
      total: counts.reduce((a, b) => a + b, 0),
    }))
    .toSorted((a, b) => heaviestFirst(a, b) || b.total - a.total)
}

/** A breach that lasts or lasted, as the monitor of contracts says it. */
export interface DriftItem {
  readonly interfaceId: string
  readonly element: string
  readonly rule: string
  readonly side: 'request' | 'answer'
  readonly type: string
  readonly state: 'now' | 'past'
  readonly severity: 'warn' | 'ticket'
  readonly text: Text
  readonly onsetAt: Instant
  readonly lastAt: Instant
  readonly affected: number
  readonly share: number
  readonly usualShare: number
  readonly exchangeIds: readonly string[]
}

/** Newest onset first. What never held for long is no drift. */
export function driftOf(alerts: readonly Alert[], interfaceIds: readonly string[], timezone: string): readonly DriftItem[] {
  return alerts
    .filter(({ monitor, subject, firingAt, state, reading }) => {
      const isOwn = monitor === 'contract' && subject.kind === 'interface' && interfaceIds.includes(subject.id)
      return isOwn && reading.facts.element !== undefined && (firingAt !== null || state === 'pending')
    })
    .map((alert) => driftItem(alert, timezone))
    .toSorted((a, b) => b.onsetAt - a.onsetAt)
}

function driftItem({ state, subject, onsetAt, lastBadAt, reading }: Alert, timezone: string): DriftItem {
  const { facts, severity, exchangeIds } = reading
  const word = (name: string) => String(facts[name] ?? '')
  const amount = (name: string) => (typeof facts[name] === 'number' ? facts[name] : 0)
  const item = {
    interfaceId: subject.id,
    ...{ element: word('element'), rule: word('rule'), type: word('type').replace(/^([A-Za-z-]+)_(?=[/A-Z])/, '$1 ') },
    side: facts.side === 'answer' ? ('answer' as const) : ('request' as const),
    state: state === 'resolved' ? ('past' as const) : ('now' as const),
    ...{ severity, onsetAt, lastAt: lastBadAt },
    ...{ affected: amount('affected'), share: amount('share'), usualShare: amount('usualShare'), exchangeIds },
  }
  return { ...item, text: driftText(item, amount('seen'), isoInZone(onsetAt, timezone).slice(5, 16).replace('T', ' ')) }
}

const happenings: { readonly [rule: string]: Text } = {
  required: { zh: '不再填写', en: 'is left out' },
  forbidden: { zh: '出现了约定不允许的内容', en: 'is filled though it must be empty' },
  table: { zh: '出现了约定以外的代码', en: 'holds codes that are not agreed' },
  format: { zh: '格式与约定不同', en: 'has another form than agreed' },
  type: { zh: '类型与约定不同', en: 'is of another type than agreed' },
  length: { zh: '长度超出约定', en: 'is longer or shorter than agreed' },
  cardinality: { zh: '出现次数与约定不同', en: 'stands more or less often than agreed' },
  order: { zh: '段的顺序与约定不同', en: 'stands at another place than agreed' },
  structure: { zh: '报文结构与约定不同', en: 'has another structure than agreed' },
  charset: { zh: '字符集与约定不同', en: 'is in another character set than agreed' },
  version: { zh: '版本不在约定之内', en: 'states a version that is not agreed' },
  operation: { zh: '出现了契约以外的操作', en: 'asks for what the contract does not have' },
}
const otherHappening: Text = { zh: '不符合约定', en: 'breaks the agreement' }

/** `PID-3 is left out since 11-23 08:12: 118 of the last 120 messages (usually 0 %)`. */
function driftText(item: Omit<DriftItem, 'text'>, seen: number, since: string): Text {
  const { element, rule, type, affected, usualShare, state } = item
  const happens = happenings[rule] ?? otherHappening
  const usual = `${(usualShare * 100).toFixed(usualShare < 0.01 ? 1 : 0)} %`
  const place = type === '' ? element : `${type} ${element}`
  const of = seen > 0 ? { zh: `,${seen} 条中 ${affected} 条`, en: `, ${affected} of ${seen} messages` } : { zh: '', en: '' }
  const over = state === 'past' ? { zh: ',现已恢复', en: '; it is over' } : { zh: '', en: '' }
  return {
    zh: `${place} 自 ${since} 起${happens.zh}${of.zh}(平时 ${usual})${over.zh}`,
    en: `${place} ${happens.en} since ${since}${of.en} (usually ${usual})${over.en}`,
  }
}
