import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../clock.ts'
import { Handover } from './handover.ts'
import { memoryFile } from './memory-file.ts'
import type { FromWorker, TapsTask, ToWorker } from './messages.ts'
import { type Logger, runTaps } from './run-taps.ts'

/** The taps' own thread: beside the one that forwards, with a heap of its own, and free to fail. Started by `taps.ts`. */
const aliveEveryMs = 5_000
const port = parentPort
if (port === null) throw new Error('taps run in a worker thread')

const post = (message: FromWorker) => port.postMessage(message)
const clock = systemClock()
const ending = new AbortController()
const handover = new Handover({ post, clock, signal: ending.signal })
const say = (level: 'info' | 'warn' | 'error') => (fields: object, words: string) => post({ kind: 'log', level, fields, words })
const logger: Logger = { info: say('info'), warn: say('warn'), error: say('error') }

port.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') ending.abort()
  else handover.answered(message)
})
let cancel = () => {}
const beat = () => {
  post({ kind: 'alive' })
  cancel = clock.after(aliveEveryMs, beat)
}
beat()

const { catalogue, bodyBytesMax, memoryFolder }: TapsTask = workerData
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
