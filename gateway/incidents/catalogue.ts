import type { Text } from '../model/text.ts'
import rows from './catalogue.json' with { type: 'json' }

/** P1: care, safety, money or privacy now. P2: degraded with a workaround. P3: one department, quality. P4: data quality. */
export type Severity = 'P1' | 'P2' | 'P3' | 'P4'

/** One row of the root-cause list, as the domain research wrote it. */
export interface CauseEntry {
  readonly id: string
  readonly name: Text
  /** time, transport, application, semantic, ...: the ticket's category. */
  readonly layer: string
  readonly severity: Severity
  /** Who usually owns it, in the hospital's words. */
  readonly owner: string
  /** The same in English. */
  readonly ownerEn: string
  /** What to tell the engineer, with `{placeholders}`: for documents, not for tickets. */
  readonly tell: string
}

/** The 57 causes that Auscult tells apart, in the list's order. */
export const causeEntries: readonly CauseEntry[] = rows.map((row) => ({
  id: row.id,
  name: { zh: row.zh, en: row.en },
  layer: row.layer,
  severity: severityOf(row.severity),
  owner: row.owner,
  ownerEn: row.ownerEn,
  tell: row.tell,
}))

const byId = new Map(causeEntries.map((entry) => [entry.id, entry]))

/** An owner as the list names them, in both languages; any other owner as it is. */
export function ownerText(owner: string): Text {
  return { zh: owner, en: causeEntries.find((entry) => entry.owner === owner)?.ownerEn ?? owner }
}

/** The row of that id. Throws for an id that isn't in the list: a cause must be listed before it is written. */
export function causeEntry(id: string): CauseEntry {
  const entry = byId.get(id)
  if (entry === undefined) throw new Error(`cause ${id} is not in catalogue.json`)
  return entry
}

/** The row of that id, or null for `unknown` and ids of newer versions. */
export function findCauseEntry(id: string): CauseEntry | null {
  return byId.get(id) ?? null
}

/** The list writes `P2 (P1 if medication/ICU)` in places: the plain default stands first. `info` is the least. */
function severityOf(text: string): Severity {
  if (text.startsWith('P1')) return 'P1'
  if (text.startsWith('P2')) return 'P2'
  if (text.startsWith('P3')) return 'P3'
  return 'P4'
}
