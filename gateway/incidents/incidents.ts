import type { Declaration } from '../model/change.ts'
import type { Alert, Finding, Incident } from '../model/incident.ts'
import type { Catalogue } from '../model/interface.ts'
import type { Json } from '../model/json.ts'
import type { Inspected, Reading } from '../model/reading.ts'
import { listOf, numberOrNullOf, recordOf } from '../model/saved.ts'
import type { Instant, Millis } from '../model/time.ts'
import { isCircumstance } from './alert-kinds.ts'
import type { Cause } from './cause.ts'
import { onsetGapMsMax } from './correlate.ts'
import { DeclaredBook } from './declared.ts'
import {
  alertsOf,
  beganIn,
  type Dossier,
  explainDossier,
  focusOf,
  isDue,
  isStillBad,
  loadDossier,
  openDossier,
  reopen,
  saveDossier,
} from './dossier.ts'
import { EvidenceBook } from './evidence/evidence.ts'
import { isSound } from './evidence/sight.ts'
import { FindingBook } from './findings.ts'
import { HeldAlerts, isExplainedByGateway } from './gateway-ill.ts'
import { haveOneLead, isMoreOf, isOfSubject, isRecurrence, joins, wasPartOf } from './same-fault.ts'
import { joinedByResource } from './shared-resource.ts'
import { createTopology, type Topology } from './topology.ts'

/** From alerts to incidents with ranked causes. Deterministic: the same items give the same incidents. Bounded. */
export interface Incidents {
  /** One entry of the log with what the monitors and the alert book made of it. Returns the incidents that changed. */
  take(item: Inspected, readings: readonly Reading[], alerts: readonly Alert[]): readonly Incident[]
  /** What people declared counts from the next entry on: planned changes, silences, and what became of them. */
  declare(declarations: readonly Declaration[]): void
  /** Time was set back: what was declared may begin or end sooner than it seemed. */
  turnBack(): void
  /** What the wire showed, even once. */
  findings(): readonly Finding[]
  /** All of the state: `createIncidents(options, save())` goes on as if nothing had happened. */
  save(): Json
}

export interface IncidentOptions {
  readonly catalogue: Catalogue
  readonly causes: readonly Cause[]
}

/** A fault that returns within this time is the same incident. */
const reopenMsMax: Millis = 24 * 3_600_000
const dossiersMax = 500

const nothing: readonly Incident[] = []

export function createIncidents(options: IncidentOptions, saved: Json | null): Incidents {
  const incidents = new IncidentBook(options)
  if (saved !== null) incidents.load(saved)
  return incidents
}

class IncidentBook implements Incidents {
  readonly #causes: readonly Cause[]
  readonly #topology: Topology
  readonly #evidence: EvidenceBook
  readonly #findings: FindingBook
  readonly #declared: DeclaredBook
  /** When what was declared next changes what it says of the open incidents. */
  #turnAt: Instant = Number.POSITIVE_INFINITY
  /** By incident id, oldest first. */
  #dossiers = new Map<string, Dossier>()
  /** Those of them that are open: looked at for every entry. */
  #open = new Set<Dossier>()
  /** Alert id to incident id, for the alerts of all dossiers. */
  #homes = new Map<string, string>()
  /** Opened with the entry that is being taken: nobody has heard of them yet. */
  #fresh = new Set<Dossier>()
  readonly #held = new HeldAlerts()

  constructor({ catalogue, causes }: IncidentOptions) {
    this.#causes = causes
    this.#topology = createTopology(catalogue)
    this.#evidence = new EvidenceBook(this.#topology)
    this.#findings = new FindingBook(causes, this.#topology)
    this.#declared = new DeclaredBook(this.#topology)
  }

  declare(declarations: readonly Declaration[]): void {
    if (declarations.length === 0) return
    this.#declared.declare(declarations)
    this.#turnAt = 0
  }

  turnBack(): void {
    this.#turnAt = 0
  }

