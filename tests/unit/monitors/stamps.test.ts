import { describe, expect, it } from 'vitest'
import { stamps } from '../../../monitors/stamps.ts'
import { aCatalogue, anInterface, exchanged, mondayMorning } from './stream.ts'

const iface = anInterface('lis-emr-lab-result')
const hourMs = 3_600_000

/** One message a minute: how far behind its message stamp `OBR-22` is, and how far the message stamp is behind its arrival. */
function readingsOf(gaps: readonly (number | null)[], messageGapMs = 0) {
  const running = stamps.start({ catalogue: aCatalogue(iface) }, null)
  return gaps.flatMap((gapMs, i) => {
    const at = mondayMorning + i * 60_000
    const messageAt = at - messageGapMs
    const stamp = { resolutionMs: 1000, hasZone: false } as const
    const item = exchanged({
      at,
      interfaceId: iface.id,
      requestStamps: [
        { path: 'MSH-7', kind: 'message', at: messageAt, ...stamp },
        { path: 'OBR[1]-22', kind: 'event', at: gapMs === null ? null : messageAt - gapMs, ...stamp },
      ],
    })
    return running.assess(item)
  })
}

const usual = Array.from({ length: 30 }, (_, i) => (i % 7) * 5_000)
/** What was said newly, not again. */
const told = (gaps: readonly (number | null)[]) =>
  readingsOf([...usual, ...gaps])
    .filter(({ state }, i, all) => state !== all[i - 1]?.state)
    .map(({ signal, state, facts }) => [signal, state, facts.offHours])
const six = (gap: (i: number) => number | null) => Array.from({ length: 6 }, (_, i) => gap(i))

