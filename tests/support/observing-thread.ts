/**
 * An observing thread for tests: a real one, with MLLP, that shows its entries to the test and does what the test's bytes make it do. A decoder that
 * sees `!hang` never returns, `!exit` ends its thread, `!throw` throws where nobody catches, and `!sleep` keeps it busy for a while. `always`: what it sees in all bytes;
 * `!fail` in it: the thread can't begin.
 */
import process from 'node:process'
import { setImmediate } from 'node:timers'
import { MessagePort, workerData } from 'node:worker_threads'
import { mllp } from '../../adapters/protocols/mllp/protocol.ts'
import { systemClock } from '../../gateway/clock.ts'
import { defaultEdgeLimits } from '../../gateway/edge/limits.ts'
import { observeRing } from '../../gateway/edge/observing.ts'
import type { LogWriter } from '../../gateway/model/entry.ts'
import type { Protocol } from '../../gateway/model/frame.ts'

const { memory, port, entries, always } = workerData
if (!(memory instanceof SharedArrayBuffer) || !(port instanceof MessagePort) || !(entries instanceof MessagePort))
  throw new Error('The thread was started without its ring and ports.')
if (always === '!fail') {
  port.postMessage({ kind: 'failed', code: 'LOG_VERSION_NEWER', message: 'a newer log', advice: 'use a newer version' })
  port.close()
  process.exit()
}
const clock = systemClock()
const log: LogWriter = {
  append: async (batch) => entries.postMessage(batch),
  pendingBytes: 0,
  close: async () => entries.close(),
}
const obedient: Protocol = {
  ...mllp,
  decoder(options, limits) {
    const decoder = mllp.decoder(options, limits)
    return {
      push(from, bytes, at) {
        obey(`${always}${Buffer.from(bytes).toString('latin1')}`)
        return decoder.push(from, bytes, at)
      },
      gap: (from, byteCount, at) => decoder.gap(from, byteCount, at),
      end: (from, how, at) => decoder.end(from, how, at),
      pending: (from) => decoder.pending(from),
      get heldBytes() {
        return decoder.heldBytes
      },
    }
  },
}
const limits = { ...defaultEdgeLimits, drainMs: 2_000 }
await observeRing({ memory, port, protocols: [obedient], log, clock, limits, edgeId: 'e1' })
await log.close()
port.postMessage({ kind: 'finished' })
port.close()

function obey(text: string): void {
  if (text.includes('!throw')) {
    setImmediate(() => {
      throw new TypeError('a bug')
    })
  }
  if (text.includes('!exit')) process.exit()
  const busyMs = text.includes('!hang') ? Number.POSITIVE_INFINITY : text.includes('!sleep') ? 300 : 0
  const untilMs = clock.monotonic() + busyMs
  while (clock.monotonic() < untilMs);
}
