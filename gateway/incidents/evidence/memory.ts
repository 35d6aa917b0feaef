import { hostOf } from '../../model/address.ts'
import type { ConnectionStory } from '../../model/exchange.ts'
import type { Json } from '../../model/json.ts'
import type { InspectedExchange } from '../../model/reading.ts'
import { listOf, numberOf, numberOrNullOf, recordOf, textOf } from '../../model/saved.ts'
import type { Instant } from '../../model/time.ts'
import { Ramp, type RampView } from './ramp.ts'
import { gaveUpMs, isUnheard } from './unanswered.ts'

/** What an interface's traffic was doing when this exchange came: for oddities that lie between exchanges. */
export interface Memory {
  /** Sequence numbers (MSH-13) that were skipped just before this message. */
  readonly skippedCount: number
  /** A number that had been skipped and came after all. */
  readonly isFillingGap: boolean
  /** This message is behind one that came before it, and fills no gap. */
  readonly isBackward: boolean
  /** Messages arrive ever later after their stamps; null: they don't. */
  readonly rising: RampView | null
  /** Messages arrive ever sooner after their stamps, at last before them. */
  readonly falling: RampView | null
  /** This message is stamped before the one that came before it: no queue that keeps its order does that. */
  readonly isStampBackward: boolean
  /** The first copy of this message was answered after this copy had been sent: the sender had given up. */
  readonly isAnsweredAfterResend: boolean
}

const sendersMax = 16
const skippedMax = 64
/** A jump beyond this is a counter that was set anew, not a loss. */
const jumpMax = 10_000
const answersMax = 16
/** Connections that are remembered of each kind. */
const connectionsMax = 64
const hostsMax = 32

interface SenderSequence {
  last: number
  skipped: number[]
}

type InSequence = Pick<Memory, 'skippedCount' | 'isFillingGap' | 'isBackward'>

const calm: InSequence = { skippedCount: 0, isFillingGap: false, isBackward: false }

interface Answered {
  readonly controlId: string
  readonly askedAt: Instant
  readonly answerAt: Instant
}

/** Answered when its sender had waited in vain and sent it again. */
function isLeftBehind({ askedAt, answerAt }: Answered, againAt: Instant): boolean {
  return answerAt > againAt && againAt - askedAt >= gaveUpMs
}

/** Keeps the little that `Memory` needs; bounded. */
export class InterfaceMemory {
  #sequences = new Map<string, SenderSequence>()
  #stampAt: Instant | null = null
  #stampChanges = 0
  #rising = new Ramp('up')
  #falling = new Ramp('down')
  #answers: Answered[] = []
  /** The last connections that anything was answered on. */
  #proven = new Set<string>()
  /** The last connections that something went unanswered on. */
  #deaf = new Set<string>()
  /** Hosts that have answered. */
  #hosts = new Set<string>()

  /** Whether this connection has answered before; of the last 64 that did. */
  hasAnsweredOn(connectionId: string): boolean {
    return this.#proven.has(connectionId)
  }

  /** Whether something went unanswered on this connection before; of the last 64. */
  wasDeafOn(connectionId: string): boolean {
    return this.#deaf.has(connectionId)
  }

  /** Whether others have answered, and that host never has. */
  isNewHost(address: string): boolean {
    return this.#hosts.size > 0 && this.#hosts.size < hostsMax && !this.#hosts.has(hostOf(address))
  }

