import { describe, expect, test } from 'vitest'
import type { Facts } from '../../../gateway/model/document.ts'
import type { Inspected, Reading } from '../../../gateway/model/reading.ts'
import { dictionary } from '../../../monitors/dictionary.ts'
import {
  aCatalogue,
  anInterface,
  arrivals,
  aViolation,
  type ExchangeWish,
  exchanged,
  feed,
  healthyWeeks,
  hourMs,
  inOrder,
  minuteMs,
  mondayMorning,
  readingsOf,
  seeded,
  ticked,
} from './stream.ts'

const orders = anInterface('his-lis-lab-order')
const catalogue = aCatalogue(
  orders,
  anInterface('patient360', { format: 'fhir', protocol: 'http' }),
  anInterface('rx-check', { format: 'json', protocol: 'http' }),
  anInterface('dictionary-feed', { format: 'json', protocol: 'record' }),
)
const item = (value: string, path = 'OBR-4.1'): Facts['codes'][number] => ({ path, value })

/** Twenty items in turn, one order a second. */
function usual(from: number, count: number, changes: Partial<ExchangeWish> = {}): Inspected[] {
  return Array.from({ length: count }, (_, i) =>
    exchanged({ at: from + i * 1000, codes: [item(`L${i % 20}`), item(i % 2 === 0 ? 'M' : 'F', 'PID-8')], ...changes }),
  )
}

const learned = mondayMorning + 1000 * 1000
const signals = (readings: readonly Reading[]) => readings.map((r) => `${r.signal} ${r.state} ${r.severity}`)

describe('new codes', () => {
  test('one that everybody accepts is a warning, never a ticket, and after a day a code like any other', () => {
    const run = dictionary.start({ catalogue }, null)
    feed(run, usual(mondayMorning, 1000))
    const news = feed(
      run,
      Array.from({ length: 60 }, (_, i) =>
        exchanged({ at: learned + i * minuteMs, codes: [item(i % 2 === 0 ? 'NEW7' : 'L1')] }),
      ),
    )
    expect(signals(news)[0]).toBe('dictionary/novel bad warn')
    expect(news.some((r) => r.severity === 'ticket')).toBe(false)
    expect(news[0]).toMatchObject({ onsetAt: learned, facts: { codes: 1, path: 'OBR-4.1', shape: 'A{3}9', side: 'request' } })
    const later = feed(run, [ticked(learned + 24 * hourMs)])
    expect(signals(later)).toEqual(['dictionary/novel good warn'])
    expect(feed(run, [exchanged({ at: learned + 25 * hourMs, codes: [item('NEW7')] })])).toEqual([])
  })

  test('a bulk of legitimate new codes is no ticket', () => {
    const bulk = Array.from({ length: 600 }, (_, i) =>
      exchanged({ at: learned + i * 1000, codes: [item(i % 3 === 0 ? `BULK${(i / 3) % 30}` : `L${i % 20}`)] }),
    )
    const readings = readingsOf(dictionary, catalogue, [...usual(mondayMorning, 1000), ...bulk])
    expect(readings[0]?.signal).toBe('dictionary/novel')
    expect(readings.filter((r) => r.severity === 'ticket')).toEqual([])
  })

  test('a set with a long tail of rare values is not closed, and says nothing', () => {
    const random = seeded(5)
    const tail = Array.from({ length: 3000 }, (_, i) =>
      exchanged({ at: mondayMorning + i * 1000, codes: [item(random() < 0.05 ? `R${i}` : `L${i % 20}`)] }),
    )
    expect(readingsOf(dictionary, catalogue, tail)).toEqual([])
  })

  test('a table that moved: the old codes are gone and new ones come as often in their places', () => {
    const moved = Array.from({ length: 600 }, (_, i) => exchanged({ at: learned + i * 1000, codes: [item(`N${i % 20}`)] }))
    const readings = readingsOf(dictionary, catalogue, [...usual(mondayMorning, 1000), ...moved])
    const ticket = readings.find((r) => r.signal === 'dictionary/moved')
    expect(ticket).toMatchObject({ severity: 'ticket', onsetAt: learned })
    expect(ticket?.facts.renamed).toBeGreaterThanOrEqual(3)
  })
})

