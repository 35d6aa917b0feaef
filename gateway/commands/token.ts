import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { openInstallation, systemClock } from '../app.ts'
import { issueBearer } from '../desk/access/bearer.ts'
import { isRole, permissions, roleNames } from '../desk/access/permissions.ts'
import { grantableIdentities } from '../desk/masking/grants.ts'
import { sensitiveCategories } from '../desk/masking/sensitive.ts'
import { failure } from '../model/failures.ts'
import type { Millis } from '../model/time.ts'
import { readArguments } from './arguments.ts'

const usage = 'auscult token --role ROLE [--scope "NAME NAME"] [--ttl 1h] [--name NAME] [--data DIR]'
/** Permissions of the role, and what it may see of patients where that was granted to it. */
const scopeNames: readonly string[] = [
  ...permissions,
  ...[...grantableIdentities, ...sensitiveCategories].map((name) => `see:${name}`),
]
const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const ttlMsMax = 366 * unitMs.d

/** Prints a bearer token for the API, signed with this installation's key, on standard output. */
export async function token(args: readonly string[]): Promise<number> {
  const options = {
    role: { type: 'string' },
    ttl: { type: 'string' },
    data: { type: 'string' },
    name: { type: 'string' },
    scope: { type: 'string' },
  } as const
  const { values } = readArguments(args, options, usage)
  if (!isRole(values.role)) throw failure('ARGUMENTS_INVALID', `--role is one of ${roleNames.join(', ')}; usage: ${usage}`)
  const dataFolder = resolve(values.data ?? 'data')
  if (!existsSync(join(dataFolder, 'secrets')))
    process.stderr.write(`auscult: no Auscult was started in ${dataFolder} yet: only one that is will take this token\n`)
  const key = (await openInstallation(dataFolder)).key('bearer')
  const ttlMs = ttlOf(values.ttl ?? '1h')
  const wanted = {
    role: values.role,
    ttlMs,
    now: systemClock.now(),
    ...(values.name === undefined ? {} : { name: values.name }),
    ...(values.scope === undefined ? {} : { scopes: scopesOf(values.scope) }),
  }
  process.stdout.write(`${await issueBearer(key, wanted)}\n`)
  return 0
}

function scopesOf(text: string): readonly string[] {
  const names = text.split(/[ ,]+/).filter((name) => name !== '')
  const unknown = names.find((name) => !scopeNames.includes(name))
  if (names.length === 0 || unknown !== undefined)
    throw failure('ARGUMENTS_INVALID', `--scope takes names of ${scopeNames.join(', ')}; usage: ${usage}`)
  return names
}

function ttlOf(text: string): Millis {
  const match = /^(\d+)([smhd])$/.exec(text)
  const unit = match?.[2]
  if (!match || (unit !== 's' && unit !== 'm' && unit !== 'h' && unit !== 'd')) {
    throw failure('ARGUMENTS_INVALID', `--ttl is a number with s, m, h or d, as 1h; usage: ${usage}`)
  }
  const ttlMs = Number(match[1]) * unitMs[unit]
  if (ttlMs === 0 || ttlMs > ttlMsMax) throw failure('ARGUMENTS_INVALID', '--ttl is from 1s to 366d')
  return ttlMs
}
