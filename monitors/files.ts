import type { Measurement } from '../gateway/model/measurement.ts'
import { amountOf, watchMeasurements, wordAt } from './measured.ts'
import { amount, type Held, record, word } from './state.ts'
import { rounded, say, voicePart } from './voice.ts'

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
  dueVoice: voicePart,
  oddVoice: voicePart,
  resultVoice: voicePart,
  differsVoice: voicePart,
})
type Memory = Held<typeof memoryPart>

/**
 * Do the files come that are due, whole, and are they accepted? `files/due`: a deadline passed without its file. `files/odd`: something lies there that isn't a
 * whole file (no marker, a marker alone, still growing, unreadable); over when the next whole file has come. `files/result`: rows were rejected, or no
 * result came back. `files/differs`: the result tells of fewer rows than were sent, and rejects none of them.
 */
export const files = watchMeasurements<Memory>({
  name: 'files',
  version: 2,
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
        if (!isBad) return
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