describe('codes that are refused', () => {
  const refusing = (from: number, count: number, isBad: (i: number) => boolean, value = 'YP9') =>
    Array.from({ length: count }, (_, i) =>
      exchanged({
        at: from + i * 1000,
        codes: [item(isBad(i) ? value : `L${i % 20}`)],
        outcome: isBad(i) ? 'failed' : 'answered',
      }),
    )

  test('a new code, refused each time: a ticket after three, with when the dictionary was published', () => {
    const run = dictionary.start({ catalogue }, null)
    feed(run, usual(mondayMorning, 1000))
    const publishing = exchanged({
      at: learned - 10 * minuteMs,
      interfaceId: 'dictionary-feed',
      outcome: 'one-way',
      codes: [item('YP9', 'added')],
      keys: [{ kind: 'document', value: 'DRUG 2026.11.23', authority: 'dictionary' }],
    })
    feed(run, [{ ...publishing, now: learned }])
    const readings = feed(
      run,
      refusing(learned, 30, (i) => i % 4 === 3),
    )
    const ticket = readings.find((r) => r.signal === 'dictionary/refused')
    expect(ticket).toMatchObject({
      severity: 'ticket',
      onsetAt: learned + 3000,
      facts: {
        codes: 1,
        path: 'OBR-4.1',
        shape: 'A{2}9',
        novel: 1,
        published: 1,
        publishedOn: 'dictionary-feed',
        publishedBeforeS: 3,
      },
    })
    expect(ticket?.at).toBeLessThan(learned + 13_000)
    expect(JSON.stringify(ticket)).not.toContain('YP9')
    const after = feed(run, usual(learned + hourMs, 300))
    expect(signals(after)).toContain('dictionary/refused good ticket')
  })

  test('the fault is over when the code is accepted', () => {
    const run = dictionary.start({ catalogue }, null)
    feed(run, [...usual(mondayMorning, 1000), ...refusing(learned, 30, (i) => i % 4 === 3)])
    const after = feed(
      run,
      Array.from({ length: 4 }, (_, i) => exchanged({ at: learned + 60_000 + i, codes: [item('YP9')] })),
    )
    expect(signals(after)).toContain('dictionary/refused good ticket')
  })

  test('a code that the set always had, withdrawn by the receiver, is found too', () => {
    const readings = readingsOf(dictionary, catalogue, [
      ...usual(mondayMorning, 1000),
      ...refusing(learned, 100, (i) => i % 20 === 7, 'L7'),
    ])
    expect(readings.find((r) => r.signal === 'dictionary/refused')?.facts).toMatchObject({ novel: 0, codes: 1 })
  })

  test('everything is refused, or at random: it isn’t the codes', () => {
    const random = seeded(3)
    const outage = usual(learned, 300, { outcome: 'failed' })
    const noise = usual(learned + hourMs, 2000).map((one) =>
      random() < 0.2 && one.kind === 'exchange'
        ? { ...one, entry: { ...one.entry, exchange: { ...one.entry.exchange, outcome: 'failed' as const } } }
        : one,
    )
    expect(readingsOf(dictionary, catalogue, [...usual(mondayMorning, 1000), ...outage, ...noise])).toEqual([])
  })

  test('an answer that takes the request and says in a code that it doesn’t know the drug is a refusal', () => {
    const at = (i: number) => mondayMorning + i * 1000
    const stream = Array.from({ length: 900 }, (_, i) => {
      const isBad = i > 800 && i % 5 === 0
      return exchanged({
        at: at(i),
        interfaceId: 'rx-check',
        codes: [item(isBad ? 'YP0009999' : `YP${i % 15}`, 'items.drugCode')],
        answerCodes: [item(isBad ? 'DRUG_NOT_FOUND' : 'PASS', 'alerts.code')],
      })
    })
    expect(readingsOf(dictionary, catalogue, stream).find((r) => r.signal === 'dictionary/refused')?.facts).toMatchObject({
      path: 'items.drugCode',
      shape: 'A{2}9{7}',
    })
  })
})

describe('codes that the receiver doesn’t know, as its answers say', () => {
  const answered = (i: number, says: string) =>
    exchanged({
      at: mondayMorning + i * 1000,
      interfaceId: 'rx-check',
      codes: [item(`YP${i % 15}`, 'items.drugCode')],
      answerCodes: [item(says, 'alerts.code')],
    })
  const unknown = (says: (i: number) => string) =>
    readingsOf(
      dictionary,
      catalogue,
      Array.from({ length: 600 }, (_, i) => answered(i, says(i))),
    ).filter((r) => r.signal === 'dictionary/unknown')

  test('every request has such a code, so that none passes without: told after four', () => {
    const [first] = unknown((i) => (i >= 300 ? 'DRUG_NOT_FOUND' : 'PASS'))
    expect(first).toMatchObject({ severity: 'ticket', onsetAt: mondayMorning + 300_000 })
    expect(first?.at).toBeLessThan(mondayMorning + 305_000)
  })

  test('one now and then, as always, and patients whom it doesn’t know, are not', () => {
    expect(unknown((i) => (i % 25 === 0 ? 'DRUG_NOT_FOUND' : 'PASS'))).toEqual([])
    expect(unknown((i) => (i >= 300 ? 'PATIENT_NOT_FOUND' : 'PASS'))).toEqual([])
  })
})

