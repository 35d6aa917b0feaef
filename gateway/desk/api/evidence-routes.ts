import { exchangeFilter, get, nothing, post } from './route.ts'
import { object, oneOf, text } from './schema.ts'

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
  testEndpoints: get(
    '/test-endpoints',
    'messages.resend',
    'Where stored messages may be sent again: of the configuration (`desk.testEndpoints`) and nowhere else',
    nothing,
    'TestEndpointList',
  ),
  resend: post(
    '/exchanges/{id}/resend',
    'messages.resend',
    'Sends a stored message again, to a test endpoint. Written to the audit with the reason before it is sent; the answer is shown masked',
    object(
      { endpoint: text({ minLength: 1, maxLength: 100 }), reason: text({ minLength: 4, maxLength: 500 }) },
      { side: oneOf(['request', 'answer'], { default: 'request' }) },
    ),
    'Resent',
  ),
} as const
