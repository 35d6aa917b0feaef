import type { Reckoning } from '../gateway/model/document.ts'
import type { Exchange } from '../gateway/model/exchange.ts'
import type { Instant } from '../gateway/model/time.ts'
import { batchesPart, noteBatch } from './reconciliation/batches.ts'
import { keepLast } from './shared/rate.ts'
import { requestMark } from './shared/repeats.ts'
import { amount, flag, type Held, heldAt, keyed, list, record, word } from './shared/state.ts'
import { rounded, say, shownExchanges, voicePart } from './shared/voice.ts'
import { watchInterfaces } from './shared/watch.ts'

const tablePart = record({
  /** Rows that passed here since the sender's last count, and that count. */
  passed: amount(),
  told: amount(),
  isTold: flag(),
})

/** Of rows that were told since both were last as many: how many don't match, by the end of the count that `sinceAt` begins. */
const differencePart = record({ due: amount(), rows: amount(), sinceAt: amount() })
type Difference = Held<typeof differencePart>

const memoryPart = record({
  tables: keyed(tablePart),
  countedAt: amount(),
  /** Rows told of that didn't pass: more than are on their way, and they were never sent. */
  lacking: differencePart,
  /** Rows that passed and aren't told of: the sender took them back. */
  uncounted: differencePart,
  /** Rows that a snapshot read again since the last count: they are no changes, and needn't be counted. */
  reread: amount(),
  /** While they differ: which of both, and the same since then of counts that may show that it is over. */
  differs: word(),
  laterDue: amount(),
  laterRows: amount(),
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
/** So many more rows that don't match tell that they never will. */
const rowsMin = 8
/** And so many that should have lacked by now, at the share of before, that it is over. */
const overMin = 5

/**
 * Do both ends have the same, though nothing was refused? `reconciliation/differs`: who compares the books of both ends says that they don't agree, a feed of
 * changes says that there are more rows than came, or fewer, or batches are answered well and fewer of their items taken than were sent.
 */
export const reconciliation = watchInterfaces<Memory>({
  name: 'reconciliation',
  version: 4,
  memory: memoryPart,
  note(memory, seen) {
    const { exchange, item, now, id } = seen
    const { requestFacts, answerFacts } = item
    if (answerFacts?.reckoning !== undefined) {
      compare(memory, answerFacts.reckoning, exchange, now)
      noteBatch(memory.batches, item, { id: requestMark(seen) ?? id, at: now, exchangeId: exchange.id })
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
    const isBad = memory.isDenied || memory.differs !== '' || batches.rate.bad
    if (!isBad && !memory.voice.bad) return
    const saying = { monitor: 'reconciliation', signal: 'differs', subject: { kind: 'interface', id: iface.id }, now } as const
    const ofBatches = batches.rate.bad && !memory.isDenied && memory.differs === ''
    say(out, memory.voice, saying, isBad ? 'ticket' : null, () => ({
      onsetAt: ofBatches ? batches.rate.onsetAt : memory.onsetAt,
      score: rounded(Math.max(Math.max(memory.lacking.rows, memory.uncounted.rows) / rowsMin, 1)),
      facts: ofBatches ? { due: batches.due, lacking: batches.lacking, uncounted: 0 } : rowsTold(memory),
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
  const uncounted = -lacking - memory.reread
  const since = memory.countedAt
  memory.countedAt = now
  memory.reread = 0
  if (memory.differs !== '') {
    compareLater(memory, due, memory.differs === 'lacking' ? lacking : uncounted, since)
    return
  }
  for (const [name, rows] of [
    ['lacking', lacking],
    ['uncounted', uncounted],
  ] as const) {
    const difference = memory[name]
    grow(difference, rows, due, since)
    if (rows <= 0 || difference.rows < Math.max(underWayMax, underWayShare * due) + rowsMin) continue
    memory.differs = name
    tell(memory, id, difference.sinceAt)
    return
  }
}

function grow(difference: Difference, rows: number, due: number, since: Instant): void {
  if (difference.rows === 0) {
    difference.due = 0
    difference.sinceAt = since
  }
  difference.due += due
  difference.rows = Math.max(0, difference.rows + rows)
}

/** It is over when rows have lacked no more where, at the share of before, some should have. */
function compareLater(memory: Memory, due: number, rows: number, since: Instant): void {
  const difference = memory.differs === 'lacking' ? memory.lacking : memory.uncounted
  grow(difference, rows, due, since)
  const share = difference.rows / Math.max(difference.due, 1)
  memory.laterDue += due
  memory.laterRows += rows
  if (memory.laterRows > Math.max(underWayMax, underWayShare * due)) {
    memory.laterDue = 0
    memory.laterRows = 0
    return
  }
  if (memory.laterDue * Math.max(share, 0.01) < overMin) return
  memory.differs = ''
  memory.lacking = differencePart.fresh()
  memory.uncounted = differencePart.fresh()
  memory.laterDue = 0
  memory.laterRows = 0
}

function rowsTold({ differs, lacking, uncounted }: Memory): { due: number; lacking: number; uncounted: number } {
  if (differs === '') return { due: 0, lacking: 0, uncounted: 0 }
  const { due, rows } = differs === 'lacking' ? lacking : uncounted
  return { due, lacking: differs === 'lacking' ? rows : 0, uncounted: differs === 'lacking' ? 0 : rows }
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
  if (type === null || end < 0) return
  const table = memory.tables.get(type.slice(0, end))
  if (table === undefined) return
  table.passed += 1
  if (type.endsWith(' r')) memory.reread += 1
}

/** After a gap of ours nothing is known of what passed. */
function forgetCounts(memory: Memory): void {
  memory.tables.clear()
  memory.countedAt = 0
}
