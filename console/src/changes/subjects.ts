import type { Names } from '../parts/catalogue.ts'

/** What a change or a silence is about. */
export interface Subjects {
  readonly interfaceIds: readonly string[]
  readonly systemIds: readonly string[]
}

/** Names of it, systems first; null: it names nothing. */
export function subjectsText({ interfaceIds, systemIds }: Subjects, names: Names): string | null {
  const all = [...systemIds.map(names.system), ...interfaceIds.map(names.iface)]
  return all.length === 0 ? null : all.join(' · ')
}
