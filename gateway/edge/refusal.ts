import type { RefusedHow } from '../model/wire.ts'

/** By the system's code, why an upstream couldn't be connected to. What only this machine can lack is never laid at the upstream's door. */
const refusals: ReadonlyMap<string, RefusedHow> = new Map<string, RefusedHow>([
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'refused'],
  ['ETIMEDOUT', 'timeout'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  // No file, no memory, no port of our own is left (connect(2), socket(2)).
  ['EMFILE', 'gateway'],
  ['ENFILE', 'gateway'],
  ['ENOMEM', 'gateway'],
  ['ENOBUFS', 'gateway'],
  ['EADDRNOTAVAIL', 'gateway'],
])

export function howRefused(error: Error): RefusedHow {
  // Where a host has several addresses the failure holds one for each of them.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  return refusals.get(first instanceof Error ? codeOf(first) : '') ?? 'unreachable'
}

export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
