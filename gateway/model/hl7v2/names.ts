import type { Text } from '../text.ts'
import { componentsZh, fieldsZh, segmentsZh } from './names-zh.ts'
import { dataTypeSpec, segmentSpec } from './spec.ts'

/** Name of a segment in both languages; null for one that no version has (Z segments but ZDS). */
export function segmentName(name: string): Text | null {
  const en = segmentSpec('2.6', name)?.title ?? segmentSpec('2.5.1', name)?.title ?? segmentSpec('2.3.1', name)?.title
  const zh = of(segmentsZh, name)
  if (en === undefined) return zh === undefined ? null : { zh, en: name === 'ZDS' ? 'Study instance UID (IHE RAD)' : name }
  return { zh: zh ?? en, en }
}

/** Name of a field in both languages, English for both where no Chinese is known; null when that version has no such field. */
export function fieldName(version: string | null, segment: string, number: number): Text | null {
  const en = segmentSpec(version, segment)?.fields[number - 1]?.name
  const zh = listed(fieldsZh, segment, number)
  if (en === undefined || en === '')
    return segment === 'ZDS' && number === 1 ? { zh: '检查实例 UID', en: 'Study Instance UID' } : null
  return { zh: zh ?? en, en }
}

/** Name of a component of a data type in both languages; null when that version's type has no such component. */
export function componentName(version: string | null, dataType: string, number: number): Text | null {
  const en = dataTypeSpec(version, dataType)?.components[number - 1]?.name
  if (en === undefined || en === '') return null
  return { zh: listed(componentsZh, dataType, number) ?? en, en }
}

function of<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}

/** The names of one segment or type stand in one line, by number from 1; a dash stands for none. */
function listed(table: Readonly<Record<string, string>>, key: string, number: number): string | null {
  const name = of(table, key)?.split(' ')[number - 1]
  return name === undefined || name === '-' ? null : name
}
