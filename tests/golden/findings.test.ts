import { describe, expect, test } from 'vitest'
import type { Interface } from '../../gateway/model/interface.ts'
import { captureNames, protocolOf } from './capture-names.ts'
import { diagnosed } from './chain.ts'

/**
 * What each capture must be found to show: the fault that it is named for, and nothing that isn't there. The stamps of all but
 * mllp-19 are fixed in the messages, so that readings of clocks are no fault of these captures and none of them may become a ticket.
 */
const expected: { readonly [capture: string]: readonly string[] } = {
  'mllp-01-adt-orders-results-AA': [],
  'mllp-02-AE-unknown-drug-code': ['app-nak'],
  'mllp-03-AR-version': ['app-nak'],
  // Its two messages have one control id and different bytes.
  'mllp-04-gb18030-and-charset-mismatch': ['charset-mismatch', 'duplicate'],
  'mllp-05-enhanced-CA-then-AA': [],
  'mllp-07-duplicate-resend-same-msh10': ['duplicate'],
  'mllp-08-late-ack-after-client-timeout-and-retry': ['duplicate', 'late-response-after-timeout'],
  'mllp-09-no-ack-client-closes': ['ack-timeout'],
  'mllp-10-rst-mid-message': ['conn-reset'],
  'mllp-12-dribbled-small-segments': [],
  'mllp-14-missing-final-cr-after-fs': ['proto-incompat'],
  'mllp-15-lf-segment-terminators': ['proto-incompat'],
  'mllp-17-large-528KB-embedded-pdf': [],
  'mllp-18-connection-refused': ['conn-refused'],
  'mllp-19-two-hour-step-after-msg-40-of-80': ['tz-mismatch'],
  'http-01-keepalive-json': [],
  'http-02-refusals-401-403-429-503': ['app-nak', 'auth-expired', 'rate-limit'],
  'http-03-chunked-gzip': [],
  'http-04-slow-answer-beyond-time-out': ['late-response-after-timeout'],
  'http-05-reset-mid-body': ['conn-reset'],
  'http-06-tls-passed-through': [],
  'http-07-http2-preface': [],
  'http-08-pipelined': [],
  'http-09-expect-100-and-413': ['app-nak', 'payload-too-large'],
  'http-10-upgrade-websocket': [],
  'http-11-bad-requests': ['app-nak', 'proto-incompat'],
}

/** How the captures of HTTP are read: their slow answer comes after 1.6 s. */
function wireOf(capture: string): Partial<Interface> {
  return protocolOf(capture) === 'http' ? { protocol: 'http', format: 'json', options: { ackTimeoutMs: 1_000 } } : {}
}

const clockCauses = ['tz-mismatch', 'clock-skew', 'ntp-unsynced']

test('every capture of the repository has its line here', () => {
  expect(captureNames()).toEqual(Object.keys(expected).sort())
})

describe.each(Object.entries(expected))('%s', (capture, causes) => {
  test('shows what it is named for, and no ticket comes of one message', async () => {
    const isZone = capture.startsWith('mllp-19')
    const { findings, tickets } = await diagnosed(capture, isZone ? {} : { from: 'his', to: 'lis', ...wireOf(capture) })
    const found = findings.map((f) => f.cause).filter((cause) => isZone || !clockCauses.includes(cause))
    expect(found.sort()).toEqual(causes)
    expect(tickets.map((t) => t.causes[0]?.id)).toEqual(isZone ? ['tz-mismatch'] : [])
  })
})

test('mllp-19: one ticket, both systems, the right hours', async () => {
  const { tickets } = await diagnosed('mllp-19-two-hour-step-after-msg-40-of-80')
  expect(tickets).toHaveLength(1)
  expect(tickets[0]).toMatchObject({ severity: 'P2', category: 'time', state: 'open', systemIds: ['emr', 'lis'] })
  expect(tickets[0]?.causes[0]?.confidence).toBeGreaterThan(0.8)
  const texts = tickets[0]?.causes[0]?.evidence.map((e) => e.text.en).join('; ')
  expect(texts).toMatch(/LIS is -2 h from the gateway, as Asia\/Urumqi would be/)
  expect(texts).toMatch(/EMR is -8 h from the gateway/)
})
