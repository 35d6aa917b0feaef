import { resolve } from 'node:path'
import process from 'node:process'
import { formats, readSoundConfig } from '../app.ts'
import type { Config } from '../config/config.ts'
import { createPresenter } from '../desk/api/present.ts'
import { failure } from '../model/failures.ts'
import type { Instant } from '../model/time.ts'
import type { BodySide, StoredExchange } from '../store/exchange-store.ts'
import type { Store } from '../store/store.ts'
import { readArguments } from './arguments.ts'
import { reasonsOf, reasonsText } from './explain-incident.ts'
import { type Explanation, explanationText, type FactsAnswer } from './explanation-text.ts'
import { openInstalledStore } from './installed-store.ts'

const usage = 'auscult explain EXCHANGE|TICKET|INCIDENT|ALERT --config FILE [--data DIR] [--json]'

/** The frames, times, facts, violations, alerts and cause of one stored exchange; or the chain of reasons of a ticket or an alert. */
export async function explain(args: readonly string[]): Promise<number> {
  const options = { config: { type: 'string' }, data: { type: 'string' }, json: { type: 'boolean' } } as const
  const { values, positionals } = readArguments(args, options, usage)
  const [id, ...more] = positionals
  if (id === undefined || more.length > 0 || values.config === undefined) throw failure('ARGUMENTS_INVALID', `usage: ${usage}`)
  const config = await readSoundConfig(values.config)
  const store = await openInstalledStore(resolve(values.data ?? 'data'), config)
  try {
    const { timezone } = config.catalogue.hospital
    const isJson = values.json === true
    const stored = await store.exchange(id)
    if (stored !== null) {
      const explanation = await explained(stored, config, store)
      process.stdout.write(isJson ? `${JSON.stringify(explanation, null, 2)}\n` : explanationText(explanation))
      return 0
    }
    const reasons = await reasonsOf(id, store)
    if (reasons === null)
      throw failure('EXCHANGE_NOT_FOUND', `there is no exchange, ticket, incident or alert ${id} in the store`)
    process.stdout.write(isJson ? `${JSON.stringify(reasons, null, 2)}\n` : reasonsText(reasons, timezone))
    return 0
  } finally {
    await store.close()
  }
}

async function explained(stored: StoredExchange, config: Config, store: Store): Promise<Explanation> {
  const alerts = (await store.alerts({})).filter((alert) => alert.reading.exchangeIds.includes(stored.id))
  return {
    exchange: createPresenter(config.catalogue.hospital.timezone).exchange(stored),
    request: await factsOf(stored, 'request', config, store),
    answer: await factsOf(stored, 'answer', config, store),
    alerts: alerts.map(({ id: alertId, signal, subject, state, reading }) => ({
      ...{ id: alertId, signal, subject: `${subject.kind} ${subject.id}`, state, score: reading.score },
    })),
    incidents: await incidentsOf(stored, new Set(alerts.map((alert) => alert.id)), store),
  }
}

/** Incidents that name the exchange, or one of its alerts. */
async function incidentsOf(
  stored: StoredExchange,
  alertIds: ReadonlySet<string>,
  store: Store,
): Promise<Explanation['incidents']> {
  const tickets = await store.tickets({ interfaceId: stored.interfaceId, limit: 500 })
  const ticketed = await Promise.all(tickets.items.map(({ incidentId }) => store.incident(incidentId)))
  const declared = await declaredBefore(stored.at, store)
  const withheld = await Promise.all(declared.map(({ id }) => store.withheldIncidents(id, 100)))
  const all = [...ticketed.filter((incident) => incident !== null), ...withheld.flatMap(({ items }) => items)]
  return [...new Map(all.map((incident) => [incident.id, incident])).values()]
    .filter(
      (incident) => incident.exchangeIds.includes(stored.id) || incident.alertIds.some((alertId) => alertIds.has(alertId)),
    )
    .map(({ id, state, title, causes, advice, withheldBy = [] }) => ({
      ...{ id, state, title, causes, advice },
      withheldBy: declared.filter((one) => withheldBy.includes(one.id)).map(({ name }) => name),
    }))
}

const dayMs = 86_400_000

/** Planned changes and silences that may have held back what the exchange is part of: those that stood within a day before it. */
async function declaredBefore(at: Instant, store: Store): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const span = { from: at - dayMs, to: at + 1, limit: 100 }
  const changes = (await store.plannedChanges(span)).items.filter(({ origin }) => origin === 'person')
  const silences = (await store.silences(span)).items
  return [
    ...changes.map(({ id, approval }) => ({ id, name: `planned change ${approval}` })),
    ...silences.map(({ id, by }) => ({ id, name: `silence ${id} of ${by}` })),
  ]
}

async function factsOf(stored: StoredExchange, side: BodySide, config: Config, store: Store): Promise<FactsAnswer | null> {
  const message = await store.message(stored.id, side)
  const iface = config.catalogue.interfaces.find((i) => i.id === stored.interfaceId)
  const at = side === 'request' ? stored.request?.endAt : stored.answers.at(-1)?.endAt
  const format = (await formats()).get(iface?.format ?? '')
  if (message === null || format === undefined || at === undefined) return null
  const { body, ...around } = message
  const facts = format.read(body, { at, timezone: config.catalogue.hospital.timezone, side, ...around }).facts()
  const { type, version, sender, receiver, sequence, charset, defects } = facts
  return {
    ...{ type, version, sender, receiver, sequence, charset, defects },
    keys: [...new Set(facts.keys.map((key) => key.kind))],
    stamps: facts.stamps.map((stamp) => ({
      path: stamp.path,
      aheadS: stamp.at === null ? null : Math.round(stamp.at - at) / 1000,
      hasZone: stamp.hasZone,
    })),
  }
}
