import { afterEach, beforeEach, expect, it } from 'vitest'
import { type OpenDesk, openDesk } from './open-desk.ts'

let open: OpenDesk
beforeEach(async () => {
  open = await openDesk()
})
afterEach(() => open.close())

const refused = { name: 'Refused orders', query: { interface: 'his-lis-lab-order', outcome: 'failed', span: '24h' } }

it('keeps searches for whoever saved them, and for nobody else', async () => {
  expect((await open.ask('engineer', '/me/searches', refused)).json).toMatchObject({ items: [refused] })
  expect((await open.ask('engineer', '/me/searches')).json).toMatchObject({ items: [refused] })
  expect((await open.ask('viewer', '/me/searches')).json).toEqual({ items: [] })
  expect((await open.ask('viewer', '/me/searches/delete', { name: refused.name })).status).toBe(404)
  expect((await open.ask('engineer', '/me/searches/delete', { name: refused.name })).json).toEqual({ items: [] })
})

it('keeps no identifier, and nothing for who may not search', async () => {
  const withKey = { ...refused, query: { ...refused.query, q: 'P100023' } }
  expect((await open.ask('engineer', '/me/searches', withKey)).status).toBe(400)
  expect((await open.ask('auditor', '/me/searches')).status).toBe(403)
  expect((await open.ask('auditor', '/me/searches', refused)).status).toBe(403)
})

it('keeps no more than fifty', async () => {
  for (let i = 0; i < 50; i += 1) await open.ask('engineer', '/me/searches', { ...refused, name: `search ${i}` })
  const { status, json } = await open.ask('engineer', '/me/searches', refused)
  expect([status, json]).toMatchObject([409, { code: 'TOO_MANY_SEARCHES' }])
})
