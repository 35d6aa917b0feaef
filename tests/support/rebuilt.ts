import { join } from 'node:path'
import { pcapngFile } from '../../gateway/desk/bundle/pcapng.ts'
import { rewired } from '../../gateway/desk/bundle/rewire.ts'
import { type RewiredExchange, rebuiltSegments } from '../../gateway/desk/bundle/slice.ts'
import { decidingAnswer, type Exchange } from '../../gateway/model/exchange.ts'
import type { ProtocolName } from '../../gateway/model/interface.ts'
import { createStoredView } from '../../gateway/store/stored-view.ts'
import { protocolOf } from '../golden/capture-names.ts'
import { capturedInterface, exchangesOf } from '../golden/captured.ts'

const captures = join(import.meta.dirname, '../../fixtures/captures')
const view = createStoredView(new Uint8Array(32))

/** The exchanges of a capture, and the capture that the evidence of a ticket would rebuild of them. Nothing is hidden, so that it can be compared. */
export async function rebuilt(name: string): Promise<{ readonly exchanges: readonly Exchange[]; readonly file: Uint8Array }> {
  const protocol = protocolOf(name)
  const { exchanges } = await exchangesOf([join(captures, `${name}.pcap`)], capturedInterface(protocol))
  const segments = rebuiltSegments(exchanges.map((exchange) => asRewired(exchange, protocol)))
  return { exchanges, file: pcapngFile(segments, 'made by a test') }
}

function asRewired(exchange: Exchange, protocol: ProtocolName): RewiredExchange {
  const stored = view({ position: '1', exchange, requestFacts: null, answerFacts: null, violations: [] })
  const made = (side: 'request' | 'answer', passage: typeof exchange.request) =>
    passage === null
      ? null
      : rewired(protocol, side, {
          bytes: passage.body,
          envelope: (passage.envelope ?? []).map(([name, value]) => ({ name, value })),
        })
  return { exchange: stored, request: made('request', exchange.request), answer: made('answer', decidingAnswer(exchange)) }
}
