import type { ExchangeAnswer, TreeNodeAnswer } from '../../../gateway/desk/api/shapes.ts'

type Violation = ExchangeAnswer['violations'][number]

/** A place in a message that the reader was sent to: `at` counts, so that the same place can be asked for again. */
export interface Spot {
  readonly side: 'request' | 'answer'
  readonly path: string
  readonly at: number
}

/** One line of the tree as it is drawn. */
export type TreeRow =
  | {
      readonly kind: 'node'
      readonly key: string
      readonly node: TreeNodeAnswer
      /** What of its path is read at its place: the last step, below a parent whose own path is its beginning. */
      readonly step: string
      readonly depth: number
      readonly isOpen: boolean
      readonly violations: readonly Violation[]
      /** Violations of what is folded away below. */
      readonly hiddenCount: number
    }
  /** Something that the contract asks for and the message doesn't have, at the place where it would stand. */
  | { readonly kind: 'missing'; readonly key: string; readonly violation: Violation; readonly depth: number }

/** Paths in a message are unique but for segments that it repeats without an index; the place in the list tells those apart. */
interface Walk {
  readonly closed: ReadonlySet<string>
  readonly byPath: ReadonlyMap<string, readonly Violation[]>
  readonly rows: TreeRow[]
}

/**
 * The lines of a message's tree from top to bottom. A violation stands at its node; one of something that isn't there stands
 * below its nearest ancestor, or at the end. `closed` holds the keys of folded nodes.
 */
export function rowsOf(
  nodes: readonly TreeNodeAnswer[],
  violations: readonly Violation[],
  closed: ReadonlySet<string>,
): readonly TreeRow[] {
  const byPath = placed(nodes, violations)
  const walk: Walk = { closed, byPath, rows: [] }
  for (const [i, node] of nodes.entries()) addNode(walk, node, `${i}`, null)
  for (const violation of byPath.get('') ?? []) walk.rows.push(missingRow(violation, 0))
  return walk.rows
}

interface Above {
  readonly path: string
  readonly depth: number
}

function addNode(walk: Walk, node: TreeNodeAnswer, key: string, above: Above | null): void {
  const depth = above === null ? 0 : above.depth + 1
  const own = walk.byPath.get(node.path) ?? []
  const isOpen = node.children.length > 0 && !walk.closed.has(key)
  const here = own.filter(({ path }) => path === node.path)
  const isFolded = !isOpen && node.children.length > 0
  const hiddenCount = isFolded ? countBelow(walk.byPath, node) - here.length : 0
  const step = stepOf(node.path, above?.path ?? null)
  walk.rows.push({ kind: 'node', key, node, step, depth, isOpen, violations: here, hiddenCount })
  if (isFolded) return
  const missing = own
    .filter(({ path }) => path !== node.path)
    .toSorted((a, b) => numberAfter(node.path, a.path) - numberAfter(node.path, b.path))
  for (const [i, child] of node.children.entries()) {
    while (missing[0] !== undefined && numberAfter(node.path, missing[0].path) < numberAfter(node.path, child.path))
      walk.rows.push(...missing.splice(0, 1).map((violation) => missingRow(violation, depth + 1)))
    addNode(walk, child, `${key}.${i}`, { path: node.path, depth })
  }
  walk.rows.push(...missing.map((violation) => missingRow(violation, depth + 1)))
}

/**
 * A path below its parent's: `name` of `patient.name`, `[0]` of `entry[0]`, `Body` of `Envelope/Body`. Fields of HL7 v2 are read and spoken by their whole
 * paths (`PID-5.1`), and so is what begins anew (a resource of a Bundle).
 */
