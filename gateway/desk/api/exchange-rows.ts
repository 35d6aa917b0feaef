import type { ExchangeAnswer } from './shapes.ts'

/** What a spreadsheet gets of an exchange: no bodies, and of keys their kinds alone. */
const columns = {
  id: (e) => e.id,
  at: (e) => e.at,
  interface: (e) => e.interfaceId,
  outcome: (e) => e.outcome,
  type: (e) => e.type,
  code: (e) => e.code,
  controlId: (e) => e.controlId,
  requestAt: (e) => e.requestAt,
  answerAt: (e) => e.answerAt,
  latencyMs: (e) => e.latencyMs,
  requestBytes: (e) => e.requestBytes,
  answerBytes: (e) => e.answerBytes,
  coverage: (e) => e.coverage,
  violations: (e) => e.violations.length,
  wire: (e) => e.wire.map(({ kind }) => kind).join(' '),
  keys: (e) => [...new Set(e.keys.map(({ kind }) => kind))].join(' '),
} as const satisfies { readonly [name: string]: (exchange: ExchangeAnswer) => string | number | null }

/** RFC 4180 with a byte order mark, so that spreadsheets read it as UTF-8. */
export const csvHead = `\uFEFF${Object.keys(columns).join(',')}\r\n`

export function csvRow(exchange: ExchangeAnswer): string {
  return `${Object.values(columns)
    .map((column) => cell(column(exchange)))
    .join(',')}\r\n`
}

/** What begins as a formula would be worked out by a spreadsheet: a message type is anybody's text. */
function cell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
