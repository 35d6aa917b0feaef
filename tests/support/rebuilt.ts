import { join } from 'node:path'
import { associationOf } from '../../gateway/desk/bundle/dimse-wire.ts'
import { pcapngFile } from '../../gateway/desk/bundle/pcapng.ts'
import { rewired } from '../../gateway/desk/bundle/rewire.ts'
import { type RewiredExchange, rebuiltSegments } from '../../gateway/desk/bundle/slice.ts'
import { decidingAnswer, type Exchange, type Passage } from '../../gateway/model/exchange.ts'
import type { ProtocolName } from '../../gateway/model/interface.ts'
import { createStoredView } from '../../gateway/store/stored-view.ts'
import { protocolOf } from '../golden/capture-names.ts'
import { capturedInterface, exchangesOf } from '../golden/captured.ts'

const captures = join(import.meta.dirname, '../../fixtures/captures')
const view = createStoredView(new Uint8Array(32))

/** The exchanges of a capture, and the capture that the evidence of a ticket would rebuild of them. Nothing is hidden, so that it can be compared. `from`: the exchanges before are left out. */
export async function rebuilt(
  name: string,
  from = 0,
): Promise<{ readonly exchanges: readonly Exchange[]; readonly file: Uint8Array }> {
  const protocol = protocolOf(name)
  const exchanges = (await exchangesOf([join(captures, `${name}.pcap`)], capturedInterface(protocol))).exchanges.slice(from)
  const segments = rebuiltSegments(exchanges.map((exchange) => asRewired(exchange, protocol)))
  return { exchanges, file: pcapngFile(segments, 'made by a test') }
}

function asRewired(exchange: Exchange, protocol: ProtocolName): RewiredExchange {
  const stored = view({ position: '1', exchange, requestFacts: null, answerFacts: null, violations: [] })
  const made = (side: 'request' | 'answer', passage: typeof exchange.request) =>
    passage === null ? null : rewired(protocol, side, { bytes: passage.body, envelope: fieldsOf(passage) }, exchange)
  const association = exchange.request === null ? null : associationOf(fieldsOf(exchange.request))
  return {
    exchange: stored,
    request: made('request', exchange.request),
    answer: made('answer', decidingAnswer(exchange)),
    association,
  }
}

function fieldsOf({ envelope = [] }: Passage) {
  return envelope.map(([name, value]) => ({ name, value }))
}
