import type { Alert, Incident, RankedCause, Withheld } from '../model/incident.ts'
import type { Json } from '../model/json.ts'
import { parseAlert, parseIncident } from '../model/parse.ts'
import type { Reading } from '../model/reading.ts'
import { listOf, numberOf, plain, recordOf, textOrNullOf } from '../model/saved.ts'
import { subjectKey } from '../model/subject.ts'
import type { Text } from '../model/text.ts'
import type { Instant, Millis } from '../model/time.ts'
import { kindsOf } from './alert-kinds.ts'
import type { Severity } from './catalogue.ts'
import { type Advice, type Cause, say } from './cause.ts'
import { centreOf, onsetGapMsMax, subjectOf } from './correlate.ts'
import type { Evidence, EvidenceBook, Focus } from './evidence/evidence.ts'
import { explain } from './explain.ts'
import type { Topology } from './topology.ts'

/** One incident while it is worked on: the published incident, its alerts, and when it was last explained. */
export interface Dossier {
  incident: Incident
  readonly alerts: Map<string, Alert>
  explainedAt: Instant
  /** Exchanges on its interfaces since it was explained, and after how many it is explained again. */
  seenCount: number
  nextAt: number
  /** Id of the incident that took this one in; null: none. */
  absorbedBy: string | null
}

export const exchangeIdsMax = 20
const alertIdsMax = 100
const withheldByMax = 20
/** Exchanges until it is explained again, doubling from there. */
const firstExplainAt = 4

/** A new incident with an id that only its first alert and its onset decide. Not explained yet. */
export function openDossier(alert: Alert, now: Instant): Dossier {
  const nothing = say('', '')
  return {
    incident: {
      id: incidentId(alert),
      state: 'open',
      openedAt: now,
      lastSeenAt: now,
      resolvedAt: null,
      reopenedAt: null,
      onsetAt: alert.onsetAt,
      severity: 'P3',
      interfaceIds: [],
      systemIds: [],
      alertIds: [],
      causes: [],
      title: nothing,
      advice: nothing,
      exchangeIds: [],
      ticketed: false,
    },
    alerts: new Map([[alert.id, alert]]),
    explainedAt: now,
    seenCount: 0,
    nextAt: firstExplainAt,
    absorbedBy: null,
  }
}

/** What the incident is about now. */
export function focusOf(dossier: Dossier, now: Instant, book: EvidenceBook, topology: Topology): Omit<Focus, 'windows'> {
  const alerts = alertsOf(dossier)
  const seen = new Set(book.seenInterfaceIds())
  const votes = new Map<string, number>()
  const vote = (id: string) => votes.set(id, (votes.get(id) ?? 0) + 1)
  for (const alert of alerts) {
    const { subject } = alert
    if (subject.kind === 'interface') vote(subject.id)
    if (subject.kind === 'system') for (const i of topology.interfacesOf(subject.id)) if (seen.has(i.id)) vote(i.id)
    if (subject.kind === 'gateway') for (const id of seen) vote(id)
  }
  const interfaceIds = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([id]) => id)
  const centre = centreOf(alerts, topology)
  const systems = alerts.filter((a) => a.subject.kind === 'system').map((a) => a.subject.id)
  const locus = centre === null ? null : subjectOf(centre)
  if (locus?.kind === 'system') systems.push(locus.id)
  return {
    now,
    onsetAt: Math.min(...alerts.map((a) => a.onsetAt)),
    interfaceIds,
    systemIds: [...new Set(systems)].sort(),
    locus,
    readings: alerts.filter((a) => !isWithdrawn(a, alerts)).map((a) => a.reading),
    kinds: [...new Set(alerts.flatMap(kindsOf))],
  }
}

/** One kind of message alone was slow, and is no longer alone: the interface still is slow, so it is not that kind. */
function isWithdrawn(alert: Alert, alerts: readonly Alert[]): boolean {
  if (alert.signal !== 'types/slow' || alert.state !== 'resolved') return false
  const isOwn = (other: Alert) => subjectKey(other.subject) === subjectKey(alert.subject)
  return alerts.some((other) => other.state === 'firing' && other.signal.startsWith('latency/') && isOwn(other))
}

