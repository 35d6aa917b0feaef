import type { Protocol } from '../../../gateway/model/frame.ts'
import { pairingProperties } from '../../../gateway/model/pairing-schema.ts'
import { HttpDecoder } from './decoder.ts'

const headerBytesMaxDefault = 32_768
const requestIdHeadersDefault = ['x-request-id', 'x-correlation-id']

/** HTTP/1.1 and 1.0 (RFC 9110, RFC 9112). HTTP/2, TLS and what follows an upgrade pass through and are said to be unread. */
export const http: Protocol = {
  name: 'http',
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ackTimeoutMs: pairingProperties.ackTimeoutMs,
      lateWindowMs: pairingProperties.lateWindowMs,
      settleMs: pairingProperties.settleMs,
      stuckMs: pairingProperties.stuckMs,
      headerBytesMax: {
        type: 'integer',
        minimum: 1_024,
        maximum: 1_048_576,
        default: headerBytesMaxDefault,
        description: "So many bytes of a message's header are kept; framing is read to its end whatever its length.",
      },
      requestIdHeaders: headerNames(
        requestIdHeadersDefault,
        'Header fields that identify a request, the most telling first; the first that is there is kept as `:request-id`.',
      ),
      redact: headerNames([], 'Header fields whose values are left out, besides the known ones that carry credentials.'),
    },
  },
  decoder: (options, limits) =>
    new HttpDecoder(
      {
        headerBytesMax: typeof options.headerBytesMax === 'number' ? options.headerBytesMax : headerBytesMaxDefault,
        requestIdHeaders: namesOf(options.requestIdHeaders) ?? requestIdHeadersDefault,
        redact: new Set(namesOf(options.redact) ?? []),
      },
      limits,
    ),
}

function headerNames(standard: readonly string[], description: string): object {
  return {
    type: 'array',
    maxItems: 32,
    uniqueItems: true,
    items: { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$" },
    default: standard,
    description,
  }
}

/** The schema has checked it. */
function namesOf(option: unknown): readonly string[] | null {
  return Array.isArray(option) ? option.filter((name) => typeof name === 'string').map((name) => name.toLowerCase()) : null
}
