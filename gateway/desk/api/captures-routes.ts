import { cursor, get, id, limit, nothing, outcome, post, upload } from './route.ts'
import { list, object, oneOf, text } from './schema.ts'

const sides = ['request', 'answer'] as const
const views = ['tree', 'text', 'hex'] as const
const assign = object({ acceptor: text({ pattern: '^[^\\s]{1,100}:\\d{1,5}$' }), interfaceId: id })

export const captureRoutes = {
  captures: get('/captures', 'captures.use', 'Captures that are here, newest first', nothing, 'CaptureList'),
  uploadCapture: upload(
    '/captures',
    'captures.use',
    'A pcap or pcapng file; it is analysed at once, apart from the live store, and deleted after an hour',
    object({ name: text({ minLength: 1, maxLength: 200 }) }),
    'Capture',
  ),
  sampleCapture: post('/captures/sample', 'captures.use', 'The capture that comes with the product', nothing, 'Capture'),
  capture: get('/captures/{id}', 'captures.use', 'How far the analysis is, and what it found', nothing, 'Capture'),
  analyzeCapture: post(
    '/captures/{id}/analyze',
    'captures.use',
    'Analyses it again, with conversations that the configuration doesn’t know taken for these interfaces',
    object({ assign: list(assign, { maxItems: 50 }) }),
    'Capture',
  ),
  deleteCapture: post(
    '/captures/{id}/delete',
    'captures.use',
    'Deletes it and everything that was read of it',
    nothing,
    'CaptureList',
  ),
  captureExchanges: get(
    '/captures/{id}/exchanges',
    'captures.use',
    'Its exchanges, newest first',
    object({}, { interface: id, outcome, q: id, limit, cursor }),
    'ExchangeList',
  ),
  captureExchange: get('/captures/{id}/exchanges/{exchange}', 'captures.use', 'One exchange of it', nothing, 'Exchange'),
  captureMessage: get(
    '/captures/{id}/exchanges/{exchange}/message',
    'captures.use',
    'One message of it, masked',
    object({}, { side: oneOf(sides, { default: 'request' }), view: oneOf(views, { default: 'tree' }) }),
    'Message',
  ),
} as const
