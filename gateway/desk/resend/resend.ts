import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Address } from '../../model/address.ts'
import { decidingOf } from '../../model/exchange.ts'
import type { Catalogue } from '../../model/interface.ts'
import { addressOfEndpoint, type TestEndpoint, takerOf, type UsedAddress, usedAddresses } from '../../model/test-endpoint.ts'
import type { Clock, Instant, Millis } from '../../model/time.ts'
import type { BodySide, StoredExchange, StoredMessage } from '../../store/exchange-store.ts'
import type { Store } from '../../store/store.ts'
import { Refusal } from '../api/problems.ts'
import { auditRow } from '../audit/row.ts'
import type { Messages } from '../messages.ts'
import { markedHl7 } from './mark.ts'
import { sendHttp } from './send-http.ts'
import { sendMllp } from './send-mllp.ts'
import type { Sent } from './sent.ts'

export interface ResendAsk {
  readonly exchange: StoredExchange
  readonly side: BodySide
  /** Its name in the configuration. */
  readonly endpoint: string
  /** Who asks for it. */
  readonly caller: { readonly name: string; readonly role: string; readonly address?: string }
  readonly reason: string
}

/** What came of it. The answer is masked as every message is. */
export interface Resent {
  readonly endpoint: string
  readonly outcome: Sent['outcome']
  readonly sentAt: Instant
  readonly latencyMs: Millis
  /** Why it wasn't sent or answered; null: it was. */
  readonly code: string | null
  /** Whether the message said that it is a resend. */
  readonly isMarked: boolean
  readonly answer: {
    readonly text: string
    readonly envelope: readonly { readonly name: string; readonly value: string }[]
  } | null
}

export interface Resend {
  readonly endpoints: readonly TestEndpoint[]
  /** Refuses with NOT_FOUND (no such endpoint), MESSAGE_NOT_KEPT, RESEND_UNFIT, TOO_MANY_REQUESTS; nothing is sent then. */
  send(ask: ResendAsk): Promise<Resent>
}

interface Parts {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly messages: Messages
  readonly clock: Clock
  readonly endpoints: readonly TestEndpoint[]
}

const atOnceMax = 4

/** Sends stored messages again, to endpoints of the configuration and nowhere else. The audit is written first: no audit, no send. */
export function createResend(parts: Parts): Resend {
  const { store, catalogue, messages, clock, endpoints } = parts
  const used = usedAddresses(catalogue)
  let running = 0
  return {
    endpoints,
    send: async (ask) => {
      const { exchange, side, caller, reason } = ask
      const endpoint = endpoints.find(({ name }) => name === ask.endpoint)
      if (endpoint === undefined) throw new Refusal('NOT_FOUND', 'The configuration has no test endpoint of that name.')
      const message = await sendable(ask, endpoint, parts)
      await refuseUsed(addressOfEndpoint(endpoint), used)
      if (running >= atOnceMax) throw new Refusal('TOO_MANY_REQUESTS', 'As many messages as may be are being sent again.', 5)
      running += 1
      try {
        const subject = `${exchange.id} ${side} to ${endpoint.name}`
        await store.appendAudit(auditRow(caller, clock.now(), { action: 'resend', subject, reason }))
        const sentAt = clock.now()
        const begunMs = clock.monotonic()
        const { sent, isMarked } = await sendTo(endpoint, message, exchange.id, clock)
        const latencyMs = Math.round(clock.monotonic() - begunMs)
        const head = { endpoint: endpoint.name, outcome: sent.outcome, sentAt, latencyMs, isMarked }
        if (sent.outcome !== 'answered') return { ...head, code: sent.code, answer: null }
        const around = message.envelope === undefined ? {} : { requestEnvelope: message.envelope }
        const answer = { body: sent.body, envelope: sent.envelope, ...around }
        return { ...head, code: null, answer: await messages.foreignAnswer(exchange, answer, clock.now()) }
      } finally {
        running -= 1
      }
    },
  }
}

/** The whole message as it passed; a part of one would be another message. */
async function sendable(
  { exchange, side }: ResendAsk,
  endpoint: TestEndpoint,
  { store, catalogue }: Parts,
): Promise<StoredMessage> {
  const iface = catalogue.interfaces.find(({ id }) => id === exchange.interfaceId)
  if (iface?.protocol !== endpoint.protocol)
    throw new Refusal(
      'RESEND_UNFIT',
      `The interface speaks ${iface?.protocol ?? 'nothing known'}, the endpoint ${endpoint.protocol}.`,
    )
  if (endpoint.protocol === 'http' && side === 'answer')
    throw new Refusal('RESEND_UNFIT', 'An HTTP answer is nothing that can be sent.')
  const message = await store.message(exchange.id, side)
  if (message === null) throw new Refusal('MESSAGE_NOT_KEPT', `The ${side} of this exchange is not kept.`)
  const passage = side === 'request' ? exchange.request : decidingOf(exchange.answers)
  if (passage !== null && passage.bodyBytes > message.body.length)
    throw new Refusal('RESEND_UNFIT', 'Only a part of the message was kept.')
  return message
}

/**
 * The configuration was checked as it is written; here it is checked as it resolves now: a name that points to where an interface's
 * traffic goes is refused, whatever it is called.
 */
async function refuseUsed(address: Address, used: readonly UsedAddress[]): Promise<void> {
  const hosts = await resolved(address.host)
  for (const { address: taken, by } of used) {
    const others = (await resolved(taken.host)).map((host) => ({ address: { host, port: taken.port }, by }))
    if (hosts.some((host) => takerOf({ host, port: address.port }, others) !== null))
      throw new Refusal('RESEND_UNFIT', `The endpoint resolves to an address that ${by} uses: nothing was sent.`)
  }
}

/** Itself and what it resolves to; a name that doesn't resolve is only itself. */
async function resolved(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0 || host === '*') return [host]
  const found = await lookup(host, { all: true }).catch(() => [])
  return [host, ...found.map(({ address }) => address)]
}

async function sendTo(
  endpoint: TestEndpoint,
  message: StoredMessage,
  exchangeId: string,
  clock: Clock,
): Promise<{ readonly sent: Sent; readonly isMarked: boolean }> {
  const giveUp = new AbortController()
  const cancel = clock.after(endpoint.timeoutMs, () => giveUp.abort())
  try {
    if (endpoint.protocol === 'http') {
      const request = { base: endpoint.url, envelope: message.envelope ?? [], body: message.body, exchangeId }
      return { sent: await sendHttp(request, giveUp.signal), isMarked: true }
    }
    const marked = markedHl7(message.body, exchangeId)
    return { sent: await sendMllp(endpoint.address, marked ?? message.body, giveUp.signal), isMarked: marked !== null }
  } finally {
    cancel()
  }
}
