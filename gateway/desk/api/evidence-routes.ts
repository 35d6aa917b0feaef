import { exchangeFilter, get, nothing } from './route.ts'
import { object, oneOf } from './schema.ts'

/** What leaves the house as a file, and what is sent again. */
export const evidenceRouteTable = {
  exportExchanges: get(
    '/exchanges/export',
    'exchanges.export',
    'What `GET /exchanges` shows, as a file: at most 10,000 rows, no bodies. Audited',
    object({}, { ...exchangeFilter, format: oneOf(['csv', 'json'], { default: 'csv' }) }),
    'File',
  ),
  ticketBundle: get(
    '/tickets/{id}/bundle',
    'exchanges.export',
    'The evidence of a ticket as a zip: diagnosis, timeline, what changed, masked messages, a capture rebuilt of them, a manifest. Audited',
    nothing,
    'File',
  ),
} as const
