import type { Text } from '../../../gateway/model/text.ts'
import { elementsZh, meaningsZh, resourcesZh } from './names-zh.ts'

/** The name of an element, or of the resource itself (`name` null), for people; null for one that looks like none. */
export function elementName(type: string, name: string | null): Text | null {
  if (name === null) return /^[A-Z][A-Za-z]{1,40}$/.test(type) ? { zh: resourcesZh.get(type) ?? type, en: spaced(type) } : null
  const plain = name.startsWith('_') ? name.slice(1) : name
  if (!/^[a-z][A-Za-z0-9]{0,60}$/.test(plain)) return null
  return { zh: elementsZh.get(plain) ?? elementsZh.get(stemOf(plain)) ?? plain, en: spaced(plain) }
}

/** What a code says where FHIR itself defines it: `male`, `final`. */
export function meaningOf(element: string, code: string): Text | null {
  const zh = meaningsZh.get(element)?.get(code)
  return zh === undefined ? null : { zh, en: code }
}

/** `value` of `valueQuantity`. */
function stemOf(name: string): string {
  return /^[a-z]+/.exec(name)?.[0] ?? name
}

/** `birthDate` as `Birth date`. */
function spaced(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
