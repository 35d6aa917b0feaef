import type { Defect, Facts, Hints, Key, PartFacts, Stamp } from '../../../gateway/model/document.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import { type Interaction, interactionOf, interactionText, parametersOf } from '../../../gateway/model/fhir/interaction.ts'
import { isRecord } from '../../../gateway/model/json.ts'
import { remembered } from '../../../gateway/model/remembered.ts'
import type { Body, Fields } from './body.ts'
import { defect } from './defects.ts'
import { addCodes, addStamps, type Gathered } from './gather.ts'
import { distinctKeys, envelopeKeys, resourceKeys } from './keys.ts'
import { ackOf, entryAck } from './outcome.ts'
import { readHttpDate, readStamp } from './stamps.ts'

/** Entries of a Bundle that are looked at; longer ones are counted by nobody here. */
const partsMax = 1_000
const defectsMax = 40

/** What a body's request asked for: the body's own envelope for a request, its request's for an answer. */
export function askedBy(body: Body, hints: Hints): Interaction | null {
  const isAnswer = hints.side === 'answer'
  const bundleType = !isAnswer && isRecord(body.value) && typeof body.value.type === 'string' ? body.value.type : null
  const asked = interactionOf(isAnswer ? hints.requestEnvelope : hints.envelope, bundleType)
  if (asked?.kind !== 'search' || body.kind !== 'form') return asked
  return { ...asked, parameters: [...asked.parameters, ...parametersOf(body.text)] }
}

export function factsOf(body: Body, asked: Interaction | null, hints: Hints): Facts {
  const resource = isRecord(body.value) ? body.value : null
  const isAnswer = hints.side === 'answer'
  const gathered: Gathered = {
    timezone: hints.timezone,
    stamps: messageStamps(resource, asked, hints),
    codes: [],
    seen: new Map(),
  }
  const parts = resource === null ? [] : partsOf(resource)
  for (const one of parts) gather(gathered, one.resource)
  if (resource !== null && resource.resourceType !== 'Bundle') gather(gathered, resource)
  const own = resource === null ? [] : resourceKeys(resource)
  const around = envelopeKeys(hints.envelope, isAnswer ? null : asked)
  const partFacts = parts.map(({ facts }) => facts)
  return {
    type: isAnswer || asked === null ? bodyType(resource) : interactionText(asked),
    version: versionIn(envelopeValue(hints.envelope, 'content-type') ?? ''),
    controlId: null,
    sender: productIn(envelopeValue(hints.envelope, isAnswer ? 'server' : 'user-agent') ?? ''),
    receiver: null,
    sequence: null,
    stamps: gathered.stamps,
    keys: distinctKeys([around, own, ...partFacts.map(({ keys }) => keys)]),
    charset: body.charset,
    ack: resource === null || hints.side === 'request' ? null : ackOf(resource, asked),
    defects: [...body.defects, ...stampDefects(gathered)].slice(0, defectsMax),
    ...(partFacts.length === 0 ? {} : { parts: partFacts }),
    ...(resource !== null && isAnswer ? takenIn(resource, partFacts.length) : {}),
    ...(resource !== null && isAnswer && findsNone(resource) ? { hasNone: true } : {}),
    ...(resource !== null && countsMore(resource) ? { countsMore: true } : {}),
    codes: gathered.codes,
  }
}

/** What stands in the body, where no request says more: `Patient`, `Bundle searchset`, `transaction`. */
function bodyType(resource: Fields | null): string | null {
  const { resourceType, type } = resource ?? {}
  if (typeof resourceType !== 'string' || !/^[A-Z][A-Za-z]{1,40}$/.test(resourceType)) return null
  if (resourceType !== 'Bundle' || typeof type !== 'string' || !/^[a-z-]{1,40}$/.test(type)) return resourceType
  return type === 'transaction' || type === 'batch' ? type : `Bundle ${type}`
}

/** `fhirVersion=4.0` of the content type (FHIR R4 3.1.0.1.11); 4.0.1 where nothing is said. */
const versionIn = remembered((contentType) => {
  const said = /;\s*fhirVersion\s*=\s*"?(\d(?:\.\d{1,2}){1,2})/i.exec(contentType)?.[1]
  return said === undefined || said === '4.0' ? '4.0.1' : said
})

