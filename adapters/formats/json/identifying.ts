import { type Identifying, memberOf } from '../../../gateway/model/members/members.ts'
import { readPath } from './path.ts'

/** What the value at a path of a tree tells of a person, or which secret it is; null: nothing that the names know of. For the desk's masking. */
export function identifyingOf(path: string): Identifying | null {
  const names = (readPath(path) ?? []).filter((step) => typeof step === 'string')
  return memberOf(names.at(-1) ?? '', names.at(-2) ?? null)?.identifies ?? null
}
