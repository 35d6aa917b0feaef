import { setTimeout as delay } from 'node:timers/promises'
import { createChance } from '../../fixtures/hospital/chance.ts'
import { findRunning } from '../../gateway/run-folder.ts'
import { eventually } from './child.ts'
import { kill, type Reckoning, reckon, tally } from './kills.ts'
import type { Product } from './product.ts'

export interface EdgeKills {
  /** From each SIGKILL until the edge said that it listens again. */
  readonly backMs: readonly number[]
  /** Acknowledged messages that the product never saw: in flight, or seen and not yet written, when the edge died. */
  readonly lostToSight: number
  /** Copies beyond the first that senders had to write. */
  readonly resent: number
  readonly wrongs: readonly string[]
}

/** Kills the edge under load, each time after it is back and traffic flows, and looks at what that did to the traffic and to the accounts. */
export async function edgeKills(
  product: Product,
  plan: { readonly kills: number; readonly seed: number; readonly withinMs: number },
): Promise<EdgeKills> {
  const chance = createChance(plan.seed)
  const killedAt: number[] = []
  const backMs: number[] = []
  for (let n = 0; n < plan.kills; n += 1) {
    // Long enough for the senders' back-off to be over and for traffic to flow again.
    await delay(4_000 + 3_000 * chance.next())
    const before = findRunning(product.dataFolder, 'edge')?.pid
    killedAt.push(Date.now())
    const from = performance.now()
    if (!kill(product, 'edge')) throw new Error('there was no edge to kill')
    const isBack = () => {
      const now = findRunning(product.dataFolder, 'edge')
      return now?.phase === 'ready' && now.pid !== before
    }
    for (const endsAt = from + plan.withinMs; !isBack(); await delay(10)) {
      if (performance.now() > endsAt) throw new Error('the edge never came back')
    }
    backMs.push(performance.now() - from)
  }
  await delay(6_000)
  await eventually(
    'the product is ready',
    plan.withinMs,
    async () => (await fetch(`${product.api}/readyz`)).ok,
    product.hospital,
  )
  const reckonings = await reckon(product, plan.withinMs)
  const judged = reckonings.map((reckoning) => judge(reckoning, killedAt))
  const sum = (of: (j: (typeof judged)[number]) => number) => judged.reduce((total, j) => total + of(j), 0)
  return { backMs, lostToSight: sum((j) => j.lost), resent: sum((j) => j.resent), wrongs: judged.flatMap((j) => j.wrongs) }
}

/** What the edge had seen and the log had not yet kept; it writes many times a second. A bound of ours, generous for a busy machine. */
const unwrittenMs = 2_000

/** Its sender's library (node-hl7-client) says nothing of a closed connection: a time-out is its only sign. */
const deafInterfaceId = 'his-bis-blood'

function judge({ interfaceId, sender, sent, arrived, seen, counted }: Reckoning, killedAt: readonly number[]) {
  const had = tally(arrived)
  const saw = tally(seen.map((e) => e.controlId))
  const unseen = sent.filter((m) => !saw.has(m.controlId))
  const longBefore = unseen.filter((m) => !killedAt.some((at) => m.firstAt > at - unwrittenMs && m.firstAt <= at + unwrittenMs))
  const resent = sent.reduce((total, m) => total + m.copies - 1, 0)
  const undelivered = sent.filter((m) => m.outcome === 'acknowledged' && !had.has(m.controlId)).length
  const tooOften = sent.filter((m) => (saw.get(m.controlId) ?? 0) > m.copies).length
  const claims: readonly (readonly [boolean, string])[] = [
    [undelivered === 0, `${undelivered} messages were acknowledged and never arrived`],
    [sent.every((m) => m.outcome === 'acknowledged'), 'a message was given up'],
    [
      (sender.counters.timeouts ?? 0) === 0 || interfaceId === deafInterfaceId,
      `${sender.counters.timeouts} time-outs: a connection hung in place of being cut`,
    ],
    [longBefore.length === 0, `${longBefore.length} messages are missing that were not in flight at any kill`],
    [tooOften === 0, `${tooOften} messages are seen more often than they were sent`],
    // The deaf one may still wait for its time-out when the next kill comes: that kill then finds no connection of its to cut.
    [
      (sender.counters.connections ?? 0) > (interfaceId === deafInterfaceId ? 1 : killedAt.length),
      'its connection was not cut by every kill',
    ],
    [counted === seen.length, `${counted} counted, ${seen.length} kept`],
    [new Set(seen.map((e) => e.id)).size === seen.length, 'an exchange is kept twice'],
  ]
  const wrongs = claims.filter(([holds]) => !holds).map(([, wrong]) => `${interfaceId}: ${wrong}`)
  return { lost: unseen.length, resent, wrongs }
}
