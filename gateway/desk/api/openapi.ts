/**
 * Every route of `/api/v1` as data: the server mounts exactly these, validates by these schemas, and serves them as its
 * OpenAPI 3.1 document. Exempt from the file length: a table.
 */

import { auditRoutes } from './audit-routes.ts'
import { captureRoutes } from './captures-routes.ts'
import { changeRoutes } from './changes-routes.ts'
import { contractRoutes } from './contracts-routes.ts'
import { evidenceRouteTable } from './evidence-routes.ts'
import { grantsRoutes } from './grants-routes.ts'
import { interfaceRouteTable } from './interface-routes.ts'
import { knowledgeRouteTable } from './knowledge-routes.ts'
import { reportRoutes } from './report-routes.ts'
import { cursor, exchangeFilter, get, id, limit, nothing, post, type Route, span } from './route.ts'
import { integer, object, oneOf, type Schema, text } from './schema.ts'
import { searchRouteTable } from './searches-routes.ts'
import { settingsRouteTable } from './settings-routes.ts'
import { shapes } from './shapes.ts'
import { usersRoutes } from './users-routes.ts'

const note = text({ minLength: 1, maxLength: 4000 })
const person = text({ minLength: 1, maxLength: 100 })
const systemClasses = ['clinical', 'patient', 'device', 'operations', 'infrastructure'] as const
const sides = ['request', 'answer'] as const
const views = ['tree', 'text', 'hex'] as const

export const routes = {
  overview: get('/overview', 'interfaces.read', 'The board: open tickets, mean response, coverage, edges', nothing, 'Overview'),
  interfaces: get(
    '/interfaces',
    'interfaces.read',
    'Every interface of the catalogue with its state and health',
    nothing,
    'InterfaceList',
  ),
  interface: get('/interfaces/{id}', 'interfaces.read', 'One interface', nothing, 'Interface'),
  series: get(
    '/interfaces/{id}/series',
    'interfaces.read',
    'Counts, outcomes and latency quantiles per step. At most 2,000 steps; a step is a whole number of minutes',
    object({}, { ...span, step: integer({ minimum: 60, maximum: 604_800, description: 'Seconds; default 60.' }) }),
    'Series',
  ),
  violations: get(
    '/interfaces/{id}/violations',
    'interfaces.read',
    'Violations by element and rule, most frequent first',
    object({}, span),
    'ViolationCounts',
  ),
  ...interfaceRouteTable,
  exchanges: get(
    '/exchanges',
    'exchanges.read',
    'Exchanges, newest first. `key` is any business identifier; `q` is a key, a control id, an exchange id or a message type',
    object({}, { ...exchangeFilter, limit, cursor }),
    'ExchangeList',
  ),
  exchange: get('/exchanges/{id}', 'exchanges.read', 'One exchange', nothing, 'Exchange'),
  journeys: get(
    '/journeys',
    'exchanges.read',
    'Everything that belongs to one order, study, prescription or settlement, in true order, with the steps that are missing or late. `key` is any identifier, or a token of one',
    object({ key: id }),
    'JourneyList',
  ),
  message: get(
    '/exchanges/{id}/message',
    'messages.read',
    'One message of an exchange, masked',
    object({}, { side: oneOf(sides, { default: 'request' }), view: oneOf(views, { default: 'tree' }) }),
    'Message',
  ),
  reveal: post(
    '/exchanges/{id}/reveal',
    'messages.reveal',
    'One message as it passed. Written to the audit with the reason before it is shown',
    object(
      { reason: text({ minLength: 4, maxLength: 500 }) },
      { side: oneOf(sides, { default: 'request' }), view: oneOf(views, { default: 'tree' }) },
    ),
    'Message',
  ),
  tickets: get(
    '/tickets',
    'tickets.read',
    'Tickets, newest opening first. `state` may be `active` for open and assigned ones',
    object({}, { state: oneOf(['open', 'assigned', 'resolved', 'closed', 'active']), interface: id, cause: id, limit, cursor }),
    'TicketList',
  ),
  ticket: get('/tickets/{id}', 'tickets.read', 'One ticket', nothing, 'Ticket'),
  assign: post(
    '/tickets/{id}/assign',
    'tickets.write',
    'Give it to somebody. The first owner leads it to the end, unless `lead` names another',
    object({ owner: person }, { text: note, lead: person }),
    'Ticket',
  ),
  transfer: post(
    '/tickets/{id}/transfer',
    'tickets.write',
    'Hand it over, with the reason',
    object({ owner: person, reason: note }),
    'Ticket',
  ),
  comment: post('/tickets/{id}/comment', 'tickets.write', 'Write on its timeline', object({ text: note }), 'Ticket'),
  arrive: post('/tickets/{id}/arrive', 'tickets.write', 'Somebody is there', object({}, { text: note }), 'Ticket'),
  help: post(
    '/tickets/{id}/help',
    'tickets.write',
    'Ask for technical help: the coordinator of the class joins, that of the ticket unless another is named',
    object({ text: note }, { systemClass: oneOf(systemClasses) }),
    'Ticket',
  ),
  join: post(
    '/tickets/{id}/join',
    'tickets.write',
    'Somebody else works on it too',
    object({ party: person }, { text: note }),
    'Ticket',
  ),
  escalate: post(
    '/tickets/{id}/escalate',
    'tickets.write',
    'One level up: on site, regional centre, headquarters',
    object({ reason: note }),
    'Ticket',
  ),
  progress: post(
    '/tickets/{id}/progress',
    'tickets.write',
    'The hourly report of a major event: what was taken, what blocks, what is next',
    object({ taken: note, blocker: note, next: note }),
    'Ticket',
  ),
  postMortem: post(
    '/tickets/{id}/post-mortem',
    'tickets.write',
    'The report after recovery',
    object({ rootCause: note, repair: note, prevention: note }),
    'Ticket',
  ),
  ticketDuties: get(
    '/tickets/{id}/duties',
    'tickets.read',
    'What is and was owed to a ticket, nearest deadline first',
    object({}, { limit, cursor }),
    'DutyList',
  ),
  ticketNotices: get(
    '/tickets/{id}/notices',
    'tickets.read',
    'What was told about a ticket, on which channels, newest first',
    nothing,
    'DeliveryList',
  ),
  postMortemDraft: get(
    '/tickets/{id}/post-mortem-draft',
    'tickets.read',
    'A post-mortem as the evidence has it, to be corrected and filed',
    nothing,
    'PostMortemDraft',
  ),
  channels: get(
    '/channels',
    'tickets.read',
    'The channels that notices go out on, and which deliver nothing',
    nothing,
    'ChannelList',
  ),
  teams: get(
    '/teams',
    'tickets.read',
    'What the teams are called that tickets name as owners and parties',
    nothing,
    'TeamList',
  ),
  duties: get(
    '/duties',
    'tickets.read',
    'What is owed, nearest deadline first. `overdue` are the open ones that are late',
    object({}, { state: oneOf(['open', 'overdue', 'done', 'void']), limit, cursor }),
    'DutyList',
  ),
  resolve: post('/tickets/{id}/resolve', 'tickets.write', 'The fault is over', object({}, { text: note }), 'Ticket'),
  close: post('/tickets/{id}/close', 'tickets.write', 'Nothing is left to do', object({}, { text: note }), 'Ticket'),
  reopen: post(
    '/tickets/{id}/reopen',
    'tickets.write',
    'The fault is back, within 24 hours of its end',
    object({}, { text: note }),
    'Ticket',
  ),
  ...knowledgeRouteTable,
  ...evidenceRouteTable,
  ...reportRoutes,
  systems: get('/systems', 'interfaces.read', 'Systems with their clocks', nothing, 'SystemList'),
  ...auditRoutes,
  ...usersRoutes,
  ...grantsRoutes,
  me: get('/me', null, 'Who is signed in, and the CSRF token of the session', nothing, 'Me'),
  ...searchRouteTable,
  ...settingsRouteTable,
  signout: post('/signout', null, 'Ends the session', nothing, 'Me'),
  ...changeRoutes,
  ...contractRoutes,
  ...captureRoutes,
} as const

