import { join, resolve } from 'node:path'
import process from 'node:process'
import { systemClock } from '../app.ts'
import { auditRow, auscult } from '../desk/audit/row.ts'
import { failure } from '../model/failures.ts'
import { findRunning } from '../run-folder.ts'
import { addSecret } from '../store/secrets.ts'
import { readArguments } from './arguments.ts'
import { openInstalledStore } from './installed-store.ts'

const usage = 'auscult keys rotate [--data DIR]'

/** Adds a key to the installation's, writes that into the audit, and has a running Auscult take it up. The sealing key of bodies is the configuration's. */
export async function keys(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { data: { type: 'string' } }, usage)
  if (positionals.length !== 1 || positionals[0] !== 'rotate')
    throw failure('ARGUMENTS_INVALID', `what of the keys? usage: ${usage}`)
  const dataFolder = resolve(values.data ?? 'data')
  const store = await openInstalledStore(dataFolder)
  try {
    const deed = { action: 'keys rotate', subject: 'installation', reason: 'on the server' }
    await store.appendAudit(auditRow(auscult, systemClock.now(), deed))
    addSecret(join(dataFolder, 'secrets'))
  } finally {
    await store.close()
  }
  const running = findRunning(dataFolder, 'supervisor')
  if (running !== null) process.kill(running.pid, 'SIGHUP')
  process.stdout.write('a new key is there; tokens that were printed before are no longer taken\n')
  process.stderr.write(
    running === null
      ? 'auscult: it counts when Auscult is started again\n'
      : `auscult: the Auscult with pid ${running.pid} was told to take it up\n`,
  )
  return 0
}
