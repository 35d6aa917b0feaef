import type { TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import { findCauseEntry, ownerText } from '../../../gateway/incidents/catalogue.ts'
import type { Text } from '../../../gateway/model/text.ts'
import { type Language, useLanguage } from '../words/language.tsx'

type Cause = TicketAnswer['causes'][number]

/** A cause's name in the reader's language, from the list of root causes; `unknown` and newer ids by words or by id. */
export function useCauseName(): (id: string) => string {
  const language = useLanguage()
  return (id) => causeName(id, language)
}

/** Who usually owns it; null when the list doesn't have it. */
export function usualOwner(cause: Cause): Text | null {
  const entry = findCauseEntry(cause.id)
  return entry === null ? null : ownerText(entry.owner)
}

function causeName(id: string, { words, pick }: Language): string {
  if (id === 'unknown') return words.tickets.unknown
  const entry = findCauseEntry(id)
  return entry === null ? id : pick(entry.name)
}
