import type { Monitor, Reading, Seen } from '../gateway/model/reading.ts'
import type { Instant } from '../gateway/model/time.ts'
import { failureMark } from './shared/failure-mark.ts'
import { hashOf, keepLast } from './shared/rate.ts'
import { amount, type Held, keyed, list, record, word } from './shared/state.ts'
import { rounded, say, shownExchanges, type Telling, voicePart } from './shared/voice.ts'
import { type InterfaceNow, watchInterfaces } from './shared/watch.ts'
import { binomialTail } from './statistics/binomial.ts'

const hoursOfWeek = 168
const hoursHeld = 2 * hoursOfWeek
const hourMs = 3_600_000

const memoryPart = record({
  /** By hour since 1970, modulo two weeks. */
  errors: list(amount(), hoursHeld),
  messages: list(amount(), hoursHeld),
  hour: amount(),
  firstHour: amount(),
  /** Of the weeks before those two, fading by a part in three weeks an hour: errors, messages, and how many hours they make. */
  elder: list(amount(), 3),
  /** Of the last week, counted up as they come. */
  weekErrors: amount(),
  checkedErrors: amount(),
  /** Errors by `code AE`, `sender LIS|X`, `type ORU^R01`, fading by a seventh a day. */
  contributors: keyed(amount()),
  state: word('good'),
  onsetAt: amount(),
  recent: list(amount()),
  exchangeIds: list(word()),
  voice: voicePart,
})
type Memory = Held<typeof memoryPart>

/** Errors and messages of the last 7 times 24 hours, and of those before. */
export interface TwoWeeks {
  readonly errors: number
  readonly errorsBefore: number
  readonly messages: number
  readonly messagesBefore: number
}

export interface TrendRule {
  /** In percent: 30 warns at 1.3000 times the errors of the week before, not at 1.2999. */
  readonly growthPct: number
  /**
   * At least so many errors, as much more of them for each message, more than chance gives, on several days. Without: the customer's rule as it is written
   * (近一周报错增长 30 %).
   */
  readonly isGuarded: boolean
}

export const customerRule: TrendRule = { growthPct: 30, isGuarded: true }

const errorsMin = 20
const chanceMax = 0.01
/**
 * A ticket is rarer, and looked for once a day; most of the risk is spent on the comparison of whole weeks, which is what the rule is about. Together they make a false
 * ticket in a hundred weeks or less (simulated at 20, 45, 90, 150 and 400 errors a week; a look every hour at one in a thousand made as many, and saw less).
 */
const ticketChanceMax = { day: 1e-3, week: 7e-3 } as const
/**
 * Once a week before those two is known, it is asked too whether the week stands out from all of them: a false ticket in a thousand weeks or less (simulated at 25 to 300
 * errors a week), and twice as many errors are found as often.
 */
const elderChanceMax = { day: 1e-4, week: 1e-3 } as const
const elderHours = 3 * hoursOfWeek
const daysMin = 3
const contributorsMax = 32
const recentMax = 32
const nameCharsMax = 48
/** What is bad is good again when it grows by less than this. */
const calmPct = 15

/** Whether errors grew as much as the rule says: by count and, guarded, by share of messages and beyond chance. Compared in whole numbers. */
export function growsBy(weeks: TwoWeeks, { growthPct, isGuarded }: TrendRule): boolean {
  const { errors, errorsBefore, messages, messagesBefore } = weeks
  if (errors === 0 || 100 * errors < (100 + growthPct) * errorsBefore) return false
  if (!isGuarded) return true
  const hasGrownByShare = 100 * errors * messagesBefore >= (100 + growthPct) * errorsBefore * messages
  return errors >= errorsMin && hasGrownByShare && chanceOf(weeks) < chanceMax
}

/**
 * One-sided: how likely so many of all errors fall into the last week when the share of errors is the same (Poisson, conditional on their sum). What is just as likely counts half (mid-p):
 * of some fifty errors the whole tail is at 1 % no more than 0.7 % of the time.
 */
export function chanceOf({ errors, errorsBefore, messages, messagesBefore }: TwoWeeks): number {
  const all = messages + messagesBefore
  if (all === 0) return 1
  const [sum, share] = [errors + errorsBefore, messages / all]
  return (binomialTail(sum, errors, share) + binomialTail(sum, errors + 1, share)) / 2
}

