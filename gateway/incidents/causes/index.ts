import type { Cause } from '../cause.ts'
import { ackMismatch } from './ack-mismatch.ts'
import { ackTimeout } from './ack-timeout.ts'
import { appNak } from './app-nak.ts'
import { assocAbort } from './assoc-abort.ts'
import { assocRjCalledAe } from './assoc-rj-called-ae.ts'
import { assocRjCallingAe } from './assoc-rj-calling-ae.ts'
import { assocRjCongestion } from './assoc-rj-congestion.ts'
import { authExpired } from './auth-expired.ts'
import { callbackLost } from './callback-lost.ts'
import { callerSlow } from './caller-slow.ts'
import { charsetMismatch } from './charset-mismatch.ts'
import { clockSkew } from './clock-skew.ts'
import { codeUnmapped } from './code-unmapped.ts'
import { connRefused } from './conn-refused.ts'
import { connReset } from './conn-reset.ts'
import { connTimeout } from './conn-timeout.ts'
import { consumerLag } from './consumer-lag.ts'
import { dbTriggerBlock } from './db-trigger-block.ts'
import { delimInTrail } from './delim-in-trail.ts'
import { desync } from './desync.ts'
import { dicomObjectError } from './dicom-object-error.ts'
import { dictDrift } from './dict-drift.ts'
import { dns } from './dns.ts'
import { duplicate } from './duplicate.ts'
import { errorTrend } from './error-trend.ts'
import { fileMissing } from './file-missing.ts'
import { fwIdle } from './fw-idle.ts'
import { gatewaySelf } from './gateway-self.ts'
import { halfOpen } from './half-open.ts'
import { lateResponseAfterTimeout } from './late-response-after-timeout.ts'
import { lockContention } from './lock-contention.ts'
import { maskLeak } from './mask-leak.ts'
import { missingResult } from './missing-result.ts'
import { netLoss } from './net-loss.ts'
import { ntpUnsynced } from './ntp-unsynced.ts'
import { orphanResult } from './orphan-result.ts'
import { partialData } from './partial-data.ts'
import { payloadTooLarge } from './payload-too-large.ts'
import { pcRejected } from './pc-rejected.ts'
import { plannedChange } from './planned-change.ts'
import { poolExhausted } from './pool-exhausted.ts'
import { protoIncompat } from './proto-incompat.ts'
import { queueDelay } from './queue-delay.ts'
import { rateLimit } from './rate-limit.ts'
import { retryStorm } from './retry-storm.ts'
import { schemaMissingField } from './schema-missing-field.ts'
import { schemaWrongType } from './schema-wrong-type.ts'
import { seqGap } from './seq-gap.ts'
import { silent } from './silent.ts'
import { storageIoDegraded } from './storage-io-degraded.ts'
import { storageOorA7xx } from './storage-oor-a7xx.ts'
import { tlsCert } from './tls-cert.ts'
import { tsFormatBug } from './ts-format-bug.ts'
import { tsRejected } from './ts-rejected.ts'
import { tzMismatch } from './tz-mismatch.ts'
import { upstreamSlow } from './upstream-slow.ts'
import { versionUpgrade } from './version-upgrade.ts'

/** Every cause that is weighed: one line each. The order doesn't matter. */
export const causes: readonly Cause[] = [
  ackMismatch,
  ackTimeout,
  appNak,
  assocAbort,
  assocRjCalledAe,
  assocRjCallingAe,
  assocRjCongestion,
  authExpired,
  callbackLost,
  callerSlow,
  charsetMismatch,
  clockSkew,
  codeUnmapped,
  connRefused,
  connReset,
  connTimeout,
  consumerLag,
  dbTriggerBlock,
  delimInTrail,
  desync,
  dicomObjectError,
  dictDrift,
  dns,
  duplicate,
  errorTrend,
  fileMissing,
  fwIdle,
  gatewaySelf,
  halfOpen,
  lateResponseAfterTimeout,
  maskLeak,
  lockContention,
  missingResult,
  netLoss,
  ntpUnsynced,
  orphanResult,
  partialData,
  payloadTooLarge,
  pcRejected,
  plannedChange,
  poolExhausted,
  protoIncompat,
  queueDelay,
  rateLimit,
  retryStorm,
  schemaMissingField,
  schemaWrongType,
  seqGap,
  silent,
  storageIoDegraded,
  storageOorA7xx,
  tlsCert,
  tsFormatBug,
  tsRejected,
  tzMismatch,
  upstreamSlow,
  versionUpgrade,
]
