import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { madeBatch, madeExchange } from '../../../../../fixtures/observed/made.ts'
import { madeArticle, madeIncident } from '../../../../../fixtures/observed/tickets.ts'
import { at, type OpenDesk, openDesk } from '../open-desk.ts'

let open: OpenDesk
beforeEach(async () => {
  open = await openDesk()
})
afterEach(() => open.close())

const card = '990000197001010018'

async function ticketOf(incidentId: string, more: object = {}): Promise<string> {
  await open.store.commit(
    madeBatch([madeExchange({ number: 10 + Number(incidentId.slice(1)) })], {
      incidents: [{ ...madeIncident(incidentId), ...more }],
    }),
  )
  open.clock.pass(1_000)
  await expect.poll(() => open.store.unsweptIncidents(1)).toEqual([])
  return `t${incidentId.slice(1)}`
}

function ids(json: unknown, path: string): readonly unknown[] {
  const list = at(json, path)
  return Array.isArray(list) ? list.map((item) => at(item, 'id') ?? at(item, 'ticketId')) : []
}

describe('an article', () => {
  it('is written as its next version, with who, when and why, and nobody writes over another', async () => {
    const before = await open.ask('viewer', '/knowledge/cause-dns')
    expect(before.json).toMatchObject({ article: { edited: null, causes: ['dns'] }, history: [] })
    const change = { ...madeArticle, causes: ['dns'], version: 0, note: 'our resolver' }
    expect((await open.ask('viewer', '/knowledge/cause-dns', change)).status).toBe(403)
    expect((await open.ask('engineer', '/knowledge/cause-dns', change)).json).toMatchObject({
      article: { title: madeArticle.title, edited: { version: 1, by: 'token:engineer' } },
      history: [{ version: 1, note: 'our resolver' }],
    })
    expect((await open.ask('engineer', '/knowledge/cause-dns', change)).status).toBe(409)
    const second = await open.ask('engineer', '/knowledge/cause-dns', {
      ...change,
      version: 1,
      meaning: { zh: '新', en: 'new' },
    })
    expect(second.json).toMatchObject({ article: { meaning: { en: 'new' }, edited: { version: 2 } } })
    expect(at(second.json, 'history.1.content.meaning.en')).toBe(madeArticle.meaning.en)
    const found = await open.ask('viewer', '/knowledge?q=barcode')
    expect(ids(found.json, 'items')).toContain('cause-dns')
    const audit = await open.ask('auditor', '/audit')
    expect(at(audit.json, 'items.0')).toMatchObject({
      action: 'knowledge write',
      subject: 'cause-dns version 2',
      by: 'token:engineer',
    })
  })
  it('hides what looks like an identity card, in whatever part it stands', async () => {
    const tells = { zh: `患者 ${card}`, en: `patient ${card}, phone 13912345678` }
    const body = {
      ...madeArticle,
      title: tells,
      meaning: tells,
      checks: [tells],
      who: tells,
      workaround: tells,
      shows: tells,
      version: 0,
    }
    const { status, text } = await open.ask('desk', '/knowledge/local-q7', { ...body, note: card })
    expect(status, text).toBe(200)
    expect(text).not.toContain(card)
    expect(text).not.toContain('13912345678')
    expect(text).toContain('患者 **')
  })
  it('is refused where it is no article', async () => {
    expect((await open.ask('desk', '/knowledge/a%2Fb', { ...madeArticle, version: 0 })).status).toBe(400)
    expect((await open.ask('desk', '/knowledge/x', { ...madeArticle, who: { zh: '' }, version: 0 })).status).toBe(400)
    expect((await open.ask('viewer', '/knowledge/nothing')).status).toBe(404)
  })
})

describe('a ticket', () => {
  it('links the articles of its causes and of the codes that its exchanges failed with', async () => {
    const answer = Buffer.from(
      'MSH|^~\\&|LIS|H|HIS|H|20261123080000||ACK|A1|P|2.4\rMSA|AE|C1\rERR||OBR^1^4|103^Table value not found^HL70357|E\r',
    )
    await open.store.commit(madeBatch([madeExchange({ number: 1, outcome: 'failed', answerBody: answer })]))
    const exchangeIds = (await open.store.exchanges({ limit: 1 })).items.map(({ id }) => id)
    const causes = [{ id: 'app-nak', confidence: 0.8, evidence: [], locus: null }]
    const ticket = await ticketOf('i7', { exchangeIds, causes })
    const { json } = await open.ask('viewer', `/tickets/${ticket}`)
    expect(ids(json, 'knowledge')).toEqual(['cause-app-nak', 'hl7-AE', 'hl7-103'])
    expect(ids((await open.ask('viewer', `/tickets/${ticket}/knowledge`)).json, 'articles')).toEqual(ids(json, 'knowledge'))
    // The list knows them by cause alone: it reads no messages.
    expect(ids((await open.ask('viewer', '/tickets')).json, 'items.0.knowledge')).toEqual(['cause-app-nak'])
    await open.ask('desk', '/knowledge/own-ae', { ...madeArticle, codes: [{ system: 'local', code: '103' }], version: 0 })
    expect(ids((await open.ask('viewer', `/tickets/${ticket}`)).json, 'knowledge')).toContain('own-ae')
  })
  it('shows how such a fault was solved before, in the words of the resolution and the post-mortem, without what identifies', async () => {
    const first = await ticketOf('i1')
    await open.ask('engineer', `/tickets/${first}/assign`, { owner: 'wang' })
    await open.ask('engineer', `/tickets/${first}/resolve`, { text: `restarted it after ${card}` })
    await open.ask('engineer', `/tickets/${first}/post-mortem`, {
      rootCause: 'disk full',
      repair: 'a new disk',
      prevention: 'watch it',
    })
    expect(ids((await open.ask('viewer', `/tickets/${first}/knowledge`)).json, 'lessons')).toEqual([])
    const second = await ticketOf('i2')
    const { json, text } = await open.ask('viewer', `/tickets/${second}/knowledge`)
    expect(at(json, 'lessons.0')).toMatchObject({
      ticketId: first,
      rootCause: 'disk full',
      repair: 'a new disk',
      by: 'token:engineer',
    })
    expect(at(json, 'lessons.0.resolved')).toMatch(/^restarted it after \*+/)
    expect(text).not.toContain(card)
    expect(at((await open.ask('viewer', '/knowledge/cause-conn-refused')).json, 'lessons.0.ticketId')).toBe(first)
    await open.ask('engineer', `/tickets/${first}/reopen`, {})
    expect(ids((await open.ask('viewer', `/tickets/${second}/knowledge`)).json, 'lessons')).toEqual([])
  })
})
