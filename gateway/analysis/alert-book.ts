import type { Alert } from '../model/incident.ts'
import type { Json } from '../model/json.ts'
import { parseAlert, parseReading } from '../model/parse.ts'
import type { Reading } from '../model/reading.ts'
import { listOf, numberOf, numberOrNullOf, plain, recordOf } from '../model/saved.ts'
import { subjectKey } from '../model/subject.ts'
import type { Instant } from '../model/time.ts'
import { type FlapHistory, noFlapHistory, sampled } from './flapping.ts'
import { type HoldOff, holdOffOf, holdOffs } from './hold-off.ts'

/**
 * The one place where a reading becomes an alert: pending, firing, resolved. Pure: time passes by `now` of `take`, which
 * analysis calls for every entry, ticks included.
 */
export interface AlertBook {
  /** Takes the readings of one entry and lets time pass until `now`. Returns the alerts that changed, in a fixed order. */
  take(readings: readonly Reading[], now: Instant): readonly Alert[]
  save(): Json
}

export interface AlertBookOptions {
  readonly holdOffs?: { readonly [signal: string]: HoldOff }
  /** Signals × subjects that are remembered. */
  readonly entriesMax?: number
}

export function createAlertBook(options: AlertBookOptions, saved: Json | null): AlertBook {
  const book = new Book(options)
  if (saved !== null) book.load(saved)
  return book
}

/** One signal of one subject. `severity` has held off by itself: a warning that fires may become a ticket later. */
interface Entry {
  alert: Alert
  /** Newest word of the monitor. */
  reading: Reading
  /** Since when, and in how many bad readings, at this severity or a worse one. */
  badSinceAt: Instant
  badCount: number
  ticketSinceAt: Instant | null
  ticketCount: number
  goodSinceAt: Instant | null
  flaps: FlapHistory
}

const forgetMs = 24 * 3_600_000
/** Time passes for entries at most this often; readings count at once. */
const sweepEveryMs = 1000

class Book implements AlertBook {
  readonly #holdOffs: { readonly [signal: string]: HoldOff }
  readonly #entriesMax: number
  #entries = new Map<string, Entry>()
  #sweptAt: Instant | null = null

  constructor(options: AlertBookOptions) {
    this.#holdOffs = options.holdOffs ?? holdOffs
    this.#entriesMax = options.entriesMax ?? 2000
  }

  take(readings: readonly Reading[], now: Instant): readonly Alert[] {
    const isSweepDue = this.#sweptAt === null || now - this.#sweptAt >= sweepEveryMs
    if (readings.length === 0 && !isSweepDue) return none
    const changed = new Map<string, Alert>()
    for (const reading of readings) this.#hear(reading, now, changed)
    if (isSweepDue) {
      this.#sweptAt = now
      for (const [key, entry] of this.#entries) this.#pass(key, entry, now, changed)
    }
    return [...changed.values()]
  }

  save(): Json {
    return { sweptAt: this.#sweptAt, entries: [...this.#entries.values()].map(plain) }
  }

  load(saved: Json): void {
    const state = recordOf(saved)
    this.#sweptAt = numberOrNullOf(state.sweptAt)
    for (const entry of listOf(state.entries).map(loadEntry)) this.#entries.set(keyOf(entry.reading), entry)
  }

  #hear(reading: Reading, now: Instant, changed: Map<string, Alert>): void {
    const key = keyOf(reading)
    const entry = this.#entries.get(key)
    if (reading.state === 'good') {
      if (entry === undefined || entry.goodSinceAt !== null) return
      entry.goodSinceAt = now
      entry.reading = reading
      this.#pass(key, entry, now, changed)
      return
    }
    if (entry === undefined || entry.alert.state === 'resolved') {
      const fresh = openEntry(reading, now, entry?.flaps ?? noFlapHistory)
      if (!this.#keep(key, fresh, now)) return
      this.#pass(key, fresh, now, changed)
      if (!changed.has(key)) changed.set(key, fresh.alert)
      return
    }
    this.#worsen(entry, reading, now)
    this.#pass(key, entry, now, changed)
    changed.set(key, entry.alert)
  }

  #worsen(entry: Entry, reading: Reading, now: Instant): void {
    const wasGood = entry.goodSinceAt !== null
    entry.goodSinceAt = null
    entry.reading = reading
    const isPending = entry.alert.state === 'pending'
    if (wasGood && isPending) {
      entry.badSinceAt = now
      entry.badCount = 0
    }
    if (wasGood || reading.severity !== 'ticket') {
      entry.ticketSinceAt = null
      entry.ticketCount = 0
    }
    entry.badCount += 1
    if (reading.severity === 'ticket') {
      entry.ticketSinceAt ??= now
      entry.ticketCount += 1
    }
    entry.alert = {
      ...entry.alert,
      lastBadAt: now,
      onsetAt: Math.min(entry.alert.onsetAt, reading.onsetAt),
      reading: shown(entry),
    }
  }

  /** What time and readings have made of the entry by now. */
  #pass(key: string, entry: Entry, now: Instant, changed: Map<string, Alert>): void {
    const hold = holdOffOf(entry.reading.signal, this.#holdOffs)
    const isBad = entry.goodSinceAt === null
    const wasFlapping = entry.flaps.isFlapping
    entry.flaps = sampled(entry.flaps, isBad, now)
    if (entry.alert.state === 'resolved') {
      if (now - (entry.alert.resolvedAt ?? now) > forgetMs) this.#entries.delete(key)
      return
    }
    const before = entry.alert
    if (entry.flaps.isFlapping !== wasFlapping) entry.alert = { ...entry.alert, flapping: entry.flaps.isFlapping }
    if (isBad) this.#fire(entry, hold, now)
    else this.#clear(entry, hold, now)
    if (entry.alert !== before) changed.set(key, entry.alert)
  }

  #fire(entry: Entry, hold: HoldOff, now: Instant): void {
    const { reading, alert } = entry
    const hasHeld = (count: number, since: Instant) =>
      reading.score >= hold.scoreAtOnce || count >= hold.confirmations || now - since >= hold.holdMs
    const isTicket = entry.ticketSinceAt !== null && hasHeld(entry.ticketCount, entry.ticketSinceAt)
    // What comes and goes all the time never holds, and never heals either.
    const hasFlapped = entry.flaps.isFlapping
    const isFiring = alert.state === 'firing' || isTicket || hasFlapped || hasHeld(entry.badCount, entry.badSinceAt)
    if (!isFiring) return
    const severity = isTicket || (alert.state === 'firing' && alert.reading.severity === 'ticket') ? 'ticket' : 'warn'
    if (alert.state === 'firing' && alert.reading.severity === severity) return
    const firingAt = alert.firingAt ?? now
    entry.alert = { ...alert, state: 'firing', firingAt, reading: { ...alert.reading, severity } }
  }

