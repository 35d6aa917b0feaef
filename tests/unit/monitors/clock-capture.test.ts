import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Stamp } from '../../../gateway/model/document.ts'
import type { Inspected } from '../../../gateway/model/reading.ts'
import { clock } from '../../../monitors/clock.ts'
import { aCatalogue, anInterface, exchanged, feed, inOrder } from './stream.ts'

const folder = new URL('../../../fixtures/captures/', import.meta.url)

/** Requests with their acknowledgments, as tshark saw them: arrival times of the capture, stamps of the messages. */
function exchangesOf(name: string): readonly Inspected[] {
  // Time of the first packet: seconds and microseconds behind the 24 bytes of the file's head, little-endian.
  const pcap = readFileSync(new URL(`${name}.pcap`, folder))
  const firstAt = pcap.readUInt32LE(24) * 1000 + pcap.readUInt32LE(28) / 1000
  const rows = readFileSync(new URL(`oracle-tshark/${name}.tsv`, folder), 'utf8')
    .split('\n')
    .slice(1)
  const messages = rows.flatMap((row) => {
    const [, relative, , , , , , segments = ''] = row.split('\t')
    const head = segments.split('\\r')[0]?.split('|') ?? []
    return head[0] === 'MSH' ? [{ at: firstAt + Number(relative) * 1000, head, segments }] : []
  })
  return messages.flatMap(({ at, head, segments }) => {
    if (/\bMSA\|/.test(segments)) return []
    const answer = messages.find((other) => other.segments.includes(`MSA|AA|${head[9]}\\r`))
    if (answer === undefined) return []
    const latencyMs = answer.at - at
    return [
      exchanged({
        at,
        controlId: head[9] ?? null,
        interfaceId: 'lis-emr-lab-result',
        latencyMs,
        thinkMs: latencyMs,
        sender: `${head[2]}|${head[3]}`,
        answerer: `${answer.head[2]}|${answer.head[3]}`,
        requestStamps: [stampOf(head[6] ?? '')],
        answerStamps: [stampOf(answer.head[6] ?? '')],
      }),
    ]
  })
}

/** Read at +08:00, as the hospital does where a stamp has no zone. */
function stampOf(text: string): Stamp {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{3})?/.exec(text)?.slice(1) ?? []
  const [year, month, day, hour, minute, second, fraction] = parts.map((part) => Number(part ?? 0))
  const seconds = Date.UTC(year ?? 0, (month ?? 1) - 1, day, (hour ?? 0) - 8, minute, second)
  return {
    path: 'MSH-7',
    kind: 'message',
    at: seconds + (fraction ?? 0) * 1000,
    resolutionMs: fraction ? 1 : 1000,
    hasZone: false,
  }
}

test('mllp-19: LIS two hours behind from message 40 on, EMR stamping UTC all along', () => {
  const run = clock.start({ catalogue: aCatalogue(anInterface('lis-emr-lab-result', { from: 'lis', to: 'emr' })) }, null)
  const items = exchangesOf('mllp-19-two-hour-step-after-msg-40-of-80')
  expect(items.length).toBe(80)
  const tickets = feed(run, inOrder(items)).filter((r) => r.severity === 'ticket')
  expect(tickets.map((r) => [r.signal, r.subject.id, r.facts.zoneGuess])).toEqual([
    ['clock/zone', 'emr', 'UTC'],
    ['clock/zone', 'lis', 'Asia/Urumqi'],
  ])
  const step = tickets[1]
  const message41 = items[40]
  expect(Math.abs((step?.onsetAt ?? 0) - (message41?.now ?? 0))).toBeLessThan(30)
  const states = new Map(run.clockStates().map((state) => [state.systemId, state]))
  expect(states.get('lis')?.verdict).toBe('timezone')
  expect(Math.abs((states.get('lis')?.offsetS ?? 0) + 7200)).toBeLessThan(0.5)
  expect(Math.abs((states.get('lis')?.offsetBeforeS ?? 9) - 0)).toBeLessThan(0.5)
  expect(Math.abs((states.get('emr')?.offsetS ?? 0) + 28_800)).toBeLessThan(0.6)
  expect(states.get('emr')?.errorS ?? 9).toBeLessThanOrEqual(0.5)
})

test('mllp-01: a handful of stored messages is never a ticket', () => {
  const run = clock.start({ catalogue: aCatalogue(anInterface('lis-emr-lab-result', { from: 'lis', to: 'emr' })) }, null)
  const items = exchangesOf('mllp-01-adt-orders-results-AA')
  expect(items.length).toBeGreaterThan(0)
  expect(feed(run, inOrder(items)).filter((r) => r.severity === 'ticket')).toEqual([])
})
