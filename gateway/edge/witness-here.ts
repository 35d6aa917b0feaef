import { Observation, type ObservationOptions } from './observation.ts'
import type { Witness } from './witness.ts'

/** Observes in the thread that forwards: for tests, and where there is one thread only. */
export function witnessHere(options: ObservationOptions): Witness {
  const observation = new Observation(options)
  return {
    watch: (watch, iface) => observation.watch(watch, iface),
    open(connection, watch, opening) {
      observation.open(connection, watch, opening)
      return {
        // Bodies are views of the bytes that they came in, and these are the caller's.
        bytes: (from, bytes, at) => observation.see(connection, { kind: 'bytes', at, from, bytes: Buffer.from(bytes) }),
        tell: (event) => observation.see(connection, event),
      }
    },
    tick: (told) => observation.tick(told),
    async finish(told) {
      const { clock, limits } = options
      let cancel: () => void = () => {}
      const expired = new Promise<void>((resolve) => {
        cancel = clock.after(limits.drainMs, resolve)
      })
      await Promise.race([observation.finish(told), expired])
      cancel()
    },
    get heldBytes() {
      return observation.heldBytes
    },
    get level() {
      return observation.level
    },
  }
}
