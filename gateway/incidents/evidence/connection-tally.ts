import { hostOf } from '../../model/address.ts'
import type { Exchange } from '../../model/exchange.ts'
import { isConnectStalled, isReceiveStalled, isSendStalled } from '../../model/stall.ts'
import { sizeStepOf } from './size-step.ts'
import { type Counter, keyOf } from './tally.ts'
import { tallyNamed } from './tally-named.ts'
import { largeBytes } from './unanswered.ts'

/** What is remembered of where an exchange went: its connection has answered before; something went unanswered on it; its host never has, and others have. */
export interface Known {
  readonly isProven: boolean
  readonly wasDeaf: boolean
  readonly isNewHost: boolean
}

/** Counts where an exchange's connection went, how that fared, and what stood still on it: keys in sight.ts. */
export function tallyConnection(tally: Counter, exchange: Exchange, isBad: boolean, { isNewHost, wasDeaf }: Known): void {
  const { connection } = exchange
  tallyNamed(tally, 'peer', hostOf(connection.initiator), isBad)
  if (connection.exchangesBefore === 0 && exchange.request !== null) tally.add('connections')
  if (exchange.wire.some((fact) => fact.kind === 'refused')) {
    if (isNewHost) tally.addNamed('strayed', hostOf(connection.acceptor))
  } else if (connection.exchangesBefore % 64 === 0) tally.addNamed('taken-at', hostOf(connection.acceptor))
  if (connection.connectMs !== null && connection.exchangesBefore === 0) tally.note('connectMs', connection.connectMs)
  if (exchange.outcome !== 'answered' && exchange.outcome !== 'failed') return
  if (wasDeaf) tally.add('answered-again')
  if (isConnectStalled(exchange)) tally.add('stall-connect')
  if (isSendStalled(exchange)) tally.add('stall-send')
  if (isReceiveStalled(exchange)) tally.add('stall-receive')
  if (connection.exchangesBefore < 3) tally.add('answered-fresh')
  if (connection.exchangesBefore === 1) tally.add('answered-second')
  if (exchange.request === null) return
  tally.note('okBytes', exchange.request.wireBytes)
  if (exchange.request.wireBytes < largeBytes) return
  tally.add('ok-large')
  tally.add(
    keyOf(exchange.outcome === 'failed' ? 'size-refused' : 'size-taken', String(sizeStepOf(exchange.request.wireBytes))),
  )
}
