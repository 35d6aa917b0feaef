import type { Catalogue, Interface } from '../../model/interface.ts'
import { Refusal } from './problems.ts'

/** The interface that a path names. Refuses with NOT_FOUND. */
export function knownInterface({ interfaces }: Catalogue, id: string | undefined): Interface {
  const found = interfaces.find((iface) => iface.id === id)
  if (found === undefined) throw new Refusal('NOT_FOUND', 'There is no such interface in the catalogue.')
  return found
}
