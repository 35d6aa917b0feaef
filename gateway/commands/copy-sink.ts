import { once } from 'node:events'
import process from 'node:process'
import { systemClock } from '../app.ts'
import { addressOf } from '../config/address.ts'
import { failure } from '../model/failures.ts'
import type { Address } from '../model/interface.ts'
import { readArguments } from './arguments.ts'

const usage = 'auscult copy-sink --listen HOST:PORT [--ae TITLE]'
const idleMs = 300_000
const connectionsMax = 64

/**
 * A storage SCP for copies: an archive's router sends each image a second time, to an interface of the edge whose upstream is this. It says yes and keeps
 * nothing. Ends with SIGTERM or SIGINT, exit 0.
 */
export async function copySink(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { listen: { type: 'string' }, ae: { type: 'string' } }, usage)
  const listen = addressOf(values.listen ?? '')
  if (listen === null || listen.host === '') throw failure('ARGUMENTS_INVALID', `--listen takes HOST:PORT; usage: ${usage}`)
  if (values.ae !== undefined && !/^[\x21-\x5b\x5d-\x7e]{1,16}$/.test(values.ae))
    throw failure('ARGUMENTS_INVALID', `--ae takes an AE title of 1 to 16 characters; usage: ${usage}`)
  const { startCopySink } = await import('../../adapters/sources/dicom-copies/copy-sink.ts')
  const sink = await startCopySink({ listen, calledAe: values.ae ?? null, idleMs, connectionsMax, clock: systemClock }).catch(
    (cause: unknown) => {
      throw listenFailure(listen, cause)
    },
  )
  process.stdout.write(`auscult: takes copies at ${sink.address.host}:${sink.address.port} and keeps none\n`)
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
  await sink.close()
  return 0
}

function listenFailure({ host, port }: Address, cause: unknown) {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null
  if (code === 'EADDRINUSE') return failure('PORT_IN_USE', `${host}:${port}: the port is in use`, { cause })
  return failure('LISTEN_FAILED', `${host}:${port}: ${String(code)}`, { cause })
}
