import { resolve } from 'node:path'
import process from 'node:process'
import { systemClock } from '../app.ts'
import { roleOfPower } from '../desk/access/permissions.ts'
import { createSignInSecret, signInLinkMs, signInPath } from '../desk/access/session.ts'
import { auditRow, auscult } from '../desk/audit/row.ts'
import { failure } from '../model/failures.ts'
import { findRunning } from '../run-folder.ts'
import { readArguments } from './arguments.ts'
import { openInstalledStore } from './installed-store.ts'

const usage = 'auscult link --name NAME [--data DIR]'

/**
 * Prints a one-time sign-in link for an account that is there: for who has lost the password, and for the holders of the three powers, whose
 * links nobody can make at the console. Whoever may do this may read the data folder, and so its keys.
 */
export async function link(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { name: { type: 'string' }, data: { type: 'string' } }, usage)
  const { name } = values
  if (name === undefined) throw failure('ARGUMENTS_INVALID', `--name is missing; usage: ${usage}`)
  const dataFolder = resolve(values.data ?? 'data')
  const store = await openInstalledStore(dataFolder)
  try {
    const user = await store.user(name)
    // Whoever is to be the first holder of a power has no account before they come.
    const first = user === null ? (Object.values(roleOfPower).find((role) => role === name) ?? null) : null
    if (first === null && (user === null || user.state !== 'active'))
      throw failure('ACCOUNT_NOT_FOUND', `there is no open account "${name}"`)
    const now = systemClock.now()
    await store.appendAudit(auditRow(auscult, now, { action: 'user invite', subject: name, reason: 'on the server' }))
    const secret = await createSignInSecret(store, name, first, now)
    const address = findRunning(dataFolder, 'desk')?.says.address ?? ''
    process.stdout.write(`${address}${signInPath(secret)}\n`)
    process.stderr.write(`auscult: good for one use within ${signInLinkMs / 3_600_000} hours\n`)
    return 0
  } finally {
    await store.close()
  }
}
