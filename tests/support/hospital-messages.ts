import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { fileExchange } from '../../adapters/sources/files/file-exchange.ts'
import { createChance } from '../../fixtures/hospital/chance.ts'
import { demoLines } from '../../fixtures/hospital/make-config.ts'
import type { Person, Visit } from '../../fixtures/hospital/people.ts'
import { diseaseReport } from '../../fixtures/hospital/records/disease-report.ts'
import { createSystemClock } from '../../fixtures/hospital/time.ts'
import { createWorld } from '../../fixtures/hospital/world.ts'
import { contractsFolder, loadHospital } from '../../fixtures/scenarios/catalogue.ts'
import type { Scenario } from '../../fixtures/scenarios/scenario.ts'
import { entriesOf } from '../../fixtures/scenarios/stage.ts'
import { createInspector } from '../../gateway/analysis/inspect.ts'
import { engineParts, protocols } from '../../gateway/app.ts'
import type { Entry } from '../../gateway/model/entry.ts'
import type { Envelope } from '../../gateway/model/envelope.ts'
import type { Exchange } from '../../gateway/model/exchange.ts'
import type { Catalogue } from '../../gateway/model/interface.ts'
import type { ObservedExchange } from '../../gateway/model/observed.ts'
import { retold } from './retold.ts'
import { mondayAtTen } from './simulated.ts'

/** One exchange of the simulated hospital, and the people whose numbers, names or addresses stand in it. */
export interface HospitalMessage {
  readonly observed: ObservedExchange
  readonly format: string
  readonly people: readonly Person[]
  /** The visits whose numbers stand in it. */
  readonly visitNumbers: readonly string[]
  /** All that can be read of it, in whatever coding: what must not be shown stands here. */
  readonly raw: string
  /** The result that a sensitive category was written beside; null: none was. */
  readonly sensitiveResult: string | null
}

/**
 * `count` exchanges of all interfaces of the hospital in turn: HL7 v2, FHIR, DICOM, SOAP and V3, JSON, NHSA, DICOMweb, CSV and Kafka records. One in three says
 * in free text what else it says of its patient, and one in seven has a result of a sensitive category.
 */
export async function hospitalMessages(
  count: number,
  seed: number,
): Promise<{ readonly catalogue: Catalogue; readonly messages: readonly HospitalMessage[] }> {
  const hospital = await loadHospital()
  const { catalogue } = hospital
  const inspect = createInspector(await engineParts(catalogue, contractsFolder))
  const visits: Visit[] = []
  const met = (visit: Visit) => visits.push(visit)
  const wired = demoLines.map(({ id }) => id).filter((id) => id !== 'emr-sdms-report')
  const scenario: Scenario = {
    id: `messages/${seed}`,
    kind: 'healthy',
    split: 'test',
    seed,
    startAt: mondayAtTen,
    lastsMs: 8 * 60_000,
    feeds: wired.map((interfaceId) => ({ interfaceId, perHour: 120, shape: 'even' })),
    strikes: [],
    labels: [],
  }
  const entries = [...entriesOf(scenario, catalogue, { hospital, protocols: await protocols(), met })]
  const exchanges = entries.flatMap(({ entry }) =>
    entry.kind === 'exchange' && isTelling(entry.exchange) ? [entry.exchange] : [],
  )
  const chosen = inTurn([...exchanges, ...reports(seed, visits)], count)
  const all = visits.map(({ person }) => person)
  const messages = chosen.map((exchange, i): HospitalMessage => {
    const format = catalogue.interfaces.find(({ id }) => id === exchange.interfaceId)?.format ?? ''
    const isSensitive = i % 7 === 3
    const spoken = retold(exchange, format, {
      raw: rawOf(exchange),
      people: (i + Math.floor(i / demoLines.length)) % 3 === 0 ? peopleIn(rawOf(exchange), all) : [],
      sensitiveResult: isSensitive ? sensitiveResult : null,
    })
    const raw = rawOf(spoken)
    const at = spoken.request?.endAt ?? mondayAtTen
    const entry: Entry = { kind: 'exchange', at, exchange: spoken }
    const inspected = inspect(entry, at)
    if (inspected.kind !== 'exchange') throw new Error('an exchange was inspected as something else')
    const { requestFacts, answerFacts, violations } = inspected
    const position = String(i + 1).padStart(12, '0')
    return {
      observed: { position, exchange: inspected.entry.exchange, requestFacts, answerFacts, violations },
      format,
      people: peopleIn(raw, all),
      visitNumbers: visitNumbersIn(raw, visits),
      raw,
      sensitiveResult: raw.includes(sensitiveResult) ? sensitiveResult : null,
    }
  })
  return { catalogue, messages }
}

