import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

/** A way through for TCP connections: what is sent to `port` goes to the upstream that it was opened for. */
export interface WayThrough {
  readonly port: number
  close(): Promise<void>
}

/**
 * The law of transparency: bytes out are bytes in, each way, for any bytes however they are cut, half-closes and resets included.
 * `open` makes a way to the given upstream port; `messages` are bodies that must pass as they are.
 */
export function transparencyLaw(
  name: string,
  open: (upstreamPort: number) => Promise<WayThrough>,
  messages: readonly { readonly name: string; readonly bytes: Buffer }[],
  runs = 40,
): void {
  describe(`transparency: ${name}`, () => {
    it('any bytes in any pieces come out as they went in, each way, and a half-close stays a half-close', async () => {
      await fc.assert(
        fc.asyncProperty(talk(), talk(), async (asked, answered) => {
          // The upstream answers only after it has seen the initiator's half-close: so the way must pass it on, and keep the other half open.
          const heard = await conversation(open, { asked, answered })
          expect(digest(heard.byAcceptor)).toBe(digest(asked))
          expect(digest(heard.byInitiator)).toBe(digest(answered))
        }),
        { numRuns: runs },
      )
    })

    it('every message of the fixtures passes byte for byte', async () => {
      for (const message of messages) {
        const asked = [Buffer.from([0x0b]), message.bytes, Buffer.from([0x1c, 0x0d])]
        const answered = [message.bytes]
        const heard = await conversation(open, { asked, answered })
        expect(digest(heard.byAcceptor), message.name).toBe(digest(asked))
        expect(digest(heard.byInitiator), message.name).toBe(digest(answered))
      }
    })

    it('eight megabytes pass to a reader that is slow to begin', async () => {
      const large = Buffer.alloc(8 * 1_048_576, 'MSH|^~\\&|')
      const { initiator, acceptor, close } = await connected(open)
      acceptor.pause()
      initiator.end(large)
      await new Promise((resolve) => setTimeout(resolve, 100))
      const heard = collect(acceptor)
      acceptor.resume()
      expect(digest(await heard)).toBe(digest([large]))
      acceptor.end()
      await close()
    })

    it.each([
      0, 5, 100_000,
    ])('an initiator that ends after %i bytes, before the upstream is there, is heard to its end', async (size) => {
      const accepted = Promise.withResolvers<readonly Buffer[]>()
      const { server, port } = await listening((socket) => {
        accepted.resolve(collect(socket))
        socket.on('error', () => {})
        socket.end('heard')
      })
      const way = await open(port)
      const initiator = connect({ port: way.port, host: '127.0.0.1', allowHalfOpen: true })
      initiator.on('error', () => {})
      const answer = collect(initiator)
      initiator.end(Buffer.alloc(size, 'x'))
      expect(digest(await accepted.promise)).toBe(digest([Buffer.alloc(size, 'x')]))
      expect(digest(await answer)).toBe(digest([Buffer.from('heard')]))
      await stop(server)
      await way.close()
    })

    it.each(['initiator', 'acceptor'] as const)('a reset by the %s is a reset for the other side', async (side) => {
      const { initiator, acceptor, close } = await connected(open)
      const [breaks, hears] = side === 'initiator' ? [initiator, acceptor] : [acceptor, initiator]
      initiator.write('MSH')
      await once(acceptor, 'data')
      const heard = once(hears, 'error')
      breaks.resetAndDestroy()
      const [error] = await heard
      expect(error).toMatchObject({ code: 'ECONNRESET' })
      await close()
    })

    it('an upstream that refuses is a reset for the initiator', async () => {
      const taken = await listening(() => {})
      const { port } = taken
      await stop(taken.server)
      const way = await open(port)
      const initiator = connect({ port: way.port, host: '127.0.0.1' })
      const [error] = await once(initiator, 'error')
      expect(error).toMatchObject({ code: 'ECONNRESET' })
      await way.close()
    })
  })
}

/** Pieces of bytes, those that mean something to MLLP among them, some of them large. */
function talk(): fc.Arbitrary<readonly Buffer[]> {
  const telling = fc
    .constantFrom('\x0b', '\x1c', '\x1c\r', '\r', 'MSH|^~\\&|A', 'MSA|AA|1', '\x0bMSH|')
    .map((text) => Buffer.from(text))
  const any = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
  const large = fc.integer({ min: 1, max: 200_000 }).map((size) => Buffer.alloc(size, 0x41))
  return fc.array(fc.oneof({ weight: 4, arbitrary: telling }, { weight: 4, arbitrary: any }, { weight: 1, arbitrary: large }), {
    maxLength: 12,
  })
}

async function conversation(
  open: (upstreamPort: number) => Promise<WayThrough>,
  said: { readonly asked: readonly Buffer[]; readonly answered: readonly Buffer[] },
): Promise<{ readonly byInitiator: readonly Buffer[]; readonly byAcceptor: readonly Buffer[] }> {
  const { initiator, acceptor, close } = await connected(open)
  const toAcceptor = collect(acceptor)
  const toInitiator = collect(initiator)
  for (const bytes of said.asked) {
    initiator.write(bytes)
    // A turn of the loop between writes, so that the pieces tend to arrive as pieces.
    await new Promise((resolve) => setImmediate(resolve))
  }
  initiator.end()
  const byAcceptor = await toAcceptor
  for (const bytes of said.answered) acceptor.write(bytes)
  acceptor.end()
  const byInitiator = await toInitiator
  await close()
  return { byInitiator, byAcceptor }
}

async function connected(open: (upstreamPort: number) => Promise<WayThrough>) {
  const accepted = Promise.withResolvers<Socket>()
  const { server, port } = await listening((socket) => accepted.resolve(socket))
  const way = await open(port)
  const initiator = connect({ port: way.port, host: '127.0.0.1', allowHalfOpen: true })
  const acceptor = await accepted.promise
  for (const socket of [initiator, acceptor]) socket.on('error', () => {})
  const close = async (): Promise<void> => {
    for (const socket of [initiator, acceptor]) socket.destroy()
    await stop(server)
    await way.close()
  }
  return { initiator, acceptor, close }
}

async function listening(onConnection: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer({ allowHalfOpen: true }, onConnection)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: portOf(server.address()) }
}

function portOf(address: AddressInfo | string | null): number {
  return address === null || typeof address === 'string' ? 0 : address.port
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}

async function collect(socket: Socket): Promise<readonly Buffer[]> {
  const heard: Buffer[] = []
  socket.on('data', (bytes: Buffer) => heard.push(bytes))
  await once(socket, 'end')
  return heard
}

function digest(pieces: readonly Buffer[]): string {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}