describe('local codes', () => {
  const coded = (i: number, bare: boolean) =>
    exchanged({
      at: mondayMorning + i * 1000,
      interfaceId: 'patient360',
      answerCodes: [item(bare ? `|X${i % 4}` : `http://loinc.org|1${i % 9}-1`, 'Observation.code')],
    })

  test('a code without a system where most have one: a warning', () => {
    const readings = readingsOf(
      dictionary,
      catalogue,
      Array.from({ length: 300 }, (_, i) => coded(i, i > 100 && i % 5 === 0)),
    )
    const [first] = readings.filter((r) => r.signal === 'dictionary/unmapped')
    expect(first).toMatchObject({ severity: 'warn', state: 'bad' })
    expect(first?.facts.codes).toBeGreaterThan(1)
  })

  test.each([
    ['the house’s own system stands where LOINC did', ['http://szph.cn/codes|GLU'], true],
    ['the hospital’s own object identifier stands where LOINC did', ['urn:oid:2.16.156.10011.9.88|TW'], true],
    ['a national value set’s object identifier stands where LOINC did', ['urn:oid:2.16.156.10011.2.3.3.11|A1'], false],
    ['a concept has its name and no code any more', ['|'], true],
    ['the house’s own system stands beside LOINC’s', ['http://szph.cn/codes|GLU', 'http://loinc.org|1-1'], false],
  ] as const)('%s', (_, values, isTold) => {
    const answered = (i: number) =>
      exchanged({
        at: mondayMorning + i * 1000,
        interfaceId: 'patient360',
        answerCodes: (i > 100 ? values : ['http://loinc.org|1-1']).map((value) => item(value, 'Observation.code')),
      })
    const readings = readingsOf(
      dictionary,
      catalogue,
      Array.from({ length: 160 }, (_, i) => answered(i)),
    )
    expect(readings.some((r) => r.signal === 'dictionary/unmapped' && r.state === 'bad')).toBe(isTold)
  })

  test('where nobody names a system it isn’t due', () => {
    expect(
      readingsOf(
        dictionary,
        catalogue,
        Array.from({ length: 300 }, (_, i) => coded(i, true)),
      ).filter((r) => r.signal === 'dictionary/unmapped'),
    ).toEqual([])
  })

  test('observations of HL7 v2 with the house’s code alone, where most had the standard’s beside it, are told; where none has it, they are not', () => {
    const observed = (i: number, isAlone: boolean) =>
      exchanged({
        at: mondayMorning + i * 1000,
        codes: [{ path: 'OBX-3.1', value: `L${i % 9}`, ...(isAlone ? { isLocal: true } : {}) }],
      })
    const told = (isAlone: (i: number) => boolean) =>
      readingsOf(
        dictionary,
        catalogue,
        Array.from({ length: 200 }, (_, i) => observed(i, isAlone(i))),
      ).filter((r) => r.signal === 'dictionary/unmapped')
    expect(told((i) => i > 100)[0]).toMatchObject({ severity: 'warn', state: 'bad', at: mondayMorning + 103_020 })
    expect(told(() => true)).toEqual([])
  })

  test('so are operations of a list of the house’s own, and none of it is a table that moved', () => {
    const planned = (i: number, isAlone: boolean) =>
      exchanged({
        at: mondayMorning + i * 1000,
        codes: [{ path: 'AIS-3.1', value: `${isAlone ? 'SS' : ''}${i % 4}`, ...(isAlone ? { isLocal: true } : {}) }],
      })
    const said = readingsOf(
      dictionary,
      catalogue,
      Array.from({ length: 400 }, (_, i) => planned(i, i > 300)),
    ).map((r) => `${r.signal} ${r.severity}`)
    expect(said).toContain('dictionary/unmapped warn')
    expect(said).not.toContain('dictionary/moved ticket')
  })

  test('a contract that asks for the system counts by its breaches', () => {
    const breach = aViolation({ element: 'Observation.code.coding.system', severity: 'warn' })
    const readings = readingsOf(dictionary, catalogue, usual(mondayMorning, 30, { violations: [breach] }))
    expect(readings.find((r) => r.signal === 'dictionary/unmapped')?.severity).toBe('warn')
  })
})

test('messages of one kind are all refused, others pass: it isn’t the codes that all of the kind have', () => {
  const posted = (i: number, isObservation: boolean, outcome: 'answered' | 'failed') =>
    exchanged({
      at: mondayMorning + i * 1000,
      interfaceId: 'patient360',
      outcome,
      codes: isObservation ? [item('final', 'Observation.status')] : [item('completed', 'Procedure.status')],
    })
  const day = Array.from({ length: 300 }, (_, i) => posted(i, i % 2 === 0, i > 200 && i % 2 === 0 ? 'failed' : 'answered'))
  expect(readingsOf(dictionary, catalogue, day).filter((r) => r.signal === 'dictionary/refused')).toEqual([])
})

