import { connect } from 'node:net'
import type { Address } from '../../model/address.ts'
import { answerBytesMax, codeOf, type Sent } from './sent.ts'

const startBlock = 0x0b
const endBlock = Buffer.of(0x1c, 0x0d)

/** Sends one block on a connection of its own and waits for one (MLLP release 1). Never rejects; the signal ends it as TIMEOUT. */
export function sendMllp(address: Address, body: Uint8Array, signal: AbortSignal): Promise<Sent> {
  return new Promise((resolve) => {
    const socket = connect({ host: address.host, port: address.port, signal })
    let isConnected = false
    let held = Buffer.alloc(0)
    const end = (sent: Sent) => {
      socket.destroy()
      resolve(sent)
    }
    const failed = (code: string) => end({ outcome: isConnected ? 'unanswered' : 'not-sent', code })
    socket.on('connect', () => {
      isConnected = true
      socket.write(Buffer.concat([Buffer.of(startBlock), body, endBlock]))
    })
    socket.on('data', (bytes) => {
      held = Buffer.concat([held, bytes])
      const from = held.indexOf(startBlock)
      const to = from < 0 ? -1 : held.indexOf(endBlock, from)
      if (to > from) end({ outcome: 'answered', body: held.subarray(from + 1, to), envelope: [] })
      else if (held.length > answerBytesMax) failed('ANSWER_TOO_LARGE')
    })
    socket.on('error', (error) => failed(signal.aborted ? 'TIMEOUT' : codeOf(error)))
    socket.on('close', () => failed(signal.aborted ? 'TIMEOUT' : 'ECONNRESET'))
  })
}