export function stepOf(path: string, parent: string | null): string {
  if (parent === null || !path.startsWith(parent)) return path
  return /^(?:[./](?=\D)|(?=\[))(.+)$/.exec(path.slice(parent.length))?.[1] ?? path
}

/** Rows that a message shows before anything is opened or closed by hand. */
const rowsAtFirst = 40

/**
 * The nodes that are folded at first: HL7 v2 shows its fields with their components folded; what has other depths is opened from the top, level by
 * level, as long as it stays within a screen or two. What holds a violation is open.
 */
export function foldedAtFirst(
  nodes: readonly TreeNodeAnswer[],
  violations: readonly Violation[],
  format: string,
): ReadonlySet<string> {
  const bad = new Set(violations.flatMap(({ path }) => ancestors(path)))
  const folded = new Set<string>()
  const level = nodes.map((node, i) => ({ node, key: `${i}`, depth: 0 }))
  let rows = nodes.length
  for (let next = level.shift(); next !== undefined; next = level.shift()) {
    const { node, key, depth } = next
    const isFitting = format === 'hl7v2' ? depth === 0 : rows + node.children.length <= rowsAtFirst
    const isOpen = isFitting || bad.has(node.path)
    if (node.children.length > 0 && !isOpen) folded.add(key)
    if (isOpen) rows += node.children.length
    level.push(...node.children.map((child, i) => ({ node: child, key: `${key}.${i}`, depth: depth + 1 })))
  }
  return folded
}

/** The place of `path` below `parent`: 3 of `PID-3` below `PID`. What isn't below it comes last. */
function numberAfter(parent: string, path: string): number {
  const below = path.startsWith(parent) ? path.slice(parent.length) : path.slice(path.indexOf('-'))
  const found = /^(?:\[\d+\])?[-.](\d+)/.exec(below)?.[1]
  return found === undefined ? Number.POSITIVE_INFINITY : Number(found)
}

function countBelow(byPath: Walk['byPath'], node: TreeNodeAnswer): number {
  return (byPath.get(node.path)?.length ?? 0) + node.children.reduce((sum, child) => sum + countBelow(byPath, child), 0)
}

function missingRow(violation: Violation, depth: number): TreeRow {
  return { kind: 'missing', key: `missing ${violation.path} ${violation.rule}`, violation, depth }
}

/** Violations by the path of the node that shows them: their own, or the nearest that exists; '' where there is none. */
function placed(nodes: readonly TreeNodeAnswer[], violations: readonly Violation[]): ReadonlyMap<string, readonly Violation[]> {
  const known = new Set<string>()
  const note = (node: TreeNodeAnswer) => {
    known.add(node.path)
    node.children.forEach(note)
  }
  nodes.forEach(note)
  const byPath = new Map<string, Violation[]>()
  for (const violation of violations) {
    const place = ancestors(violation.path).find((path) => known.has(path)) ?? ''
    byPath.set(place, [...(byPath.get(place) ?? []), violation])
  }
  return byPath
}

/**
 * `OBX[2]-5.1` -> itself, `OBX[2]-5`, `OBX[2]`, and the same without the segment's index when it is the first. `patient.items[2].code` -> itself,
 * `patient.items[2]`, `patient.items`, `patient`.
 */
export function ancestors(path: string): readonly string[] {
  if (!/^[A-Z][A-Z0-9]{2}(?:\[\d+\])?(?:-\d|$)/.test(path)) return placesAbove(path)
  const [segment = '', ...rest] = path.split('-')
  const field = rest.join('-')
  const withoutRepetition = field.replace(/\[\d+\]/, '')
  const fields = [
    ...new Set([
      field,
      field.replace(/\.\d+$/, ''),
      field.replace(/(\.\d+)+$/, ''),
      withoutRepetition,
      withoutRepetition.replace(/(\.\d+)+$/, ''),
    ]),
  ].filter((f) => f !== '')
  const segments = segment.endsWith('[1]')
    ? [segment, segment.slice(0, -3)]
    : segment.includes('[')
      ? [segment]
      : [segment, `${segment}[1]`]
  return segments.flatMap((s) => [...fields.map((f) => `${s}-${f}`), s])
}

function placesAbove(path: string): readonly string[] {
  const above = [path]
  for (let at = path.length; at > 0; ) {
    at = Math.max(path.lastIndexOf('.', at - 1), path.lastIndexOf('/', at - 1), path.lastIndexOf('[', at - 1))
    if (at > 0) above.push(path.slice(0, at))
  }
  return above
}
