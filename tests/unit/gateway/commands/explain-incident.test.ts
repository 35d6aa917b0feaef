import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { comparePositions, dawn, madeBatch } from '../../../../fixtures/observed/made.ts'
import { madeIncident, madeTicket } from '../../../../fixtures/observed/tickets.ts'
import { reasonsOf, reasonsText } from '../../../../gateway/commands/explain-incident.ts'
import type { Alert } from '../../../../gateway/model/incident.ts'
import { secretsFrom } from '../../../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../../../gateway/store/sqlite-store.ts'
import type { Store } from '../../../../gateway/store/store.ts'

const folder = mkdtempSync(join(tmpdir(), 'auscult-explain-'))
const subject = { kind: 'interface', id: 'his-lis-lab-order' } as const
const alert = (id: string): Alert => ({
  ...{ id, monitor: 'failures', signal: 'failures/rate', subject, state: 'firing', flapping: false, onsetAt: dawn },
  ...{ pendingAt: dawn, firingAt: dawn + 1000, resolvedAt: null, lastBadAt: dawn + 2000 },
  reading: {
    ...{ monitor: 'failures', signal: 'failures/rate', subject, at: dawn + 2000, onsetAt: dawn, state: 'bad' as const },
    ...{ score: 3.5, severity: 'ticket' as const, facts: { failureRate: 0.5 }, exchangeIds: ['e1-2'] },
  },
})
let store: Store

beforeAll(async () => {
  const tokenKeys = [secretsFrom(new Uint8Array(32)).key('tokens')]
  store = openSqliteStore({ folder, tokenKeys, bodyKey: null, comparePositions })
  const incident = { ...madeIncident('i1'), alertIds: ['a1'], interfaceIds: [subject.id], exchangeIds: ['e1-2'] }
  await store.commit(madeBatch([], { alerts: [alert('a1'), alert('a2')], incidents: [incident] }))
  await store.openTicket({ ...madeTicket('t1', 'i1'), interfaceIds: [subject.id] }, 1)
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

it.each(['t1', 'i1', 'a1'])('goes from %s to the whole chain', async (id) => {
  const reasons = await reasonsOf(id, store)
  expect(reasons?.incident?.id).toBe('i1')
  expect(reasons?.alerts.map(({ id: alertId }) => alertId)).toEqual(['a1'])
  const text = reasons === null ? '' : reasonsText(reasons, 'Asia/Shanghai')
  expect(text).toContain('alert     a1 failures/rate on interface his-lis-lab-order: firing')
  expect(text).toContain('score 3.50, failureRate 0.5')
  expect(text).toContain('shown by  e1-2')
  for (const cause of reasons?.incident?.causes ?? []) expect(text).toContain(`cause     ${cause.id}`)
})

it('tells an alert that belongs to no ticket, and knows nothing of other ids', async () => {
  const reasons = await reasonsOf('a2', store)
  expect(reasons).toMatchObject({ ticket: null, incident: null, alerts: [{ id: 'a2' }] })
  expect(reasons === null ? '' : reasonsText(reasons, 'Asia/Shanghai')).toContain('belongs to no ticket')
  expect(await reasonsOf('x', store)).toBeNull()
})
