import { expect, test } from 'vitest'
import type { WireFact } from '../../../gateway/model/wire.ts'
import { framing } from '../../../monitors/framing.ts'
import { aCatalogue, anInterface, exchanged, feed, mondayMorning, readingsOf } from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))
const noFinalCr: readonly WireFact[] = [{ kind: 'missing-final-cr', by: 'initiator' }]
const messages = (
  count: number,
  from: number,
  wire: (i: number) => readonly WireFact[] = () => [],
  sender = (_: number) => 'HIS|A',
) =>
  Array.from({ length: count }, (_, i) =>
    exchanged({ at: mondayMorning + (from + i) * 1000, wire: wire(i), sender: sender(i) }),
  )

test('framing that becomes odd is a ticket, and names the sender', () => {
  const run = framing.start({ catalogue }, null)
  feed(run, messages(100, 0))
  const sender = (i: number) => (i % 2 === 0 ? 'XN|A' : 'AU|A')
  const readings = feed(
    run,
    messages(80, 100, (i) => (i % 2 === 0 ? noFinalCr : []), sender),
  )
  expect(readings[0]).toMatchObject({
    signal: 'framing/odd',
    severity: 'ticket',
    facts: { kind: 'missing-final-cr', sender: 'XN|A', senderShare: 1, senderOddShare: 1 },
  })
})

test('a dialect that was there from the beginning is a warning', () => {
  const readings = readingsOf(
    framing,
    catalogue,
    messages(100, 0, () => noFinalCr),
  )
  expect(readings.length).toBeGreaterThan(0)
  expect(readings.every((r) => r.severity === 'warn')).toBe(true)
})

test('line feeds as segment ends count, as the format found them', () => {
  const defects = [{ code: 'HL7_LF_SEGMENT_ENDS', path: null, text: 'segments end with LF' }]
  const items = Array.from({ length: 10 }, (_, i) => exchanged({ at: mondayMorning + i * 1000, defects }))
  expect(readingsOf(framing, catalogue, items)[0]?.facts.kind).toBe('HL7_LF_SEGMENT_ENDS')
})

test('what a protocol forbids and was read counts; what is passed on unread by agreement does not', () => {
  const irregular: readonly WireFact[] = [{ kind: 'irregular', by: 'initiator', code: 'HTTP_BARE_LF' }]
  const upgraded: readonly WireFact[] = [{ kind: 'unreadable', code: 'HTTP_UPGRADED' }]
  const odd = (wire: readonly WireFact[]) =>
    readingsOf(
      framing,
      catalogue,
      messages(100, 0, () => wire),
    )
  expect(odd(irregular)[0]?.facts.kind).toBe('irregular')
  expect(odd(upgraded)).toEqual([])
})

test('good again after a run of proper blocks', () => {
  const run = framing.start({ catalogue }, null)
  feed(run, messages(100, 0))
  feed(
    run,
    messages(10, 100, () => noFinalCr),
  )
  expect(feed(run, messages(10, 110)).map((r) => r.state)).toEqual(['good'])
})

test('what one device of several shows is news too, though a few of it came before the rest', () => {
  const run = framing.start({ catalogue }, null)
  feed(run, messages(100, 0))
  feed(
    run,
    messages(40, 100, (i) => (i === 5 ? noFinalCr : [])),
  )
  const readings = feed(
    run,
    messages(60, 140, (i) => (i % 3 === 0 ? noFinalCr : [])),
  )
  expect(readings[0]?.severity).toBe('ticket')
})
