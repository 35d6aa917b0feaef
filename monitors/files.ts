import type { Measurement } from '../gateway/model/measurement.ts'
import type { Millis } from '../gateway/model/time.ts'
import { amountOf, watchMeasurements, wordAt } from './shared/measured.ts'
import { keepLast } from './shared/rate.ts'
import { amount, type Held, list, maybe, record, word } from './shared/state.ts'
import { rounded, say, voicePart } from './shared/voice.ts'

const memoryPart = record({
  dueCode: word(),
  dueSinceAt: amount(),
  deadline: word(),
  oddCode: word(),
  oddSinceAt: amount(),
  resultCode: word(),
  resultSinceAt: amount(),
  rejected: amount(),
  /** Of the last file whose result came: its rows, and those that the result lacks. */
  rows: amount(),
  lacking: amount(),
  differsSinceAt: amount(),
  /** Of the last whole files: how many rows each had, and how many bytes. */
  rowsOfLast: list(amount()),
  bytesOfLast: list(amount()),
  /** Of the last whole file, where it is far smaller than any of them: what it has, and what the smallest of them had. */
  small: maybe(record({ has: amount(), usual: amount(), unit: word(), sinceAt: amount() })),
  dueVoice: voicePart,
  oddVoice: voicePart,
  resultVoice: voicePart,
  differsVoice: voicePart,
  smallVoice: voicePart,
})
type Memory = Held<typeof memoryPart>

/** Files of a fortnight, where one comes a day: holidays and weekends are among them. Fewer than a week's tell nothing. */
const sizesMax = 14
const sizesMin = 7
/** Less than this part of the smallest of them is no quiet day any more; and of a handful of rows any number may come. */
const smallShare = 0.4
const rowsMin = 10
const bytesMin = 1_000
const weekMs: Millis = 7 * 24 * 3_600_000

/**
 * Do the files come that are due, whole, and are they accepted? `files/due`: a deadline passed without its file. `files/odd`: something lies there that isn't a
 * whole file (no marker, a marker alone, still growing, unreadable); over when the next whole file has come. `files/result`: rows were rejected, or no
 * result came back. `files/differs`: the result tells of fewer rows than were sent, and rejects none of them. `files/small`: a whole file has far less in it than the
 * smallest of the last fortnight; over when the next isn't.
 */
export const files = watchMeasurements<Memory>({
  name: 'files',
  version: 3,
  memory: memoryPart,
  concerns: ({ by, name }) => by === 'files' && name.startsWith('file-'),
  hear(memory, measurement) {
    const isBad = measurement.verdict === 'no'
    const code = isBad ? (measurement.code ?? 'FILE_ODD') : ''
    switch (measurement.name) {
      case 'file-due':
        memory.dueCode = code
        memory.dueSinceAt = isBad ? measurement.at : 0
        memory.deadline = wordAt(measurement, 'deadline') ?? ''
        return
      case 'file-state':
        if (!isBad) {
          hearSize(memory, measurement)
          return
        }
        memory.oddCode = code
        memory.oddSinceAt = measurement.at
        return
      case 'file-result':
        memory.resultCode = code
        memory.resultSinceAt = isBad ? measurement.at : 0
        memory.rejected = amountOf(measurement, 'rejected') ?? 0
        hearRows(memory, measurement)
        return
      default:
    }
  },
  passed(memory) {
    memory.oddCode = ''
  },
  judge(memory, { subject, now }, out) {
    const context = { monitor: 'files', subject, now }
    say(out, memory.dueVoice, { ...context, signal: 'due' }, memory.dueCode === '' ? null : 'ticket', () => ({
      onsetAt: memory.dueSinceAt,
      score: 2,
      facts: { code: memory.dueCode, deadline: memory.deadline },
      exchangeIds: [],
    }))
    say(out, memory.oddVoice, { ...context, signal: 'odd' }, memory.oddCode === '' ? null : 'warn', () => ({
      onsetAt: memory.oddSinceAt,
      score: 1,
      facts: { code: memory.oddCode, forMin: rounded((now - memory.oddSinceAt) / 60_000) },
      exchangeIds: [],
    }))
    say(out, memory.resultVoice, { ...context, signal: 'result' }, memory.resultCode === '' ? null : 'ticket', () => ({
      onsetAt: memory.resultSinceAt,
      score: 1,
      facts: { code: memory.resultCode, rejected: memory.rejected },
      exchangeIds: [],
    }))
    say(out, memory.differsVoice, { ...context, signal: 'differs' }, memory.lacking > 0 ? 'ticket' : null, () => ({
      onsetAt: memory.differsSinceAt,
      score: 2,
      facts: { due: memory.rows, lacking: memory.lacking },
      exchangeIds: [],
    }))
    const { small } = memory
    say(out, memory.smallVoice, { ...context, signal: 'small' }, small === null ? null : 'ticket', () => ({
      onsetAt: small?.sinceAt ?? now,
      score: 2,
      facts: { has: small?.has ?? null, usual: small?.usual ?? null, unit: small?.unit ?? null },
      exchangeIds: [],
    }))
  },
})

function hearRows(memory: Memory, measurement: Measurement): void {
  const rows = amountOf(measurement, 'rows')
  const resultRows = amountOf(measurement, 'resultRows')
  if (rows === null || resultRows === null) return
  const lacking = Math.max(0, rows - resultRows - memory.rejected)
  if (lacking > 0 && memory.lacking === 0) memory.differsSinceAt = measurement.at
  memory.rows = rows
  memory.lacking = lacking
}

/** By its rows where they are counted, else by its bytes. What is small is no experience, unless it has been so for a week. */
function hearSize(memory: Memory, measurement: Measurement): void {
  const rows = amountOf(measurement, 'rows')
  const has = rows ?? amountOf(measurement, 'bytes')
  if (has === null) return
  const { known, least, unit } =
    rows === null
      ? { known: memory.bytesOfLast, least: bytesMin, unit: 'bytes' }
      : { known: memory.rowsOfLast, least: rowsMin, unit: 'rows' }
  const usual = Math.min(...known)
  const sinceAt = memory.small?.sinceAt ?? measurement.at
  const isSmall = known.length >= sizesMin && usual >= least && has < smallShare * usual && measurement.at - sinceAt < weekMs
  memory.small = isSmall ? { has, usual, unit, sinceAt } : null
  if (!isSmall) keepLast(known, has, sizesMax)
}
