import type { Binding } from '../api/bind.ts'
import { routes } from '../api/openapi.ts'
import type { Pseudonym } from '../masking/pseudonyms.ts'

/** What of a read belongs into the audit, or null. Writes say for themselves what they did, in their handlers. */
export type AuditedRead = (
  binding: Binding,
  asked: { readonly params: { readonly [name: string]: string }; readonly query: unknown },
) => { readonly action: string; readonly subject: string } | null

/**
 * Views of messages, searches for somebody or something by its identifier, and reading the audit. What was searched for stands there as a pseudonym:
 * two searches for the same patient are seen to be, and nobody learns the number from the audit.
 */
export function createAuditedReads(pseudonym: Pseudonym): AuditedRead {
  return ({ route }, { params, query }) => {
    const asked = (name: string) => valueIn(query, name)
    switch (route.path) {
      case routes.message.path:
        return { action: `view ${asked('side') === 'answer' ? 'answer' : 'request'}`, subject: params.id ?? '' }
      case routes.exchanges.path: {
        const value = asked('key') ?? asked('q')
        return value === null ? null : { action: 'search exchanges', subject: pseudonym(value) }
      }
      case routes.journeys.path: {
        const value = asked('key')
        return value === null ? null : { action: 'search journeys', subject: pseudonym(value) }
      }
      case routes.audit.path:
        return { action: asked('format') === 'atna' ? 'export audit' : 'read audit', subject: 'audit' }
      default:
        return null
    }
  }
}

function valueIn(query: unknown, name: string): string | null {
  const value: unknown = typeof query === 'object' && query !== null ? Reflect.get(query, name) : null
  return typeof value === 'string' && value.trim() !== '' ? value : null
}
