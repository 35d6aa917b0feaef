import type { ArticleContent, CodeSystem, ErrorCode } from '../../model/article.ts'
import type { RankedCause } from '../../model/incident.ts'
import type { FormatName, Interface } from '../../model/interface.ts'
import type { StoredExchange } from '../../store/exchange-store.ts'

/** What is asked of the knowledge base; what is left out isn't asked. */
export interface Wanted {
  /** Words that must all stand somewhere in the article, in either language. */
  readonly q?: string
  readonly cause?: string
  /** A code alone is looked for in every table. */
  readonly code?: string
}

/** How well an article fits: 0 not at all; a title weighs more than a text, a code of its own more than both. */
export function fitOf({ id, content }: { readonly id: string; readonly content: ArticleContent }, wanted: Wanted): number {
  const { q = '', cause, code } = wanted
  if (cause !== undefined && !content.causes.includes(cause)) return 0
  if (code !== undefined && !content.codes.some((named) => isCode(named, code))) return 0
  const title = narrowed(`${id} ${content.title.zh} ${content.title.en}`)
  const body = narrowed(textOf(content))
  let fit = cause !== undefined && id === `cause-${cause}` ? 10 : 1
  for (const word of narrowed(q)
    .split(/\s+/)
    .filter((part) => part !== '')) {
    const isOwnCode = content.codes.some((named) => isCode(named, word.toUpperCase()) || isCode(named, word))
    if (isOwnCode) fit += 100
    else if (title.includes(word)) fit += 10
    else if (body.includes(word)) fit += 1
    else return 0
  }
  return fit
}

/** Whether a code on the wire is the one named: exactly, or by a DIMSE range such as `A7xx`. */
export function isCode(named: ErrorCode, onWire: string): boolean {
  if (named.code === onWire) return true
  if (named.system !== 'dimse' || !named.code.endsWith('xx')) return false
  const stem = named.code.replace(/x+$/, '')
  return onWire.length === named.code.length && onWire.startsWith(stem) && /^[0-9A-F]+$/.test(onWire.slice(stem.length))
}

/**
 * The codes of an exchange that failed, each with the table it may be of. `refusals` are those that its answer gives besides
 * (ERR-3, OperationOutcome). What isn't told apart by the interface is left out: a vendor's `-1` is none of the insurance's.
 */
export function codesOf(
  { outcome, code, type }: Pick<StoredExchange, 'outcome' | 'code' | 'type'>,
  iface: Pick<Interface, 'protocol' | 'format'>,
  refusals: readonly string[],
): readonly ErrorCode[] {
  if (outcome !== 'failed') return []
  const systems = [...systemsOf(iface.format, type), ...(iface.protocol === 'http' ? (['http'] as const) : [])]
  const told = [...new Set([...(code === null ? [] : [code]), ...refusals])]
  return told.flatMap((own) => [...systems, 'local' as const].map((system) => ({ system, code: own })))
}

/** The causes that a ticket's articles are about: what leads, and what has a fair chance beside it. */
export function likelyCauses(causes: readonly RankedCause[]): readonly string[] {
  return causes.filter(({ confidence }, rank) => rank === 0 || confidence >= 0.2).map(({ id }) => id)
}

function systemsOf(format: FormatName, type: string | null): readonly CodeSystem[] {
  switch (format) {
    case 'hl7v2':
      return ['hl7']
    case 'fhir':
      return ['fhir']
    case 'dicom':
      return ['dimse']
    case 'soap':
      // HL7 version 3 acknowledges by the same words (AA, AE, AR).
      return ['hl7']
    case 'json':
      // The insurance numbers its transactions: four digits, in places with a letter behind.
      return type !== null && /^\d{4}[A-Z]?$/.test(type) ? ['nhsa'] : []
    default:
      return format satisfies never
  }
}

function textOf({ meaning, shows, checks, who, workaround, codes }: ArticleContent): string {
  const texts = [meaning, ...(shows === null ? [] : [shows]), ...checks, who, ...(workaround === null ? [] : [workaround])]
  return [...texts.flatMap(({ zh, en }) => [zh, en]), ...codes.map(({ code }) => code)].join(' ')
}

function narrowed(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
