import type { ExchangeAnswer } from '../desk/api/shapes.ts'
import type { Facts } from '../model/document.ts'
import type { Incident } from '../model/incident.ts'

/** All that is known of one exchange, ready to print. Free of patient data: of keys the kinds, of values nothing. */
export interface Explanation {
  readonly exchange: ExchangeAnswer
  readonly request: FactsAnswer | null
  readonly answer: FactsAnswer | null
  readonly alerts: readonly {
    readonly id: string
    readonly signal: string
    readonly subject: string
    readonly state: string
    readonly score: number
  }[]
  readonly incidents: readonly (Pick<Incident, 'id' | 'state' | 'title' | 'causes' | 'advice'> & {
    /** Planned changes and silences that held its ticket back. */
    readonly withheldBy: readonly string[]
  })[]
}

export interface FactsAnswer
  extends Pick<Facts, 'type' | 'version' | 'sender' | 'receiver' | 'sequence' | 'charset' | 'defects'> {
  readonly keys: readonly string[]
  /** What each stamp is ahead of its message's arrival, seconds. */
  readonly stamps: readonly { readonly path: string; readonly aheadS: number | null; readonly hasZone: boolean }[]
}

/** An explanation for a terminal: what passed, when, what the wire did, what was read, and what follows from it. */
export function explanationText(explanation: Explanation): string {
  const { exchange } = explanation
  const latency = exchange.latencyMs === null ? '' : `, ${exchange.latencyMs.toFixed(1)} ms`
  return [
    `${exchange.id}  ${exchange.interfaceId}  ${exchange.type ?? 'no message'}  control id ${exchange.controlId ?? '-'}`,
    `outcome   ${exchange.outcome}${exchange.code === null ? '' : ` (${exchange.code})`}${latency}, coverage ${exchange.coverage}`,
    ...connectionLines(explanation),
    ...frameLines(explanation),
    ...exchange.wire.map((fact) => `wire      ${wireWords(fact)}`),
    ...factsLines('request', explanation.request),
    ...factsLines('answer', explanation.answer),
    ...exchange.violations.map(
      (v) =>
        `violation ${v.severity} ${v.path} ${v.rule}: ${v.message.en} / ${v.message.zh}${v.shape === null ? '' : ` [${v.shape}]`}`,
    ),
    ...explanation.alerts.map(
      (alert) => `alert     ${alert.signal} on ${alert.subject}: ${alert.state}, score ${alert.score.toFixed(2)}`,
    ),
    ...incidentLines(explanation),
    '',
  ].join('\n')
}

function connectionLines({ exchange: { connection } }: Explanation): readonly string[] {
  const idle =
    connection.idleBeforeMs === null
      ? 'its first'
      : `${connection.exchangesBefore} before, idle ${connection.idleBeforeMs.toFixed(0)} ms`
  const connect = connection.connectMs === null ? '' : `, connected in ${connection.connectMs.toFixed(1)} ms`
  return [
    `wire      ${connection.id} ${connection.initiator} -> ${connection.acceptor}, opened ${connection.openedAt}${connect}, ${idle}`,
  ]
}

function frameLines({ exchange }: Explanation): readonly string[] {
  const { request, answers } = exchange
  const frames = [
    ...(request ? [{ name: 'request', ...request }] : []),
    ...answers.map((a) => ({ name: `${a.stage ?? ''} answer ${a.code ?? ''}`.trim(), ...a })),
  ]
  return frames.map(
    (f) => `frame     ${f.name}: ${f.startAt} .. ${f.endAt}, ${f.wireBytes} bytes on the wire, ${f.bodyBytes} in the body`,
  )
}

function wireWords(fact: { readonly kind: string; readonly [field: string]: unknown }): string {
  const { kind, ...rest } = fact
  return [kind, ...Object.entries(rest).map(([name, value]) => `${name} ${String(value)}`)].join(', ')
}

function factsLines(side: string, facts: FactsAnswer | null): readonly string[] {
  if (!facts) return []
  const { charset } = facts
  const stamps = facts.stamps
    .map((s) => `${s.path} ${s.aheadS === null ? 'unreadable' : `${s.aheadS >= 0 ? '+' : ''}${s.aheadS} s`}`)
    .join(', ')
  return [
    `facts     ${side}: ${facts.type ?? 'no type'} version ${facts.version ?? '-'} from ${facts.sender ?? '-'} to ${facts.receiver ?? '-'}`,
    `facts     ${side}: charset ${charset.detected}, label ${charset.declared ?? 'none'}: ${charset.verdict}; keys ${facts.keys.join(', ') || 'none'}`,
    ...(stamps === '' ? [] : [`facts     ${side}: stamps against arrival: ${stamps}`]),
    ...facts.defects.map((d) => `defect    ${side} ${d.path ?? ''} ${d.code}: ${d.text}`),
  ]
}

function incidentLines({ incidents }: Explanation): readonly string[] {
  return incidents.flatMap((incident) => [
    `incident  ${incident.id} (${incident.state}): ${incident.title.zh} / ${incident.title.en}`,
    ...incident.withheldBy.map((name) => `held back by ${name}`),
    ...incident.causes
      .slice(0, 3)
      .map((c) => `cause     ${c.id} ${Math.round(c.confidence * 100)} %: ${c.evidence[0]?.text.en ?? ''}`),
  ])
}