test('two codes of one path that are refused wherever they come are found together, though each alone has the other’s refusals beside it', () => {
  const scanned = (i: number) => {
    const isNew = i > 60 && i % 5 < 3
    return exchanged({
      at: mondayMorning + i * 1000,
      outcome: isNew ? 'failed' : 'answered',
      codes: [item(isNew ? `NEW${i % 2}` : `B${i % 9}`, ':path.barcode.code')],
    })
  }
  const told = readingsOf(
    dictionary,
    catalogue,
    Array.from({ length: 120 }, (_, i) => scanned(i)),
  ).filter((r) => r.signal === 'dictionary/refused')
  expect(told[0]?.facts).toMatchObject({ codes: 2, othersRefused: 0 })
  expect(told.map(({ state }) => state)).not.toContain('good')
})

test('codes that come seldom are refused by chance wherever much is refused: they are none of them', () => {
  const random = seeded(11)
  const sent = (i: number) =>
    exchanged({
      at: mondayMorning + i * 1000,
      outcome: random() < 0.6 ? 'failed' : 'answered',
      codes: [item(`C${Math.floor(random() * 30)}`, 'OBR-4.1')],
    })
  const day = Array.from({ length: 400 }, (_, i) => sent(i))
  expect(readingsOf(dictionary, catalogue, day).filter((r) => r.signal === 'dictionary/refused')).toEqual([])
})

test('one event is refused always, whatever it says: it isn’t the order control that it alone has', () => {
  const sent = (i: number) => {
    const isTransfusion = i % 4 === 0
    const type = isTransfusion ? 'BTS^O31' : 'OMB^O27'
    const outcome = isTransfusion && i > 200 ? 'failed' : 'answered'
    return exchanged({
      at: mondayMorning + i * 1000,
      type,
      outcome,
      codes: [item(isTransfusion && i > 200 ? 'RE' : 'NW', 'ORC-1')],
    })
  }
  const day = Array.from({ length: 300 }, (_, i) => sent(i))
  expect(readingsOf(dictionary, catalogue, day).filter((r) => r.signal === 'dictionary/refused')).toEqual([])
})

test('what is refused by its SOP class or modality is no table of codes', () => {
  const stored = (i: number, isRefused: boolean) =>
    exchanged({
      at: mondayMorning + i * 1000,
      outcome: isRefused ? 'failed' : 'answered',
      codes: [
        { path: 'Modality', value: isRefused ? 'MR' : 'CT' },
        { path: 'SOPClassUID', value: isRefused ? '1.2.840.10008.5.1.4.1.1.4' : '1.2.840.10008.5.1.4.1.1.2' },
      ],
    })
  const day = Array.from({ length: 200 }, (_, i) => stored(i, i > 100 && i % 3 === 0))
  expect(readingsOf(dictionary, catalogue, day).filter((r) => r.signal === 'dictionary/refused')).toEqual([])
})

test('healthy weeks give no ticket, and what is remembered stays small', { timeout: 120_000 }, () => {
  let tickets = 0
  for (const { perHour, seed, to } of healthyWeeks().filter(({ perHour }) => perHour <= 200)) {
    const random = seeded(seed)
    const run = dictionary.start({ catalogue }, null)
    const stream = [...arrivals(random, mondayMorning, to, perHour)].map((at) =>
      exchanged({
        at,
        outcome: random() < 0.004 ? 'failed' : 'answered',
        // A few items are most of the work, many are rare.
        codes: [item(`L${Math.floor(60 * random() ** 3)}`), item(`U${Math.floor(400 * random())}`, 'OBX-3.1')],
      }),
    )
    tickets += feed(run, inOrder(stream)).filter((r) => r.severity === 'ticket').length
    expect(JSON.stringify(run.save()).length).toBeLessThan(20_000)
  }
  expect(tickets).toBe(0)
})

test('one request that is refused as often as it is sent, and one patient whose requests are, are no code’s', () => {
  const keys = [{ kind: 'patient', value: 'A', authority: null }] as const
  const refused = (i: number, changes: Partial<ExchangeWish>) =>
    exchanged({ at: learned + i * 2500 + 1, outcome: 'failed', codes: [item('L3')], ...changes })
  const others = usual(learned, 100).filter((_, i) => i % 20 !== 3)
  const ofOne = [refused(2, { keys }), refused(9, { keys }), refused(17, { keys }), refused(25, { keys })]
  const again = {
    controlId: null,
    type: 'POST /order',
    requestStamps: [],
    keys: [{ kind: 'placer', value: 'O1', authority: null }],
  } as const
  const ofOther = [refused(3, again), refused(10, again), refused(18, again), refused(26, again)]
  for (const few of [ofOne, ofOther])
    expect(readingsOf(dictionary, catalogue, [...usual(mondayMorning, 1000), ...inOrder([...others, ...few])])).toEqual([])
})
