import type { Envelope } from '../../model/envelope.ts'
import type { Secret } from './secret-index.ts'
import { hiddenByContent, starred } from './values.ts'

/** Values that are addresses: their segments and parameters may name somebody. */
const addresses = new Set([':path', 'location', 'content-location', 'referer', 'link', 'uri'])
/** Values that are a key of somebody's record as they stand. */
const keys = new Set(['key'])

/** What a protocol said around a body, with `*` over what may identify: numbers in a path, all parameters, record keys, and whatever repeats a secret. */
export function maskedEnvelope(envelope: Envelope, secrets: readonly Secret[]): Envelope {
  return envelope.map(([name, value]) => [name, maskedValue(name, value, secrets)] as const)
}

function maskedValue(name: string, value: string, secrets: readonly Secret[]): string {
  if (keys.has(name)) return '*'.repeat(Math.min(value.length, 32))
  const shown = addresses.has(name) ? maskedAddress(value) : value
  return starred(shown, hiddenByContent(shown, secrets))
}

/** A segment with a digit or beyond ASCII is an identifier until it is known to be none; a parameter's name stays, its value doesn't. */
function maskedAddress(value: string): string {
  const [path = '', query] = value.split('?', 2)
  const hasHost = /^<?[a-z][a-z0-9+.-]*:\/\//i.test(path)
  const segments = path
    .split('/')
    .map((segment, at) => {
      const isHost = hasHost && at <= 2
      return isHost || /^(?:v|r)\d{1,2}$/i.test(segment) || !/[\d%]|[^ -~]/u.test(segment) ? segment : stars(segment)
    })
    .join('/')
  if (query === undefined) return segments
  const parameters = query.split('&').map((parameter) => {
    const [name = '', ...rest] = parameter.split('=')
    return rest.length === 0 ? stars(name) : `${name}=${stars(rest.join('='))}`
  })
  return `${segments}?${parameters.join('&')}`
}

function stars(text: string): string {
  return '*'.repeat(Math.min(text.length, 32))
}