/** Long and odd enough to be no part of anything else. */
const sensitiveResult = '可疑阳性QZX4711'

function isTelling({ request, answers }: Exchange): boolean {
  return (request?.body.length ?? 0) > 0 || answers.some(({ body }) => body.length > 0)
}

/** The first of each interface, then the second of each, ... */
function inTurn(exchanges: readonly Exchange[], count: number): readonly Exchange[] {
  const byInterface = Map.groupBy(exchanges, ({ interfaceId }) => interfaceId)
  const rounds = Math.max(...[...byInterface.values()].map((own) => own.length))
  return Array.from({ length: rounds }, (_, round) => [...byInterface.values()].flatMap((own) => own[round] ?? []))
    .flat()
    .slice(0, count)
}

/** The nightly files, as the tap reads them. */
function reports(seed: number, visits: readonly Visit[]): readonly Exchange[] {
  const chance = createChance(seed, 'reports')
  const world = { ...createWorld(chance.fork('world'), mondayAtTen), inpatients: [...visits] }
  const clock = createSystemClock({ offsetMs: 0, zoneMin: 480 })
  return Array.from({ length: 12 }, (_, n) => {
    const at = mondayAtTen + n * 60_000
    const { name, bytes } = diseaseReport(world, chance, { clock, at, batch: `SD${20261123000 + n}` })
    const file = { name, bytes: bytes.length, modifiedAt: at, seenAt: at, arrivedAt: at }
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const content = { body: bytes, bytes: bytes.length, sha256, rows: null, encoding: 'gb18030', hasBom: false } as const
    const about = {
      interfaceId: 'emr-sdms-report',
      from: 'emr',
      folder: 'data/sdms',
      pattern: 'single-disease-*.csv',
      marker: null,
    }
    return fileExchange({ ...about, file, content }, null, n)
  })
}

function rawOf({ request, answers }: Exchange): string {
  return [request, ...answers]
    .flatMap((passage) =>
      passage === null ? [] : [wordsIn(passage.body, passage.envelope ?? []), JSON.stringify(passage.envelope)],
    )
    .join('\n')
}

function wordsIn(body: Uint8Array, envelope: Envelope): string {
  const isZipped = envelope.some(([name, value]) => name === 'content-encoding' && value === 'gzip')
  const bytes = isZipped ? gunzipSync(body) : body
  const text = new TextDecoder('utf-8').decode(bytes)
  const carried = [...text.matchAll(/[A-Za-z0-9+/]{40,}={0,2}/g)].map(([coded]) =>
    Buffer.from(coded, 'base64').toString('utf8'),
  )
  return [text, new TextDecoder('gb18030').decode(bytes), ...carried].join('\n')
}

function peopleIn(raw: string, all: readonly Person[]): readonly Person[] {
  const numbers = new Set(raw.match(/P\d{7}|990000\d{11}[\dX]/g))
  return all.filter(({ mrn, idNumber }) => numbers.has(mrn) || numbers.has(idNumber))
}

function visitNumbersIn(raw: string, visits: readonly Visit[]): readonly string[] {
  const found = new Set(raw.match(/V20\d{10,13}/g))
  return [...new Set(visits.map((visit) => visit.number))].filter((number) => found.has(number))
}
