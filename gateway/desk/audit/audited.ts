import type { Permission } from '../access/permissions.ts'
import type { Binding } from '../api/bind.ts'
import { routes } from '../api/openapi.ts'
import type { Pseudonym } from '../masking/pseudonyms.ts'

/** What of a request is written to the audit before it is answered, or null. */
export type AuditedRead = (
  binding: Binding,
  asked: { readonly params: { readonly [name: string]: string }; readonly query: unknown },
) => { readonly action: string; readonly subject: string } | null

/** Permissions whose handlers all write a record of their own, with more in it than could be known here. */
const recordThemselves: readonly (Permission | null)[] = [
  null,
  'tickets.write',
  'messages.reveal',
  'users.write',
  'grants.write',
  'audit.read',
]

/** Routes of other permissions whose handlers do. */
const pathsOfOwnRecord: ReadonlySet<string> = new Set([
  ...['/changes', '/changes/{id}/cancel', '/changes/{id}/end', '/silences', '/silences/{id}/end'],
  ...['/knowledge/{id}', '/exchanges/export', '/tickets/{id}/bundle', '/exchanges/{id}/resend'],
  ...['/contracts/{id}/proposal', '/contracts/{id}/backtest', '/reports/schedule', '/reports/actions/{id}'],
  ...['/captures', '/captures/{id}/analyze', '/captures/{id}/delete'],
])

/**
 * Views of messages, searches for somebody or something by its identifier, and reading the audit. What was searched for stands there as a pseudonym:
 * two searches for the same patient are seen to be, and nobody learns the number from the audit. Every file that leaves is an export, and every other
 * write a change, whoever adds its route.
 */
export function createAuditedReads(pseudonym: Pseudonym): AuditedRead {
  return ({ route }, { params, query }) => {
    const asked = (name: string) => valueIn(query, name)
    switch (route.path) {
      case routes.message.path:
        return {
          action: `view ${asked('side') === 'answer' ? 'answer' : 'request'}`,
          subject: exchangeIdOr(pseudonym, params.id ?? ''),
        }
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
        return byKind(route, params)
    }
  }
}

/** It is written before anybody knows whether there is such an exchange: what is no id may be somebody's number or name. */
function exchangeIdOr(pseudonym: Pseudonym, asked: string): string {
  return /^[a-z]\w*-[\w.-]+$/.test(asked) ? asked : pseudonym(asked)
}

function byKind(
  { path, method, permission, answerName }: Binding['route'],
  params: { readonly [name: string]: string },
): { readonly action: string; readonly subject: string } | null {
  if (recordThemselves.includes(permission) || pathsOfOwnRecord.has(path)) return null
  const subject = Object.values(params).join(' ')
  if (answerName === 'File') return { action: `export ${path}`, subject }
  return method === 'post' ? { action: `change ${path}`, subject } : null
}

function valueIn(query: unknown, name: string): string | null {
  const value: unknown = typeof query === 'object' && query !== null ? Reflect.get(query, name) : null
  return typeof value === 'string' && value.trim() !== '' ? value : null
}
