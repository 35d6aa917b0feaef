import { connect, createServer } from 'node:net'

/** Below what Linux gives to whoever asks for any port (32768 on), so that no connection of another process takes one in between. */
const ports = { from: 20_000, count: 12_000 }
let nextPort = (process.pid * 67) % ports.count

/** Ports that were free a moment ago, all different, and no process's by chance. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const free: number[] = []
  while (free.length < count) {
    const port = ports.from + nextPort
    nextPort = (nextPort + 1) % ports.count
    if (await isFree(port)) free.push(port)
  }
  return free
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** One of them, for a program that can't be told to take any. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1)
  return port
}

/** Whether something listens there on loopback. */
export function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
