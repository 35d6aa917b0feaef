import type { TreeNode } from '../../model/document.ts'
import type { Grants } from './grants.ts'
import { categoriesIn, categoriesOfIcd, type SensitiveCategory } from './sensitive.ts'

/** What of a body of paths (JSON, FHIR, XML, DICOM) is suppressed. */
export interface SensitivePaths {
  readonly categories: readonly SensitiveCategory[]
  isSuppressed(path: string): boolean
}

/**
 * Everything that stands in one object with a value that gives a category away: of FHIR the resource (and those of the same type in a bundle, whose paths
 * are the same), of JSON the object, of XML the element that holds the coded one. Rather too much than a result beside its hidden name.
 */
export function sensitivePaths(nodes: readonly TreeNode[], format: string, { categories }: Grants): SensitivePaths {
  const found = new Set<SensitiveCategory>()
  const prefixes = new Set<string>()
  for (const { path, value } of leavesOf(nodes)) {
    const own = [...categoriesIn(value), ...(/diag|icd|dise|code|zd/i.test(path) ? categoriesOfIcd(value) : [])].filter(
      (category) => !categories.has(category),
    )
    if (own.length === 0) continue
    for (const category of own) found.add(category)
    prefixes.add(objectOf(path, format))
  }
  const all = [...prefixes]
  return {
    categories: [...found],
    isSuppressed: (path) =>
      all.some((prefix) => path.startsWith(prefix) && (prefix === '' || /^[./[@]/.test(path.slice(prefix.length)))),
  }
}

function leavesOf(nodes: readonly TreeNode[]): readonly { readonly path: string; readonly value: string }[] {
  return nodes.flatMap(({ path, value, children }) => [...(value === null ? [] : [{ path, value }]), ...leavesOf(children)])
}

function objectOf(path: string, format: string): string {
  if (format === 'fhir' && /^[A-Z]/.test(path)) return /^\w+/.exec(path)?.[0] ?? ''
  if (path.includes('/')) {
    const element = path.replace(/\/@[^/]*$/, '')
    return element.slice(0, Math.max(0, element.lastIndexOf('/')))
  }
  return path.slice(0, Math.max(0, path.lastIndexOf('.')))
}