/**
 * Do errors grow from week to week? `trend/errors`: the customer's rule of +30 % (FAULT-02), guarded by counts, by share of messages and against chance; it
 * says who and what contributes most. A warning by that rule, a ticket when it is beyond doubt. It takes two watched weeks.
 */
export const trend: Monitor = createTrend(customerRule)

export function createTrend(rule: TrendRule): Monitor {
  return watchInterfaces<Memory>({
    name: 'trend',
    version: 2,
    memory: memoryPart,
    note(memory, seen, at) {
      turnHour(memory, at.now, rule)
      noteMessage(memory, seen, rule)
    },
    beat(memory, _health, at) {
      turnHour(memory, at.now, rule)
    },
    judge(memory, at, out) {
      if (memory.state === 'good' && !memory.voice.bad) return
      sayTrend(memory, at, out)
    },
  })
}

function noteMessage(memory: Memory, seen: Seen, rule: TrendRule): void {
  const { exchange } = seen
  const isError = exchange.outcome === 'failed' || exchange.outcome === 'unanswered' || exchange.outcome === 'orphan'
  // Attempts of one message are one message, and one error; what there is against one patient is one a day, too.
  if (exchange.wire.length > 0 && exchange.wire.some((fact) => fact.kind === 'duplicate')) return
  const key = isError ? hashOf(String(failureMark(seen)), Math.floor(memory.hour / 24)) : 0
  if (isError && memory.recent.includes(key)) return
  const slot = memory.hour % hoursHeld
  memory.messages[slot] = (memory.messages[slot] ?? 0) + 1
  if (!isError) return
  keepLast(memory.recent, key, recentMax)
  memory.errors[slot] = (memory.errors[slot] ?? 0) + 1
  memory.weekErrors += 1
  contribute(memory, `code ${exchange.code ?? exchange.outcome}`)
  contribute(memory, `sender ${seen.item.requestFacts?.sender ?? ''}`)
  contribute(memory, `type ${exchange.type ?? ''}`)
  keepLast(memory.exchangeIds, exchange.id, shownExchanges)
  const isDue = memory.weekErrors - memory.checkedErrors >= Math.max(1, memory.weekErrors / 64)
  if (memory.state === 'good' && isDue) weigh(memory, rule, null)
}

function contribute(memory: Memory, name: string): void {
  const key = name.slice(0, nameCharsMax)
  const known = memory.contributors.get(key)
  if (known === undefined && memory.contributors.size >= contributorsMax) return
  memory.contributors.set(key, (known ?? 0) + 1)
}

function turnHour(memory: Memory, now: Instant, rule: TrendRule): void {
  const hour = Math.floor(now / hourMs)
  if (hour === memory.hour) return
  if (memory.hour === 0) {
    memory.hour = hour
    memory.firstHour = hour
    return
  }
  const passed = Math.min(hour - memory.hour, hoursHeld)
  for (let i = 1; i <= passed; i += 1) {
    const slot = (hour - passed + i) % hoursHeld
    if (hour - passed + i - memory.firstHour >= hoursHeld) growElder(memory, slot)
    memory.errors[slot] = 0
    memory.messages[slot] = 0
  }
  if (Math.floor(hour / 24) !== Math.floor(memory.hour / 24)) fade(memory)
  memory.hour = hour
  memory.weekErrors = sumOf(memory.errors, hour, 0)
  weigh(memory, rule, lookOf(memory))
}

/** An hour of two weeks ago leaves them. */
function growElder(memory: Memory, slot: number): void {
  const leaving = [memory.errors[slot] ?? 0, memory.messages[slot] ?? 0, 1]
  memory.elder = leaving.map((count, n) => (memory.elder[n] ?? 0) * (1 - 1 / elderHours) + count)
}

/** Whether the week stands out from all that came before it; where no week is known but the one before, nobody can say. */
function standsOut({ elder }: Memory, weeks: TwoWeeks, chanceMax: number): boolean {
  const [errors = 0, messages = 0, hours = 0] = elder
  if (hours < hoursOfWeek) return true
  const errorsBefore = weeks.errorsBefore + Math.round(errors)
  return chanceOf({ ...weeks, errorsBefore, messagesBefore: weeks.messagesBefore + messages }) < chanceMax
}

/** Whole days and weeks since anything was watched: when a ticket is looked for. */
function lookOf({ hour, firstHour }: Memory): keyof typeof ticketChanceMax | null {
  const watched = hour - firstHour
  return watched % hoursOfWeek === 0 ? 'week' : watched % 24 === 0 ? 'day' : null
}

