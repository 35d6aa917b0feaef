import { setTimeout as delay } from 'node:timers/promises'
import { createChance } from '../../fixtures/hospital/chance.ts'
import { isMllpId } from '../../fixtures/hospital/messages/dialect.ts'
import { isRecord } from '../../fixtures/hospital/story.ts'
import { findRunning } from '../../gateway/run-folder.ts'
import { eventually } from './child.ts'
import type { Product } from './product.ts'

export type Victim = 'edge' | 'analysis' | 'desk' | 'supervisor'

export interface Kill {
  readonly victim: Victim
  /** When, by this machine's clock. */
  readonly at: number
}

export interface KillPlan {
  readonly kills: number
  readonly seed: number
  readonly victims: readonly Victim[]
  /** Pauses between kills lie evenly between these. Short ones strike what is still starting. */
  readonly pauseMs: { readonly min: number; readonly max: number }
  readonly withinMs: number
}

/** Kills roles and the supervisor with SIGKILL at moments drawn from the seed. A killed supervisor is followed by another, as systemd would have it. */
export async function killAtRandom(product: Product, plan: KillPlan): Promise<readonly Kill[]> {
  const chance = createChance(plan.seed)
  const done: Kill[] = []
  while (done.length < plan.kills) {
    await delay(plan.pauseMs.min + (plan.pauseMs.max - plan.pauseMs.min) * chance.next())
    const victim = plan.victims[Math.floor(chance.next() * plan.victims.length)] ?? 'analysis'
    // A role that is not back yet can't be killed again; the seed then decides anew.
    if (!kill(product, victim)) continue
    done.push({ victim, at: Date.now() })
    if (victim === 'supervisor') await product.restart()
  }
  await eventually('all roles are back', plan.withinMs, async () => isWhole(product), product.hospital)
  return done
}

/** SIGKILL to whoever announced itself by that name. False when nobody does now. */
export function kill(product: Product, victim: Victim): boolean {
  const running = findRunning(product.dataFolder, victim)
  if (running) process.kill(running.pid, 'SIGKILL')
  return running !== null
}

async function isWhole(product: Product): Promise<boolean> {
  const roles = (['edge', 'analysis', 'desk'] as const).map((role) => findRunning(product.dataFolder, role)?.phase)
  return roles.every((phase) => phase === 'ready') && (await fetch(`${product.api}/readyz`)).ok
}

/** One end of one interface, by the hospital's own account. */
export interface End {
  readonly counters: { readonly [what: string]: number }
  readonly sentSha256: string
  readonly receivedSha256: string
  readonly sentBytes: number
}

/** One interface: what the hospital did, and what the product says that it saw. */
export interface Reckoning {
  readonly interfaceId: string
  readonly sender: End
  readonly receiver: End
  /** As the sender remembers its messages. */
  readonly sent: readonly {
    readonly controlId: string
    readonly copies: number
    readonly outcome: string
    readonly firstAt: number
  }[]
  /** Control ids of messages that arrived, as the receiver remembers them. */
  readonly arrived: readonly string[]
  /** Exchanges that the product keeps, by the API. */
  readonly seen: readonly { readonly id: string; readonly controlId: string | null; readonly outcome: string }[]
  /** Exchanges that it counted, by the metrics. */
  readonly counted: number
}

/** Ends the traffic, waits until the last answer is in and analysis has caught up, and puts both accounts side by side. */
export async function reckon(product: Product, withinMs: number): Promise<readonly Reckoning[]> {
  await fetch(`${product.control}/traffic/pause`, { method: 'POST' })
  await eventually('the hospital is quiet', withinMs, async () => (await accounts(product)).every(isQuiet), product.hospital)
  await caughtUp(product, withinMs)
  const counts = await counted(product)
  const all: Reckoning[] = []
  for (const { interfaceId, sender, receiver } of await accounts(product)) {
    // Other protocols' ids mean nothing beyond their connection: these accounts are of control ids.
    if (!isMllpId(interfaceId)) continue
    const [sent, arrived] = await Promise.all([
      ledger(product, interfaceId, 'sender'),
      ledger(product, interfaceId, 'receiver'),
    ])
    all.push({
      interfaceId,
      sender,
      receiver,
      sent: sent.map((m) => ({
        controlId: String(m.controlId),
        copies: Number(m.copies),
        outcome: String(m.outcome),
        firstAt: Number(m.firstAt),
      })),
      arrived: arrived.map((m) => String(m.controlId)),
      seen: await exchanges(product, interfaceId),
      counted: counts.get(interfaceId) ?? 0,
    })
  }
  return all
}

/** Analysis is a second or two behind: the counts are final when the clock of analysis has passed the last exchange and they stand still. */
async function caughtUp(product: Product, withinMs: number): Promise<void> {
  const quietAt = Date.now()
  let last = ''
  await eventually(
    'analysis has caught up',
    withinMs,
    async () => {
      const overview = await product.get('/overview')
      const analysedAt = isRecord(overview) ? Date.parse(String(overview.analysedAt)) : 0
      const now = JSON.stringify([...(await counted(product))])
      const isSame = now === last
      last = now
      return analysedAt > quietAt + 1000 && isSame
    },
    product.hospital,
  )
}

