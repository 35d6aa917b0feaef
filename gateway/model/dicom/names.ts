import type { Text } from '../text.ts'
import { attributeOf } from './dictionary.ts'
import { namesZh } from './names-zh.ts'

/** An attribute's name for people; null for one that the dictionary doesn't have. Where no Chinese is known the English stands in for it. */
export function attributeTitle(tag: number): Text | null {
  const spec = attributeOf(tag)
  if (spec === null) return null
  const en = english(spec.keyword)
  return { zh: namesZh[spec.keyword] ?? en, en }
}

/** PS3.6 has its keywords from the names, so the names are had from the keywords: `StudyInstanceUID` is Study Instance UID. */
function english(keyword: string): string {
  const words = keyword.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
  return words
    .replace(/^Patient (Name|Birth|Sex|Age|Size|Weight|Address|Mother)/, "Patient's $1")
    .replace(/^(Referring|Requesting|Performing|Scheduled Performing) Physician Name/, "$1 Physician's Name")
    .replace(/^Operators Name/, "Operators' Name")
}
