export type Fields = { readonly [name: string]: unknown }

/** An invariant as code. `expression` is HL7's: a constraint of the same key that says something else is asked of FHIRPath. Null: FHIRPath has to be asked. */
export interface WrittenOut {
  readonly expression: string
  readonly holds: (node: Fields) => boolean | null
}

/** By key. */
export const writtenOut: ReadonlyMap<string, WrittenOut> = new Map<string, WrittenOut>([
  ['qty-3', { expression: 'code.empty() or system.exists()', holds: (node) => !has(node, 'code') || has(node, 'system') }],
  ['cpt-2', { expression: 'value.empty() or system.exists()', holds: (node) => !has(node, 'value') || has(node, 'system') }],
  [
    'att-1',
    { expression: 'data.empty() or contentType.exists()', holds: (node) => !has(node, 'data') || has(node, 'contentType') },
  ],
  ['sqty-1', { expression: 'comparator.empty()', holds: (node) => !has(node, 'comparator') }],
  ['per-1', { expression: 'start.hasValue().not() or end.hasValue().not() or (start <= end)', holds: isForward }],
  [
    'obs-6',
    {
      expression: 'dataAbsentReason.empty() or value.empty()',
      holds: (node) => !has(node, 'dataAbsentReason') || !hasChoice(node, 'value'),
    },
  ],
  [
    'obs-7',
    {
      expression: 'value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()',
      holds: (node) => (has(node, 'component') && hasChoice(node, 'value') ? null : true),
    },
  ],
  [
    'obs-3',
    {
      expression: 'low.exists() or high.exists() or text.exists()',
      holds: (node) => has(node, 'low') || has(node, 'high') || has(node, 'text'),
    },
  ],
  [
    'bdl-1',
    ofBundle(
      "total.empty() or (type = 'searchset') or (type = 'history')",
      (node) => !has(node, 'total') || isType(node, 'searchset', 'history'),
    ),
  ],
  [
    'bdl-2',
    ofBundle(
      "entry.search.empty() or (type = 'searchset')",
      (node) => isType(node, 'searchset') || entriesOf(node).every((entry) => !has(entry, 'search')),
    ),
  ],
  [
    'bdl-3',
    ofBundle(
      "entry.all(request.exists() = (%resource.type = 'batch' or %resource.type = 'transaction' or %resource.type = 'history'))",
      (node) => everyEntry(node, 'request', isType(node, 'batch', 'transaction', 'history')),
    ),
  ],
  [
    'bdl-4',
    ofBundle(
      "entry.all(response.exists() = (%resource.type = 'batch-response' or %resource.type = 'transaction-response' or %resource.type = 'history'))",
      (node) => everyEntry(node, 'response', isType(node, 'batch-response', 'transaction-response', 'history')),
    ),
  ],
  [
    'bdl-5',
    {
      expression: 'resource.exists() or request.exists() or response.exists()',
      holds: (node) => has(node, 'resource') || has(node, 'request') || has(node, 'response'),
    },
  ],
  [
    'bdl-7',
    ofBundle(
      "(type = 'history') or entry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct()",
      (node) => isType(node, 'history') || areDistinct(entriesOf(node)),
    ),
  ],
  [
    'bdl-8',
    {
      expression: "fullUrl.contains('/_history/').not()",
      holds: (node) => typeof node.fullUrl !== 'string' || !node.fullUrl.includes('/_history/'),
    },
  ],
  ['bdl-9', onlyOf('document', "type = 'document' implies (identifier.system.exists() and identifier.value.exists())")],
  ['bdl-10', onlyOf('document', "type = 'document' implies (timestamp.hasValue())")],
  ['bdl-11', onlyOf('document', "type = 'document' implies entry.first().resource.is(Composition)")],
  ['bdl-12', onlyOf('message', "type = 'message' implies entry.first().resource.is(MessageHeader)")],
])

/** Rules of a Bundle hang on its type; without one, FHIRPath's logic of three values decides. */
function ofBundle(expression: string, holds: (node: Fields) => boolean): WrittenOut {
  return { expression, holds: (node) => (typeof node.type === 'string' ? holds(node) : null) }
}

/** Asked of Bundles of one type alone. */
function onlyOf(type: string, expression: string): WrittenOut {
  return { expression, holds: (node) => (isType(node, type) || typeof node.type !== 'string' ? null : true) }
}

function has(node: Fields, name: string): boolean {
  return node[name] !== undefined || node[`_${name}`] !== undefined
}

function hasChoice(node: Fields, name: string): boolean {
  for (const key in node) if (key.startsWith(name) || key.startsWith(`_${name}`)) return true
  return false
}

/** Times of one form, with the same zone or none, stand in the order of their letters. */
function isForward({ start, end }: Fields): boolean | null {
  if (typeof start !== 'string' || typeof end !== 'string') return start === undefined || end === undefined ? true : null
  if (start.length !== end.length || start.length < 4 || start.slice(19) !== end.slice(19)) return null
  return start <= end
}

function isType(node: Fields, ...types: readonly string[]): boolean {
  return typeof node.type === 'string' && types.includes(node.type)
}

function entriesOf({ entry }: Fields): readonly Fields[] {
  return Array.isArray(entry) ? entry.filter((one) => typeof one === 'object' && one !== null) : []
}

function everyEntry(node: Fields, name: string, stands: boolean): boolean {
  return entriesOf(node).every((entry) => has(entry, name) === stands)
}

function areDistinct(entries: readonly Fields[]): boolean {
  const named = entries
    .filter((entry) => typeof entry.fullUrl === 'string')
    .map(({ fullUrl, resource }) => `${fullUrl}${versionOf(resource)}`)
  return new Set(named).size === named.length
}

function versionOf(resource: unknown): string {
  if (typeof resource !== 'object' || resource === null || !('meta' in resource)) return ''
  const { meta } = resource
  return typeof meta === 'object' && meta !== null && 'versionId' in meta && typeof meta.versionId === 'string'
    ? meta.versionId
    : ''
}
