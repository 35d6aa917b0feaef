import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { causes } from '../../../../gateway/incidents/causes/index.ts'
import { createIncidents } from '../../../../gateway/incidents/incidents.ts'
import type { Catalogue } from '../../../../gateway/model/interface.ts'
import { recordOf } from '../../../../gateway/model/saved.ts'
import { anInterface, hourMs, mondayMorning, ticked } from '../../monitors/stream.ts'
import {
  analyzer,
  depending,
  hospital,
  imaging,
  lab,
  leads,
  type Moment,
  onInterface,
  onSystem,
  pacs,
  passed,
  quiet,
  reading,
  results,
  secondMs,
  tell,
  ticks,
} from './scene.ts'

const faultAt = mondayMorning + 60 * secondMs
const toLis = ['analyzer-lis-result', 'poct-lis-result', 'his-lis-lab-order', 'emr-lis-query'].map((id) =>
  anInterface(id, { from: id.slice(0, id.indexOf('-')), to: 'lis' }),
)

function refusing(interfaceIds: readonly string[], seconds = 20): Moment[] {
  return Array.from({ length: seconds }, (_, i) => {
    const at = faultAt + i * secondMs
    return interfaceIds.map((interfaceId) => ({
      item: passed({
        at,
        interfaceId,
        outcome: 'unanswered',
        wire: [{ kind: 'refused', how: 'refused', at }],
        connection: { exchangesBefore: 0 },
      }),
      readings: [],
    }))
  }).flat()
}

function heardAt(at: number, ...readings: Moment['readings']): Moment {
  return { item: ticked(at), readings }
}

function addressed(catalogue: Catalogue, addresses: { readonly [systemId: string]: readonly string[] }): Catalogue {
  return { ...catalogue, systems: catalogue.systems.map((s) => ({ ...s, addresses: addresses[s.id] ?? s.addresses })) }
}

/** These interfaces reach their receivers over TLS, with one certificate. */
function certified(catalogue: Catalogue, ids: readonly string[]): Catalogue {
  const address = { host: '127.0.0.1', port: 1 }
  const tls = { cert: '/etc/auscult/dmz.pem', key: null, ca: null, verifyPeer: true, serverName: null }
  const proxy = { listen: address, upstream: address, listenTls: null, upstreamTls: tls }
  const interfaces = catalogue.interfaces.map((i) => (ids.includes(i.id) ? { ...i, sources: { proxy, capture: null } } : i))
  return { ...catalogue, interfaces }
}

const refused = (id: string, at = faultAt + 6000, onsetAt = faultAt) =>
  reading('failures/refused', onInterface(id), at, { onsetAt, facts: { how: 'refused', refusedInRow: 3 } })
const failing = (id: string) =>
  reading('failures/rate', onInterface(id), faultAt + 9000, { onsetAt: faultAt, facts: { unanswered: 9, refused: 9 } })
const quietOn = (id: string) =>
  reading('silence/gap', onInterface(id), faultAt + 90_000, {
    onsetAt: faultAt + 2000,
    facts: { gapS: 90, expectedGapS: 2, peersFlowing: 0 },
  })

