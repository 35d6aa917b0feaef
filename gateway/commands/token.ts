import { resolve } from 'node:path'
import process from 'node:process'
import { openInstallation, systemClock } from '../app.ts'
import { issueBearer } from '../desk/access/bearer.ts'
import { isRole, roleNames } from '../desk/access/permissions.ts'
import { failure } from '../model/failures.ts'
import type { Millis } from '../model/time.ts'
import { readArguments } from './arguments.ts'

const usage = 'auscult token --role ROLE [--ttl 1h] [--data DIR]'
const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const ttlMsMax = 366 * unitMs.d

/** Prints a bearer token for the API, signed with this installation's key, on standard output. */
export async function token(args: readonly string[]): Promise<number> {
  const options = {
    role: { type: 'string' },
    ttl: { type: 'string' },
    data: { type: 'string' },
    name: { type: 'string' },
  } as const
  const { values } = readArguments(args, options, usage)
  if (!isRole(values.role)) throw failure('ARGUMENTS_INVALID', `--role is one of ${roleNames.join(', ')}; usage: ${usage}`)
  const key = (await openInstallation(resolve(values.data ?? 'data'))).key('bearer')
  const ttlMs = ttlOf(values.ttl ?? '1h')
  process.stdout.write(`${await issueBearer(key, { role: values.role, ttlMs, now: systemClock.now() })}\n`)
  return 0
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
