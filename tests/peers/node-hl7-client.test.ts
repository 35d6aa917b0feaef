import { describe, expect, test } from 'vitest'
import { createLedger, type ReceivedRecord, type SentRecord } from '../../fixtures/hospital/ledger.ts'
import { type Message, segment } from '../../fixtures/hospital/messages/message.ts'
import { openLibraryLink } from '../../fixtures/hospital/systems/library-link.ts'
import { type ReceiverHabit, startReceiver } from '../../fixtures/hospital/systems/receiver.ts'
import { startSender } from '../../fixtures/hospital/systems/sender.ts'
import { createSystemClock, machineClock } from '../../fixtures/hospital/time.ts'
import { edgeInFrontOf } from './through-edge.ts'

const count = 20
const unanswered = 'NODE7'
const patienceMs = 1_500

/** node-hl7-client comes with npm, so this peer is always there. With `waitAck: false`: with it a second send before the first answer hangs. */
describe('node-hl7-client, one message in flight, with a time-out of its own', () => {
  test('through the edge: what was answered is answered, what was not is told, its copy is known as a copy', {
    timeout: 60_000,
  }, async () => {
    const clock = machineClock()
    const received = createLedger<ReceivedRecord>()
    const receiver = await startReceiver({
      listen: { host: '127.0.0.1', port: 0 },
      clock,
      systemClock: createSystemClock({ offsetMs: 0, zoneMin: 480 }),
      ledger: received,
      name: 'LIS',
      thinkMs: () => 5,
      examine: () => null,
    })
    const edge = await edgeInFrontOf(receiver.address.port, { ackTimeoutMs: 500 })
    const sent = createLedger<SentRecord>()
    const sender = startSender({
      to: { host: '127.0.0.1', port: edge.port },
      clock,
      ledger: sent,
      open: openLibraryLink,
      controlsBytes: false,
      ackTimeoutMs: patienceMs,
      attemptsMax: 3,
      backoffMs: { first: 20, max: 100 },
      queueMax: 100,
    })
    const deaf: ReceiverHabit = { neverAcks: true }
    const ids = Array.from({ length: count }, (_, i) => `NODE${i + 1}`)
    for (const id of ids.slice(0, 6)) sender.offer(admission(id))
    await until(() => sent.counters.acknowledged === 6)
    receiver.habits.add(deaf)
    sender.offer(admission(unanswered))
    await until(() => sent.counters.timeouts === 1)
    receiver.habits.delete(deaf)
    for (const id of ids.slice(7)) sender.offer(admission(id))
    await until(() => sent.counters.acknowledged === count)
    await sender.stop(1_000)
    const exchanges = await edge.close()
    await receiver.stop()

    expect(sent.records.map((r) => `${r.controlId} ${r.copies} ${r.outcome}`)).toEqual(
      ids.map((id) => `${id} ${id === unanswered ? 2 : 1} acknowledged`),
    )
    expect(received.records.map((r) => r.controlId)).toEqual(ids.toSpliced(6, 0, unanswered))
    expect(received.received.digest()).toBe(sent.sent.digest())
    const told = exchanges.map((e) => `${e.controlId} ${e.outcome} ${e.wire.map((fact) => fact.kind).join('+')}`)
    expect(told).toEqual(
      ids
        .map((id) => `${id} answered `)
        .toSpliced(6, 1, `${unanswered} unanswered timeout+closed+closed`, `${unanswered} answered duplicate`),
    )
    expect(new Set(exchanges.map((e) => e.connection.id)).size).toBe(2)
  })
})

function admission(id: string): Message {
  return {
    charset: 'utf-8',
    segments: [
      segment('MSH', {
        ...{ 1: '|', 2: '^~\\&', 3: 'HIS', 4: 'SZPH', 5: 'LIS', 6: 'SZPH', 7: '20261123083001', 9: 'ADT^A01^ADT_A01' },
        ...{ 10: id, 11: 'P', 12: '2.5', 17: 'CHN', 18: 'UNICODE UTF-8' },
      }),
      segment('EVN', { 1: 'A01', 2: '20261123083001' }),
      segment('PID', { 1: '1', 3: 'P1^^^SZPH^MR', 5: '测试' }),
      segment('PV1', { 1: '1', 2: 'I' }),
    ],
  }
}

/** Polls: the test's own time-out ends it when it never happens. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}