  recollect(item: InspectedExchange): Memory {
    const isAnsweredAfterResend = this.#wasAnsweredAfter(item)
    const { answers, connection } = item.entry.exchange
    if (answers.length > 0) this.#prove(connection)
    else if (isUnheard(item.entry.exchange)) keepNewest(this.#deaf, connection.id)
    const { skippedCount, isFillingGap, isBackward } = this.#sequence(item)
    const isStampBackward = this.#noteStamp(item)
    return {
      skippedCount,
      isFillingGap,
      isBackward,
      rising: isStampBackward === null ? null : this.#rising.view(),
      falling: isStampBackward === null ? null : this.#falling.view(),
      isStampBackward: isStampBackward ?? false,
      isAnsweredAfterResend,
    }
  }

  #prove({ id, acceptor }: ConnectionStory): void {
    if (this.#proven.has(id)) return
    if (this.#hosts.size < hostsMax) this.#hosts.add(hostOf(acceptor))
    keepNewest(this.#proven, id)
  }

  #wasAnsweredAfter(item: InspectedExchange): boolean {
    const { controlId, request, answers, wire } = item.entry.exchange
    if (controlId === null) return false
    const sentAt = request?.startAt
    const isCopy = wire.some((f) => f.kind === 'duplicate')
    const found =
      isCopy && sentAt !== undefined && this.#answers.some((a) => a.controlId === controlId && isLeftBehind(a, sentAt))
    const answerAt = answers.at(-1)?.endAt
    if (sentAt !== undefined && answerAt !== undefined) {
      this.#answers.push({ controlId, askedAt: sentAt, answerAt })
      if (this.#answers.length > answersMax) this.#answers.shift()
    }
    return found
  }

  #sequence(item: InspectedExchange): InSequence {
    const facts = item.requestFacts
    const number = facts?.sequence
    if (facts === null || number === null || number === undefined || number <= 0) return calm
    if (item.entry.exchange.wire.some((f) => f.kind === 'duplicate')) return calm
    const key = facts.sender ?? ''
    const known = this.#sequences.get(key)
    if (known === undefined) {
      if (this.#sequences.size < sendersMax) this.#sequences.set(key, { last: number, skipped: [] })
      return calm
    }
    if (number > known.last) return { ...calm, skippedCount: this.#advance(known, number) }
    const at = known.skipped.indexOf(number)
    if (at >= 0) known.skipped.splice(at, 1)
    // A counter that begins again at a low number was reset: no message is missing.
    const isReset = at < 0 && known.last - number > 1 && number <= 1
    if (isReset) {
      known.last = number
      known.skipped = []
    }
    return { skippedCount: 0, isFillingGap: at >= 0, isBackward: at < 0 && !isReset && number < known.last }
  }

  #advance(known: SenderSequence, number: number): number {
    const skipped = number - known.last - 1
    const isJump = skipped > jumpMax
    if (!isJump) for (let n = known.last + 1; n < number && n <= known.last + skippedMax; n += 1) known.skipped.push(n)
    if (known.skipped.length > skippedMax) known.skipped = known.skipped.slice(-skippedMax)
    known.last = number
    return isJump ? 0 : skipped
  }

  /** Whether the stamp went back; null when this message says nothing of the sender's clock. */
  #noteStamp(item: InspectedExchange): boolean | null {
    const arrivedAt = item.entry.exchange.request?.endAt
    const stamp = item.requestFacts?.stamps.find((s) => s.kind === 'message')
    if (arrivedAt === undefined || stamp === undefined || stamp.at === null) return null
    if (item.entry.exchange.wire.some((f) => f.kind === 'duplicate')) return null
    const before = this.#stampAt
    this.#stampAt = stamp.at
    if (before !== null && stamp.at !== before) this.#stampChanges += 1
    // Stamps that never change belong to test messages; the growing delay would be ours.
    if (this.#stampChanges === 0) return null
    const delayS = (arrivedAt - stamp.at) / 1000
    this.#rising.note(delayS, stamp.resolutionMs / 1000)
    this.#falling.note(delayS, stamp.resolutionMs / 1000)
    return before !== null && stamp.at < before
  }

  save(): Json {
    return {
      sequences: [...this.#sequences].map(([key, s]) => [key, s.last, s.skipped]),
      stamp: [this.#stampAt, this.#stampChanges, this.#rising.save(), this.#falling.save()],
      answers: this.#answers.map((a) => [a.controlId, a.answerAt, a.askedAt]),
      proven: [...this.#proven],
      deaf: [...this.#deaf],
      hosts: [...this.#hosts],
    }
  }

  load(saved: Json | undefined): void {
    const state = recordOf(saved)
    for (const entry of listOf(state.sequences)) {
      const [key, last, skipped] = listOf(entry)
      this.#sequences.set(textOf(key), { last: numberOf(last), skipped: listOf(skipped).map(numberOf) })
    }
    const [stampAt, changes, rising, falling] = listOf(state.stamp)
    this.#stampAt = numberOrNullOf(stampAt)
    this.#stampChanges = numberOf(changes)
    this.#rising.load(rising)
    this.#falling.load(falling)
    this.#answers = listOf(state.answers).map((entry) => {
      const [controlId, answerAt, askedAt] = listOf(entry)
      // A state of before doesn't say when it was asked.
      return { controlId: textOf(controlId), answerAt: numberOf(answerAt), askedAt: numberOf(askedAt ?? answerAt) }
    })
    // Nor has it these.
    this.#proven = new Set(listOf(state.proven ?? []).map(textOf))
    this.#deaf = new Set(listOf(state.deaf ?? []).map(textOf))
    this.#hosts = new Set(listOf(state.hosts ?? []).map(textOf))
  }
}

/** Adds it; of more than 64 the oldest is forgotten. */
function keepNewest(ids: Set<string>, id: string): void {
  ids.add(id)
  if (ids.size <= connectionsMax) return
  for (const oldest of ids) {
    ids.delete(oldest)
    break
  }
}