describe('one fault, one incident', () => {
  test('refusals that were taken for themselves are of the storm that is noticed seconds later: no second ticket', () => {
    const moments: Moment[] = [...quiet(hospital(lab), mondayMorning, 60)]
    for (let i = 0; i < 400; i += 1) {
      const at = faultAt + i * 100
      moments.push({ item: passed({ at, interfaceId: lab.id, outcome: 'failed', code: '503', ack: null }), readings: [] })
      if (i === 90)
        moments.push(
          heardAt(
            at,
            reading('failures/rate', onInterface(lab.id), at, {
              onsetAt: faultAt,
              score: 2,
              facts: { nak: 90, topCode: '503' },
            }),
          ),
        )
      // Between two of the times at which it is looked at anew.
      if (i === 250)
        moments.push(
          heardAt(
            at,
            reading('retries/storm', onInterface(lab.id), at, {
              onsetAt: faultAt,
              score: 2,
              facts: { attemptsPerMessage: 9, minutes: 1 },
            }),
          ),
        )
    }
    const told = tell(hospital(lab), moments)
    expect(leads(told)).toEqual(['retry-storm'])
    expect(told.changes[0]?.causes[0]?.id).toBe('app-nak')
  })

  test('two ways to one system that stand still at one time are one: of its sender and of its receiver; two ways that share nothing are two', () => {
    const standing = (id: string) =>
      heardAt(
        faultAt + 60_000,
        reading('stalls/both-ways', onInterface(id), faultAt + 60_000, {
          onsetAt: faultAt,
          facts: { stalled: 9, seen: 30, share: 0.3, send: 5, receive: 4, connect: 0 },
        }),
      )
    const told = (...ids: readonly string[]) =>
      tell(hospital(), [...quiet(hospital(), mondayMorning, 180), ...ids.map(standing)]).incidents.map((i) => i.interfaceIds)
    // HIS sends orders to the LIS, which sends results to EMR.
    expect(told(lab.id, results.id)).toEqual([[lab.id, results.id]])
    expect(told(lab.id, pacs.id)).toEqual([[lab.id], [pacs.id]])
  })

  test('what comes when a silence ends tells why there was one: the connection was dead, and a new one is answered at once', () => {
    const gap = (at: number, state: 'bad' | 'good') =>
      reading('silence/gap', onInterface(lab.id), at, {
        onsetAt: faultAt,
        state,
        facts: { gapS: 150, expectedGapS: 6, peersFlowing: 1 },
      })
    const timeout = { kind: 'timeout', at: faultAt, afterMs: 5000 } as const
    const backAt = faultAt + 240_000
    const told = tell(hospital(), [
      ...quiet(hospital(), mondayMorning, 120),
      { item: passed({ at: faultAt, interfaceId: lab.id, outcome: 'unanswered', wire: [timeout] }), readings: [] },
      heardAt(faultAt + 150_000, gap(faultAt + 150_000, 'bad')),
      heardAt(backAt, gap(backAt, 'good')),
      ...[0, 1, 2, 3].map((n) => ({
        item: passed({ at: backAt + n, interfaceId: lab.id, connection: { id: 'new', exchangesBefore: n } }),
        readings: [],
      })),
      ...ticks(backAt + 1000, 120),
    ])
    expect(leads(told)).toEqual(['half-open'])
  })

  test('a dead receiver behind five interfaces: refused, failing, silent and slow are one', () => {
    const catalogue = hospital(...toLis, results)
    const ids = toLis.map((i) => i.id)
    const told = tell(catalogue, [
      ...quiet(catalogue, mondayMorning, 60),
      ...refusing(ids),
      heardAt(faultAt + 21_000, ...ids.map((id) => refused(id)), ...ids.map(failing)),
      heardAt(faultAt + 90_000, quietOn(results.id)),
      ...ticks(faultAt + 91_000, 20),
    ])
    expect(leads(told)).toEqual(['conn-refused'])
    expect(told.incidents[0]?.interfaceIds).toEqual(expect.arrayContaining([...ids, results.id]))
    expect(told.incidents[0]?.systemIds).toEqual(['lis'])
    expect(told.incidents[0]?.causes[0]?.locus).toEqual({ kind: 'system', id: 'lis' })
    expect(told.incidents[0]?.severity).toBe('P1')
    expect(told.incidents[0]?.ticketed).toBe(true)
  })

  test('failures that seem to have begun long before, noticed after the refusals of the same interface: one', () => {
    const old = reading('failures/rate', onInterface(lab.id), faultAt + 40_000, {
      onsetAt: faultAt - 10 * 60 * secondMs,
      facts: { unanswered: 20, refused: 19, reset: 1 },
    })
    const told = tell(hospital(), [
      ...quiet(hospital(), mondayMorning, 60),
      ...refusing([lab.id]),
      heardAt(faultAt + 21_000, refused(lab.id)),
      heardAt(faultAt + 40_000, old),
    ])
    expect(leads(told)).toEqual(['conn-refused'])
  })

  test('what is heard of an interface that somebody was called for needs no hold-off: it may be over before it would fire', () => {
    const waited = reading('waiting/queue', onInterface(lab.id), faultAt + 91_000, {
      onsetAt: faultAt + 90_000,
      score: 1.6,
      facts: { waitS: 50, waitSMax: 85, usualS: 1, waited: 6, seen: 6 },
    })
    const told = tell(hospital(), [
      ...quiet(hospital(), mondayMorning, 60),
      heardAt(faultAt + 90_000, quietOn(lab.id)),
      heardAt(faultAt + 91_000, { ...quietOn(lab.id), at: faultAt + 91_000, state: 'good' }, waited),
      heardAt(faultAt + 96_000, { ...waited, at: faultAt + 96_000, state: 'good' }),
      ...ticks(faultAt + 97_000, 60),
    ])
    expect(leads(told)).toEqual(['queue-delay'])
  })

  test('one kind of message that is no longer slow alone, while the interface still is, is withdrawn', () => {
    const slow = reading('latency/shift', onInterface(lab.id), faultAt + 30_000, {
      onsetAt: faultAt,
      facts: { p50Ms: 900, p95Ms: 2000, ratio: 20, connectMs: 0.3 },
    })
    const kind = { type: 'ORU^R01', ratio: 20, usualMs: 40, ms: 900, othersRatio: 1, othersSeen: 5, stepShare: 1 }
    const alone = reading('types/slow', onInterface(lab.id), faultAt + 30_000, { onsetAt: faultAt, facts: kind })
    const after = Array.from({ length: 400 }, (_, i) => ({
      item: passed({ at: faultAt + i * secondMs, interfaceId: lab.id, latencyMs: 900 }),
      readings: i === 30 ? [slow, alone] : i === 90 ? [{ ...alone, at: faultAt + 90_000, state: 'good' as const }] : [],
    }))
    const beats = (count: number) => tell(hospital(), [...quiet(hospital(), mondayMorning, 60), ...after.slice(0, count)])
    expect(leads(beats(80))).toEqual(['db-trigger-block'])
    expect(leads(beats(400))).toEqual(['upstream-slow'])
  })

  test('two dead receivers fed by one sender are two', () => {
    const told = tell(hospital(), [
      ...quiet(hospital(), mondayMorning, 60),
      ...refusing([lab.id, imaging.id]),
      heardAt(faultAt + 21_000, refused(lab.id), refused(imaging.id)),
    ])
    expect(leads(told)).toEqual(['conn-refused', 'conn-refused'])
  })

  test('a wrong clock and a refused connection at one system at one moment are two', () => {
    const zone = reading('clock/zone', onSystem('lis'), faultAt + 8000, {
      onsetAt: faultAt,
      facts: { offsetS: -7200, residualS: 0, observations: 20 },
    })
    const told = tell(hospital(), [
      ...quiet(hospital(), mondayMorning, 60),
      ...refusing([lab.id]),
      heardAt(faultAt + 21_000, refused(lab.id), zone),
    ])
    expect([...leads(told)].sort()).toEqual(['conn-refused', 'tz-mismatch'])
  })

  test('a rarely used interface to the dead receiver joins with its first message; one that was well meanwhile does not', () => {
    const catalogue = hospital(lab, analyzer)
    const onlyLab = quiet(hospital(lab), mondayMorning, 60)
    const laterAt = faultAt + 20 * 60 * secondMs
    const attempts = (id: string, from: number) =>
      Array.from({ length: 5 }, (_, i) => ({
        item: passed({
          at: from + i * secondMs,
          interfaceId: id,
          outcome: 'unanswered',
          wire: [{ kind: 'refused', how: 'refused', at: from }],
          connection: { exchangesBefore: 0 },
        }),
        readings: [],
      }))
    const dead = [...onlyLab, ...refusing([lab.id]), heardAt(faultAt + 21_000, refused(lab.id))]
    const later = [...attempts(analyzer.id, laterAt), heardAt(laterAt + 6000, refused(analyzer.id, laterAt + 6000, laterAt))]
    expect(tell(catalogue, [...dead, ...later]).incidents).toHaveLength(1)
    const wellMeanwhile = { item: passed({ at: faultAt + 600 * secondMs, interfaceId: analyzer.id }), readings: [] }
    expect(tell(catalogue, [...dead, wellMeanwhile, ...later]).incidents).toHaveLength(2)
  })

  test('one moment alone joins nothing: two wires without a system in common', () => {
    const told = tell(hospital(), [
      ...quiet(hospital(), mondayMorning, 60),
      ...refusing([lab.id, pacs.id]),
      heardAt(faultAt + 21_000, refused(lab.id), refused(pacs.id)),
    ])
    expect(told.incidents).toHaveLength(2)
  })

  test('capture mllp-19: both ends of one wire in other zones are one incident with both systems', () => {
    const catalogue = hospital(results)
    const facts = { residualS: 0.1, observations: 40 }
    const told = tell(catalogue, [
      ...quiet(catalogue, mondayMorning, 60),
      heardAt(
        faultAt + 300,
        reading('clock/zone', onSystem('emr'), faultAt + 300, {
          onsetAt: faultAt - 400,
          facts: { ...facts, offsetS: -28_800, zoneGuess: 'UTC' },
        }),
      ),
      heardAt(
        faultAt + 600,
        reading('clock/zone', onSystem('lis'), faultAt + 600, {
          onsetAt: faultAt + 100,
          facts: { ...facts, offsetS: -7200, zoneGuess: 'Asia/Urumqi' },
        }),
      ),
    ])
    expect(leads(told)).toEqual(['tz-mismatch'])
    expect(told.incidents[0]?.systemIds).toEqual(['emr', 'lis'])
    const texts = told.incidents[0]?.causes[0]?.evidence.map((e) => e.text.en).join(' ')
    expect(texts).toContain('emr is -8 h')
    expect(texts).toContain('lis is -2 h')
  })

  test('three slow systems on one database are one incident at the database; without it they are three', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
    const wide = hospital(...ids.map((id) => anInterface(`his-${id}`, { from: `src-${id}`, to: id })))
    const db = depending(wide, { a: ['oracle-main'], b: ['oracle-main'], c: ['oracle-main'] })
    const slow = (id: string) =>
      reading('latency/shift', onInterface(`his-${id}`), faultAt + 9000, {
        onsetAt: faultAt,
        facts: { p95Ms: 3000, ratio: 9, connectMs: 0.3 },
      })
    const moments = [
      ...quiet(wide, mondayMorning, 60),
      heardAt(faultAt + 10_000, slow('a'), slow('b'), slow('c')),
      ...ticks(faultAt + 11_000, 3),
    ]
    const open = (told: ReturnType<typeof tell>) => told.incidents.filter((i) => i.state === 'open')
    expect(open(tell(wide, moments))).toHaveLength(3)
    const joined = open(tell(db, moments))
    expect(joined).toHaveLength(1)
    expect(joined[0]?.interfaceIds).toHaveLength(3)
    expect(joined[0]?.systemIds).toEqual(['oracle-main'])
  })

  test('a fourth that is rarely used shows it minutes later, and belongs to them; one that is noticed at once is another', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
    const wide = hospital(...ids.map((id) => anInterface(`his-${id}`, { from: `src-${id}`, to: id })))
    const db = depending(wide, Object.fromEntries(['a', 'b', 'c', 'd'].map((id) => [id, ['oracle-main']])))
    const slow = (id: string, at: number, onsetAt: number) =>
      reading('latency/shift', onInterface(`his-${id}`), at, { onsetAt, facts: { p95Ms: 3000, ratio: 9, connectMs: 0.3 } })
    const fourth = (noticedAfter: number) =>
      tell(db, [
        ...quiet(db, mondayMorning, 60),
        heardAt(faultAt + 100_000, ...['a', 'b', 'c'].map((id) => slow(id, faultAt + 100_000, faultAt))),
        ...ticks(faultAt + 101_000, 20),
        heardAt(faultAt + 180_000 + noticedAfter, slow('d', faultAt + 180_000 + noticedAfter, faultAt + 180_000)),
        ...ticks(faultAt + 181_000 + noticedAfter, 30),
      ]).incidents.filter((i) => i.state === 'open')
    expect(fourth(90_000)).toHaveLength(1)
    expect(fourth(9000)).toHaveLength(2)
  })

  test('two that slow down alike within two minutes are one incident at the database that both need, and one ticket', () => {
    const ids = ['a', 'b', 'c', 'd', 'e']
    const wide = hospital(...ids.map((id) => anInterface(`his-${id}`, { from: `src-${id}`, to: id })))
    const slow = (id: string, at: number) =>
      reading('latency/shift', onInterface(`his-${id}`), at, {
        onsetAt: at - 9000,
        facts: { p95Ms: 3000, ratio: 9, connectMs: 0.3 },
      })
    const moments = [
      ...quiet(wide, mondayMorning, 60),
      heardAt(faultAt + 10_000, slow('a', faultAt + 9000)),
      ...ticks(faultAt + 11_000, 60),
      heardAt(faultAt + 72_000, slow('b', faultAt + 71_000)),
      ...ticks(faultAt + 73_000, 3),
    ]
    const on = (depends: { readonly [id: string]: readonly string[] }) => tell(depending(wide, depends), moments).incidents
    const joined = on({ a: ['oracle-main'], b: ['oracle-main'] })
    expect(joined).toHaveLength(1)
    expect(joined[0]?.systemIds).toEqual(['oracle-main'])
    // What most of all need is no reason, and neither is what only one of them needs.
    expect(on(Object.fromEntries(ids.map((id) => [id, ['core-switch']])))).toHaveLength(2)
    expect(on({ a: ['oracle-main'], c: ['oracle-main'] })).toHaveLength(2)
  })

  test.each<[string, (wide: Catalogue) => Catalogue, string]>([
    ['one host', (wide) => addressed(wide, { a: ['10.1.0.9'], b: ['10.1.0.9'], c: ['10.1.0.9'] }), '10.1.0.9'],
    [
      'a link at the senders’ end',
      (wide) => depending(wide, { 'src-a': ['ward-wlan'], 'src-b': ['ward-wlan'], 'src-c': ['ward-wlan'] }),
      'ward-wlan',
    ],
    ['one certificate', (wide) => certified(wide, ['his-a', 'his-b', 'his-c']), 'dmz.pem'],
  ])('three ill interfaces with %s are one incident there', (_, shaped, resource) => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
    const wide = shaped(hospital(...ids.map((id) => anInterface(`his-${id}`, { from: `src-${id}`, to: id }))))
    const told = tell(wide, [
      ...quiet(wide, mondayMorning, 60),
      heardAt(faultAt + 10_000, refused('his-a'), refused('his-b'), refused('his-c')),
      ...ticks(faultAt + 11_000, 3),
    ])
    const open = told.incidents.filter((i) => i.state === 'open')
    expect(open.map((i) => i.systemIds)).toEqual([[resource]])
    expect(open[0]?.interfaceIds).toEqual(['his-a', 'his-b', 'his-c'])
  })

  test('what nearly all need is nobody’s fault: three ill interfaces behind the core switch stay three', () => {
    const ids = ['a', 'b', 'c', 'd', 'e']
    const plain = hospital(...ids.map((id) => anInterface(`his-${id}`, { from: `src-${id}`, to: id })))
    const wide = depending(plain, Object.fromEntries(ids.map((id) => [id, ['core-switch']])))
    const told = tell(wide, [
      ...quiet(wide, mondayMorning, 60),
      heardAt(faultAt + 10_000, refused('his-a'), refused('his-b'), refused('his-c')),
      ...ticks(faultAt + 11_000, 3),
    ])
    expect(told.incidents.filter((i) => i.state === 'open')).toHaveLength(3)
  })

  test('results that stay away because their laboratory is dead belong to its incident, however late they are noticed', () => {
    const catalogue = hospital(...toLis, results)
    const missing = reading('journeys/missing', onInterface(results.id), faultAt + 3_000_000, {
      onsetAt: faultAt + 30_000,
      facts: { missing: 12, awaited: 12, limitS: 2900, usualS: 900, passedSince: 0, lateSince: 0 },
    })
    const told = tell(catalogue, [
      ...quiet(catalogue, mondayMorning, 60),
      // Nobody ordered anything for ten minutes.
      ...refusing(['his-lis-lab-order']).map((m) => ({ ...m, item: { ...m.item, now: m.item.now + 600_000 } })),
      heardAt(faultAt + 630_000, refused('his-lis-lab-order', faultAt + 630_000, faultAt + 600_000)),
      heardAt(faultAt + 3_000_000, missing),
      ...ticks(faultAt + 3_001_000, 30),
    ])
    expect(told.incidents.filter((i) => i.state === 'open')).toHaveLength(1)
    expect(leads(told)).toEqual(['conn-refused'])
  })

  test('a slow feed of a dead system spoke last some minutes before it died: its silence belongs to that incident', () => {
    const catalogue = hospital(...toLis, results)
    const silentAt = faultAt + 3_600_000
    const heard = (expectedGapS: number) =>
      reading('silence/gap', onInterface(results.id), silentAt, {
        onsetAt: faultAt - 1_200_000,
        facts: { gapS: 4800, expectedGapS, peersFlowing: 4 },
      })
    const told = (expectedGapS: number) =>
      tell(catalogue, [
        ...quiet(catalogue, mondayMorning, 60),
        ...refusing(['his-lis-lab-order']),
        heardAt(faultAt + 21_000, refused('his-lis-lab-order')),
        heardAt(silentAt, heard(expectedGapS)),
        ...ticks(silentAt + 1000, 30),
      ])
    expect(told(320).incidents.filter((i) => i.state === 'open')).toHaveLength(1)
    // One that speaks every half a minute was silent long before.
    expect(told(30).incidents.filter((i) => i.state === 'open')).toHaveLength(2)
  })

  test('a few refusals of every day do not hide that nothing is answered: a system that hangs is one incident', () => {
    const catalogue = hospital(...toLis)
    const [first, second] = ['his-lis-lab-order', 'emr-lis-query']
    const hanging = Array.from({ length: 20 }, (_, i) =>
      [first, second].map((interfaceId) => ({
        item: passed({ at: faultAt + i * secondMs, interfaceId, outcome: 'unanswered' }),
        readings: [],
      })),
    ).flat()
    const rate = (id: string, nak: number) =>
      reading('failures/rate', onInterface(id), faultAt + 21_000, { onsetAt: faultAt, facts: { unanswered: 4, nak } })
    const told = (nak: number) =>
      tell(catalogue, [
        ...quiet(catalogue, mondayMorning, 60),
        ...hanging,
        heardAt(faultAt + 21_000, rate(first, 0)),
        heardAt(faultAt + 22_000, rate(second, nak)),
      ]).incidents
    expect(told(2)).toHaveLength(1)
    expect(told(9)).toHaveLength(2)
  })

  test('while it is in doubt whether the gateway is well, nobody is called for others', () => {
    const self = (at: number, state: 'bad' | 'good') =>
      reading('self/edge', { kind: 'gateway', id: 'edge-1' }, at, { state, score: 1, facts: { loopLagMsMax: 900, dropped: 0 } })
    const doubted = (state: 'bad' | 'good') =>
      tell(hospital(), [
        ...quiet(hospital(), mondayMorning, 60),
        heardAt(faultAt, self(faultAt, 'bad')),
        ...refusing([imaging.id], 3),
        heardAt(faultAt + 3000, refused(imaging.id)),
        heardAt(faultAt + 4000, self(faultAt + 4000, state)),
        ...ticks(faultAt + 5000, 20),
      ]).incidents.map((i) => i.causes[0]?.id)
    expect(doubted('bad')).toEqual(['gateway-self'])
    // It was nothing: what had waited is told after all.
    expect(doubted('good')).toEqual(['conn-refused'])
  })

  test('an unwell gateway inhibits all: one incident, and what still fails when it is well gets its own', () => {
    const self = (at: number, state: 'bad' | 'good') =>
      reading('self/edge', { kind: 'gateway', id: 'edge-1' }, at, { state, facts: { loopLagMsMax: 5000, dropped: 10 } })
    const moments = [
      ...quiet(hospital(), mondayMorning, 60),
      heardAt(faultAt + 5000, self(faultAt + 5000, 'bad')),
      ...refusing([lab.id, imaging.id]),
      heardAt(faultAt + 21_000, refused(lab.id), refused(imaging.id), failing(lab.id)),
    ]
    expect(leads(tell(hospital(), moments))).toEqual(['gateway-self'])
    const well = { ...refused(imaging.id), state: 'good' } as const
    const after = [...moments, heardAt(faultAt + 30_000, self(faultAt + 30_000, 'good'), well), ...ticks(faultAt + 31_000, 120)]
    const over = ['gateway-self', 'resolved']
    // What nobody has said again since may be the gateway's doing.
    expect(tell(hospital(), after).incidents.map((i) => [i.causes[0]?.id, i.state])).toEqual([over])
    const still = heardAt(faultAt + 152_000, { ...refused(lab.id), at: faultAt + 152_000 })
    expect(tell(hospital(), [...after, still]).incidents.map((i) => [i.causes[0]?.id, i.state])).toEqual([
      over,
      ['conn-refused', 'open'],
    ])
  })
})

