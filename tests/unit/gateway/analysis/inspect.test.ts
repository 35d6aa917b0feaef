import { describe, expect, it } from 'vitest'
import { hl7v2 } from '../../../../adapters/formats/hl7v2/hl7v2.ts'
import { standardContract } from '../../../../contracts/hl7v2/standard.ts'
import { createInspector, readByInterface } from '../../../../gateway/analysis/inspect.ts'
import type { Format } from '../../../../gateway/model/document.ts'
import type { Exchange } from '../../../../gateway/model/exchange.ts'
import type { WireFact } from '../../../../gateway/model/wire.ts'
import { testCatalogue, testInterface } from '../../../support/catalogue.ts'

const iface = testInterface('wire')
const inspect = createInspector({
  catalogue: testCatalogue(iface),
  formats: new Map([[hl7v2.name, hl7v2]]),
  contracts: new Map([[iface.id, standardContract(null)]]),
})
/** An admission without its PID and PV1. */
const short = 'MSH|^~\\&|HIS|SZPH|LIS|SZPH|20261123083001||ADT^A01^ADT_A01|M1|P|2.5\rEVN|A01|20261123083001\r'

function exchange(wire: readonly WireFact[], bodyBytes?: number): Exchange {
  const body = new TextEncoder().encode(short)
  return {
    id: 'x1',
    interfaceId: iface.id,
    connection: {
      id: 'c1',
      initiator: '10.1.0.10:4',
      acceptor: '10.1.0.20:6661',
      openedAt: 0,
      connectMs: 1,
      exchangesBefore: 0,
      idleBeforeMs: null,
    },
    requestFrom: 'initiator',
    outcome: 'unanswered',
    controlId: 'M1',
    type: 'ADT^A01',
    request: { startAt: 0, endAt: 1, wireBytes: body.length + 3, body, bodyBytes: bodyBytes ?? body.length },
    answers: [],
    code: null,
    latencyMs: null,
    wire,
    coverage: 'full',
  }
}

function violationCount(of: Exchange): number {
  const item = inspect({ kind: 'exchange', at: 1, exchange: of }, 1)
  return item.kind === 'exchange' ? item.violations.length : -1
}

describe('inspect', () => {
  it('holds a whole message to its contract', () => {
    expect(violationCount(exchange([]))).toBeGreaterThan(0)
  })

  it('passes on what a format falls over, unread and told so, without a word of the message', () => {
    const broken: Format = {
      ...hl7v2,
      read: () => {
        throw new RangeError(short)
      },
    }
    const parts = { catalogue: testCatalogue(iface), formats: new Map([[iface.format, broken]]), contracts: new Map() }
    const entry = { kind: 'exchange', at: 1, exchange: exchange([]) } as const
    const item = createInspector(parts)(entry, 1)
    expect(item).toMatchObject({ entry, requestFacts: null, answerFacts: null, violations: [{ rule: 'unread', shape: null }] })
    expect(JSON.stringify(item.kind === 'exchange' && item.violations)).not.toContain('HIS')
  })

  it('does not blame a sender for what the wire cut off, nor for what was not kept', () => {
    expect(violationCount(exchange([{ kind: 'partial', by: 'initiator', bytes: 90, how: 'rst' }]))).toBe(0)
    expect(violationCount(exchange([{ kind: 'gap', by: 'initiator', bytes: 90 }]))).toBe(0)
    expect(violationCount(exchange([], 5000))).toBe(0)
  })

  it('still holds a request to its contract when it was the answer that was cut', () => {
    expect(violationCount(exchange([{ kind: 'partial', by: 'acceptor', bytes: 9, how: 'rst' }]))).toBeGreaterThan(0)
  })
})

