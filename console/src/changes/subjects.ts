import type { Names } from '../parts/catalogue.ts'

/** Names of what a change or a silence is about, systems first; null: it names nothing. */
export function subjectsText(
  { interfaceIds, systemIds }: { readonly interfaceIds: readonly string[]; readonly systemIds: readonly string[] },
  names: Names,
): string | null {
  const all = [...systemIds.map(names.system), ...interfaceIds.map(names.iface)]
  return all.length === 0 ? null : all.join(' · ')
}
