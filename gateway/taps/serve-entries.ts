import type { MessagePort } from 'node:worker_threads'
import type { Entry } from '../model/entry.ts'
import { Failure } from '../model/failure.ts'
import type { Offer, OfferAnswer } from './messages.ts'

/** The log's side of a port: appends what the taps offer, and says what became of it. Runs in the thread that writes the log; ends when the port is closed, and keeps no thread alive. */
export function serveEntries(port: MessagePort, append: (entries: readonly Entry[]) => Promise<void>): void {
  port.on('message', ({ number, entries }: Offer) => {
    const answer = (code: string | null) => {
      const message: OfferAnswer = { number, code }
      port.postMessage(message)
    }
    append(entries).then(
      () => answer(null),
      (error: unknown) => answer(error instanceof Failure ? error.code : 'LOG_FAULT'),
    )
  })
  port.unref()
}