export type RouteName = keyof typeof routes
/** The OpenAPI 3.1 document of the table above. */
export function openApiDocument(version: string): { readonly [key: string]: unknown } {
  const paths: { [path: string]: { [method: string]: unknown } } = {}
  for (const [name, route] of Object.entries(routes)) {
    const entry = paths[route.path] ?? {}
    paths[route.path] = entry
    entry[route.method] = operation(name, route)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Auscult',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Server-sent events at /api/v1/events: `interfaces` {interfaceIds}, `tickets` {ticketIds}, `clocks` {systemIds}.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ session: [] }, { bearer: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, shape.json])),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'auscult_session' },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  }
}

function operation(name: string, route: Route<unknown, unknown, unknown>): { readonly [key: string]: unknown } {
  const inBody = route.takes === 'bytes' ? 'application/octet-stream' : 'application/json'
  const ofAnswer = route.answerName === 'File' ? 'application/octet-stream' : 'application/json'
  return {
    operationId: name,
    summary: route.summary,
    ...(route.permission === null ? {} : { 'x-permission': route.permission }),
    parameters: [...pathParameters(route.path), ...queryParameters(route.query)],
    ...(route.method === 'post' ? { requestBody: { required: true, content: { [inBody]: { schema: route.body.json } } } } : {}),
    responses: {
      200: {
        description: route.summary,
        content: { [ofAnswer]: { schema: { $ref: `#/components/schemas/${route.answerName}` } } },
      },
      default: {
        description: 'What went wrong',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function pathParameters(path: string): unknown[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', maxLength: 200 },
  }))
}

function queryParameters(query: Schema<unknown>): unknown[] {
  const properties = query.json.properties
  if (typeof properties !== 'object' || properties === null) return []
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }))
}
