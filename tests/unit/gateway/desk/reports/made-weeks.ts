import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  comparePositions,
  type MadeExchange,
  madeBatch,
  madeExchange,
  madeViolation,
} from '../../../../../fixtures/observed/made.ts'
import { madeIncident, madeTicket } from '../../../../../fixtures/observed/tickets.ts'
import type { HealthReport } from '../../../../../gateway/desk/api/report-shapes.ts'
import type { ReportSources } from '../../../../../gateway/desk/reports/gather.ts'
import { makeReport } from '../../../../../gateway/desk/reports/make-report.ts'
import { periodOf } from '../../../../../gateway/desk/reports/period.ts'
import { customerRules } from '../../../../../gateway/desk/rules/read-rules.ts'
import type { Alert, Incident } from '../../../../../gateway/model/incident.ts'
import type { Catalogue } from '../../../../../gateway/model/interface.ts'
import type { ReportKind } from '../../../../../gateway/model/report.ts'
import type { Ticket } from '../../../../../gateway/model/ticket.ts'
import type { Instant } from '../../../../../gateway/model/time.ts'
import { secretsFrom } from '../../../../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../../../../gateway/store/sqlite-store.ts'
import type { Store } from '../../../../../gateway/store/store.ts'
import { tell } from '../../../../support/told.ts'
import { catalogue } from '../open-desk.ts'

export const hour = 3_600_000
export const day = 24 * hour
/** 2026-W47 begins in Shenzhen. */
export const monday = Date.UTC(2026, 10, 15, 16)
export const weekBefore = monday - 7 * day
export const order = 'his-lis-lab-order'
export const result = 'lis-emr-result'
/** The Monday after, half past seven. */
export const meeting = monday + 7 * day + 7.5 * hour

/** A store whose past is written by hand. */
export interface MadeWeeks extends AsyncDisposable {
  readonly store: Store
  readonly sources: ReportSources
  exchanges(count: number, from: Instant, made?: Partial<MadeExchange>): void
  alert(alert: Partial<Alert> & Pick<Alert, 'id' | 'monitor' | 'subject' | 'onsetAt'>): void
  ticket(ticket: Partial<Ticket> & Pick<Ticket, 'id' | 'openedAt'>, incident?: Partial<Incident>): void
  /** Writes what was made. */
  commit(): Promise<void>
  report(kind?: ReportKind, name?: string, madeAt?: Instant): Promise<HealthReport>
}

export function madeWeeks(more: Partial<Catalogue> = {}): MadeWeeks {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-report-'))
  const secrets = secretsFrom(new Uint8Array(32).fill(5))
  const store = openSqliteStore({ folder, tokenKeys: [secrets.key('tokens')], bodyKey: null, comparePositions })
  const sources: ReportSources = { store, catalogue: { ...catalogue, ...more }, rules: customerRules }
  const observed: ReturnType<typeof madeExchange>[] = []
  const alerts: Alert[] = []
  const tickets: { ticket: Ticket; incident: Incident }[] = []
  let number = 0
  return {
    store,
    sources,
    exchanges: (count, from, made = {}) => {
      // A minute apart.
      for (let i = 0; i < count; i += 1) observed.push(madeExchange({ number: ++number, at: from + i * 60_000, ...made }))
    },
    alert: (alert) => {
      alerts.push({
        ...{
          signal: `${alert.monitor}/x`,
          state: 'resolved',
          flapping: false,
          pendingAt: alert.onsetAt,
          firingAt: alert.onsetAt,
        },
        ...{ resolvedAt: alert.onsetAt + hour, lastBadAt: alert.onsetAt + hour },
        reading: {
          ...{ monitor: alert.monitor, signal: 'x', subject: alert.subject, at: alert.onsetAt, onsetAt: alert.onsetAt },
          ...{ state: 'bad', score: 1, severity: 'ticket', facts: {}, exchangeIds: [] },
        },
        ...alert,
      })
    },
    ticket: (given, incident = {}) => {
      const id = `i-${given.id}`
      const state = given.resolvedAt === undefined || given.resolvedAt === null ? 'open' : 'resolved'
      tickets.push({
        ticket: { ...madeTicket(given.id, id), state, ...given },
        incident: { ...madeIncident(id), onsetAt: given.openedAt, openedAt: given.openedAt, ...incident },
      })
    },
    commit: async () => {
      const incidents = tickets.map(({ incident }) => incident)
      await store.commit(madeBatch(observed, { position: String(number + 1).padStart(12, '0'), alerts, incidents }))
      for (const { ticket } of tickets) await store.openTicket(ticket, 1)
    },
    report: async (kind = 'weekly', name = '2026-W47', madeAt = meeting) => {
      const period = periodOf(kind, name, sources.catalogue.hospital)
      if (period === null) throw new Error(`no ${name}`)
      const report = await makeReport(sources, period, madeAt)
      tell('report', JSON.stringify(report))
      return report
    },
    [Symbol.asyncDispose]: async () => {
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function breach(element: string) {
  return [madeViolation(element)]
}

/** The line of one interface. */
export function lineOf(report: HealthReport, id: string) {
  const found = report.interfaces.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no ${id} in the report`)
  return found
}
