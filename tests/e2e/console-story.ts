import { readFileSync } from 'node:fs'
import { decidingAnswer, type Exchange, exchangeAt, type Outcome } from '../../gateway/model/exchange.ts'
import type { WireFact } from '../../gateway/model/wire.ts'

/** What one observed interface sent in the last two hours of the morning that the fixture shows. */
export interface Traffic {
  readonly interfaceId: string
  readonly perMin: number
  /** Files of fixtures/messages/zh-synthetic, used in turn. */
  readonly files: readonly string[]
  readonly latencyMs: number
  readonly fault: Fault | null
}

interface Fault {
  readonly kind: 'refused' | 'unknown-code' | 'slow' | 'missing-record-number' | 'behind' | 'silent' | 'late'
  /** Minutes before now. */
  readonly sinceMin: number
  /** Left out: it goes on. */
  readonly untilMin?: number
}

/** Ten interfaces in mid-morning: most are well, one refuses, one is slow, one rejects, one is silent, one breaks its contract. */
export const traffics: readonly Traffic[] = [
  { interfaceId: 'his-esb-adt', perMin: 9, files: ['14', '11', '12'], latencyMs: 38, fault: null },
  { interfaceId: 'his-lis-lab-order', perMin: 6, files: ['01', '02'], latencyMs: 62, fault: { kind: 'slow', sinceMin: 9 } },
  { interfaceId: 'lis-emr-lab-result', perMin: 7, files: ['03', '04'], latencyMs: 85, fault: { kind: 'behind', sinceMin: 26 } },
  { interfaceId: 'analyzer-lis-result', perMin: 11, files: ['03'], latencyMs: 47, fault: null },
  {
    interfaceId: 'lis-tijian-result',
    perMin: 3,
    files: ['05', '06'],
    latencyMs: 120,
    fault: { kind: 'missing-record-number', sinceMin: 31 },
  },
  { interfaceId: 'his-ris-exam-order', perMin: 3, files: ['07'], latencyMs: 71, fault: { kind: 'unknown-code', sinceMin: 17 } },
  { interfaceId: 'ris-pacs-procedure', perMin: 3, files: ['08'], latencyMs: 55, fault: { kind: 'refused', sinceMin: 12 } },
  { interfaceId: 'his-aims-surgery', perMin: 0.5, files: ['17', '18'], latencyMs: 93, fault: null },
  {
    interfaceId: 'his-bis-blood',
    perMin: 0.7,
    files: ['22'],
    latencyMs: 140,
    fault: { kind: 'late', sinceMin: 95, untilMin: 70 },
  },
  { interfaceId: 'icu-device-observation', perMin: 8, files: ['26'], latencyMs: 21, fault: { kind: 'silent', sinceMin: 6 } },
]

const minuteMs = 60_000
const hoursShown = 2
const folder = new URL('../../fixtures/messages/zh-synthetic/', import.meta.url)
const index: unknown = JSON.parse(readFileSync(new URL('INDEX.json', folder), 'utf8'))

/** Every exchange of the morning up to `now`, oldest first. The same each time: chance is a seeded sequence. */
export function morning(now: number): readonly Exchange[] {
  return traffics
    .flatMap((traffic, i) => exchangesOf(traffic, now, (i + 1) * 7919))
    .toSorted((a, b) => exchangeAt(a) - exchangeAt(b))
}

function exchangesOf(traffic: Traffic, now: number, seed: number): readonly Exchange[] {
  const chance = seeded(seed)
  const bodies = traffic.files.map(bodyOf)
  const exchanges: Exchange[] = []
  let at = now - hoursShown * 60 * minuteMs
  for (let number = 1; at < now - 1000; number += 1) {
    at += (minuteMs / traffic.perMin) * (0.4 + 1.2 * chance())
    const isIll = traffic.fault !== null && isDuring(traffic.fault, at, now)
    if (at >= now - 1000 || (isIll && traffic.fault?.kind === 'silent')) continue
    const body = numbered(
      bodies[number % bodies.length] ?? '',
      number,
      isIll && traffic.fault?.kind === 'missing-record-number',
    )
    exchanges.push(exchangeOf({ traffic, number, at, body, fault: isIll ? traffic.fault : null, chance }))
  }
  return exchanges
}

function isDuring({ sinceMin, untilMin = 0 }: Fault, at: number, now: number): boolean {
  return at > now - sinceMin * minuteMs && at <= now - untilMin * minuteMs
}

interface Made {
  readonly traffic: Traffic
  readonly number: number
  readonly at: number
  readonly body: Uint8Array
  readonly fault: Fault | null
  readonly chance: () => number
}

