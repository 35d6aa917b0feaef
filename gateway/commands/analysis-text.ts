import type { Summary } from '../analysis/summary.ts'
import type { Catalogue } from '../model/interface.ts'
import type { Ticket } from '../model/ticket.ts'

/** The analysis for a terminal: tickets first, then what the wire showed, then the counts. */
export function analysisText(
  catalogue: Catalogue,
  summary: Summary,
  tickets: readonly Ticket[],
  exchanges:
    | readonly {
        id: string
        interfaceId: string
        outcome: string
        type: string | null
        controlId: string | null
        latencyMs: number | null
      }[]
    | null,
): string {
  const { input } = summary
  return [
    `${catalogue.hospital.name}  ${input.from ?? '-'} .. ${input.to ?? '-'}`,
    `${input.packets} packets, ${input.bytesLost} bytes lost, ${input.unmatchedConversations} unmatched conversations`,
    ...section('Tickets', tickets.flatMap(ticketLines)),
    ...section(
      'Findings',
      summary.findings.map((f) => `${f.cause}  ${f.interfaceId}  x${f.count}  ${f.text}`),
    ),
    ...section(
      'Interfaces',
      summary.interfaces.map(
        (i) =>
          `${i.id}: ${i.exchanges} exchanges, ${i.answered} answered, ${i.failed} failed, ${i.unanswered} unanswered, ${i.orphans} orphans, ${i.oneWay} one-way, ${i.violations} violations, p50 ${i.latencyMs.p50 ?? '-'} ms, p95 ${i.latencyMs.p95 ?? '-'} ms`,
      ),
    ),
    ...section(
      'Clocks',
      summary.systems.map(
        ({ id, clock }) =>
          `${id}: ${clock.verdict}${clock.offsetS === null ? '' : `, ${clock.offsetS.toFixed(2)} s ± ${(clock.errorS ?? 0).toFixed(2)}`}`,
      ),
    ),
    ...(exchanges === null
      ? []
      : section(
          'Exchanges',
          exchanges.map(
            (e) =>
              `${e.id}  ${e.interfaceId}  ${e.outcome}  ${e.type ?? '-'}  ${e.controlId ?? '-'}  ${e.latencyMs === null ? '-' : `${e.latencyMs.toFixed(1)} ms`}`,
          ),
        )),
    '',
  ].join('\n')
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return ['', title, ...(lines.length === 0 ? ['  none'] : lines.map((line) => `  ${line}`))]
}

function ticketLines(ticket: Ticket): readonly string[] {
  const causes = ticket.causes
    .slice(0, 3)
    .flatMap((cause) => [
      `  ${cause.id} ${Math.round(cause.confidence * 100)} %`,
      ...cause.evidence.slice(0, 6).map((line) => `    ${line.for ? '+' : '-'} ${line.text.zh} / ${line.text.en}`),
    ])
  return [`${ticket.severity}  ${ticket.title.zh} / ${ticket.title.en}`, ...causes]
}
