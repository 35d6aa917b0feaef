import type { TreeNodeAnswer } from '../../../gateway/desk/api/shapes.ts'

/** A coded value and its name. */
export interface Term {
  readonly value: string
  readonly meaning: TreeNodeAnswer['meaning']
}

export interface ContextRow {
  readonly id: string
  readonly abstract: Term | null
  /** Null where it is proposed and not yet answered. */
  readonly result: Term | null
  readonly transfers: readonly Term[]
}

/** The presentation contexts of an A-ASSOCIATE message, from its tree. */
export function contextsOf(nodes: readonly TreeNodeAnswer[]): readonly ContextRow[] {
  const command = nodes.find(({ path }) => path === 'command')
  return (command?.children ?? [])
    .filter(({ path, children }) => /^command\.context(?:\[\d+\])?$/.test(path) && children.length > 0)
    .map(({ path, children }) => {
      const terms = (name: string): readonly Term[] =>
        children.flatMap((node) =>
          node.value !== null && stem(node.path) === `${path}.${name}` ? [{ value: node.value, meaning: node.meaning }] : [],
        )
      return {
        id: terms('context-id')[0]?.value ?? '',
        abstract: terms('abstract-syntax')[0] ?? null,
        result: terms('result')[0] ?? null,
        transfers: terms('transfer-syntax'),
      }
    })
}

function stem(path: string): string {
  return path.replace(/\[\d+\]$/, '')
}
