import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../clock.ts'
import type { Logger } from '../model/logger.ts'
import { Handover } from './handover.ts'
import { memoryFile } from './memory-file.ts'
import type { FromWorker, Offer, OfferAnswer, TapsTask, ToWorker } from './messages.ts'
import { runTaps } from './run-taps.ts'

/** The taps' own thread: beside the one that forwards, with a heap of its own, and free to fail. Started by `taps.ts`. */
const aliveEveryMs = 5_000
const port = parentPort
if (port === null) throw new Error('taps run in a worker thread')

const { catalogue, bodyBytesMax, memoryFolder, logPort }: TapsTask = workerData
const post = (message: FromWorker) => port.postMessage(message)
const say = (level: 'info' | 'warn' | 'error') => (fields: object, words: string) => post({ kind: 'log', level, fields, words })
const logger: Logger = { info: say('info'), warn: say('warn'), error: say('error') }
const clock = systemClock()
const ending = new AbortController()
const handover = new Handover({
  post: through(logPort),
  tooLarge: () => logger.error({ code: 'LOG_ENTRY_TOO_LARGE' }, 'an entry of the taps is too large for the log'),
  clock,
  signal: ending.signal,
})

port.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') ending.abort()
  else handover.redirect(through(message.port))
})
let cancel = () => {}
const beat = () => {
  post({ kind: 'alive' })
  cancel = clock.after(aliveEveryMs, beat)
}
beat()

await runTaps({
  catalogue,
  bodyBytesMax,
  emit: (entries) => handover.emit(entries),
  clock,
  logger,
  signal: ending.signal,
  memoryOf: (interfaceId) => memoryFile(memoryFolder, interfaceId),
})
cancel()
post({ kind: 'stopped' })
port.close()

/** Offers by this port, whose answers are heard. */
function through(to: MessagePort): (offer: Offer) => void {
  to.on('message', (answer: OfferAnswer) => handover.answered(answer))
  return (offer) => to.postMessage(offer)
}