/** Explains the incident from the evidence as it stands, and publishes the result. `withholding` says what holds its ticket back. */
export function explainDossier(
  dossier: Dossier,
  causes: readonly Cause[],
  evidence: Evidence,
  withholding: (lead: string) => Withheld | null,
): void {
  const ranked = explain(causes, evidence)
  const lead = causes.find((c) => c.id === ranked[0]?.id) ?? null
  const alerts = alertsOf(dossier)
  const shown = evidence.since.top('peer')
  const affected = evidence.since.top('peer-bad')
  const withheld = withholding(leadOf(ranked))
  const withheldBy = [...new Set([...(dossier.incident.withheldBy ?? []), ...(withheld?.ids ?? [])])].slice(-withheldByMax)
  const { ticketed, calledAt = null } = dossier.incident
  const isCalling = alerts.some((a) => a.state === 'firing' && a.reading.severity === 'ticket')
  const isToCall = isCalling && withheld === null
  dossier.incident = {
    ...dossier.incident,
    lastSeenAt: evidence.now,
    onsetAt: evidence.onsetAt,
    severity: severityOf(weightiest(ranked, causes, evidence), evidence),
    interfaceIds: evidence.interfaces.map((i) => i.id),
    systemIds: evidence.systemIds,
    alertIds: [...new Set([...dossier.incident.alertIds, ...dossier.alerts.keys()])].slice(-alertIdsMax),
    causes: ranked,
    title: titleOf(lead, evidence),
    advice: adviceText(lead === null ? unknownAdvice(evidence) : lead.advise(evidence)),
    exchangeIds: newest([...dossier.incident.exchangeIds, ...alerts.flatMap((a) => a.reading.exchangeIds)]),
    ticketed: ticketed || isToCall,
    ...(withheldBy.length === 0 ? {} : { withheld, withheldBy, calledAt: !ticketed && isToCall ? evidence.now : calledAt }),
    ...(shown.length === 0 ? {} : { peers: { affected: affected.length, seen: shown.length } }),
  }
  dossier.explainedAt = evidence.now
  dossier.seenCount = 0
}

/** Whether any of its alerts is still bad by its monitor's newest word. While all are good the explanation is frozen. */
export function isStillBad(dossier: Dossier, standing: (reading: Reading) => boolean): boolean {
  return alertsOf(dossier).some((a) => a.state !== 'resolved' && standing(a.reading))
}

/** The alerts of this episode, those that have resolved meanwhile too: they are part of what happened. */
export function alertsOf(dossier: Dossier): readonly Alert[] {
  return [...dossier.alerts.values()]
}

/** The same incident again: what had ended is history, and only its ids stay; unless it never was over. */
export function reopen(dossier: Dossier, now: Instant, wasNeverOver: boolean): void {
  for (const [id, alert] of dossier.alerts) if (alert.state === 'resolved' && !wasNeverOver) dossier.alerts.delete(id)
  dossier.incident = { ...dossier.incident, state: 'open', resolvedAt: null, reopenedAt: now }
  dossier.nextAt = firstExplainAt
}

/**
 * Whether what an alert tells began in an incident that is over: a neighbour's batches, and the age at which connections are forgotten, are known only when they have come again and
 * again, and the first of them made that incident. What was counted and never came, or had waited at its sender, was a silence before anything came that tells it.
 */
export function beganIn(alert: Alert, { incident, alerts, absorbedBy }: Dossier): boolean {
  const isKnownLate = alert.signal.startsWith('neighbours/') || alert.signal === 'connections/idle'
  const tellsSilence = alert.signal.startsWith('reconciliation/') || alert.signal.startsWith('waiting/')
  if (!(isKnownLate || tellsSilence) || absorbedBy !== null || incident.resolvedAt === null) return false
  const isSamePlace = [...alerts.values()].some(({ subject }) => subjectKey(subject) === subjectKey(alert.subject))
  // The onset of an incident that came back is that of its last time; it was opened by its first.
  const beganAt = Math.min(incident.onsetAt, incident.openedAt)
  if (!isSamePlace || alert.onsetAt > incident.resolvedAt) return false
  if (tellsSilence) return [...alerts.values()].every(({ signal }) => signal.startsWith('silence/'))
  // The first batches may have slowed down too few to be noticed.
  return alert.onsetAt >= beganAt - onsetGapMsMax || [...alerts.values()].some((a) => kindsOf(a).includes('slow'))
}

export function leadOf(causes: readonly RankedCause[]): string {
  return causes[0]?.id ?? 'unknown'
}

export function saveDossier(dossier: Dossier): Json {
  return {
    incident: plain(dossier.incident),
    alerts: [...dossier.alerts.values()].map(plain),
    explainedAt: dossier.explainedAt,
    seenCount: dossier.seenCount,
    nextAt: dossier.nextAt,
    absorbedBy: dossier.absorbedBy,
  }
}

