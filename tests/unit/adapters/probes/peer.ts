import { createServer, type Server, type Socket } from 'node:net'
import type { ProbeRun } from '../../../../adapters/probes/run-probe.ts'
import { systemClock } from '../../../../gateway/clock.ts'
import type { Address } from '../../../../gateway/model/address.ts'

/** Who asks in these tests: an interface, on the real clock. */
export const asking: ProbeRun = {
  subject: { kind: 'interface', id: 'peer' },
  clock: systemClock(),
  timezone: 'Asia/Shanghai',
  signal: new AbortController().signal,
}

/** A server of the test on a free port of loopback, ended with all its connections. */
export async function listening<S extends Server>(server: S): Promise<AsyncDisposable & { readonly address: Address }> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const bound = server.address()
  return {
    address: { host: '127.0.0.1', port: bound !== null && typeof bound === 'object' ? bound.port : 0 },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An address that nobody listens on. */
export async function nobody(): Promise<Address> {
  const { address, [Symbol.asyncDispose]: end } = await listening(createServer())
  await end()
  return address
}

export const plan = { everyMs: null, at: [], timeoutMs: 5_000 }
/** For peers that never answer. */
export const impatient = { ...plan, timeoutMs: 150 }
