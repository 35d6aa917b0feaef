import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dawn } from '../../../../fixtures/observed/made.ts'
import { roleNames } from '../../../../gateway/desk/access/permissions.ts'
import type { Document } from '../../../../gateway/model/document.ts'
import { at, type OpenDesk, openDesk, syntheticBatch, syntheticExchanges } from './open-desk.ts'

/** Parts of a field that identify a person: everything but codes, authorities, kinds of use and the city. */
const identifying = [
  { field: 'PID-3', components: [1] },
  { field: 'PID-5', components: [1, 2, 3] },
  { field: 'PID-11', components: [1, 2] },
  { field: 'PID-13', components: [1, 4, 12] },
  { field: 'PID-19', components: [1] },
  { field: 'NK1-2', components: [1, 2] },
  { field: 'NK1-5', components: [1] },
  { field: 'MRG-1', components: [1] },
]

function identifiersOf(document: Document): readonly string[] {
  const values = new Set<string>()
  for (const { field, components } of identifying) {
    for (let repetition = 1; repetition <= 5; repetition += 1) {
      for (const component of components) {
        const value =
          document.get(`${field}[${repetition}].${component}`) ??
          (repetition === 1 ? document.get(`${field}.${component}`) : null)
        if (value !== null && value.trim().length > 1) values.add(value)
      }
    }
  }
  return [...values]
}

const exchanges = syntheticExchanges()
const all = [...new Set(exchanges.flatMap(({ document }) => identifiersOf(document)))]
/** A short number of one patient may stand in another one's message as part of a drug's code; these can't. */
const telling = all.filter((value) => value.length > 6 || /\p{Script=Han}/u.test(value))
let open: OpenDesk

beforeAll(async () => {
  open = await openDesk()
  await open.store.commit(syntheticBatch())
})
afterAll(() => open.close())

describe('what a role below the reveal sees of patients', () => {
  it('knows identifiers to look for', () => {
    expect(all).toEqual(expect.arrayContaining(['张三丰', 'P0001', '990000197001010018', '19900000001', '欧阳若兰']))
    expect(all.length).toBeGreaterThan(12)
  })
  for (const view of ['tree', 'text', 'hex'] as const) {
    it(`shows none in the ${view} of any message, from either side`, async () => {
      for (const { observed, document } of exchanges) {
        for (const side of ['request', 'answer']) {
          const { status, text, json } = await open.ask(
            'viewer',
            `/exchanges/${observed.exchange.id}/message?side=${side}&view=${view}`,
          )
          expect(status, text).toBe(200)
          const bytes = Buffer.from(String(at(json, 'hex') ?? ''), 'hex')
          const charset = document.facts().charset.detected
          const shown = view === 'hex' ? new TextDecoder(charset === 'gb18030' ? 'gb18030' : 'utf-8').decode(bytes) : text
          for (const value of new Set([...identifiersOf(document), ...telling]))
            expect(shown.includes(value), `${observed.exchange.id} ${side} shows ${value}`).toBe(false)
        }
      }
    })
  }
  it('shows none to any role, and no message at all to the auditor', { timeout: 60_000 }, async () => {
    for (const role of roleNames) {
      for (const { observed, document } of exchanges) {
        const { status, text } = await open.ask(role, `/exchanges/${observed.exchange.id}/message?view=text`)
        expect([role, status]).toEqual([role, role === 'auditor' ? 403 : 200])
        for (const value of new Set([...identifiersOf(document), ...telling]))
          expect(text.includes(value), `${role} sees ${value} of ${observed.exchange.id}`).toBe(false)
      }
    }
  })
  it('still shows what the work needs', async () => {
    const first = exchanges[0]?.observed.exchange.id
    const { json } = await open.ask('viewer', `/exchanges/${first}/message?view=text`)
    const text = String(at(json, 'text'))
    expect(text).toContain('张**')
    expect(text).toContain('199****0001')
    expect(text).toContain('MSH|^~\\&|HIS|SZPH|LIS|SZPH|20261123083001||OML^O21^OML_O21|HIS202611230000001|P|2.5.1')
    expect(text).toContain('O20261123000123^HIS')
    expect(text).toMatch(/\|L58410|CBC|I20\.900/)
  })
  it('shows none in any list, state, metric, event or log line', async () => {
    const paths = [
      '/exchanges?limit=500',
      '/interfaces',
      '/overview',
      '/systems',
      '/tickets',
      '/interfaces/his-lis-lab-order/series',
      '/interfaces/his-lis-lab-order/violations',
    ]
    const answers = await Promise.all([
      ...paths.map(async (path) => (await open.ask('engineer', path)).text),
      ...exchanges.map(async ({ observed }) => (await open.ask('engineer', `/exchanges/${observed.exchange.id}`)).text),
      fetch(`${open.base}/metrics`).then((answer) => answer.text()),
    ])
    for (const value of all) for (const answer of answers) expect(answer.includes(value), value).toBe(false)
    for (const value of all) expect(open.logLines.join('\n').includes(value), value).toBe(false)
  })
  it('repeats no value that was searched for, in the answer of a search that fails', async () => {
    const { status, text } = await open.ask(
      'viewer',
      `/exchanges?key=P0001&from=${encodeURIComponent('张三丰 990000197001010018')}`,
    )
    expect(status).toBe(400)
    for (const value of all) expect(text.includes(value)).toBe(false)
  })
  it('finds by an identifier without showing it', async () => {
    const { json, text } = await open.ask('viewer', '/exchanges?key=P0001&limit=500')
    const found = at(json, 'items')
    expect(Array.isArray(found) && found.length).toBeGreaterThan(5)
    expect(text.includes('P0001')).toBe(false)
  })
})

