import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, it } from 'vitest'
import { comparePositions, dawn } from '../../../../fixtures/observed/made.ts'
import { madeTicket } from '../../../../fixtures/observed/tickets.ts'
import type { Ticket } from '../../../../gateway/model/ticket.ts'
import { secretsFrom } from '../../../../gateway/store/secrets.ts'
import { migrate } from '../../../../gateway/store/sqlite/migrations.ts'
import { openSqliteStore } from '../../../../gateway/store/sqlite-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'auscult-migrations-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = () =>
  openSqliteStore({
    folder,
    tokenKeys: [secretsFrom(new Uint8Array(32).fill(3)).key('tokens')],
    bodyKey: null,
    comparePositions,
  })

it('tickets from before there were duties get one that ends their state', async () => {
  atVersion3([
    madeTicket('t1', 'i1'),
    { ...madeTicket('t2', 'i2'), state: 'resolved', resolvedAt: dawn + 60_000 },
    { ...madeTicket('t3', 'i3'), state: 'closed', resolvedAt: dawn },
  ])
  const after = open()
  const owed = (await after.duties({ limit: 10 })).items.map(({ duty }) => [duty.ticketId, duty.kind, duty.dueAt - dawn])
  expect(owed).toEqual([
    ['t2', 'close', 86_460_000],
    ['t1', 'solve', 3 * 86_400_000],
  ])
  expect((await after.ticket('t1'))?.ticket).toEqual(madeTicket('t1', 'i1'))
  await after.close()
})

/** A database as version 3 had it, with tickets as they were then. */
function atVersion3(tickets: readonly Ticket[]): void {
  const database = new DatabaseSync(join(folder, 'auscult.db'))
  migrate(database, folder, 3)
  const insert = database.prepare(
    `INSERT INTO tickets (id, incident_id, state, severity, cause, opened_at, resolved_at, version, incident_version, change, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, 1, 1, 1, ?)`,
  )
  for (const ticket of tickets) {
    const { firstResponder, systemClass, coordinator, parties, isMajor, arrivedAt, difficultAt, postMortem, ...before } = ticket
    const { id, incidentId, state, severity, openedAt, resolvedAt } = ticket
    const cause = ticket.causes[0]?.id ?? 'unknown'
    insert.run(id, incidentId, state, severity, cause, openedAt, resolvedAt, JSON.stringify(before))
  }
  database.close()
}
