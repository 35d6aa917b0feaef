import { madeChange, madeSilence } from '../../fixtures/observed/changes.ts'
import { startEngine } from '../../gateway/analysis/engine.ts'
import { engineParts } from '../../gateway/app.ts'
import type { Declaration } from '../../gateway/model/change.ts'
import { demoFolder, mondayAtTen, simulatedCatalogue } from '../support/simulated.ts'
import { troubledStream } from '../support/troubled.ts'
import { seenBy } from '../support/wrong-clock.ts'
import { replayLaw } from './replay.ts'

const minuteMs = 60_000

replayLaw('the engine of the product', async () => {
  const catalogue = await simulatedCatalogue('demo')
  const parts = await engineParts(catalogue, demoFolder)
  const entries = troubledStream(catalogue)
  const at = (share: number, declaration: Declaration) => ({ before: Math.floor(entries.length * share), declaration })
  const pacs = madeChange({
    interfaceIds: ['ris-pacs-procedure'],
    fromAt: mondayAtTen + 2 * minuteMs,
    toAt: mondayAtTen + 6 * minuteMs,
    graceMs: minuteMs,
  })
  const exams = { interfaceIds: ['his-ris-exam-order'], fromAt: mondayAtTen, untilAt: mondayAtTen + 5 * minuteMs }
  const declared = [
    at(0.1, { kind: 'change', change: pacs }),
    at(0.2, { kind: 'silence', silence: madeSilence(exams) }),
    at(0.42, { kind: 'change', change: { ...pacs, revision: 2, state: 'ended-early', endedAt: mondayAtTen + 4 * minuteMs } }),
  ]
  return { start: (saved) => startEngine(parts, saved), entries, declared }
})

replayLaw('the engine of the product, whose clock is set back', async () => {
  const catalogue = await simulatedCatalogue('demo')
  const parts = await engineParts(catalogue, demoFolder)
  const ahead = { from: mondayAtTen + 3 * minuteMs, to: mondayAtTen + 5 * minuteMs, byMs: 120 * minuteMs }
  const entries = [...seenBy(troubledStream(catalogue), ahead)]
  const results = { interfaceIds: ['lis-tijian-result'], fromAt: mondayAtTen + 6 * minuteMs, toAt: mondayAtTen + 20 * minuteMs }
  const exams = { interfaceIds: ['his-ris-exam-order'], fromAt: mondayAtTen, untilAt: mondayAtTen + 9 * minuteMs }
  const declared: readonly { before: number; declaration: Declaration }[] = [
    { before: 100, declaration: { kind: 'change', change: madeChange(results) } },
    { before: 200, declaration: { kind: 'silence', silence: madeSilence(exams) } },
  ]
  return { start: (saved) => startEngine(parts, saved), entries, declared }
})