describe('reveal', () => {
  it('shows the message to who may, after it was written to the audit', async () => {
    const id = exchanges[0]?.observed.exchange.id
    const { status, json } = await open.ask('engineer', `/exchanges/${id}/reveal`, { reason: 'ticket t1', view: 'text' })
    expect(status).toBe(200)
    expect(String(at(json, 'text'))).toContain('张三丰')
    expect((await open.store.audit({ limit: 1 })).items[0]).toMatchObject({
      by: 'token:engineer',
      action: 'reveal request',
      subject: id,
      reason: 'ticket t1',
    })
  })
  it('is refused to every role without the permission, and without a reason', async () => {
    const id = exchanges[0]?.observed.exchange.id
    for (const role of ['viewer', 'desk', 'auditor'] as const) {
      const { status, text } = await open.ask(role, `/exchanges/${id}/reveal`, { reason: 'curious' })
      expect([role, status]).toEqual([role, 403])
      expect(text).not.toContain('张三丰')
    }
    expect((await open.ask('engineer', `/exchanges/${id}/reveal`, { reason: '' })).status).toBe(400)
    expect((await open.ask('engineer', `/exchanges/${id}/reveal`, {})).status).toBe(400)
  })
  it('shows nothing when the audit can not be written', async () => {
    const broken = await openDesk({
      store: (store) => ({ ...store, appendAudit: () => Promise.reject(new Error('the audit is gone: 张三丰')) }),
    })
    await broken.store.commit(syntheticBatch())
    const { status, text } = await broken.ask('engineer', `/exchanges/${exchanges[0]?.observed.exchange.id}/reveal`, {
      reason: 'ticket t1',
      view: 'text',
    })
    expect(status).toBe(500)
    expect(text).not.toContain('张三丰')
    expect(broken.logLines.join('\n')).not.toContain('张三丰')
    expect(broken.logLines.join('\n')).toContain('a request failed by a fault of ours')
    await broken.close()
  })
})

describe('an answer that repeats the patient of its request', () => {
  it('is masked by what the request says', async () => {
    const [first] = exchanges
    if (first === undefined) throw new Error('no fixtures')
    const body = Buffer.from(
      'MSH|^~\\&|LIS|SZPH|HIS|SZPH|20261123083002||ACK^O21|A1|P|2.5.1\rMSA|AE|HIS202611230000001|张三丰 P0001 重复\rERR|||207|E||||P0001 电话１９９００００００01\r',
    )
    const { exchange } = first.observed
    const answers = exchange.answers.map((answer) => ({ ...answer, body, bodyBytes: body.length }))
    const observed = { ...first.observed, position: '000000009999', exchange: { ...exchange, id: 'repeats', answers } }
    await open.store.commit({ ...syntheticBatch(), position: observed.position, exchanges: [observed], now: dawn })
    const { text } = await open.ask('viewer', '/exchanges/repeats/message?side=answer&view=text')
    expect(text).toContain('MSA|AE|HIS202611230000001|张**')
    for (const value of ['张三丰', 'P0001', '１９９００００００01']) expect(text.includes(value), value).toBe(false)
  })
})
