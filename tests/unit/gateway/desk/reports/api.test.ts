import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dawn, madeBatch, madeExchange } from '../../../../../fixtures/observed/made.ts'
import type { MadeReport, ReportAction } from '../../../../../gateway/model/report.ts'
import { tell } from '../../../../support/told.ts'
import { at, type OpenDesk, openDesk, syntheticBatch, syntheticExchanges } from '../open-desk.ts'

/** 2026-11-23, a Monday, is what the desk's clock shows; its exchanges are of the same day. */
let open: OpenDesk
const week = '2026-W48'

beforeAll(async () => {
  open = await openDesk()
  await open.store.commit(syntheticBatch())
  const made = Array.from({ length: 30 }, (_, i) => madeExchange({ number: 900 + i, at: dawn + i * 1000, outcome: 'failed' }))
  await open.store.commit(madeBatch(made))
})
afterAll(() => open.close())

describe('reports over the API', () => {
  it('come in four formats and two languages, of the week that runs too', async () => {
    for (const [format, type] of [
      ['html', 'text/html; charset=utf-8'],
      ['pdf', 'application/pdf'],
      ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
      ['json', 'application/json; charset=utf-8'],
    ]) {
      const { status, headers, text } = await open.ask('viewer', `/reports/weekly?week=${week}&format=${format}&lang=en`)
      expect(status, text.slice(0, 200)).toBe(200)
      expect(headers.get('content-type')).toBe(type)
      expect(headers.get('content-disposition')).toContain(`auscult-weekly-${week}-en.${format}`)
      // What a browser shows of it runs nothing and asks nobody.
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('content-security-policy')).toContain('sandbox')
    }
    const { json } = await open.ask('viewer', `/reports/weekly?week=${week}&format=json`)
    expect(at(json, 'period')).toBe(week)
    expect(at(json, 'isRunning')).toBe(true)
  })
  it('are of the last whole span where none is named', async () => {
    const period = async (path: string) => at((await open.ask('viewer', path)).json, 'period')
    expect(await period('/reports/weekly?format=json')).toBe('2026-W47')
    expect(await period('/reports/daily?format=json')).toBe('2026-11-22')
    expect(await period('/reports/monthly?format=json')).toBe('2026-10')
  })
  it('are refused for what is no span, and for what has not begun', async () => {
    expect((await open.ask('viewer', '/reports/weekly?week=2026-W99')).status).toBe(400)
    expect((await open.ask('viewer', '/reports/daily?day=2026-02-30')).status).toBe(400)
    expect((await open.ask('viewer', '/reports/weekly?week=47')).status).toBe(400)
    expect((await open.ask('viewer', '/reports/weekly?week=2027-W10')).status).toBe(404)
    expect((await open.ask('viewer', '/reports/weekly?format=doc')).status).toBe(400)
  })
  it('carry no identifier of the messages they count', async () => {
    const identifiers = new Set(
      syntheticExchanges().flatMap(({ document }) =>
        ['PID-3.1', 'PID-5.1', 'PID-11.1', 'PID-13.1', 'PID-19.1', 'NK1-2.1', 'ORC-2.1', 'OBR-2.1', 'PV1-19.1']
          .map((path) => document.get(path))
          .filter((value) => value !== null && (value.length > 3 || /\p{Script=Han}/u.test(value))),
      ),
    )
    expect(identifiers.size).toBeGreaterThan(12)
    for (const path of [`/reports/weekly?week=${week}`, '/reports/daily?day=2026-11-23', '/reports/monthly?month=2026-11'])
      for (const format of ['json', 'html']) {
        const { status, text } = await open.ask('viewer', `${path}&format=${format}`)
        expect(status).toBe(200)
        tell('report', text)
        for (const value of identifiers) expect(text.includes(String(value)), String(value)).toBe(false)
      }
  })
})

describe('the schedule and the actions', () => {
  it('are read by everybody, and set by the desk, which is audited', async () => {
    const { json } = await open.ask('viewer', '/reports/schedule')
    expect(at(json, 'items.1')).toMatchObject({ kind: 'weekly', isOn: true, time: '07:30' })
    const body = { kind: 'weekly', isOn: true, time: '08:15' }
    expect((await open.ask('viewer', '/reports/schedule', body)).status).toBe(403)
    expect((await open.ask('desk', '/reports/schedule', { ...body, time: '24:15' })).status).toBe(400)
    const set = await open.ask('desk', '/reports/schedule', body)
    expect(at(set.json, 'items.1')).toMatchObject({
      time: '08:15',
      nextPeriod: '2026-W47',
      nextAt: '2026-11-23T08:15:00.000+08:00',
    })
    const audit = await open.ask('auditor', '/audit?limit=5')
    expect(at(audit.json, 'items.1')).toMatchObject({ action: 'report schedule', subject: 'weekly' })
  })
  it('change an action, and say no to one that is not there', async () => {
    const next = { kind: 'weekly', period: 'later', dueAt: dawn + 1e12 } as const
    await open.store.planReport('weekly', { kind: 'weekly', period: '2026-W46', dueAt: dawn + 1e12 })
    const text = { zh: '核对', en: 'check' }
    const action: ReportAction = {
      ...{ id: '2026-W46-1', period: '2026-W46', madeAt: dawn, interfaceId: 'quiet', cause: null, text, owner: null },
      ...{ dueOn: null, note: null, changedAt: dawn },
      state: 'open',
    }
    const head = { id: 'weekly-2026-W46', period: '2026-W46', madeAt: dawn, title: text, headline: text, body: {} }
    const report: MadeReport = { ...head, kind: 'weekly' }
    await open.store.keepReport({ report, next, actions: [action], notices: [] })
    expect(at((await open.ask('viewer', '/reports')).json, 'items.0.id')).toBe('weekly-2026-W46')
    expect(at((await open.ask('viewer', '/reports/actions')).json, 'items.0.state')).toBe('open')
    const done = await open.ask('desk', '/reports/actions/2026-W46-1', {
      state: 'done',
      owner: 'chen.wei',
      dueOn: '2026-12-01',
    })
    expect(done.json).toMatchObject({ id: '2026-W46-1', state: 'done', owner: 'chen.wei', dueOn: '2026-12-01' })
    expect((await open.ask('viewer', '/reports/actions/2026-W46-1', { state: 'open' })).status).toBe(403)
    expect((await open.ask('desk', '/reports/actions/2026-W46-9', { state: 'done' })).status).toBe(404)
  })
})
