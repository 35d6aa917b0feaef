import { Agent } from 'undici'
import type { Envelope } from '../../model/envelope.ts'
import { resendHeader } from './mark.ts'
import { answerBytesMax, codeOf, type Sent } from './sent.ts'

/** Framing, routing and credentials belong to the connection that the message came on. */
const dropped = new Set([
  ...[
    'host',
    'connection',
    'keep-alive',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'content-length',
    'expect',
  ],
  ...['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key', 'forwarded', 'via'],
])

export interface HttpMessage {
  /** Of the configuration: origin, and what stands before the message's own path. */
  readonly base: string
  readonly envelope: Envelope
  readonly body: Uint8Array
  readonly exchangeId: string
}

/** Sends the request to that origin, whatever its own path says, and follows no redirect. Never rejects; the signal ends it as TIMEOUT. */
export async function sendHttp({ base, envelope, body, exchangeId }: HttpMessage, signal: AbortSignal): Promise<Sent> {
  const { origin, pathname } = new URL(base)
  const of = (name: string) => envelope.find(([field]) => field === name)?.[1] ?? null
  const method = methodOf(of(':method'), body)
  const agent = new Agent({ connections: 1 })
  let isAnswered = false
  try {
    const answer = await agent.request({
      origin,
      path: pathname.replace(/\/$/, '') + pathOf(of(':path') ?? '/'),
      method,
      headers: { ...fieldsOf(envelope), [resendHeader]: exchangeId },
      body: body.length === 0 ? null : Buffer.from(body),
      signal,
    })
    isAnswered = true
    const parts: Uint8Array[] = []
    let bytes = 0
    for await (const part of answer.body) {
      const chunk = Buffer.from(part)
      bytes += chunk.length
      if (bytes > answerBytesMax) return { outcome: 'unanswered', code: 'ANSWER_TOO_LARGE' }
      parts.push(chunk)
    }
    const fields = Object.entries(answer.headers).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value ?? '']).map((one) => [name, one] as const),
    )
    const told: Envelope = [[':status', String(answer.statusCode)], ...fields.filter(([name]) => !dropped.has(name))]
    return { outcome: 'answered', body: Buffer.concat(parts), envelope: told }
  } catch (error) {
    const code = signal.aborted ? 'TIMEOUT' : codeOf(error)
    const isUnsent =
      !isAnswered &&
      /^E(?:CONNREFUSED|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)$|^UND_ERR_(?:CONNECT|INVALID_ARG)|CERT|TLS/.test(code)
    return { outcome: isUnsent ? 'not-sent' : 'unanswered', code }
  } finally {
    await agent.destroy()
  }
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

function methodOf(word: string | null, body: Uint8Array): (typeof methods)[number] {
  return methods.find((method) => method === word) ?? (body.length === 0 ? 'GET' : 'POST')
}

/** Path and query alone: an absolute target (RFC 9112 3.2.2) names a host that isn't ours to choose. */
function pathOf(target: string): string {
  const path = URL.canParse(target) ? new URL(target).pathname + new URL(target).search : target
  return path.startsWith('/') ? path : `/${path}`
}

function fieldsOf(envelope: Envelope): { readonly [name: string]: string } {
  const fields = envelope.filter(([name]) => /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) && !dropped.has(name))
  return Object.fromEntries(fields.map(([name, value]) => [name, value.replace(/[^\t -~\u0080-\u00ff]/g, '')]))
}
