import { type Grants, noGrants } from './grants.ts'
import type { Secret } from './secret-index.ts'
import { hidden, hiddenByContent, type Stretch, starred } from './values.ts'

/** Names that people choose for members are words; one with a number of so many digits, as in an object by patient number, may be a value itself. */
const telling = /\d{5}/
const word = /^[A-Za-z_$@][A-Za-z_$@:-]*\d{0,2}$/

/** What of a member's name must be hidden: a number, and what repeats a secret of the exchange. */
export function hiddenInName(name: string, secrets: readonly Secret[], grants: Grants = noGrants): readonly Stretch[] {
  if (word.test(name)) return []
  return [...(telling.test(name) ? hidden('id', name, grants) : []), ...hiddenByContent(name, secrets, grants)]
}

/** A node's path without what its names must not show: `byPatient.**************1234.name`. */
export function maskedPath(path: string, secrets: readonly Secret[], grants: Grants = noGrants): string {
  const shown = (name: string) => starred(name, hiddenInName(name, secrets, grants))
  return path.replace(/"((?:[^"\\]|\\.)*)"|[^.[\]"]+/g, (step, quoted?: string) =>
    quoted === undefined ? shown(step) : `"${shown(quoted)}"`,
  )
}
