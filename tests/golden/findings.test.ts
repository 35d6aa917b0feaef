import { describe, expect, test } from 'vitest'
import type { Interface } from '../../gateway/model/interface.ts'
import { captureNames, protocolOf } from './capture-names.ts'
import { diagnosed } from './chain.ts'

/**
 * What each capture must be found to show: the fault that it is named for, and nothing that isn't there. The stamps of all but
 * mllp-19 are fixed in the messages, so that readings of clocks are no fault of these captures and none of them may become a ticket.
 */
const expected: { readonly [capture: string]: readonly string[] } = {
  'dimse-01-cecho-ok': [],
  'dimse-02-cstore-multimodality-ok': [],
  'dimse-04-cstore-us-j2k-ok': [],
  'dimse-05-assoc-rj-no-reason': ['app-nak'],
  'dimse-06-pc-abstract-syntax-rejected': ['pc-rejected'],
  'dimse-07-pc-transfer-syntax-rejected': ['assoc-abort'],
  'dimse-08-abort-after-store': ['assoc-abort'],
  'dimse-10-cstore-slow-3s': [],
  'dimse-12-mwl-cfind-gb18030-utf8': [],
  'dimse-13-mwl-cfind-modality-filter': [],
  'dimse-14-mwl-unknown-called-ae': ['assoc-rj-called-ae'],
  'dimse-15-qr-store-two-studies': [],
  'dimse-16-qr-cfind-study': [],
  'dimse-17-called-ae-not-recognized': ['assoc-rj-called-ae'],
  'dimse-18-calling-ae-not-allowed': ['assoc-rj-called-ae'],
  'dimse-20-cmove-ok': [],
  'dimse-22-cmove-unknown-destination': ['app-nak'],
  'dimse-23-cget-ok': [],
  'dimse-24-parallel-associations': [],
  'dimse-25-tcp-connection-refused': ['conn-refused'],
  'dimse-26-http-on-dicom-port': [],
  'dimse-27-client-abort': ['assoc-abort'],
  'dimse-30-cstore-A700-out-of-resources': ['storage-oor-a7xx'],
  'dimse-32-cstore-C000-cannot-understand': ['dicom-object-error'],
  'dimse-33-cstore-0110-processing-failure': ['app-nak'],
  'dimse-34-cstore-B000-warning-coercion': [],
  'dimse-36-assoc-rj-transient-temporary-congestion': ['assoc-rj-congestion'],
  'dimse-38-assoc-rj-calling-ae-not-recognized': ['assoc-rj-calling-ae'],
  'dimse-39-assoc-rj-protocol-version': ['app-nak'],
  'dimse-40-mpps-ncreate-nset-completed': [],
  'dimse-41-mpps-ncreate-nset-discontinued': [],
  'dimse-43-mpps-ncreate-0111-duplicate': ['duplicate'],
  'dimse-44-storage-commitment-naction': [],
  'dimse-46-echo-dcmjs-client-dcmjs-server': [],
  'dimse-47-cstore-response-delayed-1500ms': [],
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
  'http-09-expect-100-and-413': ['payload-too-large'],
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
