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
  for (const [i, node] of nodes.entries()) addNode(walk, node, `${i}`, 0)
  for (const violation of byPath.get('') ?? []) walk.rows.push(missingRow(violation, 0))
  return walk.rows
}

function addNode(walk: Walk, node: TreeNodeAnswer, key: string, depth: number): void {
  const own = walk.byPath.get(node.path) ?? []
  const isOpen = node.children.length > 0 && !walk.closed.has(key)
  const here = own.filter(({ path }) => path === node.path)
  const isFolded = !isOpen && node.children.length > 0
  const hiddenCount = isFolded ? countBelow(walk.byPath, node) - here.length : 0
  walk.rows.push({ kind: 'node', key, node, depth, isOpen, violations: here, hiddenCount })
  if (isFolded) return
  const missing = own
    .filter(({ path }) => path !== node.path)
    .toSorted((a, b) => numberAfter(node.path, a.path) - numberAfter(node.path, b.path))
  for (const [i, child] of node.children.entries()) {
    while (missing[0] !== undefined && numberAfter(node.path, missing[0].path) < numberAfter(node.path, child.path))
      walk.rows.push(...missing.splice(0, 1).map((violation) => missingRow(violation, depth + 1)))
    addNode(walk, child, `${key}.${i}`, depth + 1)
  }
  walk.rows.push(...missing.map((violation) => missingRow(violation, depth + 1)))
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

/** `OBX[2]-5.1` -> itself, `OBX[2]-5`, `OBX[2]`, and the same without the segment's index when it is the first. */
export function ancestors(path: string): readonly string[] {
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