describe('stamps', () => {
  it('says when one element is eight hours behind what it was', () => {
    expect(told(six((i) => 8 * hourMs + i * 5000))).toEqual([['stamps/element', 'bad', 8]])
  })
  it('says when it is eight hours ahead, decades away or unreadable', () => {
    expect(told(six(() => -8 * hourMs))).toEqual([['stamps/element', 'bad', -8]])
    expect(told(six(() => 50 * 365 * 24 * hourMs))).toEqual([['stamps/element', 'bad', null]])
    expect(told(six(() => null))).toEqual([['stamps/element', 'bad', null]])
  })
  it('says it of the hours that all are off by, whatever a stray just before was off by', () => {
    const stray = [3 * hourMs, ...six((i) => i * 5_000)]
    expect(told([...stray, ...six(() => 8 * hourMs)])).toEqual([['stamps/element', 'bad', 8]])
    const justBefore = [3 * hourMs, ...Array.from({ length: 20 }, () => 8 * hourMs)]
    expect(told(justBefore)).toEqual([['stamps/element', 'bad', 8]])
  })
  it('says it of minutes that are the same whatever the hour, the month written for them', () => {
    const atMinute = (i: number) => {
      const sentAt = mondayMorning + (usual.length + i) * 60_000
      const hour = Math.floor(sentAt / hourMs) * hourMs
      return sentAt - (hour + 11 * 60_000 + (sentAt % 60_000) + i * 500)
    }
    const all = Array.from({ length: 50 }, (_, i) => atMinute(i))
    expect(told(all)[0]).toEqual(['stamps/element', 'bad', null])
    // A queue that is emptied slowly: all of one minute, an hour's third ago.
    expect(told(Array.from({ length: 25 }, (_, i) => (20 + i) * 60_000 - i * 1000))).toEqual([])
  })
  it('says it of a time that has become a mere date', () => {
    const midnight = Date.UTC(2026, 10, 1)
    const running = stamps.start({ catalogue: aCatalogue(iface) }, null)
    const said = Array.from({ length: 40 }, (_, i) => {
      const at = mondayMorning + i * 60_000
      const isDate = i >= 30
      return running.assess(
        exchanged({
          at,
          interfaceId: iface.id,
          eventStamps: [
            {
              path: 'OBR[1]-22',
              kind: 'event',
              at: isDate ? midnight : at,
              resolutionMs: isDate ? 24 * hourMs : 1000,
              hasZone: false,
            },
          ],
        }),
      )
    }).flat()
    expect(said[0]?.facts).toMatchObject({ element: 'OBR-22', how: 'coarse' })
  })
  it('is quiet about what waited in a queue, which is late by anything', () => {
    expect(told(Array.from({ length: 20 }, (_, i) => hourMs + i * 900_000))).toEqual([])
  })
  it('says it of times of what happened that are to come, where none ever was', () => {
    const collected = Array.from({ length: 60 }, (_, i) => (i % 7) * 600_000)
    const ahead = readingsOf([...collected, ...six((i) => -5 * hourMs - i * 700_000)])
    expect(ahead[0]?.facts).toMatchObject({ element: 'OBR-22', how: 'ahead' })
    const planned = collected.map((gapMs, i) => (i % 9 === 0 ? -gapMs - 8 * hourMs : gapMs))
    expect(readingsOf([...planned, ...six(() => -5 * hourMs)])).toEqual([])
  })
  it('is quiet about times of what happened at any time before the message', () => {
    const collected = Array.from({ length: 30 }, (_, i) => (i % 7) * 600_000)
    expect(readingsOf([...collected, ...six(() => 8 * hourMs)])).toEqual([])
  })
  it('holds an element to its arrival where messages never say when they were written, as FHIR resources', () => {
    const running = stamps.start({ catalogue: aCatalogue(iface) }, null)
    const said = [...usual, ...six(() => -8 * hourMs)].flatMap((gapMs, i) => {
      const at = mondayMorning + i * 60_000
      const path = 'Observation.effectiveDateTime'
      const effective = { path, kind: 'event', at: at - (gapMs ?? 0), resolutionMs: 1000, hasZone: true } as const
      return running.assess(exchanged({ at, interfaceId: iface.id, requestStamps: [effective] }))
    })
    expect(said.map(({ signal, facts }) => [signal, facts.element, facts.offHours])).toEqual([
      ['stamps/element', 'Observation.effectiveDateTime', -8],
    ])
  })
  it('is quiet about what was never a time', () => {
    expect(readingsOf(Array.from({ length: 60 }, () => null))).toEqual([])
  })
  it('is quiet while the message itself is stamped wrongly: that is its clock', () => {
    expect(readingsOf([...usual, ...six(() => 8 * hourMs)], 2 * hourMs)).toEqual([])
  })
  it('says when it is as it was again', () => {
    const readings = told([...six(() => 8 * hourMs), ...usual])
    expect(readings.map(([, state]) => state)).toEqual(['bad', 'good'])
  })
})

const settlement = anInterface('his-nhsa-settlement', { protocol: 'http', format: 'json' })
const surgery = anInterface('his-aims-surgery')
const stampAt = (path: string, at: number) => ({ path, kind: 'message', at, resolutionMs: 1000, hasZone: false }) as const
const newly = (signals: readonly { readonly state: string }[]) =>
  signals.map(({ state }) => state).filter((s, i, all) => s !== all[i - 1])

