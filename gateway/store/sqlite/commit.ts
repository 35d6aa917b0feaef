import type { DatabaseSync } from 'node:sqlite'
import type { Position } from '../../model/entry.ts'
import type { BatchResults } from '../../model/observed.ts'
import type { Instant } from '../../model/time.ts'
import type { BodyFiles, BodyPlace } from '../bodies.ts'
import type { ResultStore } from '../store.ts'
import { type Tokens, tokenBytes, tokenNumber } from '../tokens.ts'
import type { Connection } from './connection.ts'
import { insertExchange, insertExchangeSql, type PreparedExchange, prepareExchange, seqAt } from './exchange-rows.ts'
import { createKeyIndex } from './key-index.ts'
import { numberOf, ownJson, textOf } from './rows.ts'
import { createTallyWriter, minuteMs } from './tallies.ts'

/** Order of two positions of the log: negative, zero or positive, as for `Array.sort`. */
export type ComparePositions = (a: Position, b: Position) => number

interface Parts {
  readonly connection: Connection
  readonly bodies: BodyFiles
  readonly tokens: Tokens
  readonly compare: ComparePositions
}

/** The write side of analysis, synchronous: the caller wraps it. */
export function createCommit(parts: Parts): { commit(results: BatchResults): 'committed' | 'already-committed' } {
  const { connection, bodies, tokens, compare } = parts
  const { database } = connection
  const state = database.prepare("SELECT value FROM meta WHERE name = 'position'")
  const isNew = (position: Position) => {
    const row = state.get()
    return row === undefined || compare(position, textOf(row, 'value')) > 0
  }
  const writeExchanges = exchangeWriter(database)
  const writeStates = stateWriter(database)
  return {
    commit: (results) => {
      if (!isNew(results.position)) return 'already-committed'
      const prepared = results.exchanges.map((observed) => prepareExchange(observed, tokens))
      // The bodies first: a row never points at what isn't there, and what a crash leaves behind goes with its day's file.
      const { places, undo } = appendBodies(bodies, prepared)
      try {
        const answer = connection.transaction(() => {
          if (!isNew(results.position)) return 'already-committed'
          const change = nextChange(database)
          writeExchanges(prepared, places, change)
          writeStates(results, change)
          return 'committed'
        })
        if (answer === 'already-committed') undo()
        return answer
      } catch (error) {
        undo()
        throw error
      }
    },
  }
}

/** Gives and keeps the next number of the change counter. Inside a transaction. */
export function nextChange(database: DatabaseSync): number {
  const row = database
    .prepare("INSERT INTO meta (name, value) VALUES ('change', 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value")
    .get()
  return numberOf(row, 'value')
}

function appendBodies(
  bodies: BodyFiles,
  prepared: readonly PreparedExchange[],
): { places: (BodyPlace | null)[]; undo: () => void } {
  const withBody = prepared.filter((p) => p.requestBody.length + p.answerBody.length + p.envelopes.length > 0)
  const { places, undo } = bodies.append(
    withBody.map((p) => ({ at: p.at, bytes: Buffer.concat([p.requestBody, p.answerBody, p.envelopes]) })),
  )
  const byExchange = new Map(withBody.map((p, index) => [p, places[index] ?? null]))
  return { places: prepared.map((p) => byExchange.get(p) ?? null), undo }
}

function exchangeWriter(database: DatabaseSync) {
  const insert = database.prepare(insertExchangeSql)
  const exists = database.prepare('SELECT 1 FROM exchanges WHERE id = ?')
  const findInterface = database.prepare('SELECT num FROM interfaces WHERE id = ?')
  const addInterface = database.prepare(
    'INSERT INTO interfaces (id, change, first_at, last_at, answered, failed, unanswered, orphan, one_way, v_observe, v_warn, v_ticket) VALUES (?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0) RETURNING num',
  )
  const tallies = createTallyWriter(database)
  const keyIndex = createKeyIndex(database)
  return (prepared: readonly PreparedExchange[], places: readonly (BodyPlace | null)[], change: number): void => {
    const numbers = new Map<string, number>()
    const numberOfInterface = (id: string, at: Instant) => {
      const known = numbers.get(id)
      if (known !== undefined) return known
      const num = numberOf(findInterface.get(id) ?? addInterface.get(id, change, at, at), 'num')
      numbers.set(id, num)
      return num
    }
    const batch = tallies.begin()
    const keys = keyIndex.begin()
    // Many exchanges of one millisecond follow each other: the place after the last one is free most of the time.
    const lastOf = new Map<number, number>()
    for (const [index, p] of prepared.entries()) {
      const { exchange } = p.observed
      const iface = numberOfInterface(exchange.interfaceId, p.at)
      const first = seqAt(p.at)
      let seq = (lastOf.get(first) ?? first - 1) + 1
      let isStored = insertExchange(insert, seq, iface, p, places[index] ?? null)
      while (!isStored && exists.get(exchange.id) === undefined) {
        seq += 1
        isStored = insertExchange(insert, seq, iface, p, places[index] ?? null)
      }
      if (!isStored) continue
      lastOf.set(first, seq)
      for (let i = 0; i < p.keyBytes.length; i += tokenBytes) keys.add(tokenNumber(p.keyBytes, i), seq)
      batch.add(iface, p.at, p.observed)
    }
    keys.write()
    batch.write(change)
  }
}

