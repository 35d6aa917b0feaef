import type { TreeNode } from '../../model/document.ts'
import type { Identity } from '../../model/identity.ts'
import type { TreeNodeAnswer } from '../api/shapes.ts'
import type { Grants } from './grants.ts'
import type { Pseudonym } from './pseudonyms.ts'
import type { Secret } from './secret-index.ts'
import { hiddenByContent, isTelling, numberIn, type Stretch, starred } from './values.ts'

/** What is known of what must be hidden, and what who looks may see. */
export interface Shown {
  readonly secrets: readonly Secret[]
  readonly grants: Grants
  readonly pseudonym: Pseudonym | null
}

/**
 * A node's own line: its value with `*` over what is hidden by its place and by content. A hidden number of a person or a visit has a pseudonym, so that a
 * trace can be followed from message to message without it.
 */
export function maskedLeaf(
  node: TreeNode,
  byPlace: readonly Stretch[],
  identity: Identity | null,
  { secrets, grants, pseudonym }: Shown,
  isByContent = true,
): Omit<TreeNodeAnswer, 'children'> {
  const { path, name, dataType, value } = node
  const byContent = value === null || !isByContent ? [] : hiddenByContent(value, secrets, grants)
  const shown = value === null ? null : starred(value, [...byPlace, ...byContent])
  const isNamed = identity === 'id' && value !== null && value !== shown && isTelling({ identity, value })
  return {
    path,
    name,
    dataType,
    value: shown,
    masked: shown !== value,
    // A table's meaning of a coded value would tell what the stars hide.
    meaning: shown === value ? node.meaning : null,
    pseudonym: isNamed && pseudonym !== null ? pseudonym(numberIn(value)) : null,
  }
}