describe('life of an incident', () => {
  const bad = [...quiet(hospital(lab), mondayMorning, 60), ...refusing([lab.id]), heardAt(faultAt + 21_000, refused(lab.id))]
  const good = (at: number) => heardAt(at, { ...refused(lab.id, at), state: 'good' })

  test('it resolves by itself once all is well, and returns as the same within 24 hours', () => {
    const over = [...bad, good(faultAt + 40_000), ...ticks(faultAt + 41_000, 60)]
    const resolved = tell(hospital(lab), over)
    expect(resolved.incidents.map((i) => i.state)).toEqual(['resolved'])
    const laterAt = faultAt + 5 * hourMs
    const again = refusing([lab.id]).map((m, i) => ({
      ...m,
      item: passed({
        at: laterAt + i * secondMs,
        interfaceId: lab.id,
        outcome: 'unanswered',
        wire: [{ kind: 'refused', how: 'refused', at: laterAt }],
        connection: { exchangesBefore: 0 },
      }),
    }))
    const back = tell(hospital(lab), [...over, ...again, heardAt(laterAt + 22_000, refused(lab.id, laterAt + 22_000, laterAt))])
    expect(back.incidents).toHaveLength(1)
    expect(back.incidents[0]).toMatchObject({
      state: 'open',
      resolvedAt: null,
      reopenedAt: laterAt + 22_000,
      openedAt: faultAt + 21_000,
    })
    const nextDay = faultAt + 26 * hourMs
    const fresh = tell(hospital(lab), [...over, heardAt(nextDay, refused(lab.id, nextDay, nextDay))])
    expect(fresh.incidents).toHaveLength(2)
  })

  test('what began while it lasted and was noticed when it was over is no other one', () => {
    const catalogue = hospital(...toLis)
    const [first, second] = ['his-lis-lab-order', 'emr-lis-query']
    const over = [
      ...quiet(catalogue, mondayMorning, 60),
      ...refusing([first, second]),
      heardAt(faultAt + 21_000, refused(first)),
      heardAt(faultAt + 40_000, { ...refused(first, faultAt + 40_000), state: 'good' as const }),
      ...ticks(faultAt + 41_000, 60),
    ]
    expect(tell(catalogue, over).incidents.map((i) => i.state)).toEqual(['resolved'])
    const late = (onsetAt: number) =>
      tell(catalogue, [...over, heardAt(faultAt + 110_000, refused(second, faultAt + 110_000, onsetAt))]).incidents
    expect(late(faultAt + 15_000).map((i) => [i.state, i.interfaceIds.length])).toEqual([['open', 2]])
    // What began when all was well again is another time.
    expect(late(faultAt + 105_000)).toHaveLength(2)
  })

  test('another fault of the same interface within 24 hours is another incident', () => {
    const slowAt = faultAt + 2 * hourMs
    const slow = Array.from({ length: 60 }, (_, i) => ({
      item: passed({ at: slowAt + i * secondMs, interfaceId: lab.id, latencyMs: 900 }),
      readings: [],
    }))
    const told = tell(hospital(lab), [
      ...bad,
      good(faultAt + 40_000),
      ...ticks(faultAt + 41_000, 60),
      ...slow,
      heardAt(
        slowAt + 61_000,
        reading('latency/shift', onInterface(lab.id), slowAt + 61_000, {
          onsetAt: slowAt,
          facts: { p95Ms: 900, ratio: 40, connectMs: 0.4 },
        }),
      ),
    ])
    expect(leads(told)).toEqual(['conn-refused', 'upstream-slow'])
  })

  test('a neighbour whose batches began before the first slowness that was noticed made that one too', () => {
    const slowAt = faultAt + 420_000
    const slow = Array.from({ length: 60 }, (_, i) => ({
      item: passed({ at: slowAt + i * secondMs, interfaceId: lab.id, latencyMs: 900 }),
      readings: [],
    }))
    const shift = (at: number, state: 'bad' | 'good') =>
      reading('latency/shift', onInterface(lab.id), at, {
        state,
        onsetAt: slowAt,
        facts: { p95Ms: 900, ratio: 40, connectMs: 0.4 },
      })
    const overAt = slowAt + 62_000
    const batchAt = overAt + 400_000
    const batch = reading('neighbours/batch', onInterface(lab.id), batchAt, {
      onsetAt: faultAt,
      facts: { offender: imaging.id, windows: 4, hits: 4, batches: 4, lagS: 5, chance: 1e-6, resource: 'lis', controlShare: 0 },
    })
    const told = tell(hospital(lab, imaging), [
      ...quiet(hospital(lab, imaging), mondayMorning, 60),
      ...slow,
      heardAt(slowAt + 61_000, shift(slowAt + 61_000, 'bad')),
      heardAt(overAt, shift(overAt, 'good')),
      ...ticks(overAt + 1000, 120),
      heardAt(batchAt, batch),
      ...ticks(batchAt + 1000, 30),
    ])
    expect(leads(told)).toEqual(['lock-contention'])
  })

  test('rows that were counted and never came were a silence first: one incident, and no silent sender', () => {
    const silentAt = faultAt + 60_000
    const gap = (at: number, state: 'bad' | 'good') =>
      reading('silence/gap', onInterface(lab.id), at, {
        ...{ state, onsetAt: silentAt },
        facts: { gapS: 54, expectedGapS: 3, openConnections: null, peersFlowing: 2, peers: 2 },
      })
    const overAt = silentAt + 70_000
    const differsAt = overAt + 40_000
    const differs = reading('reconciliation/differs', onInterface(lab.id), differsAt, {
      onsetAt: faultAt,
      facts: { due: 134, lacking: 21, uncounted: 0 },
    })
    const told = tell(hospital(lab), [
      ...quiet(hospital(lab), mondayMorning, 60),
      heardAt(silentAt + 54_000, gap(silentAt + 54_000, 'bad')),
      heardAt(overAt, gap(overAt, 'good')),
      ...ticks(overAt + 1000, 30),
      heardAt(differsAt, differs),
      ...ticks(differsAt + 1000, 30),
    ])
    expect(leads(told)).toEqual(['desync'])
  })

  test('the explanation is frozen while it clears: success afterwards does not change the cause', () => {
    const told = tell(hospital(lab), [
      ...bad,
      good(faultAt + 22_000),
      ...Array.from({ length: 400 }, (_, i) => ({
        item: passed({ at: faultAt + 22_100 + i * 40, interfaceId: lab.id }),
        readings: [],
      })),
      ...ticks(faultAt + 39_000, 60),
    ])
    expect(told.incidents[0]?.state).toBe('resolved')
    expect(leads(told)).toEqual(['conn-refused'])
  })

  test('a warning alone makes an incident without a ticket', () => {
    const warn = { ...refused(lab.id), severity: 'warn' } as const
    const told = tell(hospital(lab), [
      ...quiet(hospital(lab), mondayMorning, 60),
      ...refusing([lab.id]),
      heardAt(faultAt + 21_000, warn),
    ])
    expect(told.incidents[0]?.ticketed).toBe(false)
  })

  test('what changed, and what comes in other numbers, makes no incident and gives none another beginning', () => {
    const news = (signal: string) =>
      reading(signal, onInterface(lab.id), faultAt, { onsetAt: faultAt - hourMs, severity: 'warn', facts: {} })
    const quietNews = ['versions/changed', 'volume/low', 'dictionary/novel', 'dictionary/vanished'].map(news)
    const before = [
      ...quiet(hospital(lab), mondayMorning, 60),
      heardAt(faultAt, ...quietNews),
      ...ticks(faultAt + secondMs, 30),
    ]
    expect(tell(hospital(lab), before).incidents).toEqual([])
    const fault = [
      ...before,
      ...refusing([lab.id], 60).slice(40),
      heardAt(faultAt + 60_000, { ...refused(lab.id), onsetAt: faultAt + 40_000 }),
    ]
    expect(tell(hospital(lab), fault).incidents).toMatchObject([{ onsetAt: faultAt + 40_000 }])
  })

  test('texts carry names and numbers, and advice says who, how and what to check', () => {
    const incident = tell(hospital(lab), bad).incidents[0]
    expect(incident?.title).toEqual({ zh: 'lis 拒绝连接(lis)', en: 'lis refuses connections (lis)' })
    expect(incident?.advice.zh).toMatch(/谁来管:.+\n怎么转:.+\n如何查:1\) .+ 2\) .+ 3\) /)
    expect(incident?.causes[0]?.evidence[0]?.text.en).toContain('20 of 20')
  })
})