function fade(memory: Memory): void {
  for (const [key, count] of memory.contributors) {
    if (count < 0.5) memory.contributors.delete(key)
    else memory.contributors.set(key, (count * 6) / 7)
  }
}

function weigh(memory: Memory, rule: TrendRule, look: ReturnType<typeof lookOf>): void {
  memory.checkedErrors = memory.weekErrors
  if (memory.hour - memory.firstHour < hoursHeld) return
  const weeks = weeksOf(memory)
  if (memory.state !== 'good' && !growsBy(weeks, { growthPct: calmPct, isGuarded: false })) memory.state = 'good'
  const days = daysAbove(memory, weeks)
  if ((rule.isGuarded && days.length < daysMin) || !growsBy(weeks, rule)) return
  if (memory.state === 'good') {
    memory.onsetAt = (memory.hour - (days.at(-1) ?? 0) * 24 - 23) * hourMs
    memory.state = 'warn'
  }
  if (!rule.isGuarded || look === null || chanceOf(weeks) >= ticketChanceMax[look]) return
  if (standsOut(memory, weeks, elderChanceMax[look])) memory.state = 'ticket'
}

function weeksOf(memory: Memory): TwoWeeks {
  const { hour } = memory
  return {
    errors: sumOf(memory.errors, hour, 0),
    errorsBefore: sumOf(memory.errors, hour, hoursOfWeek),
    messages: sumOf(memory.messages, hour, 0),
    messagesBefore: sumOf(memory.messages, hour, hoursOfWeek),
  }
}

/** Of the week that ended `back` hours ago; the running hour is part of this week's. */
function sumOf(hours: readonly number[], hour: number, back: number, count = hoursOfWeek): number {
  let sum = 0
  for (let i = 0; i < count; i += 1) sum += hours[(hour - back - i) % hoursHeld] ?? 0
  return sum
}

/** Which of the last seven days, counted back from today's 0, had more errors than a usual day of the week before: one bad afternoon is no trend. */
function daysAbove(memory: Memory, { errorsBefore }: TwoWeeks): readonly number[] {
  return [0, 1, 2, 3, 4, 5, 6].filter((day) => sumOf(memory.errors, memory.hour, day * 24, 24) > errorsBefore / 7)
}

function sayTrend(memory: Memory, at: InterfaceNow, out: Reading[]): void {
  const saying = { monitor: 'trend', signal: 'errors', subject: { kind: 'interface', id: at.iface.id }, now: at.now } as const
  const { state } = memory
  say(out, memory.voice, saying, state === 'ticket' || state === 'warn' ? state : null, () => telling(memory))
}

function telling(memory: Memory): Telling {
  const weeks = weeksOf(memory)
  const { errors, errorsBefore, messages, messagesBefore } = weeks
  const [code, sender, type] = ['code', 'sender', 'type'].map((kind) => topOf(memory, kind))
  return {
    onsetAt: memory.onsetAt,
    score: rounded(errorsBefore === 0 ? 2 : Math.max(errors / (1.3 * errorsBefore), 1)),
    facts: {
      ...weeks,
      /** Null: there were none before; it is a new kind of error, not so many per cent more. */
      growthPct: errorsBefore === 0 ? null : rounded((errors / errorsBefore - 1) * 100),
      errorShare: rounded(errors / Math.max(messages, 1)),
      errorShareBefore: rounded(errorsBefore / Math.max(messagesBefore, 1)),
      chance: Number(chanceOf(weeks).toPrecision(2)),
      daysAbove: daysAbove(memory, weeks).length,
      topCode: code?.name ?? null,
      topCodeShare: code?.share ?? null,
      topSender: sender?.name ?? null,
      topSenderShare: sender?.share ?? null,
      topType: type?.name ?? null,
      topTypeShare: type?.share ?? null,
    },
    exchangeIds: memory.exchangeIds,
  }
}

function topOf(memory: Memory, kind: string): { readonly name: string; readonly share: number } | null {
  const own = [...memory.contributors].filter(([key]) => key.startsWith(`${kind} `)).toSorted((a, b) => b[1] - a[1])
  const [top] = own
  const all = own.reduce((sum, [, count]) => sum + count, 0)
  return top === undefined || top[0] === `${kind} `
    ? null
    : { name: top[0].slice(kind.length + 1), share: rounded(top[1] / all) }
}