/** The first product of a User-Agent or Server field (RFC 9110 10.1.5), without what follows. */
const productIn = remembered((field): string | null => /^[!#$%&'*+.^_`|~\w/-]{1,64}/.exec(field)?.[0] ?? null)

/**
 * When this message was made: the Date field, then a Bundle's timestamp, then the last update of a resource that this very exchange wrote. Of a resource that
 * was only read it says when somebody wrote it, which is an event.
 */
function messageStamps(resource: Fields | null, asked: Interaction | null, hints: Hints): Stamp[] {
  const stamps: Stamp[] = []
  const date = envelopeValue(hints.envelope, 'date')
  if (date !== null) stamps.push({ path: 'date', kind: 'message', ...readHttpDate(date) })
  if (resource === null) return stamps
  if (resource.resourceType === 'Bundle' && typeof resource.timestamp === 'string')
    stamps.push({ path: 'Bundle.timestamp', kind: 'message', ...readStamp(resource.timestamp, hints.timezone) })
  const updated = isRecord(resource.meta) ? resource.meta.lastUpdated : undefined
  if (typeof updated !== 'string') return stamps
  const isWritten = hints.side === 'answer' && (asked?.kind === 'create' || asked?.kind === 'update' || asked?.kind === 'patch')
  const path = `${bodyType(resource)?.split(' ')[0] ?? 'Resource'}.meta.lastUpdated`
  stamps.push({ path, kind: isWritten ? 'message' : 'event', ...readStamp(updated, hints.timezone) })
  return stamps
}

function gather(gathered: Gathered, resource: Fields | null): void {
  if (resource === null) return
  addStamps(gathered, resource)
  addCodes(gathered, resource)
}

interface Part {
  readonly resource: Fields | null
  readonly facts: PartFacts
}

function partsOf(resource: Fields): readonly Part[] {
  if (resource.resourceType !== 'Bundle' || !Array.isArray(resource.entry)) return []
  return resource.entry.slice(0, partsMax).map((entry: unknown) => {
    const fields = isRecord(entry) ? entry : {}
    const inner = isRecord(fields.resource) ? fields.resource : null
    const asked = isRecord(fields.request) ? entryInteraction(fields.request) : null
    const keys: readonly Key[] = distinctKeys([inner === null ? [] : resourceKeys(inner), envelopeKeys(undefined, asked)])
    const type = asked === null ? bodyType(inner) : interactionText(asked)
    return { resource: inner, facts: { type, keys, ack: entryAck(fields) } }
  })
}

/** A search that matches nothing (FHIR R4 3.1.1.5): neither entries nor a count of them. */
function findsNone({ resourceType, type, total = 0, entry }: Fields): boolean {
  return (
    resourceType === 'Bundle' &&
    type === 'searchset' &&
    total === 0 &&
    (entry === undefined || (Array.isArray(entry) && entry.length === 0))
  )
}

/** FHIR R4 3.1.0.11.3: the answer to a batch or a transaction has one entry for each of the request's. */
function takenIn({ resourceType, type }: Fields, taken: number): Pick<Facts, 'reckoning'> {
  if (resourceType !== 'Bundle' || (type !== 'transaction-response' && type !== 'batch-response')) return {}
  return { reckoning: { agrees: null, counts: [], taken, isOneEach: true } }
}

/** FHIR R4 3.1.1.5 and 3.1.1.6: `total` is of all matches, and a page that isn't the last links to the next. An answer of the count alone has no entries. */
function countsMore({ resourceType, type, total, entry, link }: Fields): boolean {
  if (resourceType !== 'Bundle' || type !== 'searchset' || typeof total !== 'number' || !Array.isArray(entry)) return false
  if (entry.length === 0 || entry.length > partsMax || total <= entry.length) return false
  return !Array.isArray(link) || !link.some((one: unknown) => isRecord(one) && one.relation === 'next')
}

function entryInteraction(request: Fields): Interaction | null {
  if (typeof request.method !== 'string' || typeof request.url !== 'string') return null
  return interactionOf([
    [':method', request.method],
    [':path', request.url],
  ])
}

function stampDefects(gathered: Gathered): readonly Defect[] {
  return gathered.stamps.filter(({ at }) => at === null).map(({ path }) => defect('FHIR_BAD_TIMESTAMP', path))
}