interface Account {
  readonly interfaceId: string
  readonly queued: number
  readonly sender: End
  readonly receiver: End
}

function isQuiet({ queued, sender }: Account): boolean {
  const { messages = 0, acknowledged = 0, refused = 0, abandoned = 0 } = sender.counters
  return queued === 0 && messages === acknowledged + refused + abandoned
}

async function accounts(product: Product): Promise<readonly Account[]> {
  const list: unknown = await (await fetch(`${product.control}/accounts`)).json()
  if (!Array.isArray(list) || !list.every(isAccount)) throw new Error('the control port gives no accounts')
  return list
}

function isAccount(value: unknown): value is Account {
  return (
    isRecord(value) &&
    typeof value.interfaceId === 'string' &&
    typeof value.queued === 'number' &&
    isEnd(value.sender) &&
    isEnd(value.receiver)
  )
}

function isEnd(value: unknown): value is End {
  return (
    isRecord(value) &&
    isRecord(value.counters) &&
    typeof value.sentSha256 === 'string' &&
    typeof value.receivedSha256 === 'string'
  )
}

async function ledger(
  product: Product,
  interfaceId: string,
  end: 'sender' | 'receiver',
): Promise<readonly { readonly [key: string]: unknown }[]> {
  const list: unknown = await (await fetch(`${product.control}/ledger/${interfaceId}?end=${end}&limit=200000`)).json()
  return Array.isArray(list) ? list.filter(isRecord) : []
}

/** `auscult_exchanges_total` summed over outcomes, by interface. */
async function counted(product: Product): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${product.api}/metrics`)).text()
  const totals = new Map<string, number>()
  for (const [, id = '', value = ''] of text.matchAll(/^auscult_exchanges_total\{.*?interface="([^"]+)".*?\} (\d+)/gm))
    totals.set(id, (totals.get(id) ?? 0) + Number(value))
  return totals
}

async function exchanges(product: Product, interfaceId: string): Promise<Reckoning['seen']> {
  const seen: { id: string; controlId: string | null; outcome: string }[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: unknown = await product.get(
      `/exchanges?interface=${interfaceId}&limit=500${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    )
    if (!isRecord(page) || !Array.isArray(page.items)) throw new Error('the API gives no exchanges')
    const items: readonly unknown[] = page.items
    for (const item of items.filter(isRecord)) {
      const controlId = typeof item.controlId === 'string' ? item.controlId : null
      seen.push({ id: String(item.id), controlId, outcome: String(item.outcome) })
    }
    cursor = typeof page.nextCursor === 'string' ? page.nextCursor : null
  }
  return seen
}

/** How often each text stands in the list. */
export function tally(texts: readonly (string | null)[]): ReadonlyMap<string | null, number> {
  const counts = new Map<string | null, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return counts
}

/**
 * What kills of everything but the edge may not do, as sentences about what is wrong; none when all is well: the bytes of both ends are
 * the same, nothing timed out or was sent twice, and the product saw every exchange exactly once.
 */
export function wrongsOf(reckonings: readonly Reckoning[]): readonly string[] {
  return reckonings.flatMap(({ interfaceId, sender, receiver, sent, seen, counted: total }) => {
    const counters = sender.counters
    const broken = ['timeouts', 'broken-connections', 'refused-connections', 'abandoned', 'stray-acks', 'refused'].filter(
      (what) => (counters[what] ?? 0) > 0,
    )
    const copies = new Map(sent.map((m) => [m.controlId, m.copies]))
    const times = tally(seen.map((e) => e.controlId))
    const unlike = [...copies].filter(([id, count]) => times.get(id) !== count).length
    const strange = [...times.keys()].filter((id) => id === null || !copies.has(id)).length
    const claims: readonly (readonly [boolean, string])[] = [
      [(counters.messages ?? 0) > 0, 'sent nothing'],
      [counters.connections === 1, `${counters.connections} connections`],
      [broken.length === 0, `the sender counted ${broken.map((what) => `${what} ${counters[what]}`).join(', ')}`],
      [counters.copies === counters.messages, `${counters.messages} messages in ${counters.copies} copies`],
      [sender.sentSha256 === receiver.receivedSha256, 'the receiver got other bytes than were sent'],
      [receiver.sentSha256 === sender.receivedSha256, 'the sender got other bytes than were answered'],
      [unlike === 0, `${unlike} messages of ${copies.size} are not seen as often as they were sent`],
      [strange === 0, `${strange} exchanges of no message`],
      [
        seen.every((e) => e.outcome === 'answered'),
        `not all answered: ${JSON.stringify([...tally(seen.map((e) => e.outcome))])}`,
      ],
      [total === seen.length, `${total} counted, ${seen.length} kept`],
      [new Set(seen.map((e) => e.id)).size === seen.length, 'an exchange is kept twice'],
    ]
    return claims.filter(([holds]) => !holds).map(([, wrong]) => `${interfaceId}: ${wrong}`)
  })
}