export function loadDossier(saved: Json): Dossier {
  const state = recordOf(saved)
  const alerts = listOf(state.alerts).map(parseAlert)
  return {
    incident: parseIncident(state.incident),
    alerts: new Map(alerts.map((a) => [a.id, a])),
    explainedAt: numberOf(state.explainedAt),
    seenCount: numberOf(state.seenCount),
    nextAt: numberOf(state.nextAt),
    absorbedBy: textOrNullOf(state.absorbedBy),
  }
}

/** The cause's default; one step less when only low-criticality interfaces suffer, one more when several high ones do. */
function severityOf(lead: Cause | null, evidence: Evidence): Severity {
  const steps = ['P1', 'P2', 'P3', 'P4'] as const
  const criticalities = evidence.interfaces.map((i) => i.criticality)
  const highCount = criticalities.filter((c) => c === 'high').length
  const isAllLow = criticalities.length > 0 && criticalities.every((c) => c === 'low')
  const base = steps.indexOf(lead?.severity ?? (highCount > 0 ? 'P2' : 'P3'))
  const shift = isAllLow ? 1 : highCount >= 2 && base > 0 ? -1 : 0
  return steps[Math.min(3, Math.max(0, base + shift))] ?? 'P3'
}

/** An overrun weighs as much as what it brings about. */
function weightiest(ranked: readonly RankedCause[], causes: readonly Cause[], evidence: Evidence): Cause | null {
  const isOverrun = ranked[0]?.id === 'planned-change' && evidence.windows.some((w) => w.hasOverrun)
  return causes.find((c) => c.id === ranked[isOverrun ? 1 : 0]?.id) ?? null
}

/** Whatever leads: a change that has overrun is told first. */
function titleOf(lead: Cause | null, evidence: Evidence): Text {
  const title = lead === null ? unknownTitle(evidence) : lead.title(evidence)
  const overrun = evidence.windows.find((w) => w.hasOverrun)
  if (overrun === undefined || lead?.id === 'planned-change') return title
  const { approval } = overrun.last
  return say(`变更 ${approval} 超出窗口:${title.zh}`, `Change ${approval} has overrun: ${title.en}`)
}

function newest(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].slice(-exchangeIdsMax)
}

/** Deterministic, short, and good in a URL: the onset to the millisecond and a hash of the first alert's key. */
function incidentId(alert: Alert): string {
  const key = `${alert.monitor} ${alert.signal} ${alert.subject.kind} ${alert.subject.id}`
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193) >>> 0
  return `i${Math.round(alert.pendingAt).toString(36)}-${hash.toString(36)}`
}

function unknownTitle({ place }: Evidence): Text {
  return say(`${place.iface.zh}:异常,原因未定`, `${place.iface.en}: unwell, cause not determined`)
}

function unknownAdvice({ place }: Evidence): Advice {
  return {
    owner: say('集成平台值班工程师', 'The integration engineer on duty'),
    handOver: say(
      `先由值班工程师查看证据;确定是 ${place.from.zh} 还是 ${place.to.zh} 一侧后再转`,
      `Look at the evidence first; hand over once it is clear whether ${place.from.en} or ${place.to.en} is at fault`,
    ),
    checks: [
      say(
        '查看下列交互的报文与应答,是否同一类型、同一仪器、同一科室',
        'Read the exchanges listed: one type, one device, one ward?',
      ),
      say(`对照 ${place.to.zh} 的其他接口是否正常`, `Compare the other interfaces of ${place.to.en}`),
      say('核对当天变更、重启与发布记录', "Check today's changes, restarts and releases"),
    ],
    workaround: null,
  }
}

function adviceText({ owner, handOver, checks, workaround }: Advice): Text {
  const zh = checks.map((c, i) => `${i + 1}) ${c.zh}`).join(' ')
  const en = checks.map((c, i) => `${i + 1}) ${c.en}`).join(' ')
  const meanwhile = workaround === null ? say('', '') : say(`\n临时措施:${workaround.zh}`, `\nMeanwhile: ${workaround.en}`)
  return say(
    `谁来管:${owner.zh}\n怎么转:${handOver.zh}\n如何查:${zh}${meanwhile.zh}`,
    `Who: ${owner.en}\nHand over: ${handOver.en}\nCheck: ${en}${meanwhile.en}`,
  )
}

const explainEveryMs: Millis = 10_000
const explainOldEveryMs: Millis = 60_000
const youngMs: Millis = 300_000

/** Open incidents are explained again so often by log time, later less often, and when their traffic has doubled. */
export function isDue(dossier: Dossier, now: Instant): boolean {
  const everyMs = now - dossier.incident.onsetAt > youngMs ? explainOldEveryMs : explainEveryMs
  if (now - dossier.explainedAt >= everyMs) return true
  if (dossier.seenCount < dossier.nextAt) return false
  dossier.nextAt *= 2
  return true
}