describe('an answer that says no in its body alone', () => {
  const saysNo: Format = {
    name: 'says-no',
    read: (body, hints) => ({
      ...hl7v2.read(body, hints),
      facts: () => ({
        ...hl7v2.read(body, hints).facts(),
        ack:
          hints.side === 'answer'
            ? { code: String(hints.requestEnvelope?.[0]?.[1]), verdict: 'no', answersId: null, errors: [] }
            : null,
      }),
    }),
  }
  const inspectNo = createInspector({
    catalogue: testCatalogue(iface),
    formats: new Map([['hl7v2', saysNo]]),
    contracts: new Map(),
  })
  const whole = exchange([])
  const body = new TextEncoder().encode('{"infcode":-1}')
  const answered: Exchange = {
    ...whole,
    outcome: 'answered',
    code: '200',
    request: whole.request && { ...whole.request, envelope: [[':path', '/settle']] },
    answers: [
      {
        startAt: 1,
        endAt: 2,
        wireBytes: 20,
        body,
        bodyBytes: body.length,
        envelope: [[':status', '200']],
        stage: null,
        verdict: 'yes',
        code: '200',
      },
    ],
  }

  it('makes the exchange a failed one, with its own code', () => {
    const item = inspectNo({ kind: 'exchange', at: 2, exchange: answered }, 2)
    expect(item).toMatchObject({ entry: { exchange: { outcome: 'failed', code: '/settle' } } })
  })

  it('does not change how an exchange without an answer ended', () => {
    const item = inspectNo({ kind: 'exchange', at: 2, exchange: { ...answered, outcome: 'orphan' } }, 2)
    expect(item).toMatchObject({ entry: { exchange: { outcome: 'orphan', code: '200' } } })
  })
})

describe('an answer whose body names another message, over HTTP', () => {
  const inspected = (answersId: string | null, protocol: 'http' | 'dimse' = 'http') => {
    const naming: Format = {
      name: 'naming',
      read: (body, hints) => ({
        ...hl7v2.read(body, hints),
        facts: () => ({
          ...hl7v2.read(body, hints).facts(),
          controlId: 'M2',
          ack: hints.side === 'answer' ? { code: 'AA', verdict: 'yes', answersId, errors: [] } : null,
        }),
      }),
    }
    const catalogue = testCatalogue({ ...iface, protocol })
    const whole = exchange([])
    const answers = whole.request === null ? [] : [{ ...whole.request, stage: null, verdict: 'yes', code: '200' } as const]
    const answered: Exchange = { ...whole, controlId: null, outcome: 'answered', answers }
    const parts = { catalogue, formats: new Map([['hl7v2', naming]]), contracts: new Map() }
    const item = createInspector(parts)({ kind: 'exchange', at: 2, exchange: answered }, 2)
    return item.kind === 'exchange' ? item.entry.exchange : null
  }

  it('is told as one', () => {
    expect(inspected('M1')).toMatchObject({ outcome: 'answered', wire: [{ kind: 'wrong-control-id', distance: null }] })
  })

  it('is not when it names this one, or none; nor over DIMSE, where ids of messages and of objects are two things', () => {
    for (const one of [inspected('M2'), inspected(null), inspected('1', 'dimse')]) expect(one?.wire).toEqual([])
  })
})

describe('readByInterface', () => {
  it('reads one interface after the other, and answers in the order of the entries', () => {
    const order: string[] = []
    const entries = ['b', 'a', 'b', 'c', 'a'].map((interfaceId, i) => {
      const one = exchange([])
      const entry = { kind: 'exchange', at: i, exchange: { ...one, interfaceId, id: `${interfaceId}${i}` } } as const
      return { position: `${i}`, entry }
    })
    const read = readByInterface(entries, (entry) => {
      if (entry.kind === 'exchange') order.push(entry.exchange.id)
      return { requestFacts: null, answerFacts: null, violations: [], refusal: { code: `${entry.at}` }, answersOther: false }
    })
    expect(order).toEqual(['a1', 'a4', 'b0', 'b2', 'c3'])
    expect(entries.map((_, i) => read(i)?.refusal?.code)).toEqual(['0', '1', '2', '3', '4'])
  })
})
