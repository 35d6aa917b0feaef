import { parse } from 'csv-parse/sync'
import { afterEach, describe, expect, it } from 'vitest'
import { madeBatch, madeExchange } from '../../../../fixtures/observed/made.ts'
import { csvHead, csvRow } from '../../../../gateway/desk/api/exchange-rows.ts'
import { createPresenter } from '../../../../gateway/desk/api/present.ts'
import { createStoredView } from '../../../../gateway/store/stored-view.ts'
import { at, type OpenDesk, openDesk } from './open-desk.ts'

let open: OpenDesk | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

async function withExchanges(count: number): Promise<OpenDesk> {
  open = await openDesk()
  const key = { kind: 'placer', value: 'O777', authority: null } as const
  for (let from = 1; from <= count; from += 2_000) {
    const numbers = Array.from({ length: Math.min(2_000, count - from + 1) }, (_, i) => from + i)
    await open.store.commit(
      madeBatch(
        numbers.map((number) => madeExchange({ number, outcome: number % 5 === 0 ? 'failed' : 'answered', keys: [key] })),
      ),
    )
  }
  return open
}

function rowsOf(text: string): readonly { readonly [column: string]: string }[] {
  const rows: { readonly [column: string]: string }[] = parse(text, { columns: true, bom: true })
  return rows
}

describe('an export of exchanges', () => {
  it('holds what the list shows, newest first, without bodies and without keys', async () => {
    const desk = await withExchanges(20)
    const { status, text, headers } = await desk.ask('engineer', '/exchanges/export?outcome=failed')
    expect(status, text).toBe(200)
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toMatch(/exchanges-\d{4}-\d\d-\d\dT\d{6}\.csv/)
    const rows = rowsOf(text)
    expect(rows.map(({ id }) => id?.split('-').at(-1))).toEqual(['20', '15', '10', '5'])
    expect(rows[0]).toMatchObject({ interface: 'his-lis-lab-order', outcome: 'failed', code: 'AE', keys: 'control placer' })
    expect(text).not.toContain('O777')
    const { json } = await desk.ask('desk', '/exchanges/export?format=json&q=O777')
    expect(at(json, 'items')).toHaveLength(20)
    expect(at(json, 'isCut')).toBe(false)
    expect(at(json, 'items.0.keys.0.token')).toMatch(/^k\d+\.[0-9a-f]{16}$/)
  })
  it('is audited with what it was narrowed by, but not with what was searched for', async () => {
    const desk = await withExchanges(1)
    await desk.ask('engineer', '/exchanges/export?key=O777&interface=quiet')
    const { json, text } = await desk.ask('auditor', '/audit')
    expect(at(json, 'items.0')).toMatchObject({ action: 'exchanges export', subject: 'exchanges csv key interface=quiet' })
    expect(text).not.toContain('O777')
    for (const role of ['viewer', 'auditor'] as const) expect((await desk.ask(role, '/exchanges/export')).status).toBe(403)
    expect((await desk.ask('engineer', '/exchanges/export?format=xml')).status).toBe(400)
  })
  it('ends at 10,000 rows, and says so in its name', async () => {
    const desk = await withExchanges(10_001)
    const { text, headers } = await desk.ask('engineer', '/exchanges/export')
    expect(rowsOf(text)).toHaveLength(10_000)
    expect(headers.get('content-disposition')).toContain('-first-10000.csv')
  }, 60_000)
})

describe('a row for a spreadsheet', () => {
  it('is read back as it was, and is no formula', () => {
    const view = createStoredView(new Uint8Array(32))
    const made = madeExchange({ number: 1, type: '=cmd|"x", y' })
    const row = csvRow(createPresenter('Asia/Shanghai').exchange(view(made)))
    expect(rowsOf(csvHead + row)[0]).toMatchObject({ type: `'=cmd|"x", y`, at: expect.stringMatching(/\+08:00$/) })
  })
})
