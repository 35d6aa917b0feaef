import { createAlertBook } from '../../../../gateway/analysis/alert-book.ts'
import { causes } from '../../../../gateway/incidents/causes/index.ts'
import { createIncidents } from '../../../../gateway/incidents/incidents.ts'
import type { Declaration } from '../../../../gateway/model/change.ts'
import type { AckFacts, CharsetFacts, Facts } from '../../../../gateway/model/document.ts'
import type { Envelope } from '../../../../gateway/model/envelope.ts'
import type { ConnectionStory } from '../../../../gateway/model/exchange.ts'
import type { Finding, Incident } from '../../../../gateway/model/incident.ts'
import type { Catalogue, Interface, System } from '../../../../gateway/model/interface.ts'
import type { Inspected, Reading } from '../../../../gateway/model/reading.ts'
import type { Subject } from '../../../../gateway/model/subject.ts'
import { aCatalogue, anInterface, type ExchangeWish, exchanged, mondayMorning, ticked } from '../../monitors/stream.ts'

/** One moment of a test: what people declare before an entry, the entry, and what the monitors say after it. */
export interface Moment {
  readonly declared?: readonly Declaration[]
  readonly item: Inspected
  readonly readings: readonly Reading[]
}

export const lab = anInterface('his-lis-lab-order')
export const results = anInterface('lis-emr-lab-result', { from: 'lis', to: 'emr' })
export const analyzer = anInterface('analyzer-lis-result', { from: 'analyzer', to: 'lis' })
export const imaging = anInterface('his-ris-exam-order', { from: 'his', to: 'ris' })
export const pacs = anInterface('ris-pacs-procedure', { from: 'ris', to: 'pacs' })

export function hospital(...interfaces: readonly Interface[]): Catalogue {
  return aCatalogue(...(interfaces.length === 0 ? [lab, results, analyzer, imaging, pacs] : interfaces))
}

/** The catalogue with these systems' dependencies. */
export function depending(catalogue: Catalogue, depends: { readonly [systemId: string]: readonly string[] }): Catalogue {
  const systems = catalogue.systems.map((s): System => ({ ...s, depends: depends[s.id] ?? [] }))
  return { ...catalogue, systems }
}

export interface Wish extends Omit<ExchangeWish, 'at'> {
  readonly at?: number
  readonly connection?: Partial<ConnectionStory>
  readonly requestBytes?: number
  readonly ack?: Partial<AckFacts> | null
  readonly requestEnvelope?: Envelope
  readonly answerEnvelope?: Envelope
  /** An accept acknowledgment came (HL7 2.9.3), whatever else did. */
  readonly isAccepted?: true
  /** The answers' own; left out: the request's. */
  readonly answerCharset?: Partial<CharsetFacts>
}

/** An inspected exchange on the standing connection (as most are), with what stream.ts can't say. */
export function passed(wish: Wish): Inspected {
  const { connection, requestBytes, ack, requestEnvelope, answerEnvelope, answerCharset, isAccepted, ...rest } = wish
  const item = exchanged({ at: mondayMorning, ...rest })
  const { exchange } = item.entry
  const { request } = exchange
  const bytes = requestBytes ?? request?.wireBytes ?? 0
  const story = { ...exchange.connection, exchangesBefore: 50, idleBeforeMs: 900, ...connection }
  const said = item.answerFacts
  const answerFacts: Facts | null =
    said === null
      ? null
      : {
          ...said,
          ...(ack === undefined || ack === null ? {} : { ack: { code: 'AE', answersId: null, errors: [], ...ack } }),
          charset: { ...said.charset, ...answerCharset },
        }
  return {
    ...item,
    answerFacts,
    entry: {
      ...item.entry,
      exchange: {
        ...exchange,
        connection: story,
        request:
          request === null
            ? null
            : { ...request, wireBytes: bytes, ...(requestEnvelope === undefined ? {} : { envelope: requestEnvelope }) },
        answers: [
          ...(isAccepted && request !== null
            ? [
                {
                  ...request,
                  startAt: request.endAt + 1,
                  endAt: request.endAt + 2,
                  stage: 'accept',
                  verdict: 'yes',
                  code: 'CA',
                } as const,
              ]
            : []),
          ...exchange.answers.map((answer) =>
            answerEnvelope === undefined ? answer : { ...answer, envelope: answerEnvelope },
          ),
        ],
      },
    },
  }
}

export function errors(...codes: readonly string[]): Partial<AckFacts> {
  return { errors: codes.map((code) => ({ code, location: null, textDigest: 'd1' })) }
}

export function onInterface(id: string): Subject {
  return { kind: 'interface', id }
}

export function onSystem(id: string): Subject {
  return { kind: 'system', id }
}

export function reading(signal: string, subject: Subject, at: number, changes: Partial<Reading> = {}): Reading {
  return {
    monitor: signal.slice(0, signal.indexOf('/')),
    signal,
    subject,
    at,
    onsetAt: at,
    state: 'bad',
    score: 3,
    severity: 'ticket',
    facts: {},
    exchangeIds: [],
    ...changes,
  }
}

export const secondMs = 1000

/** A quiet quarter of an hour: one sound exchange a second on every interface of the catalogue. */
export function quiet(catalogue: Catalogue, from: number, seconds: number): Moment[] {
  const moments: Moment[] = []
  for (let i = 0; i < seconds; i += 1) {
    const at = from + i * secondMs
    for (const iface of catalogue.interfaces) {
      moments.push({ item: passed({ at, interfaceId: iface.id, sequence: null }), readings: [] })
    }
    moments.push({ item: ticked(at + 900), readings: [] })
  }
  return moments
}

/** Only time passes. */
export function ticks(from: number, seconds: number, stepMs = secondMs): Moment[] {
  return Array.from({ length: seconds }, (_, i) => ({ item: ticked(from + i * stepMs), readings: [] }))
}

/** The same words on the last moment of a list. */
export function saying(moments: readonly Moment[], ...readings: readonly Reading[]): Moment[] {
  return moments.map((m, i) => (i === moments.length - 1 ? { ...m, readings: [...m.readings, ...readings] } : m))
}

export interface Told {
  /** As they stand at the end, oldest first. */
  readonly incidents: readonly Incident[]
  readonly findings: readonly Finding[]
  /** Every change in order. */
  readonly changes: readonly Incident[]
}

/** Runs moments through the alert book and the incidents, as analysis does. Restarts from saved state where `cuts` says. */
export function tell(catalogue: Catalogue, moments: readonly Moment[], cuts: ReadonlySet<number> = new Set()): Told {
  let book = createAlertBook({}, null)
  let incidents = createIncidents({ catalogue, causes }, null)
  const last = new Map<string, Incident>()
  const changes: Incident[] = []
  moments.forEach(({ declared = [], item, readings }, i) => {
    if (cuts.has(i)) {
      book = createAlertBook({}, JSON.parse(JSON.stringify(book.save())))
      incidents = createIncidents({ catalogue, causes }, JSON.parse(JSON.stringify(incidents.save())))
    }
    incidents.declare(declared)
    for (const incident of incidents.take(item, readings, book.take(readings, item.now))) {
      changes.push(incident)
      last.set(incident.id, incident)
    }
  })
  return { incidents: [...last.values()], findings: incidents.findings(), changes }
}

export function leads(told: Told): readonly (string | undefined)[] {
  return told.incidents.map((i) => i.causes[0]?.id)
}
