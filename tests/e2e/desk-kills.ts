/**
 * Two desks on one database, killed at random while incidents open and people work: `desk-kills.ts [ROUNDS] [SEED]`. Says what was
 * wrong afterwards: a duty that was lost or done twice, a notice that a channel lacks or has under two keys.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { createChance } from '../../fixtures/hospital/chance.ts'
import { comparePositions, madeBatch, positionOf } from '../../fixtures/observed/made.ts'
import { madeIncident } from '../../fixtures/observed/tickets.ts'
import { Refusal } from '../../gateway/desk/api/problems.ts'
import type { Setting } from '../../gateway/desk/setting.ts'
import { actOnTicket } from '../../gateway/desk/tickets.ts'
import type { Clock } from '../../gateway/model/time.ts'
import { secretsFrom } from '../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../gateway/store/sqlite-store.ts'
import type { Store } from '../../gateway/store/store.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { szph } from '../unit/gateway/desk/rules/szph.ts'
import { type Child, run } from './child.ts'
import { hastyRules } from './desk-rules.ts'
import { hastyClock } from './hasty-clock.ts'

export interface DeskKills {
  readonly kills: number
  readonly tickets: number
  readonly notices: number
  readonly overdue: number
  /** Notices that a channel took more than once, under the same key: a kill struck between sending and writing it down. */
  readonly repeats: number
  readonly wrongs: readonly string[]
}

const channels = ['hook-1', 'hook-2', 'hook-3'] as const

export async function killDesks(rounds: number, seed: number, settleWithinMs: number): Promise<DeskKills> {
  await using stack = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'auscult-desks-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const tokenKeys = [secretsFrom(new Uint8Array(32).fill(1)).key('tokens')]
  const store = openSqliteStore({ folder, tokenKeys, bodyKey: null, comparePositions })
  stack.defer(() => store.close())
  const receivers = await Promise.all(channels.map(() => startReceiver()))
  for (const receiver of receivers) stack.defer(() => receiver.close())
  // One refuses every fourth time.
  const [, , flaky] = receivers
  if (flaky) flaky.answer = (count) => ({ status: count % 4 === 3 ? 503 : 200, body: '' })
  const startedAt = Date.now()
  const program = join(import.meta.dirname, 'desk-child.ts')
  const start = () => run([program, folder, String(startedAt), ...receivers.map(({ url }) => url)])
  const desks = [start(), start()]
  stack.defer(async () => {
    await Promise.all(desks.map((desk) => desk.stop()))
  })
  const clock = hastyClock(startedAt)
  const chance = createChance(seed)
  for (let round = 1; round <= rounds; round += 1) {
    const victim = chance.next() < 0.5 ? 0 : 1
    await killed(desks[victim])
    await openIncident(store, round, clock)
    desks[victim] = start()
    await work(store, Math.max(1, Math.floor(chance.next() * round)), chance.next(), clock)
    await delay(50 + 900 * chance.next())
  }
  await settled(store, desks, settleWithinMs)
  await Promise.all(desks.map((desk) => desk.stop()))
  return reckon(store, receivers, rounds)
}

async function killed(desk: Child | undefined): Promise<void> {
  if (desk === undefined || desk.process.exitCode !== null) return
  const ended = new Promise((resolve) => desk.process.once('exit', resolve))
  desk.process.kill('SIGKILL')
  await ended
}

async function openIncident(store: Store, number: number, clock: Clock): Promise<void> {
  const at = clock.now()
  const incident = { ...madeIncident(`i${number}`), severity: 'P1', openedAt: at, onsetAt: at, lastSeenAt: at } as const
  await store.commit({ ...madeBatch([], { incidents: [incident] }), position: positionOf(number) })
}

/** Somebody does something to a ticket; what its state doesn't allow, or a desk was faster with, is left. */
async function work(store: Store, number: number, dice: number, clock: Clock): Promise<void> {
  const setting: Setting = { rules: hastyRules, catalogue: szph, channels }
  const acting = { by: 'wang', at: clock.now(), setting }
  const id = `t${number}`
  try {
    if (dice < 0.3) await actOnTicket(store, id, { kind: 'arrive' }, acting)
    else if (dice < 0.6) await actOnTicket(store, id, { kind: 'progress', taken: 'a', blocker: 'b', next: 'c' }, acting)
    else if (dice < 0.8) await actOnTicket(store, id, { kind: 'resolve' }, acting)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

/** Until nothing is due any more and nothing waits. */
async function settled(store: Store, desks: readonly Child[], withinMs: number): Promise<void> {
  const endsAt = performance.now() + withinMs
  const isSettled = async () =>
    (await store.unsweptIncidents(1)).length === 0 &&
    (await store.dueDuties(Number.MAX_SAFE_INTEGER, 1)).length === 0 &&
    !(await store.deliveryCounts()).some(({ state }) => state === 'waiting')
  while (!(await isSettled())) {
    if (performance.now() > endsAt) throw new Error(`never settled\n${desks.map((desk) => desk.errors()).join('\n')}`)
    await delay(200)
  }
}

async function reckon(store: Store, receivers: readonly Receiver[], rounds: number): Promise<DeskKills> {
  const wrongs: string[] = []
  const told = new Set<string>()
  let overdue = 0
  for (let number = 1; number <= rounds; number += 1) {
    const id = `t${number}`
    const ticket = (await store.ticket(id))?.ticket
    if (ticket === undefined) {
      wrongs.push(`${id} was never opened`)
      continue
    }
    const duties = (await store.duties({ ticketId: id, limit: 500 })).items.map(({ duty }) => duty)
    const late = duties.filter((duty) => duty.overdueAt !== null)
    const effects = ticket.timeline.filter(({ kind }) => kind === 'escalated' || kind === 'overdue' || kind === 'difficult')
    if (late.length !== effects.length) wrongs.push(`${id}: ${late.length} late duties had ${effects.length} effects`)
    const ids = new Set((await store.deliveries(id)).map(({ notice }) => notice.id))
    const first = [...ids].filter((key) => key.includes('/first/')).length
    if (first !== 1) wrongs.push(`${id} has ${first} first notices`)
    const tellings = [...ids].filter((key) => key.includes('/overdue/')).length
    if (tellings !== late.length) wrongs.push(`${id}: ${late.length} late duties were told ${tellings} times`)
    overdue += late.length
    for (const key of ids) told.add(key)
  }
  let repeats = 0
  for (const [i, receiver] of receivers.entries()) {
    const taken = new Map<string, string[]>()
    for (const { headers, body, status } of receiver.received) {
      if (status !== 200) continue
      const key = decodeURI(String(headers['idempotency-key']))
      taken.set(key, [...(taken.get(key) ?? []), body])
    }
    for (const key of told) if (!taken.has(key)) wrongs.push(`${channels[i]} never had ${key}`)
    for (const [key, bodies] of taken) {
      if (!told.has(key) && !key.startsWith('channel/')) wrongs.push(`${channels[i]} had ${key}, which nobody wrote`)
      if (new Set(bodies).size > 1) wrongs.push(`${channels[i]} had ${key} with different words`)
      repeats += bodies.length - 1
    }
  }
  return { kills: rounds, tickets: rounds, notices: told.size, overdue, repeats, wrongs }
}

if (process.argv[1] === import.meta.filename) {
  const result = await killDesks(Number(process.argv[2] ?? 200), Number(process.argv[3] ?? 20_261_125), 300_000)
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  process.exitCode = result.wrongs.length === 0 ? 0 : 1
}