function stateWriter(database: DatabaseSync) {
  const meta = database.prepare('INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
  const lost = database.prepare(
    "INSERT INTO meta (name, value) VALUES ('lost-bytes', ?) ON CONFLICT DO UPDATE SET value = value + excluded.value",
  )
  const alert = database.prepare('INSERT OR REPLACE INTO alerts (id, state, resolved_at, body) VALUES (?, ?, ?, ?)')
  const incident = database.prepare(
    'INSERT OR REPLACE INTO incidents (id, ticketed, opened_at, resolved_at, version, body) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const withheld = database.prepare('INSERT INTO withheld (declared_id, incident_id) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const clock = database.prepare('INSERT OR REPLACE INTO clocks (system_id, change, body) VALUES (?, ?, ?)')
  const edge = database.prepare('INSERT OR REPLACE INTO edges (edge_id, at, health) VALUES (?, ?, ?)')
  const dropped = database.prepare(
    'INSERT INTO dropped (at, reason, count) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
  )
  const droppedEver = database.prepare(
    'INSERT INTO dropped_ever (reason, count) VALUES (?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
  )
  const takeDeclaration = database.prepare('UPDATE declarations SET is_taken = 1, after = ? WHERE num = ?')
  const coverDeclarations = database.prepare(
    'UPDATE declarations SET in_checkpoint = 1 WHERE is_taken = 1 AND in_checkpoint = 0',
  )
  const checkpoint = database.prepare('INSERT OR REPLACE INTO checkpoint (only, position, state) VALUES (1, ?, ?)')
  return (results: BatchResults, change: number): void => {
    meta.run('position', results.position)
    meta.run('now', results.now)
    for (const a of results.alerts) alert.run(a.id, a.state, a.resolvedAt, JSON.stringify(a))
    for (const i of results.incidents) {
      incident.run(i.id, i.ticketed ? 1 : 0, i.openedAt, i.resolvedAt, change, JSON.stringify(i))
      for (const id of i.withheldBy ?? []) withheld.run(id, i.id)
    }
    for (const c of results.clocks) clock.run(c.systemId, change, JSON.stringify(c))
    for (const t of results.ticks) edge.run(t.edgeId, t.at, JSON.stringify(t.health))
    for (const d of results.dropped) {
      dropped.run(Math.floor(d.at / minuteMs) * minuteMs, d.reason, d.count)
      droppedEver.run(d.reason, d.count)
    }
    if (results.lostBytes > 0) lost.run(results.lostBytes)
    for (const { num, after } of results.declarations ?? []) takeDeclaration.run(after, num)
    if (results.checkpoint === null) return
    checkpoint.run(results.position, JSON.stringify(results.checkpoint))
    coverDeclarations.run()
  }
}

/** What `ResultStore.resume` answers. */
export function readResume(database: DatabaseSync): Awaited<ReturnType<ResultStore['resume']>> {
  const meta = new Map(
    database
      .prepare("SELECT name, value FROM meta WHERE name IN ('position', 'now')")
      .all()
      .map((row) => [textOf(row, 'name'), row]),
  )
  const position = meta.get('position')
  const now = meta.get('now')
  const checkpoint = database.prepare('SELECT position, state FROM checkpoint').get()
  return {
    committed: position === undefined ? null : textOf(position, 'value'),
    now: now === undefined ? null : numberOf(now, 'value'),
    checkpoint:
      checkpoint === undefined ? null : { position: textOf(checkpoint, 'position'), state: ownJson(checkpoint, 'state') },
  }
}
