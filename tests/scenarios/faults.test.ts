import { describe, expect, test } from 'vitest'
import { mondayAtTen } from '../support/simulated.ts'
import * as faults from './faults.ts'
import { play, ticketLine } from './scenario.ts'

const minuteMs = 60_000
/** Two minutes well, two and a half ill, and four and a half to recover, by log time. */
const span: faults.Span = { from: mondayAtTen + 2 * minuteMs, to: mondayAtTen + 4.5 * minuteMs }
const lastsMs = 9 * minuteMs
/** The laboratory's and the ones beside it: enough to compare with, and half the work of ten. */
const some = ['his-esb-adt', 'his-lis-lab-order', 'lis-emr-lab-result', 'lis-tijian-result']
const ward = ['mnis-emr-nursing', 'his-nhsa-settlement']
const laboratory = ['analyzer-lis-result', 'his-lis-lab-order', 'lis-emr-lab-result', 'lis-tijian-result']

const cases: readonly {
  readonly name: string
  readonly strike: ReturnType<typeof faults.faring>
  readonly cause: string
  readonly interfaceIds: readonly string[]
  /** Interfaces with traffic besides; left out: all ten. */
  readonly beside?: readonly string[]
  /** With the HTTP interfaces' traffic. */
  readonly http?: true
}[] = [
  {
    name: 'LIS stamps two hours behind',
    strike: faults.zoneStep(span, 'lis', -2),
    cause: 'tz-mismatch',
    interfaceIds: laboratory,
  },
  {
    name: 'PACS refuses connections',
    strike: faults.receiverDown(span, 'ris-pacs-procedure'),
    cause: 'conn-refused',
    interfaceIds: ['ris-pacs-procedure'],
    beside: ['his-ris-exam-order', ...some],
  },
  {
    name: 'the whole LIS is down',
    strike: faults.laboratoryDown(span),
    cause: 'conn-refused',
    interfaceIds: laboratory,
  },
  {
    name: 'AE for one code',
    strike: faults.unknownCode(span),
    cause: 'dict-drift',
    interfaceIds: ['his-ris-exam-order'],
    beside: ['ris-pacs-procedure', ...some],
  },
  {
    name: 'PID-3 is missing',
    strike: faults.missingField(span),
    cause: 'schema-missing-field',
    interfaceIds: ['lis-tijian-result'],
    beside: some,
  },
  {
    name: 'the sender is upgraded, and PID-3 is missing',
    strike: faults.upgrade(span),
    cause: 'version-upgrade',
    interfaceIds: ['lis-tijian-result'],
    beside: some,
  },
  {
    name: 'GB18030 under a UTF-8 label',
    strike: faults.charsetMismatch(span),
    cause: 'charset-mismatch',
    interfaceIds: ['lis-emr-lab-result'],
    beside: some,
  },
  {
    name: 'the intensive care gateway falls silent',
    strike: faults.silentSender(span),
    cause: 'silent',
    interfaceIds: ['icu-device-observation'],
    beside: some,
  },
  {
    name: 'the blood bank never answers',
    strike: faults.noAnswer(span),
    cause: 'ack-timeout',
    interfaceIds: ['his-bis-blood'],
    beside: some,
  },
  {
    name: "the mini-programme's token expired",
    strike: faults.expiredToken(span),
    cause: 'auth-expired',
    interfaceIds: ['miniapp-his-appointment'],
    beside: [...some, ...ward],
    http: true,
  },
  {
    name: 'the patient overview is above its quota',
    strike: faults.rateLimited(span),
    cause: 'rate-limit',
    interfaceIds: ['patient360-fhir'],
    beside: [...some, ...ward],
    http: true,
  },
  {
    name: 'the EMR is slow for the wards',
    strike: faults.slowWard(span),
    cause: 'upstream-slow',
    interfaceIds: ['mnis-emr-nursing'],
    beside: [...some, 'his-nhsa-settlement'],
    http: true,
  },
]

describe('one fault of the simulated hospital gives one ticket with its cause, and resolves when it is over', () => {
  test.each(cases)('$name: $cause', { timeout: 120_000 }, async ({ strike, cause, interfaceIds, beside, http = false }) => {
    const played = await play({
      seed: 20_261_123,
      startAt: mondayAtTen,
      lastsMs,
      http,
      ...strike,
      ...(beside ? { interfaceIds: [...beside, ...interfaceIds] } : {}),
    })
    const lines = played.tickets.map((t) => ticketLine(t, mondayAtTen)).join('\n')
    expect(played.tickets, lines).toHaveLength(1)
    const [ticket] = played.tickets
    expect(ticket?.causes[0]?.id, lines).toBe(cause)
    // No other cause led at any time: nobody was sent the wrong way first.
    expect(played.leads.get(ticket?.id ?? '')).toEqual([cause])
    expect(ticket?.interfaceIds.toSorted(), lines).toEqual(interfaceIds.toSorted())
    expect(ticket?.openedAt, lines).toBeGreaterThanOrEqual(span.from)
    expect(ticket?.openedAt, lines).toBeLessThan(span.to)
    expect(ticket?.state, lines).toBe('resolved')
    expect(ticket?.resolvedAt, lines).toBeGreaterThan(span.to)
  })
})
