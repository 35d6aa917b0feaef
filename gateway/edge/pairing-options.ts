import type { Interface } from '../model/interface.ts'
import type { Millis } from '../model/time.ts'
import type { Keeping } from './open.ts'

/** What one interface's pairing holds to. Times count from the last byte of the request, or of the accept ack. */
export interface PairingOptions {
  /** A request without its answer for so long has timed out. */
  readonly ackTimeoutMs: Millis
  /** After the time-out an answer is waited for so long, and then joins its request as late. */
  readonly lateWindowMs: Millis
  /** After an accept ack the application ack that is owed is waited for so long. */
  readonly applicationTimeoutMs: Millis
  /** A request that is owed nothing more is kept so long for what comes all the same. */
  readonly settleMs: Millis
  /** A frame that was begun and gets no byte for so long is stuck. */
  readonly stuckMs: Millis
  /** The same id again within so long is a duplicate. */
  readonly duplicateWindowMs: Millis
  /** A sender that sends on within less, unanswered, doesn't wait for answers one by one; one that waited longer has given up. */
  readonly giveUpMs: Millis
  /** Open exchanges of one connection; beyond, the oldest ends as unanswered. */
  readonly openExchangesMax: number
  /** Bytes of bodies that the open exchanges of one connection keep; beyond, bodies are left out. */
  readonly connectionBytesMax: number
  /** Ids that are remembered of one interface; beyond, the oldest is forgotten. */
  readonly idsRememberedMax: number
}

/** What pairing is made of. */
export interface PairingSetup {
  readonly interfaceId: string
  readonly options: PairingOptions
  readonly nextId: () => string
  readonly keeping: Keeping
  /** Told what is left out, by reason: `open-overflow`, `connection-bytes`. */
  readonly dropped: (reason: string, count: number) => void
}

/** What pairing holds to where the interface's options say nothing. */
export const defaultPairingOptions: PairingOptions = {
  ackTimeoutMs: 30_000,
  lateWindowMs: 10_000,
  applicationTimeoutMs: 60_000,
  settleMs: 1_000,
  stuckMs: 30_000,
  duplicateWindowMs: 3_600_000,
  giveUpMs: 1_000,
  openExchangesMax: 1_000,
  connectionBytesMax: 16_777_216,
  idsRememberedMax: 16_384,
}

/** The interface's own options over the defaults. Their types were checked against the protocol's schema; anything else is passed over. */
export function pairingOptionsOf(
  iface: Interface,
  limits: Pick<PairingOptions, 'openExchangesMax' | 'connectionBytesMax' | 'idsRememberedMax'>,
): PairingOptions {
  const { options } = iface
  const millis = (key: keyof PairingOptions): Millis => {
    const value = options[key]
    return typeof value === 'number' && value >= 0 ? value : defaultPairingOptions[key]
  }
  return {
    ackTimeoutMs: millis('ackTimeoutMs'),
    lateWindowMs: millis('lateWindowMs'),
    applicationTimeoutMs: millis('applicationTimeoutMs'),
    settleMs: millis('settleMs'),
    stuckMs: millis('stuckMs'),
    duplicateWindowMs: millis('duplicateWindowMs'),
    giveUpMs: defaultPairingOptions.giveUpMs,
    openExchangesMax: limits.openExchangesMax,
    connectionBytesMax: limits.connectionBytesMax,
    idsRememberedMax: limits.idsRememberedMax,
  }
}
