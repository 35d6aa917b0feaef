import { Socket } from 'node:net'

/** Shows what was read, and says whether anybody still holds the memory when it returns. */
type Show = (bytes: Uint8Array) => 'done' | 'held'

/**
 * Reads one plain TCP connection into memory of its own, the same again and again: by itself Node takes new memory for every piece that comes,
 * which costs a fifth of the forwarding. What comes before anybody looks (`flow`) is kept, up to a limit, so that an end is noticed.
 */
export class Reading {
  /** As net.Socket takes it. */
  readonly onread: { readonly buffer: () => Uint8Array; readonly callback: (byteCount: number, memory: Uint8Array) => boolean }
  #memory = Buffer.allocUnsafeSlow(memoryBytes)
  #isHeld = false
  #show: Show | null = null
  #early: Uint8Array[] = []
  #earlyBytes = 0

  constructor() {
    this.onread = {
      buffer: () => this.#next(),
      callback: (byteCount, memory) => this.#read(memory.subarray(0, byteCount)),
    }
  }

  /** Shows what came so far, and from now on what comes. */
  flow(socket: Socket, show: Show): void {
    this.#show = show
    for (const bytes of this.#early.splice(0)) show(bytes)
    socket.resume()
  }

  #read(bytes: Uint8Array): boolean {
    if (this.#show !== null) {
      this.#isHeld = this.#show(bytes) === 'held'
      return true
    }
    this.#early.push(Uint8Array.prototype.slice.call(bytes))
    this.#earlyBytes += bytes.byteLength
    return this.#earlyBytes < memoryBytes
  }

  #next(): Uint8Array {
    if (this.#isHeld) this.#memory = Buffer.allocUnsafeSlow(memoryBytes)
    this.#isHeld = false
    return this.#memory
  }
}

/**
 * The same accepted connection, read by `reading`. Node offers `onread` for connections that it dials and for handles, not for those that a server
 * accepts; the handle is taken from the accepted socket. Null, with nothing changed, where this Node has no such thing.
 */
export function readBy(reading: Reading, accepted: Socket): Socket | null {
  const handle: unknown = Reflect.get(accepted, '_handle')
  if (typeof handle !== 'object' || handle === null || typeof Reflect.get(handle, 'useUserBuffer') !== 'function') return null
  const options = { handle, allowHalfOpen: true, manualStart: true, onread: reading.onread }
  const socket: unknown = Reflect.construct(Socket, [options])
  if (!(socket instanceof Socket)) return null
  // The server's own socket is over; its handle lives on.
  Reflect.set(accepted, '_handle', null)
  accepted.destroy()
  return socket
}

/** As much as Node itself reads at once. */
const memoryBytes = 65_536
