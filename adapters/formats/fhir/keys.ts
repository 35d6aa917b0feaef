import type { Key, KeyKind } from '../../../gateway/model/document.ts'
import { type Envelope, envelopeValue } from '../../../gateway/model/envelope.ts'
import type { Interaction } from '../../../gateway/model/fhir/interaction.ts'
import { resourceTypes } from '../../../gateway/model/fhir/resources.ts'
import { isRecord } from '../../../gateway/model/json.ts'
import type { Fields } from './body.ts'
import { identifierTypes, otherwise, wanted } from './wanted.ts'

/** Most keys that one message, or one part of it, may tell. */
const keysMax = 200
/** A longer one is a text, no identifier. */
const valueMax = 256

/** The keys of a resource: its logical id, its identifiers by their type, and whom and what it refers to. */
export function resourceKeys(resource: Fields): readonly Key[] {
  const keys: Key[] = []
  const type = typeof resource.resourceType === 'string' ? resource.resourceType : ''
  const { id, identifiers, references } = wanted.get(type) ?? otherwise
  if (id !== null) addKey(keys, id, resource.id, type)
  for (const { element, kind } of identifiers) {
    for (const identifier of listOf(resource[element])) addIdentifier(keys, identifier, kind)
  }
  for (const { element, kind } of references) {
    for (const reference of listOf(resource[element])) addReference(keys, reference, kind)
  }
  return keys
}

/** The keys of what HTTP says around a body: `X-Request-Id`, the trace of `traceparent` (W3C Trace Context 3.2), and of a request whom its path and query name. */
export function envelopeKeys(envelope: Envelope | undefined, interaction: Interaction | null): readonly Key[] {
  const keys: Key[] = []
  addKey(keys, 'request', envelopeValue(envelope, 'x-request-id'), null)
  const trace = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(envelopeValue(envelope, 'traceparent') ?? '')?.[1]
  if (trace !== undefined && !/^0+$/.test(trace)) addKey(keys, 'trace', trace, null)
  if (interaction === null) return keys
  const { type, id, parameters } = interaction
  if (type !== null && id !== null) addKey(keys, wanted.get(type)?.id ?? null, id, type)
  for (const [name, value] of parameters) addParameter(keys, { name, value, type })
  return keys
}

/** The same keys once each, at most 200. Each list has its own once. */
export function distinctKeys(lists: readonly (readonly Key[])[]): readonly Key[] {
  const told = lists.filter((list) => list.length > 0)
  const [only] = told
  if (only !== undefined && told.length === 1) return only
  const seen = new Map<string, Key>()
  for (const list of told) {
    for (const key of list) {
      if (seen.size >= keysMax) return [...seen.values()]
      seen.set(idOf(key), key)
    }
  }
  return [...seen.values()]
}

/** Another one for each key: the length says where the value ends. */
function idOf({ kind, value, authority }: Key): string {
  return `${kind} ${value.length} ${value}${authority === null ? '' : ` ${authority}`}`
}

function addIdentifier(keys: Key[], identifier: unknown, otherwiseKind: KeyKind): void {
  if (!isRecord(identifier)) return
  const system = typeof identifier.system === 'string' ? identifier.system : null
  const codings = isRecord(identifier.type) ? listOf(identifier.type.coding) : []
  const types = codings.map((coding) =>
    isRecord(coding) && typeof coding.code === 'string' ? identifierTypes.get(coding.code) : undefined,
  )
  const kind = types.find((type) => type !== undefined) ?? otherwiseKind
  // DICOM writes a study's UID as `urn:oid:1.2.3` (FHIR R4 ImagingStudy.identifier): the journeys know it bare.
  const value =
    system === 'urn:dicom:uid' && typeof identifier.value === 'string'
      ? identifier.value.replace(/^urn:oid:/, '')
      : identifier.value
  addKey(keys, system !== 'urn:dicom:uid' && kind === 'study' ? 'accession' : kind, value, system)
}

const kindsById: ReadonlyMap<string, KeyKind> = new Map(
  [...wanted].flatMap(([type, { id }]): readonly (readonly [string, KeyKind])[] => (id === null ? [] : [[type, id]])),
)

function addReference(keys: Key[], reference: unknown, kind: KeyKind): void {
  if (!isRecord(reference)) return
  if (isRecord(reference.identifier)) addIdentifier(keys, reference.identifier, kind)
  const literal = literalOf(reference.reference)
  if (literal !== null) addKey(keys, kindsById.get(literal.type) ?? null, literal.id, literal.type)
}

/** `Patient/123` of a relative or absolute reference (FHIR R4 2.3.0.1). */
function literalOf(reference: unknown): { readonly type: string; readonly id: string } | null {
  if (typeof reference !== 'string' || reference.length > 1024) return null
  const [, type = '', id = ''] = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]+)?$/.exec(reference) ?? []
  return resourceTypes.has(type) ? { type, id } : null
}

/** `identifier=system|value`, `_id=123`, `patient=Patient/123`, `patient=123`, `patient.identifier=system|value`. */
function addParameter(
  keys: Key[],
  asked: { readonly name: string; readonly value: string; readonly type: string | null },
): void {
  const { value, type } = asked
  const [name = ''] = asked.name.split(':')
  const own = type === null ? null : (wanted.get(type) ?? otherwise)
  if (name === '_id' && type !== null) addKey(keys, own?.id ?? null, value, type)
  if (name === 'identifier')
    addToken(keys, own?.identifiers.find(({ element }) => element === 'identifier')?.kind ?? null, value)
  const chained = /^(patient|subject|encounter)\.identifier$/.exec(name)?.[1]
  if (chained !== undefined) addToken(keys, chained === 'encounter' ? 'visit' : 'patient', value)
  if (name !== 'patient' && name !== 'subject' && name !== 'encounter') return
  const literal = literalOf(value)
  const target = name === 'encounter' ? 'Encounter' : 'Patient'
  if (literal !== null) addKey(keys, kindsById.get(literal.type) ?? null, literal.id, literal.type)
  else if (/^[A-Za-z0-9\-.]{1,64}$/.test(value)) addKey(keys, kindsById.get(target) ?? null, value, target)
}

/** A token parameter, `system|value` or `value` (FHIR R4 3.1.1.5.7). */
function addToken(keys: Key[], kind: KeyKind | null, token: string): void {
  const bar = token.indexOf('|')
  if (bar < 0) addKey(keys, kind, token, null)
  else addKey(keys, kind, token.slice(bar + 1), token.slice(0, bar) || null)
}

function addKey(keys: Key[], kind: KeyKind | null, value: unknown, authority: string | null): void {
  if (kind === null || typeof value !== 'string' || value === '' || value.length > valueMax || keys.length >= keysMax) return
  const isKnown = keys.some((key) => key.kind === kind && key.value === value && key.authority === authority)
  if (!isKnown) keys.push({ kind, value, authority })
}

/** The items of a list, or the one value alone; nothing for none. */
export function listOf(value: unknown, max = 100): readonly unknown[] {
  if (Array.isArray(value)) return value.length <= max ? value : value.slice(0, max)
  return value === undefined || value === null ? nothing : [value]
}

const nothing: readonly unknown[] = []
