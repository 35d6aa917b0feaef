import { hash } from 'node:crypto'
import { http } from '../../adapters/protocols/http/protocol.ts'
import { mllp } from '../../adapters/protocols/mllp/protocol.ts'
import { type CaptureSummary, readCapture } from '../../adapters/sources/capture/read-capture.ts'
import { createObserver, defaultObserverLimits } from '../../gateway/edge/observe.ts'
import type { Exchange, Passage } from '../../gateway/model/exchange.ts'
import type { Interface, ProtocolName } from '../../gateway/model/interface.ts'
import { testCatalogue, testInterface } from '../support/catalogue.ts'

/** An interface that takes every conversation of a capture. */
export function capturedInterface(protocol: ProtocolName = 'mllp'): Interface {
  const capture = { acceptor: { host: '*', port: 0 }, initiatorHost: null }
  // The slow answer of the captures comes after 1.6 s.
  const options = protocol === 'http' ? { ackTimeoutMs: 1_000 } : {}
  return { ...testInterface('wire', null, options), protocol, sources: { proxy: null, capture } }
}

/** The exchanges that captures show, in the order in which they end. */
export async function exchangesOf(
  files: readonly string[],
  iface: Interface = capturedInterface(),
): Promise<{ readonly exchanges: readonly Exchange[]; readonly summary: CaptureSummary }> {
  let count = 0
  const nextId = () => {
    count += 1
    return `x${count}`
  }
  const observer = createObserver({
    iface,
    protocol: iface.protocol === 'http' ? http : mllp,
    limits: defaultObserverLimits,
    nextId,
  })
  const reading = readCapture({ files, catalogue: testCatalogue(iface) })
  const exchanges: Exchange[] = []
  let lastAt = 0
  for await (const events of reading.events) {
    for (const { connectionId, event } of events) {
      exchanges.push(...observer.see(connectionId, event))
      lastAt = event.at
    }
  }
  exchanges.push(...observer.finish(lastAt))
  return { exchanges, summary: reading.summary() }
}

/** As the golden files have it: bodies as lengths and digests, times in microseconds since the capture's first packet. */
export function goldenText({ exchanges, summary }: Awaited<ReturnType<typeof exchangesOf>>): string {
  const began = summary.from ?? 0
  const { packets, bytesLost, unmatchedConversations } = summary
  const relative = (key: string, value: unknown): unknown => {
    if (typeof value !== 'number') return value
    if (/At$|^at$/.test(key)) return Math.round((value - began) * 1000)
    return /Ms$/.test(key) ? Math.round(value * 1000) / 1000 : value
  }
  const text = { packets, bytesLost, unmatchedConversations, exchanges: exchanges.map(withoutBodies) }
  return `${JSON.stringify(text, relative, 2)}\n`
}

function withoutBodies(exchange: Exchange): unknown {
  const { request, answers, ...rest } = exchange
  return { ...rest, request: request === null ? null : digested(request), answers: answers.map(digested) }
}

function digested<T extends Passage>(passage: T) {
  const { body, ...rest } = passage
  return { ...rest, body: `${body.length} bytes, sha-256 ${hash('sha256', body).slice(0, 16)}` }
}
