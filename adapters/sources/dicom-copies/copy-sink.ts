import { createServer, type Server, type Socket } from 'node:net'
import type { Address } from '../../../gateway/model/interface.ts'
import type { Clock } from '../../../gateway/model/time.ts'
import { PduGuard } from './pdu-guard.ts'
import { answerStores, type ScpOptions } from './storage-scp.ts'

export interface CopySinkOptions extends ScpOptions {
  /** Port 0: a free one. */
  readonly listen: Address
  /** More are closed as they come. */
  readonly connectionsMax: number
  readonly clock: Clock
}

export interface CopySink {
  readonly address: Address
  close(): Promise<void>
}

/**
 * Takes copies of images from a router of the archive, says yes to each, and keeps none. An interface whose proxy has this as its upstream sees every copy as it
 * sees any traffic: the edge's decoder skips pixels, whatever an image's size. Memory is bounded: a PDU that claims more than a limit ends its connection
 * before it is collected. Rejects when the address can't be listened on.
 */
export async function startCopySink(options: CopySinkOptions): Promise<CopySink> {
  const { listen, connectionsMax } = options
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => take(socket, sockets, options))
  server.maxConnections = connectionsMax
  await listening(server, listen)
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : listen.port
  return {
    address: { host: listen.host, port },
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function take(socket: Socket, sockets: Set<Socket>, options: CopySinkOptions): void {
  const guard = new PduGuard()
  sockets.add(socket)
  const idle = watchIdle(socket, options)
  socket.on('close', () => {
    sockets.delete(socket)
    idle.stop()
  })
  // What breaks a connection here is seen by the edge as it happens; nothing is to be done about it.
  socket.on('error', () => socket.destroy())
  answerStores(socket, options)
  socket.prependListener('data', (bytes: Buffer) => {
    if (!guard.push(bytes)) socket.destroy()
  })
}

/** Closes a connection on which nothing came for `idleMs`, at the latest after twice as long. */
function watchIdle(socket: Socket, { clock, idleMs }: CopySinkOptions): { stop(): void } {
  let seenBytes = 0
  const wait = (): (() => void) =>
    clock.after(idleMs, () => {
      if (socket.bytesRead === seenBytes) socket.destroy()
      else {
        seenBytes = socket.bytesRead
        cancel = wait()
      }
    })
  let cancel = wait()
  return { stop: () => cancel() }
}

function listening(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
