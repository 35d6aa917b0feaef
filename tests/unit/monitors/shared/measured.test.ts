import { describe, expect, it } from 'vitest'
import type { Measurement } from '../../../../gateway/model/measurement.ts'
import type { Inspected, Monitor } from '../../../../gateway/model/reading.ts'
import { files } from '../../../../monitors/files.ts'
import { messaging } from '../../../../monitors/messaging.ts'
import { probes } from '../../../../monitors/probes.ts'
import { aCatalogue, anInterface, exchanged, mondayMorning, ticked } from '../stream.ts'

const iface = anInterface('his-queue-call')
const second = 1_000

type Step = Partial<Measurement> | 'tick' | 'exchange'

/** One step every ten seconds; what is said, with when it began. Every step goes through a restart. */
function told(monitor: Monitor, steps: readonly Step[], of = iface): readonly string[] {
  let running = monitor.start({ catalogue: aCatalogue(of) }, null)
  return steps.flatMap((step, i) => {
    const at = mondayMorning + i * 10 * second
    running = monitor.start({ catalogue: aCatalogue(of) }, JSON.parse(JSON.stringify(running.save())))
    return running
      .assess(itemOf(step, at))
      .map(
        ({ signal, state, severity, onsetAt }) => `${i} ${signal} ${state} ${severity} ${(onsetAt - mondayMorning) / second}`,
      )
  })
}

function itemOf(step: Step, at: number): Inspected {
  if (step === 'tick') return ticked(at)
  if (step === 'exchange') return exchanged({ at, interfaceId: iface.id, outcome: 'one-way' })
  const measurement: Measurement = {
    name: 'probe',
    by: 'tcp',
    subject: { kind: 'interface', id: iface.id },
    at,
    verdict: null,
    code: null,
    tookMs: null,
    facts: {},
    ...step,
  }
  return { kind: 'measurement', now: at, entry: { kind: 'measurement', at, measurement } }
}

const lag = (lagMs: number, members = 2): Step => ({
  name: 'consumer-lag',
  by: 'kafka',
  facts: { group: 'display', topic: 'events', lagMs, lagMessages: lagMs / 10, members },
})

describe('messaging', () => {
  it('tells a group that is behind for a while, from when it began, and that it has caught up', () => {
    expect(told(messaging, [lag(0), lag(60_000), lag(80_000), 'tick', 'tick', lag(500)])).toEqual([
      '3 messaging/lag bad ticket 10',
      '5 messaging/lag good ticket 50',
    ])
  })
  it('tells lag beyond twice what a slow feed promises', () => {
    const slow = { ...iface, objectives: { ...iface.objectives, latencyP95Ms: 60_000 } }
    const steps = [lag(100_000), lag(110_000), 'tick', lag(125_000), lag(135_000), 'tick', 'tick'] as const
    expect(told(messaging, steps, slow)).toEqual(['5 messaging/lag bad ticket 30'])
  })
  it('tells what is promised within half an hour and is ten minutes late', () => {
    const minute = 60 * second
    const slow = { ...iface, objectives: { ...iface.objectives, latencyP95Ms: 30 * minute } }
    const steps = [lag(39 * minute), 'tick', 'tick', lag(41 * minute), 'tick', 'tick'] as const
    expect(told(messaging, steps, slow)).toEqual(['5 messaging/lag bad ticket 30'])
  })
  it('is quiet about a burst, and about lag within what the interface allows', () => {
    expect(told(messaging, [lag(60_000), lag(0), 'tick', lag(20_000), lag(20_000), 'tick', 'tick'])).toEqual([])
  })
  it('tells a group without members, however little there is to read', () => {
    expect(told(messaging, [lag(2_000, 0), 'tick', 'tick'])).toEqual(['2 messaging/lag bad ticket 0'])
  })
  it('tells an offset that stands still, and a broker that is away', () => {
    const stuck = (verdict: 'yes' | 'no'): Step => ({
      name: 'consumer-stuck',
      by: 'kafka',
      verdict,
      facts: { group: 'display', topic: 'events', partition: 3, stuckMs: 5_000, movingPartitions: 2 },
    })
    expect(told(messaging, [stuck('no'), stuck('yes')])).toEqual([
      '0 messaging/stuck bad ticket -5',
      '1 messaging/stuck good ticket 10',
    ])
    const source = (verdict: 'yes' | 'no'): Step => ({
      name: 'source',
      by: 'kafka',
      verdict,
      code: verdict === 'no' ? 'ECONNREFUSED' : null,
    })
    expect(told(messaging, [source('no'), 'tick', 'tick', source('yes')])).toEqual([
      '2 messaging/source bad ticket 0',
      '3 messaging/source good ticket 30',
    ])
  })
})

