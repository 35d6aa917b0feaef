import type { KeyObject } from 'node:crypto'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import type { Clock } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import { allows, permissionsOf } from '../access/permissions.ts'
import type { RateLimit } from '../access/rate.ts'
import type { AuditedRead } from '../audit/audited.ts'
import { auditRow } from '../audit/row.ts'
import type { Binding } from './bind.ts'
import type { EventStream } from './events.ts'
import { FileAnswer } from './file-answer.ts'
import { addressOf, identify, isLoopback } from './identify.ts'
import { openApiDocument } from './openapi.ts'
import { consolePages, filePolicy, setSecurityHeaders } from './pages.ts'
import { problemOf, Refusal } from './problems.ts'
import { mountSignIn, type SignInParts } from './sign-in-routes.ts'

export interface ServerParts extends SignInParts {
  readonly store: Store
  readonly clock: Clock
  readonly bearerKey: KeyObject
  readonly bindings: readonly Binding[]
  /** Null serves the API only. */
  readonly consoleFolder: string | null
  /** Which reads are written to the audit before they are answered. */
  readonly auditedRead: AuditedRead
  readonly events: EventStream
  readonly metrics: () => Promise<string>
  /** A proxy stands before the desk. */
  readonly isBehindTls: boolean
  /** Addresses and networks of the proxies whose X-Forwarded-For is believed. */
  readonly proxies: readonly string[]
  readonly isReady: () => Promise<boolean>
  readonly version: string
  readonly limits: { readonly requests: RateLimit; readonly signIns: RateLimit }
  /** Hears of every fault of ours, never of a refusal. */
  readonly onFault: (error: unknown) => void
}

/** The desk's HTTP application: probes, metrics, sign-in, the API, the console. */
export function createApp(parts: ServerParts): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('trust proxy', [...parts.proxies])
  app.use((request, response, next) => {
    setSecurityHeaders(response, parts.isSecure)
    const waitS = parts.limits.requests(addressOf(request))
    next(waitS > 0 ? new Refusal('TOO_MANY_REQUESTS', 'More requests than the limit allows.', waitS) : undefined)
  })
  mountProbes(app, parts)
  mountSignIn(app, parts)
  mountApi(app, parts)
  if (parts.consoleFolder !== null) app.use(consolePages(parts.consoleFolder))
  app.use((_request, _response, next) => next(new Refusal('NOT_FOUND', 'There is nothing at this path.')))
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) {
      next(error)
      return
    }
    const problem = problemOf(error)
    if (problem.status >= 500) parts.onFault(error)
    if (error instanceof Refusal && error.retryAfterS !== null) response.set('retry-after', String(error.retryAfterS))
    if (problem.status === 401) response.set('www-authenticate', 'Bearer')
    response
      .status(problem.status)
      .set('cache-control', 'no-store')
      .type('application/problem+json')
      .send(JSON.stringify(problem))
  })
  return app
}

function mountProbes(app: Express, parts: ServerParts): void {
  const { clock, metrics, isReady } = parts
  app.use(['/healthz', '/readyz', '/metrics'], async (request, response, next) => {
    response.set('cache-control', 'no-store')
    // What a proxy on this machine hands on comes from loopback too, whoever asked it.
    const isOpen = isLoopback(request) && !(parts.isBehindTls && request.baseUrl === '/metrics')
    if (!isOpen) await identify(request, parts, clock.now())
    next()
  })
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' })
  })
  app.get('/readyz', async (_request, response) => {
    const ready = await isReady()
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not-ready' })
  })
  app.get('/metrics', async (_request, response) => {
    response.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics())
  })
}

function mountApi(app: Express, parts: ServerParts): void {
  const { store, clock, bindings, events, version } = parts
  const api = express.Router()
  const document = openApiDocument(version)
  api.use((_request, response, next) => {
    response.set('cache-control', 'no-store')
    next()
  })
  api.get('/openapi.json', (_request, response) => {
    response.json(document)
  })
  api.get('/events', async (request, response) => {
    const mayFollow = async () => permissionsOf(await identify(request, parts, clock.now(), false)).includes('interfaces.read')
    if (!(await mayFollow())) throw new Refusal('FORBIDDEN', 'The role may not follow the board.')
    // What it began with may end: the session, or the token's time.
    const mayStay = () => mayFollow().catch((error: unknown) => !(error instanceof Refusal))
    events.connect(response, mayStay)
  })
  // Identified before the body is read: a stranger's body isn't worth parsing.
  const callers = new WeakMap<Request, Awaited<ReturnType<typeof identify>>>()
  api.use(async (request, _response, next) => {
    callers.set(request, await identify(request, parts, clock.now()))
    next()
  })
  api.use(express.json({ limit: '64kb', strict: true }))
  for (const binding of bindings) {
    const { method, path, permission, takes } = binding.route
    api[method](path.replace(/\{(\w+)\}/g, ':$1'), async (request, response) => {
      const caller = callers.get(request)
      if (caller === undefined) throw new Error('a route was reached without a caller')
      if (permission !== null && !permissionsOf(caller).includes(permission)) {
        await store.appendAudit(
          auditRow(caller, clock.now(), { action: `${method} ${path}`, subject: 'api', outcome: 'refused' }),
        )
        const isScoped = allows(caller.role, permission)
        throw new Refusal(
          'FORBIDDEN',
          isScoped ? 'The scopes of the token do not allow this.' : `The role ${caller.role} may not do this.`,
        )
      }
      const params = Object.fromEntries(Object.entries(request.params).map(([name, value]) => [name, String(value)]))
      const body: unknown = takes === 'json' ? request.body : request.is('application/octet-stream') ? request : null
      const read = parts.auditedRead(binding, { params, query: request.query })
      // First the audit: when it can't be written, nothing is shown.
      if (read !== null) await store.appendAudit(auditRow(caller, clock.now(), read))
      const answer = await binding.answer({ params, query: request.query, body, caller })
      if (answer instanceof FileAnswer) sendFile(response, answer)
      else response.json(answer)
    })
  }
  api.use((_request, _response, next) => next(new Refusal('NOT_FOUND', 'The API has no such path.')))
  app.use('/api/v1', api)
}

function sendFile(response: Response, { name, type, bytes, disposition }: FileAnswer): void {
  response
    .set('content-security-policy', filePolicy)
    .set('content-disposition', `${disposition}; filename*=UTF-8''${encodeURIComponent(name)}`)
    .type(type)
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}
