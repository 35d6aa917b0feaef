import type { Reckoning } from '../gateway/model/document.ts'
import type { Exchange } from '../gateway/model/exchange.ts'
import type { Instant } from '../gateway/model/time.ts'
import { batchesPart, noteBatch } from './batches.ts'
import { keepLast } from './rate.ts'
import { amount, flag, type Held, heldAt, keyed, list, record, word } from './state.ts'
import { rounded, say, shownExchanges, voicePart } from './voice.ts'
import { watchInterfaces } from './watch.ts'

const tablePart = record({
  /** Rows that passed here since the sender's last count, and that count. */
  passed: amount(),
  told: amount(),
  isTold: flag(),
})

const memoryPart = record({
  tables: keyed(tablePart),
  countedAt: amount(),
  /** Rows told of less those that passed, since they were last as many: more than are on their way, and they were never sent. */
  due: amount(),
  lacking: amount(),
  /** While they lack: the same since then of counts that may show that it is over. */
  laterDue: amount(),
  laterLacking: amount(),
  isLacking: flag(),
  /** The last reconciliation that said whether it agrees said no. */
  isDenied: flag(),
  onsetAt: amount(),
  exchangeIds: list(word()),
  batches: batchesPart,
  voice: voicePart,
})
type Memory = Held<typeof memoryPart>

const tablesMax = 100
/** Rows on their way while the sender counts. They pass before its next count: in sum they never grow. */
const underWayMax = 4
const underWayShare = 0.02
/** So many more lacking rows tell that they were never sent. */
const lackingMin = 8
/** And so many that should have lacked by now, at the share of before, that it is over. */
const overMin = 5

/**
 * Do both ends have the same, though nothing was refused? `reconciliation/differs`: who compares the books of both ends says that they don't agree, a feed of
 * changes says that there are more rows than came, or batches are answered well and fewer of their items taken than were sent.
 */
export const reconciliation = watchInterfaces<Memory>({
  name: 'reconciliation',
  version: 2,
  memory: memoryPart,
  note(memory, { exchange, item, now, id }) {
    const { requestFacts, answerFacts } = item
    if (answerFacts?.reckoning !== undefined) {
      compare(memory, answerFacts.reckoning, exchange, now)
      noteBatch(memory.batches, item, { id, at: now, exchangeId: exchange.id })
    }
    const told = requestFacts?.reckoning
    if (told !== undefined && (told.agrees !== null || told.counts.length > 0)) compare(memory, told, exchange, now)
    else if (exchange.outcome === 'one-way' && memory.countedAt > 0) countRow(memory, requestFacts?.type ?? null)
  },
  beat(memory, { dropped }) {
    if (memory.countedAt > 0 && Object.values(dropped).some((count) => count > 0)) forgetCounts(memory)
  },
  judge(memory, { iface, now }, out) {
    const { batches } = memory
    const isBad = memory.isDenied || memory.isLacking || batches.rate.bad
    if (!isBad && !memory.voice.bad) return
    const saying = { monitor: 'reconciliation', signal: 'differs', subject: { kind: 'interface', id: iface.id }, now } as const
    const ofBatches = batches.rate.bad && !memory.isDenied && !memory.isLacking
    say(out, memory.voice, saying, isBad ? 'ticket' : null, () => ({
      onsetAt: ofBatches ? batches.rate.onsetAt : memory.onsetAt,
      score: rounded(Math.max(memory.lacking / lackingMin, 1)),
      facts: ofBatches ? { due: batches.due, lacking: batches.lacking } : { due: memory.due, lacking: memory.lacking },
      exchangeIds: ofBatches ? batches.rate.exchangeIds : memory.exchangeIds,
    }))
  },
})

function compare(memory: Memory, { agrees, counts }: Reckoning, { id }: Exchange, now: Instant): void {
  if (agrees !== null) {
    if (!agrees) tell(memory, id, memory.isDenied ? memory.onsetAt : now)
    memory.isDenied = !agrees
  }
  if (counts.length === 0) return
  const { due, lacking } = sinceLastCount(memory, counts)
  const since = memory.countedAt
  memory.countedAt = now
  memory.due += due
  memory.lacking = Math.max(0, memory.lacking + lacking)
  if (memory.isLacking) {
    compareLater(memory, due, lacking)
    return
  }
  const room = Math.max(underWayMax, underWayShare * due)
  if (lacking > 0 && memory.lacking - lacking <= 0) memory.onsetAt = since
  if (memory.lacking === 0) memory.due = 0
  if (lacking <= 0 || memory.lacking < room + lackingMin) return
  memory.isLacking = true
  tell(memory, id, memory.onsetAt)
}

/** It is over when rows have lacked no more where, at the share of before, some should have. */
function compareLater(memory: Memory, due: number, lacking: number): void {
  const share = memory.lacking / Math.max(memory.due, 1)
  memory.laterDue += due
  memory.laterLacking += lacking
  if (memory.laterLacking > Math.max(underWayMax, underWayShare * due)) {
    memory.laterDue = 0
    memory.laterLacking = 0
    return
  }
  if (memory.laterDue * Math.max(share, 0.01) < overMin) return
  memory.isLacking = false
  memory.due = 0
  memory.lacking = 0
  memory.laterDue = 0
  memory.laterLacking = 0
}

function tell(memory: Memory, exchangeId: string, onsetAt: Instant): void {
  memory.onsetAt = onsetAt
  keepLast(memory.exchangeIds, exchangeId, shownExchanges)
}

/** Of the tables whose rows pass here: how many the sender counted since its last count, and how many of them didn't pass. */
function sinceLastCount(memory: Memory, counts: Reckoning['counts']): { due: number; lacking: number } {
  let due = 0
  let lacking = 0
  for (const { of, count } of counts) {
    const table = heldAt(memory.tables, of, tablePart, tablesMax)
    if (table === null) continue
    // A counter that began anew counts from there.
    if (table.isTold && count >= table.told) {
      due += count - table.told
      lacking += count - table.told - table.passed
    }
    table.passed = 0
    table.told = count
    table.isTold = true
  }
  return { due, lacking }
}

/** A change of a row: `his.reg_record c`. */
function countRow(memory: Memory, type: string | null): void {
  const end = type?.lastIndexOf(' ') ?? -1
  const table = type === null || end < 0 ? undefined : memory.tables.get(type.slice(0, end))
  if (table !== undefined) table.passed += 1
}

/** After a gap of ours nothing is known of what passed. */
function forgetCounts(memory: Memory): void {
  memory.tables.clear()
  memory.countedAt = 0
}
