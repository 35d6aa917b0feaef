import { get, nothing } from './route.ts'

/** What leaves the house as a file, and what is sent again. */
export const evidenceRouteTable = {
  ticketBundle: get(
    '/tickets/{id}/bundle',
    'exchanges.export',
    'The evidence of a ticket as a zip: diagnosis, timeline, what changed, masked messages, a capture rebuilt of them, a manifest. Audited',
    nothing,
    'File',
  ),
} as const
