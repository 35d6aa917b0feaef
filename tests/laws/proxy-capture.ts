import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decidingAnswer, type Exchange, type Passage } from '../../gateway/model/exchange.ts'
import type { Side } from '../../gateway/model/frame.ts'

/** One thing that happens on a connection. Each is over at both ends before the next begins. */
export type ScriptStep =
  | { readonly kind: 'bytes'; readonly from: Side; readonly bytes: Buffer }
  | { readonly kind: 'fin'; readonly from: Side }
  | { readonly kind: 'rst'; readonly from: Side }

/** What the network does to the segments of a capture: drawn at random, used up in order. */
export interface Disorder {
  /** Lengths that bytes are cut to. */
  readonly lengths: readonly number[]
  /** For each segment: sent as it is, sent again, or seen after the one that follows. */
  readonly fates: readonly ('plain' | 'again' | 'swapped')[]
}

/** Two ways in which the observer can be told of the same conversation. */
export interface TwoWays {
  throughProxy(script: readonly ScriptStep[]): Promise<readonly Exchange[]>
  throughCapture(script: readonly ScriptStep[], disorder: Disorder): Promise<readonly Exchange[]>
}

/** The law (`scripts` are conversations of MLLP where none are given): the same conversation through the proxy and through a capture gives equal exchanges; times, ids and addresses aside. */
export function proxyCaptureLaw(
  name: string,
  ways: TwoWays,
  runs = 60,
  scripts: fc.Arbitrary<readonly ScriptStep[]> = arbitraryScript,
): void {
  describe(`proxy = capture: ${name}`, () => {
    test('the same conversation gives equal exchanges', { timeout: 120_000 }, async () => {
      let count = 0
      await fc.assert(
        fc.asyncProperty(scripts, arbitraryDisorder, async (script, disorder) => {
          const proxied = await ways.throughProxy(script)
          const captured = await ways.throughCapture(script, disorder)
          expect(captured.map(essence)).toEqual(proxied.map(essence))
          count += proxied.length
        }),
        { numRuns: runs },
      )
      // The scripts were conversations, not silences.
      expect(count).toBeGreaterThan(runs)
    })
  })
}

/** What must be equal. */
function essence(exchange: Exchange): unknown {
  const { outcome, controlId, type, code, requestFrom, coverage, request, answers, wire } = exchange
  return {
    outcome,
    controlId,
    type,
    code,
    requestFrom,
    coverage,
    exchangesBefore: exchange.connection.exchangesBefore,
    isConnected: exchange.connection.connectMs !== null,
    hasLatency: exchange.latencyMs !== null,
    decidedBy: decidingAnswer(exchange)?.code ?? null,
    request: request === null ? null : passed(request),
    answers: answers.map((answer) => ({ ...passed(answer), stage: answer.stage, verdict: answer.verdict, code: answer.code })),
    wire: wire.map((fact) => {
      const timeless: { [key: string]: unknown } = { ...fact }
      for (const key of ['at', 'idleMs', 'afterMs', 'of']) delete timeless[key]
      return timeless
    }),
  }
}

function passed({ wireBytes, body, bodyBytes, envelope }: Passage) {
  return { wireBytes, bodyBytes, envelope, body: Buffer.from(body).toString('latin1') }
}

interface Message {
  readonly id: number
  readonly answer: 'AA' | 'AE' | 'AR' | 'wrong' | 'none' | 'twice' | 'enhanced'
  readonly frame: 'usual' | 'no-cr' | 'garbage'
  readonly noteBytes: number
  readonly cuts: readonly number[]
}

const arbitraryMessage: fc.Arbitrary<Message> = fc.record({
  id: fc.integer({ min: 1, max: 6 }),
  answer: fc.constantFrom('AA', 'AA', 'AE', 'AR', 'wrong', 'none', 'twice', 'enhanced'),
  frame: fc.constantFrom('usual', 'usual', 'usual', 'no-cr', 'garbage'),
  noteBytes: fc.constantFrom(0, 10, 3000),
  cuts: fc.array(fc.nat(200), { maxLength: 3 }),
})

/** How a connection may end. */
export const ends: readonly (readonly ScriptStep[])[] = [
  [
    { kind: 'fin', from: 'initiator' },
    { kind: 'fin', from: 'acceptor' },
  ],
  [
    { kind: 'fin', from: 'acceptor' },
    { kind: 'fin', from: 'initiator' },
  ],
  [{ kind: 'rst', from: 'initiator' }],
  [{ kind: 'rst', from: 'acceptor' }],
]

/** Conversations as MLLP has them, with what goes wrong in them, and with an end that may come inside a message. */
const arbitraryScript: fc.Arbitrary<readonly ScriptStep[]> = fc
  .record({
    messages: fc.array(arbitraryMessage, { minLength: 1, maxLength: 5 }),
    broken: fc.option(fc.integer({ min: 1, max: 60 })),
    end: fc.constantFrom(...ends),
  })
  .map(({ messages, broken, end }) => {
    const torn = broken === null ? [] : bytesFrom('initiator', framed(request(9, 20), 'usual').subarray(0, broken), [])
    return [...messages.flatMap(stepsOf), ...torn, ...end]
  })

const arbitraryDisorder: fc.Arbitrary<Disorder> = fc.record({
  lengths: fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 20 }),
  fates: fc.array(fc.constantFrom('plain' as const, 'again' as const, 'swapped' as const), { minLength: 1, maxLength: 20 }),
})

function stepsOf({ id, answer, frame, noteBytes, cuts }: Message): readonly ScriptStep[] {
  const asked = bytesFrom('initiator', framed(request(id, noteBytes, answer === 'enhanced'), frame), cuts)
  const answers = {
    AA: [['AA', id]],
    AE: [['AE', id]],
    AR: [['AR', id]],
    wrong: [['AA', id + 50]],
    none: [],
    twice: [
      ['AA', id],
      ['AA', id],
    ],
    enhanced: [
      ['CA', id],
      ['AA', id],
    ],
  } as const satisfies { readonly [kind in Message['answer']]: readonly (readonly [string, number])[] }
  return [...asked, ...answers[answer].flatMap(([code, to]) => bytesFrom('acceptor', framed(ack(code, to), 'usual'), cuts))]
}

/** The bytes of one side, cut at these places. */
export function bytesFrom(from: Side, bytes: Buffer, cuts: readonly number[]): readonly ScriptStep[] {
  const edges = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]
  return edges.slice(1).flatMap((end, i) => {
    const part = bytes.subarray(edges[i], end)
    return part.length === 0 ? [] : [{ kind: 'bytes' as const, from, bytes: part }]
  })
}

function framed(text: string, frame: Message['frame']): Buffer {
  return Buffer.from(`${frame === 'garbage' ? 'xy\n' : ''}\v${text}\x1c${frame === 'no-cr' ? '' : '\r'}`)
}

function request(id: number, noteBytes: number, isEnhanced = false): string {
  const modes = isEnhanced ? '|||AL|AL' : ''
  return `MSH|^~\\&|HIS|H|LIS|H|20261122||ORM^O01|ID${id}|P|2.5.1${modes}\rPID|1||P1\rNTE|1||${'检'.repeat(noteBytes / 2)}\r`
}

function ack(code: string, id: number): string {
  return `MSH|^~\\&|LIS|H|HIS|H|20261122||ACK|A${code}${id}|P|2.5.1\rMSA|${code}|ID${id}\r`
}
