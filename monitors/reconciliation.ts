import type { Reckoning } from '../gateway/model/document.ts'
import type { Exchange } from '../gateway/model/exchange.ts'
import type { Instant } from '../gateway/model/time.ts'
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
  /** Since the last count that agreed: rows told of, and those of them that never passed. */
  due: amount(),
  lacking: amount(),
  /** The last reconciliation that said whether it agrees said no. */
  isDenied: flag(),
  onsetAt: amount(),
  exchangeIds: list(word()),
  voice: voicePart,
})
type Memory = Held<typeof memoryPart>

const tablesMax = 100
/** Rows on their way while the sender counts: so few, or so small a share, may lack in one count. */
const underWayMax = 4
const underWayShare = 0.02
/** So many rows that all came tell that they come again. */
const dueMin = 20
/** So many lacking rows tell that they were never sent. */
const lackingMin = 8

/**
 * Do both ends have the same, though nothing was refused? `reconciliation/differs`: who compares the books of both ends says that they don't agree, or a feed of
 * changes says that there are more rows than came.
 */
export const reconciliation = watchInterfaces<Memory>({
  name: 'reconciliation',
  version: 1,
  memory: memoryPart,
  note(memory, { exchange, item, now }) {
    if (item.answerFacts?.reckoning !== undefined) compare(memory, item.answerFacts.reckoning, exchange, now)
    if (item.requestFacts?.reckoning !== undefined) compare(memory, item.requestFacts.reckoning, exchange, now)
    else if (exchange.outcome === 'one-way' && memory.countedAt > 0) countRow(memory, item.requestFacts?.type ?? null)
  },
  beat(memory, { dropped }) {
    if (memory.countedAt > 0 && Object.values(dropped).some((count) => count > 0)) forgetCounts(memory)
  },
  judge(memory, { iface, now }, out) {
    const isBad = memory.isDenied || memory.lacking >= lackingMin
    if (!isBad && !memory.voice.bad) return
    const saying = { monitor: 'reconciliation', signal: 'differs', subject: { kind: 'interface', id: iface.id }, now } as const
    say(out, memory.voice, saying, isBad ? 'ticket' : null, () => ({
      onsetAt: memory.onsetAt,
      score: rounded(Math.max(memory.lacking / lackingMin, 1)),
      facts: { due: memory.due, lacking: memory.lacking },
      exchangeIds: memory.exchangeIds,
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
  if (lacking <= Math.max(underWayMax, underWayShare * due)) {
    // Two counts in a row, of hardly a row between, agree on nothing.
    if (due < dueMin) return
    memory.due = 0
    memory.lacking = 0
    return
  }
  tell(memory, id, memory.lacking > 0 ? memory.onsetAt : since)
  memory.due += due
  memory.lacking += lacking
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