  take(item: Inspected, readings: readonly Reading[], alerts: readonly Alert[]): readonly Incident[] {
    const interfaceId = item.kind === 'exchange' ? item.entry.exchange.interfaceId : null
    if (item.kind === 'exchange') {
      const sound = isSound(item)
      this.#findings.see(item, this.#evidence.see(item, sound), sound)
    } else if (item.kind === 'tick') this.#evidence.tick(item.now, item.entry.health)
    if (readings.length > 0) {
      this.#evidence.hear(readings)
      this.#findings.hear(readings, interfaceId)
    }
    const isTurn = item.now >= this.#turnAt
    if (isTurn) this.#turnAt = this.#declared.nextTurnAfter(item.now)
    if (this.#open.size === 0 && alerts.length === 0 && this.#held.size === 0) return nothing
    const changed = new Set<Dossier>()
    if (this.#fresh.size > 0) this.#fresh.clear()
    for (const alert of alerts) this.#hearAlert(alert, item.now, changed)
    if (this.#held.size > 0) this.#release(item.now, changed)
    for (const dossier of this.#open) {
      if (interfaceId !== null && dossier.incident.interfaceIds.includes(interfaceId)) dossier.seenCount += 1
      if (isTurn || changed.has(dossier) || isDue(dossier, item.now)) {
        this.#settle(dossier, item.now)
        changed.add(dossier)
      }
    }
    if (this.#open.size > 1) this.#joinByLead(item.now, changed)
    return [...changed].map((d) => d.incident)
  }

  findings(): readonly Finding[] {
    return this.#findings.list()
  }

  save(): Json {
    return {
      evidence: this.#evidence.save(),
      findings: this.#findings.save(),
      dossiers: [...this.#dossiers.values()].map(saveDossier),
      ...this.#held.save(),
      declared: this.#declared.save(),
      turnAt: Number.isFinite(this.#turnAt) ? this.#turnAt : null,
    }
  }

  load(saved: Json): void {
    const state = recordOf(saved)
    this.#evidence.load(state.evidence ?? null)
    this.#findings.load(state.findings)
    for (const dossier of listOf(state.dossiers).map(loadDossier)) this.#keep(dossier)
    this.#held.load(state)
    // A state of before there were declarations has none.
    this.#declared.load(state.declared ?? [])
    this.#turnAt = numberOrNullOf(state.turnAt) ?? Number.POSITIVE_INFINITY
  }

  #hearAlert(alert: Alert, now: Instant, changed: Set<Dossier>): void {
    if (isCircumstance(alert)) return
    if (alert.subject.kind === 'gateway') this.#held.hear(alert)
    const home = this.#dossiers.get(this.#homes.get(alert.id) ?? '')
    if (home !== undefined) {
      home.alerts.set(alert.id, alert)
      changed.add(home)
    } else if (alert.state !== 'firing') {
      this.#held.drop(alert.id)
      if (alert.state === 'pending') this.#confirm(alert, changed)
    } else if (alert.subject.kind === 'gateway' || !this.#held.hold(alert, this.#open)) {
      this.#place(alert, now, changed)
    }
  }

  /** What holds off lest somebody is called for nothing: about an interface that somebody was called for already it need not, and may be over before it fires. */
  #confirm(alert: Alert, changed: Set<Dossier>): void {
    const dossier = [...this.#open].find((d) => this.#areOfWindow([alert], d) && isMoreOf(alert, d, this.#topology))
    if (dossier !== undefined) this.#add(dossier, alert, changed)
  }

  /** Joins an open incident, or brings back a recent one, or opens one. */
  #place(alert: Alert, now: Instant, changed: Set<Dossier>): void {
    const open = [...this.#open]
    const joined = open.find((d) => this.#areOfWindow([alert], d) && joins(alert, d, this.#evidence, this.#topology))
    const dossier = joined ?? this.#reopenOrOpen(alert, now, changed)
    if (!this.#dossiers.has(dossier.incident.id)) this.#fresh.add(dossier)
    this.#add(dossier, alert, changed)
    if (alert.subject.kind === 'gateway') {
      for (const other of open) {
        const isAfter = other.incident.onsetAt >= alert.onsetAt - onsetGapMsMax
        const isExplained = alertsOf(other).every((a) => isExplainedByGateway(a, this.#open))
        if (other !== dossier && isAfter && isExplained) this.#absorb(dossier, other, now, changed)
      }
    } else {
      this.#joinByResource(now, changed)
    }
  }

  #add(dossier: Dossier, alert: Alert, changed: Set<Dossier>): void {
    dossier.alerts.set(alert.id, alert)
    this.#keep(dossier)
    changed.add(dossier)
  }

  /** What began in a window and what didn't are two incidents, however alike. */
  #areOfWindow(alerts: readonly Alert[], dossier: Dossier): boolean {
    const ids = alertsOf(dossier).map((a) => this.#declared.windowOf(a)?.id)
    return alerts.every((alert) => ids.includes(this.#declared.windowOf(alert)?.id))
  }

  #reopenOrOpen(alert: Alert, now: Instant, changed: Set<Dossier>): Dossier {
    // What has just been noticed here may tell what the open incidents of its subject are, before it would make another one of the same.
    for (const beside of [...this.#open].filter((d) => isOfSubject(d, alert))) {
      this.#settle(beside, now)
      changed.add(beside)
    }
    const fresh = openDossier(alert, now)
    this.#explain(fresh, now)
    const twin = [...this.#open].find((d) => haveOneLead(d, fresh, this.#topology) && this.#areOfWindow([alert], d))
    if (twin !== undefined) return twin
    const over = [...this.#dossiers.values()].filter(
      (d) => now - (d.incident.resolvedAt ?? 0) <= reopenMsMax && this.#areOfWindow([alert], d),
    )
    const part = over.find((d) => wasPartOf(d, fresh, alert, this.#topology))
    const past = part ?? over.find((d) => beganIn(alert, d)) ?? over.reverse().find((d) => isRecurrence(d, fresh, alert))
    if (past === undefined) return fresh
    reopen(past, now, past === part)
    return past
  }

  #joinByResource(now: Instant, changed: Set<Dossier>): void {
    const seen = new Set(this.#evidence.seenInterfaceIds())
    const joined = joinedByResource([...this.#open], seen, this.#topology, (other, elder) =>
      this.#areOfWindow(alertsOf(other), elder),
    )
    if (joined === null) return
    for (const other of joined.others) this.#absorb(joined.elder, other, now, changed)
  }

  /** What was explained just now may turn out to be what an elder incident is. */
  #joinByLead(now: Instant, changed: Set<Dossier>): void {
    for (const younger of [...changed].filter((d) => this.#open.has(d))) {
      const isOne = (d: Dossier) => haveOneLead(d, younger, this.#topology) && this.#areOfWindow(alertsOf(younger), d)
      const elder = [...this.#open].find((d) => d === younger || isOne(d))
      if (elder !== undefined && elder !== younger) this.#absorb(elder, younger, now, changed)
    }
  }

  #absorb(elder: Dossier, younger: Dossier, now: Instant, changed: Set<Dossier>): void {
    for (const alert of younger.alerts.values()) {
      elder.alerts.set(alert.id, alert)
      this.#homes.set(alert.id, elder.incident.id)
    }
    younger.alerts.clear()
    this.#open.delete(younger)
    changed.add(elder)
    // Nobody has heard of it: it was never one of its own, and is no ticket.
    if (this.#fresh.delete(younger)) {
      this.#dossiers.delete(younger.incident.id)
      changed.delete(younger)
      return
    }
    younger.absorbedBy = elder.incident.id
    younger.incident = { ...younger.incident, state: 'resolved', resolvedAt: now, lastSeenAt: now }
    changed.add(younger)
  }

  /** After a change: resolved when no alert lives, else explained anew while it is still bad. */
  #settle(dossier: Dossier, now: Instant): void {
    const alerts = [...dossier.alerts.values()]
    if (alerts.every((a) => a.state === 'resolved')) {
      // What comes when a silence ends tells why there was one: a new connection that is answered at once, or what had waited.
      if (alerts.some(({ signal }) => signal.startsWith('silence/'))) this.#explain(dossier, now)
      dossier.incident = { ...dossier.incident, state: 'resolved', resolvedAt: now, lastSeenAt: now }
      this.#open.delete(dossier)
      return
    }
    const isUnexplained = dossier.incident.causes.length === 0
    if (isUnexplained || isStillBad(dossier, (r) => this.#evidence.stands(r))) this.#explain(dossier, now)
    else dossier.explainedAt = now
  }

  #explain(dossier: Dossier, now: Instant): void {
    const alerts = alertsOf(dossier)
    const focus = focusOf(dossier, now, this.#evidence, this.#topology)
    const evidence = this.#evidence.gather({ ...focus, windows: this.#declared.windowsOf(alerts, now) })
    explainDossier(dossier, this.#causes, evidence, (lead) => this.#declared.withholding(alerts, lead, now))
  }

  #release(now: Instant, changed: Set<Dossier>): void {
    for (let alert = this.#held.release(this.#open); alert !== null; alert = this.#held.release(this.#open))
      this.#place(alert, now, changed)
  }

  #keep(dossier: Dossier): void {
    this.#dossiers.set(dossier.incident.id, dossier)
    if (dossier.incident.state === 'open') this.#open.add(dossier)
    for (const id of dossier.alerts.keys()) this.#homes.set(id, dossier.incident.id)
    if (this.#dossiers.size <= dossiersMax) return
    const oldest = [...this.#dossiers.values()].find((d) => d.incident.state === 'resolved')
    if (oldest === undefined) return
    this.#dossiers.delete(oldest.incident.id)
    for (const id of oldest.alerts.keys()) this.#homes.delete(id)
  }
}
