import type { Cause } from '../cause.ts'
import { ackMismatch } from './ack-mismatch.ts'
import { ackTimeout } from './ack-timeout.ts'
import { appNak } from './app-nak.ts'
import { charsetMismatch } from './charset-mismatch.ts'
import { clockSkew } from './clock-skew.ts'
import { connRefused } from './conn-refused.ts'
import { connReset } from './conn-reset.ts'
import { connTimeout } from './conn-timeout.ts'
import { delimInTrail } from './delim-in-trail.ts'
import { duplicate } from './duplicate.ts'
import { gatewaySelf } from './gateway-self.ts'
import { halfOpen } from './half-open.ts'
import { lateResponseAfterTimeout } from './late-response-after-timeout.ts'
import { ntpUnsynced } from './ntp-unsynced.ts'
import { orphanResult } from './orphan-result.ts'
import { payloadTooLarge } from './payload-too-large.ts'
import { protoIncompat } from './proto-incompat.ts'
import { queueDelay } from './queue-delay.ts'
import { retryStorm } from './retry-storm.ts'
import { schemaMissingField } from './schema-missing-field.ts'
import { schemaWrongType } from './schema-wrong-type.ts'
import { seqGap } from './seq-gap.ts'
import { silent } from './silent.ts'
import { tsFormatBug } from './ts-format-bug.ts'
import { tzMismatch } from './tz-mismatch.ts'
import { upstreamSlow } from './upstream-slow.ts'

/** Every cause that is weighed: one line each. The order doesn't matter. */
export const causes: readonly Cause[] = [
  ackMismatch,
  ackTimeout,
  appNak,
  charsetMismatch,
  clockSkew,
  connRefused,
  connReset,
  connTimeout,
  delimInTrail,
  duplicate,
  gatewaySelf,
  halfOpen,
  lateResponseAfterTimeout,
  ntpUnsynced,
  orphanResult,
  payloadTooLarge,
  protoIncompat,
  queueDelay,
  retryStorm,
  schemaMissingField,
  schemaWrongType,
  seqGap,
  silent,
  tsFormatBug,
  tzMismatch,
  upstreamSlow,
]