function exchangeOf(made: Made): Exchange {
  const { traffic, number, at, body, fault, chance } = made
  const port = 6660 + traffics.indexOf(traffic)
  const controlId = controlIdOf(body)
  const { outcome, code, latencyMs, wire } = endOf(made)
  const exchange: Exchange = {
    id: `e1-${traffic.interfaceId}-${number}`,
    interfaceId: traffic.interfaceId,
    connection: {
      id: `c${number % 7}`,
      initiator: `10.1.0.10:${40_000 + (number % 900)}`,
      acceptor: `10.1.0.20:${port}`,
      openedAt: fault?.kind === 'refused' ? at : at - 47 * minuteMs,
      connectMs: fault?.kind === 'refused' ? null : 0.3 + chance(),
      exchangesBefore: fault?.kind === 'refused' ? 0 : number,
      idleBeforeMs: fault?.kind === 'refused' ? null : 900 + 9000 * chance(),
    },
    requestFrom: fault?.kind === 'refused' ? null : 'initiator',
    outcome,
    controlId: fault?.kind === 'refused' ? null : controlId,
    type: fault?.kind === 'refused' ? null : typeOf(body),
    request:
      fault?.kind === 'refused'
        ? null
        : { startAt: at - 0.4, endAt: at, wireBytes: body.length + 3, body, bodyBytes: body.length },
    answers: [],
    code,
    latencyMs,
    wire,
    coverage: 'full',
  }
  if (latencyMs === null) return exchange
  const answerBody = ackOf(body, code ?? 'AA', number)
  const endAt = at + latencyMs
  const answer = {
    startAt: endAt - 0.1,
    endAt,
    wireBytes: answerBody.length + 3,
    body: answerBody,
    bodyBytes: answerBody.length,
  }
  const whole: Exchange = {
    ...exchange,
    answers: [{ ...answer, stage: 'application', verdict: outcome === 'answered' ? 'yes' : 'no', code }],
  }
  if (decidingAnswer(whole) === null) throw new Error('an answered exchange has a deciding answer')
  return whole
}

interface End {
  readonly outcome: Outcome
  readonly code: string | null
  readonly latencyMs: number | null
  readonly wire: readonly WireFact[]
}

function endOf({ traffic, number, at, fault, chance }: Made): End {
  // Latencies have a long tail: the square of a square of chance.
  const latencyMs = traffic.latencyMs * (0.6 + 0.5 * chance() + 6 * chance() ** 8)
  const well: End = { outcome: 'answered', code: 'AA', latencyMs, wire: [] }
  if (fault === null) return number % 211 === 0 ? { ...well, wire: [{ kind: 'missing-final-cr', by: 'initiator' }] } : well
  switch (fault.kind) {
    case 'refused':
      return { outcome: 'unanswered', code: null, latencyMs: null, wire: [{ kind: 'refused', how: 'refused', at }] }
    case 'unknown-code':
      return number % 2 === 0 ? { ...well, outcome: 'failed', code: 'AE' } : well
    case 'slow':
      return { ...well, latencyMs: latencyMs * 14 }
    case 'late':
      return number % 4 === 0
        ? { outcome: 'unanswered', code: null, latencyMs: null, wire: [{ kind: 'timeout', at: at + 5000, afterMs: 5000 }] }
        : well
    case 'missing-record-number':
    case 'behind':
    case 'silent':
      return well
    default:
      return fault.kind satisfies never
  }
}

function bodyOf(prefix: string): string {
  const files = Array.isArray(index) ? index : []
  const names = files.flatMap((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'file' in entry ? [String(entry.file)] : [],
  )
  const name = names.find((file) => file.startsWith(`${prefix}_`))
  if (name === undefined) throw new Error(`no message ${prefix} among the fixtures`)
  return readFileSync(new URL(name, folder)).toString('latin1')
}

/** The message with a control id, an order and a patient of its own. Bytes above 127 pass through as they are (latin1 keeps them). */
function numbered(message: string, number: number, withoutRecordNumber: boolean): Uint8Array {
  const four = String(number).padStart(4, '0')
  const segments = message.split('\r').map((segment) => {
    const fields = segment.split('|')
    if (segment.startsWith('MSH')) fields[9] = `${(fields[9] ?? 'X').slice(0, 11)}${four}`
    if (segment.startsWith('PID') && withoutRecordNumber) fields[3] = ''
    if (segment.startsWith('ORC') || segment.startsWith('OBR')) fields[2] = (fields[2] ?? '').replace(/\d{4}(?=\^|$|-)/, four)
    return fields.join('|')
  })
  return Buffer.from(segments.join('\r'), 'latin1')
}

function controlIdOf(body: Uint8Array): string {
  return headField(body, 9)
}

function typeOf(body: Uint8Array): string {
  return headField(body, 8).split('^').slice(0, 2).join('^')
}

function headField(body: Uint8Array, at: number): string {
  const [head = ''] = Buffer.from(body).toString('latin1').split('\r')
  return head.split('|')[at] ?? ''
}

function ackOf(body: Uint8Array, code: string, number: number): Uint8Array {
  const [, trigger = ''] = headField(body, 8).split('^')
  const controlId = controlIdOf(body)
  const text = [
    `MSH|^~\\&|${headField(body, 4)}|SZPH|${headField(body, 2)}|SZPH|20261123104205||ACK^${trigger}^ACK|ACK${number}|P|${headField(body, 11)}||||||UNICODE UTF-8`,
    `MSA|${code}|${controlId}${code === 'AA' ? '' : '|\u9879\u76ee\u4ee3\u7801\u4e0d\u5b58\u5728'}`,
    ...(code === 'AA' ? [] : ['ERR||OBR^1^4|103^Table value not found^HL70357|E']),
  ]
  return Buffer.from(`${text.join('\r')}\r`)
}

/** Numbers between 0 and 1 that come in the same order each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