test('save and restart anywhere: identical incidents, changes and findings', () => {
  const catalogue = hospital()
  const copies = Array.from({ length: 10 }, (_, i) => ({
    item: passed({
      at: faultAt + i * secondMs + 500,
      interfaceId: results.id,
      id: `dup-${i}`,
      wire: [{ kind: 'duplicate', of: 'x', sameBody: true, copy: 2 } as const],
      sequence: i * 3 + 1,
    }),
    readings: [],
  }))
  const moments = [
    ...quiet(catalogue, mondayMorning, 30),
    ...refusing([lab.id, imaging.id], 12),
    ...copies,
    heardAt(faultAt + 21_000, refused(lab.id), { ...refused(analyzer.id), score: 1, severity: 'ticket' }),
    ...ticks(faultAt + 22_000, 15),
    heardAt(faultAt + 40_000, refused(imaging.id), failing(lab.id)),
    heardAt(faultAt + 41_000, reading('self/edge', { kind: 'gateway', id: 'edge-1' }, faultAt + 41_000), quietOn(pacs.id)),
    ...ticks(faultAt + 42_000, 5),
    heardAt(faultAt + 50_000, { ...refused(lab.id), state: 'good' }, { ...failing(lab.id), state: 'good' }),
    ...ticks(faultAt + 51_000, 60),
  ]
  const whole = tell(catalogue, moments)
  expect(whole.incidents.length).toBeGreaterThan(1)
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(moments.length - 1), { maxLength: 4 }), (cuts) => {
      expect(tell(catalogue, moments, new Set(cuts))).toEqual(whole)
    }),
    { numRuns: 25 },
  )
})

test('starts from a state of before a gateway’s illness was remembered', () => {
  const options = { catalogue: hospital(), causes }
  const { gatewayIll: _, ...before } = recordOf(createIncidents(options, null).save())
  expect(createIncidents(options, { ...before, held: [] }).save()).toMatchObject({ held: [], gatewayIll: null })
})
