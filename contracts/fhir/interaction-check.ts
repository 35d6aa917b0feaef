import { interactionOf, interactionText } from '../../gateway/model/fhir/interaction.ts'
import { isRecord } from '../../gateway/model/json.ts'
import type { ViolationSeverity } from '../../gateway/model/violation.ts'
import type { Contract, InteractionContract } from './contract.ts'
import { isResourceType } from './definitions/definitions.ts'
import type { Asked, MessageShape } from './message-shape.ts'

/** A breach of what may be asked. `severity` null: the contract's own for the rule. */
export interface InteractionBreach {
  readonly rule: 'interaction' | 'search'
  readonly path: string
  readonly expected: string
  readonly severity: ViolationSeverity | null
}

/** Holds a request to the interactions of the contract, its query to their parameters, and the entries of a transaction to what may stand in one. */
export function checkInteraction(contract: Contract, { asked, method, resource }: MessageShape): readonly InteractionBreach[] {
  if (contract.interactions.size === 0 || method === null) return []
  if (asked === null) {
    const known = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method) ? method : '?'
    return contract.otherInteractions === 'allow' ? [] : [{ rule: 'interaction', path: known, expected: known, severity: null }]
  }
  const text = interactionText(asked)
  const agreed = agreedOn(contract, asked)
  if (agreed === null)
    return contract.otherInteractions === 'allow' ? [] : [{ rule: 'interaction', path: text, expected: text, severity: null }]
  const breaches = parameterBreaches(agreed, asked, text)
  if (asked.kind !== 'transaction' && asked.kind !== 'batch') return breaches
  return [...breaches, ...entryBreaches(contract, agreed, resource)]
}

const onTypes = 'read, vread, update, patch, delete, history, create, search'.split(', ')
const onSystem = 'history, search, capabilities, batch, transaction'.split(', ')

/** What is wrong with an interaction's name as a contract writes it; null: nothing. */
export function interactionProblem(name: string): string | null {
  const [kind = '', what, ...rest] = name.split(' ')
  if (rest.length > 0) return `"${name}" is no interaction`
  if (kind === 'operation') {
    const [type = '', operation] = what?.split('/') ?? []
    if (!(operation ?? type).startsWith('$'))
      return 'an operation is written as operation Patient/$everything or operation $process-message'
    return operation === undefined || type === '*' || isResourceType(type) ? null : `R4 has no resource type ${type}`
  }
  if (what === undefined)
    return onSystem.includes(kind) ? null : `"${kind}" is no interaction of the whole system: use ${onSystem.join(', ')}`
  if (!onTypes.includes(kind)) return `"${kind}" is no interaction on a type: use ${onTypes.join(', ')}`
  return what === '*' || isResourceType(what) ? null : `R4 has no resource type ${what}`
}

/** The entry for exactly this interaction, else the one for its kind on any type, as `read *`. */
function agreedOn(
  { interactions }: Contract,
  { kind, type, operation }: Pick<Asked, 'kind' | 'type' | 'operation'>,
): InteractionContract | null {
  const exact = interactions.get(interactionText({ kind, type, operation }))
  if (exact !== undefined || type === null) return exact ?? null
  return interactions.get(kind === 'operation' ? `operation */${operation ?? ''}` : `${kind} *`) ?? null
}

function parameterBreaches(agreed: InteractionContract, asked: Asked, text: string): readonly InteractionBreach[] {
  const names = new Set(asked.parameters.flatMap((name) => [name, name.split(':')[0] ?? name]))
  const breaches: InteractionBreach[] = []
  for (const { names: any, usage, severity } of agreed.parameters) {
    const stands = any.some((name) => names.has(name))
    if (usage === 'R' && !stands)
      breaches.push({ rule: 'search', path: `${text}?${any.join('|')}`, expected: `${any.join('|')} R`, severity })
    if (usage === 'X' && stands)
      breaches.push({ rule: 'search', path: `${text}?${any.join('|')}`, expected: `${any.join('|')} X`, severity })
  }
  if (agreed.otherParameters === 'allow') return breaches
  const known = new Set(agreed.parameters.flatMap((parameter) => parameter.names))
  for (const name of new Set(asked.parameters.map((one) => one.split(':')[0] ?? one))) {
    // Result parameters, `_count` and the like, say how to answer (FHIR R4 3.1.1.6); what looks like no parameter may be anything.
    if (known.has(name) || name.startsWith('_')) continue
    const spoken = /^[a-z][A-Za-z0-9-]{0,40}(?:\.[a-z][A-Za-z-]{0,40})?$/.test(name) ? name : '?'
    breaches.push({ rule: 'search', path: `${text}?${spoken}`, expected: spoken, severity: null })
  }
  return breaches
}

const entriesMax = 1_000

function entryBreaches(contract: Contract, agreed: InteractionContract, resource: unknown): readonly InteractionBreach[] {
  const entries = isRecord(resource) && Array.isArray(resource.entry) ? resource.entry.slice(0, entriesMax) : []
  return entries.flatMap((entry: unknown, i): readonly InteractionBreach[] => {
    const request = isRecord(entry) && isRecord(entry.request) ? entry.request : null
    if (request === null || typeof request.method !== 'string' || typeof request.url !== 'string') return []
    const asked = interactionOf([
      [':method', request.method],
      [':path', request.url],
    ])
    const text = asked === null ? '?' : interactionText(asked)
    const isAgreed =
      asked !== null && (agreed.entries === null ? agreedOn(contract, { ...asked }) !== null : mayStand(agreed.entries, asked))
    return isAgreed ? [] : [{ rule: 'interaction', path: `Bundle.entry[${i}].request`, expected: text, severity: null }]
  })
}

function mayStand(entries: readonly string[], asked: Pick<Asked, 'kind' | 'type' | 'operation'>): boolean {
  return entries.includes(interactionText(asked)) || entries.includes(`${asked.kind} *`)
}