  /** A flapping alert stays: one call, not twenty. A pending one that turned good never was an alert. */
  #clear(entry: Entry, hold: HoldOff, now: Instant): void {
    const { alert, goodSinceAt } = entry
    if (goodSinceAt === null || entry.flaps.isFlapping) return
    const badMs = alert.lastBadAt - alert.pendingAt
    const clearMs = Math.max(hold.clearMs, Math.min(hold.clearMsMax, badMs / 10))
    const isOver = alert.state === 'pending' || now - goodSinceAt >= clearMs
    if (isOver) entry.alert = { ...alert, state: 'resolved', resolvedAt: now }
  }

  /** False: there are too many that aren't resolved, and this one isn't told. */
  #keep(key: string, entry: Entry, now: Instant): boolean {
    this.#entries.delete(key)
    if (this.#entries.size >= this.#entriesMax) {
      const oldest = [...this.#entries].find(([, e]) => e.alert.state === 'resolved')
      if (oldest === undefined) return false
      this.#entries.delete(oldest[0])
    }
    this.#entries.set(key, entry)
    entry.flaps = sampled(entry.flaps, true, now)
    return true
  }
}

const none: readonly Alert[] = []

function keyOf(reading: Reading): string {
  return `${reading.monitor} ${reading.signal} ${subjectKey(reading.subject)}`
}

function openEntry(reading: Reading, now: Instant, flaps: FlapHistory): Entry {
  const isTicket = reading.severity === 'ticket'
  const entry = {
    reading,
    badSinceAt: now,
    badCount: 1,
    ticketSinceAt: isTicket ? now : null,
    ticketCount: isTicket ? 1 : 0,
    goodSinceAt: null,
    flaps,
  }
  const { monitor, signal, subject, onsetAt } = reading
  const id = `${signal}@${subjectKey(subject)}@${Math.round(now).toString(36)}`
  const times = { onsetAt, pendingAt: now, firingAt: null, resolvedAt: null, lastBadAt: now }
  const alert: Alert = { id, monitor, signal, subject, state: 'pending', flapping: flaps.isFlapping, ...times, reading }
  return { ...entry, alert: { ...alert, reading: { ...reading, severity: 'warn' } } }
}

/** The newest bad reading, with the severity that has held so far. */
function shown(entry: Entry): Reading {
  return { ...entry.reading, severity: entry.alert.reading.severity }
}

function loadEntry(saved: Json): Entry {
  const state = recordOf(saved)
  const flaps = recordOf(state.flaps)
  return {
    alert: parseAlert(state.alert),
    reading: parseReading(state.reading),
    badSinceAt: numberOf(state.badSinceAt),
    badCount: numberOf(state.badCount),
    ticketSinceAt: numberOrNullOf(state.ticketSinceAt),
    ticketCount: numberOf(state.ticketCount),
    goodSinceAt: numberOrNullOf(state.goodSinceAt),
    flaps: {
      samples: listOf(flaps.samples).map((s) => s === true),
      sampledAt: numberOrNullOf(flaps.sampledAt),
      isFlapping: flaps.isFlapping === true,
    },
  }
}