describe('files', () => {
  const due = (verdict: 'yes' | 'no', code: string | null = null): Step => ({
    name: 'file-due',
    by: 'files',
    verdict,
    code,
    facts: { deadline: '02:30' },
  })
  it('tells a deadline that passed, and that the file came after all', () => {
    expect(told(files, [due('yes'), due('no', 'FILE_MISSING'), 'tick', due('yes', 'FILE_LATE')])).toEqual([
      '1 files/due bad ticket 10',
      '3 files/due good ticket 30',
    ])
  })
  it('warns of what is not whole until the next file has come', () => {
    const odd: Step = { name: 'file-state', by: 'files', verdict: 'no', code: 'FILE_GROWING' }
    expect(told(files, [odd, 'tick', 'exchange'])).toEqual(['0 files/odd bad warn 0', '2 files/odd good warn 20'])
  })
  it('tells a whole file that has far less in it than the smallest of a week, by rows or by bytes, until one is as ever', () => {
    const whole = (rows: number | null, bytes = 20_000): Step => ({
      name: 'file-state',
      by: 'files',
      verdict: 'yes',
      facts: { rows, bytes },
    })
    const week = [36, 41, 38, 22, 19, 37, 40].map((rows) => whole(rows))
    expect(told(files, [...week, whole(12), whole(3), whole(4), whole(30)])).toEqual([
      '8 files/small bad ticket 80',
      '10 files/small good ticket 100',
    ])
    expect(told(files, [...week.slice(1), whole(3)])).toEqual([])
    const uncounted = [20_000, 9_000, 21_000, 20_000, 22_000, 18_000, 20_000].map((bytes) => whole(null, bytes))
    expect(told(files, [...uncounted, whole(null, 4_000), whole(null, 700)])).toEqual(['8 files/small bad ticket 80'])
  })
  it('tells a result with fewer rows than were sent, none of them rejected, until one has them all', () => {
    const result = (resultRows: number, rejected = 0): Step => ({
      name: 'file-result',
      by: 'files',
      verdict: 'yes',
      facts: { rows: 36, resultRows, rejected, waitedMs: 1 },
    })
    expect(told(files, [result(36), result(30, 6), result(30), result(36)])).toEqual([
      '2 files/differs bad ticket 20',
      '3 files/differs good ticket 30',
    ])
  })
})

describe('probes', () => {
  it('tell a second failure in a row, not a first', () => {
    const tcp = (verdict: 'yes' | 'no'): Step => ({ verdict, code: verdict === 'no' ? 'ECONNREFUSED' : null })
    expect(told(probes, [tcp('no'), tcp('yes'), tcp('no'), tcp('no'), tcp('yes')])).toEqual([
      '3 probes/failed bad ticket 20',
      '4 probes/failed good ticket 40',
    ])
  })
  it('warn of a certificate a month before its end, and make work of it a week before', () => {
    const tls = (daysLeft: number, code: string | null = null): Step => ({
      by: 'tls',
      verdict: code === null ? 'yes' : 'no',
      code,
      facts: { daysLeft },
    })
    expect(told(probes, [tls(60), tls(29), tls(6), tls(-1, 'CERT_HAS_EXPIRED'), tls(90)])).toEqual([
      '1 probes/certificate bad warn 10',
      '2 probes/certificate bad ticket 10',
      '4 probes/certificate good ticket 40',
    ])
  })
})