describe('a message’s own stamps', () => {
  it('states its time twice, and one of the two is written wrongly', () => {
    const running = stamps.start({ catalogue: aCatalogue(settlement) }, null)
    const told = Array.from({ length: 60 }, (_, i) => {
      const at = mondayMorning + i * 60_000
      const requestStamps = [stampAt('inf_time', at - (i < 40 ? 0 : 8 * hourMs)), stampAt('msgid', at)]
      return running.assess(exchanged({ at, interfaceId: settlement.id, requestStamps }))
    }).flat()
    expect(newly(told)).toEqual(['bad'])
    expect(told[0]?.facts).toMatchObject({ element: 'inf_time', offHours: 8 })
  })

  /** Every third message is of another type; hours that those and the others are behind, from the ninetieth on and till the last thirty. */
  const ofTwoTypes = (hours: number, othersHours: number) => {
    const running = stamps.start({ catalogue: aCatalogue(surgery) }, null)
    return Array.from({ length: 240 }, (_, i) => {
      const at = mondayMorning + i * 60_000
      const isOff = i >= 90 && i < 210
      const off = !isOff ? 0 : i % 3 === 0 ? hours : othersHours
      const requestStamps = [stampAt('MSH-7', at - off * hourMs)]
      return running.assess(
        exchanged({ at, interfaceId: surgery.id, type: i % 3 === 0 ? 'SIU^S12' : 'ADT^A08', requestStamps }),
      )
    }).flat()
  }

  it('is written wrongly in one type of message, and the others are right', () => {
    const told = ofTwoTypes(8, 0)
    expect(newly(told)).toEqual(['bad', 'good'])
    expect(told[0]?.facts).toMatchObject({ element: 'SIU^S12', offHours: 8 })
  })

  it('is written wrongly in events of one kind, of which none comes often enough to be known', () => {
    const running = stamps.start({ catalogue: aCatalogue(surgery) }, null)
    const told = Array.from({ length: 160 }, (_, i) => {
      const at = mondayMorning + i * 60_000
      const isEvent = i % 5 === 0
      const type = isEvent ? `SIU^S1${2 + ((i / 5) % 4)}` : 'ADT^A08'
      const requestStamps = [stampAt('MSH-7', at - (isEvent && i >= 90 ? 8 : 0) * hourMs)]
      return running.assess(exchanged({ at, interfaceId: surgery.id, type, requestStamps }))
    }).flat()
    expect(newly(told)).toEqual(['bad'])
    expect(told[0]?.facts).toMatchObject({ element: 'SIU', offHours: 8 })
  })

  it('is off in all types, then none: that is the clock', () => {
    expect(ofTwoTypes(8, 8)).toEqual([])
  })
})

describe('stamps of answers', () => {
  const two = aCatalogue(
    { ...anInterface('emr-cdss-rx-check'), to: 'cdss' },
    { ...anInterface('eda-cdss-rx-check'), to: 'cdss' },
  )
  /** Both are answered by one system, by turns; from the thirtieth on these are eight hours back. */
  const said = (areOff: readonly string[]) => {
    const running = stamps.start({ catalogue: two }, null)
    return Array.from({ length: 60 }, (_, i) => {
      const at = mondayMorning + i * 60_000
      const interfaceId = i % 2 === 0 ? 'emr-cdss-rx-check' : 'eda-cdss-rx-check'
      const offMs = i >= 30 && areOff.includes(interfaceId) ? 8 * hourMs : 0
      const stamp = { path: 'respondedAt', kind: 'message', at: at + 15 - offMs, resolutionMs: 1, hasZone: true } as const
      return running.assess(exchanged({ at, interfaceId, type: 'POST /rx/check', answerStamps: [stamp] }))
    }).flat()
  }
  it('are an element like another where the same system answers others rightly', () => {
    expect(said(['emr-cdss-rx-check'])[0]).toMatchObject({
      subject: { id: 'emr-cdss-rx-check' },
      severity: 'ticket',
      facts: { side: 'answer', offHours: 8, element: 'POST /rx/check' },
    })
  })
  it('are a clock that is fast where several of one minute say the same minute', () => {
    const running = stamps.start({ catalogue: two }, null)
    const told = Array.from({ length: 60 }, (_, i) => {
      const at = mondayMorning + i * 2_000
      const aheadMs = i >= 30 ? 310_000 : 0
      const stamp = { path: 'respondedAt', kind: 'message', at: at + 15 + aheadMs, resolutionMs: 1, hasZone: true } as const
      return running.assess(exchanged({ at, interfaceId: 'emr-cdss-rx-check', type: 'POST', answerStamps: [stamp] }))
    }).flat()
    expect(told).toEqual([])
  })
  it('are the zone of their host where all that it answers is off', () => {
    expect(said(['emr-cdss-rx-check', 'eda-cdss-rx-check'])).toEqual([])
  })
})
