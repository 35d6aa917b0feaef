import type { Interface } from '../../model/interface.ts'
import type { BodySide, StoredExchange } from '../../store/exchange-store.ts'
import { Refusal } from '../api/problems.ts'
import type { MessageAnswer } from '../api/shapes.ts'
import type { Messages } from '../messages.ts'
import { associationOf } from './dimse-wire.ts'
import { rewired } from './rewire.ts'
import type { RewiredExchange } from './slice.ts'

export interface BundleFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** The masked messages of one exchange, as files and as the wire would carry them; and what is left out, with why. */
export interface ExchangeMessages {
  readonly files: readonly BundleFile[]
  readonly rewired: RewiredExchange
  readonly leftOut: readonly string[]
}

const textBytesMax = 262_144
const treeBytesMax = 1_048_576

export async function messagesOf(
  exchange: StoredExchange,
  iface: Interface | undefined,
  messages: Messages,
): Promise<ExchangeMessages> {
  const files: BundleFile[] = []
  const leftOut: string[] = []
  const bytesOf: { [side in BodySide]: Uint8Array | null } = { request: null, answer: null }
  let association: RewiredExchange['association'] = null
  for (const side of ['request', 'answer'] as const) {
    if (!exchange.kept[side]) continue
    const place = `messages/${exchange.id}/${side}`
    try {
      const text = await messages.read(exchange, side, 'text', 'masked')
      const tree = await messages.read(exchange, side, 'tree', 'masked')
      const hex = await messages.read(exchange, side, 'hex', 'masked')
      files.push({ name: `${place}.txt`, bytes: textFile(text) })
      const nodes = Buffer.from(tree.view === 'tree' ? JSON.stringify({ ...tree, exchangeId: exchange.id }, null, 1) : '')
      if (nodes.length <= treeBytesMax) files.push({ name: `${place}.tree.json`, bytes: nodes })
      else leftOut.push(`${place}.tree.json: larger than ${treeBytesMax} bytes`)
      bytesOf[side] = iface === undefined ? null : onTheWire(iface, side, hex, exchange)
      if (iface?.protocol === 'dimse' && side === 'request') association = associationOf(hex.envelope)
      if (iface?.protocol === 'dimse' && hex.keptBytes > 0) leftOut.push(`${place}: its data set in slice.pcapng`)
      if (bytesOf[side] === null)
        leftOut.push(`${place} in slice.pcapng: masked, it has no form on the wire of ${iface?.protocol ?? 'its interface'}`)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      leftOut.push(`${place}: ${error.message}`)
    }
  }
  return { files, rewired: { exchange, ...bytesOf, association }, leftOut }
}

/** What was said around the body, then the body: for reading, not for parsing. */
function textFile(message: MessageAnswer): Uint8Array {
  const around = message.envelope.map(({ name, value }) => `# ${name}: ${value.replace(/[\r\n]/g, ' ')}\n`).join('')
  const body = message.view === 'text' ? message.text : ''
  const cut = body.length > textBytesMax ? `${body.slice(0, textBytesMax)}\n# cut here\n` : body
  return Buffer.from(`${around}${cut}`)
}

function onTheWire(
  iface: Interface,
  side: BodySide,
  message: MessageAnswer,
  about: Pick<StoredExchange, 'type' | 'code'>,
): Uint8Array | null {
  if (message.view !== 'hex') return null
  const bytes = Buffer.from(message.hex, 'hex').subarray(0, textBytesMax)
  return rewired(iface.protocol, side, { bytes, envelope: message.envelope }, about)
}
