import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { comparePositions, dawn } from '../../../../fixtures/observed/made.ts'
import { madeTicket } from '../../../../fixtures/observed/tickets.ts'
import { secretsFrom } from '../../../../gateway/store/secrets.ts'
import { openConnection } from '../../../../gateway/store/sqlite/connection.ts'
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
  const before = open()
  await before.openTicket(madeTicket('t1', 'i1'), 1)
  await before.openTicket({ ...madeTicket('t2', 'i2'), state: 'resolved', resolvedAt: dawn + 60_000 }, 1)
  await before.openTicket({ ...madeTicket('t3', 'i3'), state: 'closed', resolvedAt: dawn }, 1)
  await before.close()
  backToVersion3()
  const after = open()
  const owed = (await after.duties({ limit: 10 })).items.map(({ duty }) => [duty.ticketId, duty.kind, duty.dueAt - dawn])
  expect(owed).toEqual([
    ['t2', 'close', 86_460_000],
    ['t1', 'solve', 3 * 86_400_000],
  ])
  expect((await after.ticket('t1'))?.ticket).toEqual(madeTicket('t1', 'i1'))
  await after.close()
})

/** The database as version 3 left it: without what came later. */
function backToVersion3(): void {
  const connection = openConnection(folder)
  const added = ['firstResponder', 'systemClass', 'coordinator', 'parties', 'isMajor', 'arrivedAt', 'difficultAt', 'postMortem']
  const paths = added.map((name) => `'$.${name}'`).join(', ')
  const { database } = connection
  database.exec(`UPDATE tickets SET body = json_remove(body, ${paths})`)
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all()
  for (const { name } of tables) if (!ofVersion3.has(String(name))) database.exec(`DROP TABLE ${String(name)}`)
  database.exec('PRAGMA user_version = 3')
  connection.close()
}

const ofVersion3: ReadonlySet<string> = new Set([
  ...[
    'meta',
    'checkpoint',
    'interfaces',
    'exchanges',
    'fresh_keys',
    'buckets',
    'key_pages',
    'minutes',
    'hours',
    'violation_hours',
  ],
  ...[
    'alerts',
    'incidents',
    'clocks',
    'edges',
    'dropped',
    'dropped_ever',
    'tickets',
    'sessions',
    'signin_links',
    'audit',
    'settings',
  ],
])
