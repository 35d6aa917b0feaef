import { lackingSyntaxes } from '../../model/association.ts'
import { isMisread } from '../../model/charset.ts'
import { type Facts, isFramingDefect } from '../../model/document.ts'
import type { InspectedExchange } from '../../model/reading.ts'
import type { WireFact } from '../../model/wire.ts'
import { tallyAssociation } from './association-tally.ts'
import { type Known, tallyConnection } from './connection-tally.ts'
import { isOddStamp, pastElementOf } from './event-stamp.ts'
import { refusalIn, wordedIn } from './refusal.ts'
import { tallyStoring } from './storing-tally.ts'
import { type Counter, keyOf } from './tally.ts'
import { tallyNamed } from './tally-named.ts'
import { tallyTurnedAway } from './turned-away-tally.ts'
import { firstClosed, idleMs, tallyUnanswered } from './unanswered.ts'

/** An exchange after inspection. */
/**
 * The keys of a tally, one per thing that a cause may weigh. Keys with `:name` are families; `top(family)` lists them.
 *
 * | key | counts |
 * |---|---|
 * | `exchanges`, `requests` | all; those with a request |
 * | `answered` `failed` `unanswered` `orphan` `one-way` | by outcome |
 * | `connections` | exchanges that were the first on their connection |
 * | `refused` | connections that were not taken, by `refused:refused`, `:timeout`, `:unreachable`, `:dns`, `:tls` |
 * | `strayed:HOST` | where connections were not taken and nothing ever answered, though other hosts have |
 * | `taken-at:HOST` | where they were taken, of new ones and of every 64th exchange of standing ones |
 * | `stored`, `stored-ln`, `unstored`, `unstored-ln` | C-STORE that were answered, and all else of such an association; sums of the logarithms of their time |
 * | `reset`, `reset:SIDE`, `reset-mid`, `reset-idle` | RST while an exchange was open; inside a message; after ≥ 60 s of silence |
 * | `closed:SIDE` | FIN while an answer was owed |
 * | `cut`, `cut-association` | of these: by who owed it, or by who didn't wait for it; within an association |
 * | `stall-connect`, `stall-send`, `stall-receive` | answered exchanges whose connecting, request or answer took 200 ms longer than its size explains |
 * | `unheard` | requests that passed whole and got no answer at all, nothing refused or reset |
 * | `unheard-fresh`, `unheard-stale` | of these: among the first 3 of a connection on which nothing was answered; later, or after ≥ 60 s of silence; `unheard-second`: the second, within a minute |
 * | `unheard-accepted` | of these: accepted, and no more; neither fresh nor stale |
 * | `answered-fresh`, `answered-second` | answered among the first 3 of their connection; the second |
 * | `answered-again` | answered on a connection on which something had gone unanswered |
 * | `broken`, `ok-large`, `broken-large` | requests that broke off; of 16 KiB and more that were answered; that broke off |
 * | `broken-at:STEP` | of what broke off: after how many bytes (size-step.ts) |
 * | `size-taken:STEP`, `size-refused:STEP`, `size-broken:STEP`, `size-unheard:STEP` | what was taken, refused by word, broke off or went unheard (these two from 16 KiB on), by size (size-step.ts) |
 * | `stuck`, `partial`, `oversize`, `unreadable`, `timeout`, `late`, `late-long` | wire facts; late by a second and more |
 * | `late-stray` | late, while its sender waited for another message's answer |
 * | `late-hung-up`, `late-awaited` | late, when its sender had closed the connection; while nothing shows that it had given up |
 * | `duplicate`, `duplicate-other` | the same control id again with the same body, with another body; `duplicate-first`: for the first time |
 * | `mismatch`, `mismatch-known`, `mismatch-previous` | the answer names another message; one that was seen; the one just before |
 * | `framing`, `framing:KIND` | exchanges whose framing or segment ends are odd |
 * | `code:AE` | the deciding code of every exchange that failed |
 * | `err:101` | ERR-3 / ERR-1 codes of answers (HL7 table 0357) |
 * | `err-text:DIGEST` | digests of refusal texts |
 * | `nak`, `nak-violating`, `nak-nonascii`, `nak-trail`, `nak-result`, `nak-unknown-order`, `nak-copy`, `nak-framing` | the answer says no; of these: the request broke its contract, holds non-ASCII text, has a delimiter in a trail byte, is a result, is of an order that the receiver doesn't know, is a copy of one that came before, is framed oddly |
 * | `nak-named`, `nak:REFUSAL`, `nak-worded:CAUSE` | of these: with a code (refusal.ts) or words (wording-digest.ts) that name its cause; which |
 * | `turned-away`, `turned-away-after:STEP` | refused as too busy after a second of waiting and more; how long, in steps of a fifth |
 * | `turned-away-mute`, `turned-away-mute-after:STEP` | the same of refusals whose code and words don't say why |
 * | `associations`, `lacking:RESULT`, `lacking-syntax:UID` | associations opened; with an abstract syntax of which no context was accepted, by result; which |
 * | `aborted`, `aborted:SIDE` | A-ABORT, with something open or not |
 * | `violating`, `violation:RULE`, `element:RULE ELEMENT` | exchanges whose request or answer breaks the contract (warn or ticket), by rule |
 * | `charset:VERDICT`, `charset-wrong`, `nonascii`, `trail` | requests by charset verdict; misread ones; with non-ASCII text; with a delimiter in a trail byte |
 * | `answer-charset-wrong`, `answer-charset-garbled`, `answer-nonascii` | exchanges whose answers are misread; of these garbled; with non-ASCII text in them |
 * | `type:T`, `type-bad:T`, `sender:S`, `sender-bad:S`, `peer:H`, `peer-bad:H` | all and bad ones by type, MSH-3/4, initiator's host |
 * | `stamped`, `stamp-future`, `answer-stamped`, `answer-future` | requests, answers with a message stamp; those stamped > 60 s ahead of their arrival |
 * | `event-ahead` | requests of which an event's time, to the minute or finer, is > 60 s ahead of their arrival |
 * | `stamp-odd:PATH`, `stamp-seen:PATH` | event stamps unreadable or > 6 h ahead, and all of that path |
 *
 * | extremes | of |
 * |---|---|
 * | `delayS`, `answerDelayS` | arrival minus message stamp, requests and answers |
 * | `connectMs` | time to connect |
 * | `okBytes`, `brokenBytes` | request sizes that were answered; that broke off or were too large |
 * | `resetIdleMs`, `unheardMs`, `lateMs` | idle age at a reset; how long an answer was waited for; when a late one came |
 */
export function tallyExchange(tally: Counter, item: InspectedExchange, isBad: boolean, known: Known): void {
  const exchange = item.entry.exchange
  tally.add('exchanges')
  if (exchange.request !== null) tally.add('requests')
  tally.add(exchange.outcome)
  tallyConnection(tally, exchange, isBad, known)
  if (exchange.latencyMs !== null) {
    tally.recordMs(exchange.latencyMs)
    tallyStoring(tally, exchange.type, exchange.latencyMs)
  }
  if (exchange.type !== null) tallyNamed(tally, 'type', exchange.type, isBad)
  if (exchange.wire.length > 0) {
    const isWhole = !exchange.wire.some((f) => f.kind === 'partial')
    for (const fact of exchange.wire) if (isWhole || fact.kind !== 'duplicate') tallyWire(tally, fact)
    const closed = firstClosed(exchange.wire)
    if (closed !== null) tally.add(`closed:${closed.by}`)
    if (isStrayLate(exchange.wire)) tally.add('late-stray')
    else if (exchange.wire.some(({ kind }) => kind === 'late')) tallyLate(tally, exchange.wire, closed !== null)
  }
  if (exchange.type === 'A-ASSOCIATE') tallyAssociation(tally, exchange)
  if (exchange.outcome === 'unanswered') tallyUnanswered(tally, exchange, known.isProven)
  if (exchange.outcome === 'failed') tallyNak(tally, item)
  if (item.violations.length > 0) tallyViolations(tally, item)
  // A copy is as old as the message that it repeats: its stamp tells nothing of clocks and queues.
  const isCopy = exchange.wire.some((fact) => fact.kind === 'duplicate')
  const arrivedAt = isCopy ? null : (exchange.request?.endAt ?? null)
  if (item.requestFacts !== null) tallyRequestFacts(tally, item.requestFacts, arrivedAt, isBad)
  if (item.answerFacts !== null) tallyAnswerFacts(tally, item.answerFacts, exchange.answers.at(-1)?.endAt ?? null)
}

/** Nothing about this exchange is odd. Most are sound, and the findings pass over them at once. */
export function isSound(item: InspectedExchange): boolean {
  const exchange = item.entry.exchange
  if (exchange.outcome !== 'answered' && exchange.outcome !== 'one-way') return false
  if (exchange.wire.length > 0) return false
  if (exchange.type === 'A-ASSOCIATE' && lackingSyntaxes(exchange).length > 0) return false
  if (item.violations.some((v) => v.severity !== 'observe')) return false
  if (item.answerFacts !== null && isMisread(item.answerFacts.charset)) return false
  const facts = item.requestFacts
  return facts === null || (!isMisread(facts.charset) && !facts.defects.some((d) => isFramingDefect(d.code)))
}

function hasOddFraming({ entry, requestFacts }: InspectedExchange): boolean {
  const isOdd = (fact: WireFact) =>
    fact.kind === 'missing-final-cr' ||
    fact.kind === 'unframed' ||
    fact.kind === 'bytes-before-start' ||
    fact.kind === 'end-block-in-data' ||
    fact.kind === 'irregular'
  return entry.exchange.wire.some(isOdd) || (requestFacts?.defects.some((d) => isFramingDefect(d.code)) ?? false)
}

/** What reports on an order: results and documents of HL7 V2, and what calls itself so over HTTP. */
export function isResult({ entry, requestFacts }: InspectedExchange): boolean {
  const { type } = entry.exchange
  if (type !== null && /^(ORU|OUL|MDM)\b/.test(type)) return true
  return /report|result|document/i.test(requestFacts?.type ?? type ?? '')
}

/** The receiver says that it knows no such order: HL7 table 0357, 204, or in words. */
export function isOrderUnknown(item: InspectedExchange): boolean {
  return item.answerFacts?.ack?.errors.some(({ code }) => code === '204') === true || wordedIn(item) === 'order'
}

function tallyWire(tally: Counter, fact: WireFact): void {
  switch (fact.kind) {
    case 'refused':
      tally.add('refused')
      tally.add(`refused:${fact.how}`)
      break
    case 'reset':
      tally.add('reset')
      tally.add(`reset:${fact.by}`)
      tally.note('resetIdleMs', fact.idleMs)
      if (fact.idleMs >= idleMs) tally.add('reset-idle')
      break
    case 'late':
      tally.add('late')
      if (fact.afterMs >= 1000) tally.add('late-long')
      tally.note('lateMs', fact.afterMs)
      break
    case 'duplicate':
      tally.add(fact.sameBody ? 'duplicate' : 'duplicate-other')
      if (fact.copy === 1) tally.add('duplicate-first')
      break
    case 'wrong-control-id':
      tally.add('mismatch')
      if (fact.distance !== null) tally.add('mismatch-known')
      if (fact.distance === 1) tally.add('mismatch-previous')
      break
    case 'partial':
      tally.add('partial')
      if (fact.how === 'stuck') tally.add('stuck')
      if (fact.how === 'rst') tally.add('reset-mid')
      break
    case 'bytes-before-start':
    case 'missing-final-cr':
    case 'unframed':
    case 'end-block-in-data':
      tally.add('framing')
      tally.add(`framing:${fact.kind}`)
      break
    case 'irregular':
      tally.add('framing')
      tally.add(`framing:${fact.code}`)
      break
    // Who closed first is counted once for the exchange.
    case 'closed':
      break
    case 'timeout':
    case 'oversize':
    case 'gap':
    case 'unreadable':
      tally.add(fact.kind)
      break
    case 'aborted':
      tally.add('aborted')
      tally.add(`aborted:${fact.by}`)
      break
    default:
      fact satisfies never
  }
}

function isStrayLate(wire: readonly WireFact[]): boolean {
  return wire.some((f) => f.kind === 'late') && wire.some((f) => f.kind === 'wrong-control-id')
}

/** Later than the catalogue's time-out, which the sender may not keep to: who has left closes, resets, or sends the message again before it comes. */
function tallyLate(tally: Counter, wire: readonly WireFact[], isClosed: boolean): void {
  if (isClosed || wire.some(({ kind }) => kind === 'reset')) tally.add('late-hung-up')
  else if (wire.some(({ kind }) => kind === 'timeout')) tally.add('late-awaited')
}

function tallyNak(tally: Counter, item: InspectedExchange): void {
  const exchange = item.entry.exchange
  tally.add('nak')
  const refusal = refusalIn(item)
  if (exchange.code !== null) tally.addNamed('code', exchange.code)
  if (refusal !== null) {
    tally.add('nak-named')
    tally.add(`nak:${refusal}`)
  }
  for (const error of item.answerFacts?.ack?.errors ?? []) {
    if (error.code !== null) tally.addNamed('err', error.code)
    if (error.textDigest !== null) tally.addNamed('err-text', error.textDigest)
  }
  const worded = wordedIn(item)
  if (isOrderUnknown(item)) tally.add('nak-unknown-order')
  tallyTurnedAway(tally, exchange, refusal === null && worded === null)
  if (worded !== null && worded !== 'order') {
    if (refusal === null) tally.add('nak-named')
    tally.add(`nak-worded:${worded}`)
  }
  if (item.violations.some((v) => v.side === 'request' && v.severity !== 'observe')) tally.add('nak-violating')
  if ((item.requestFacts?.charset.nonAsciiCount ?? 0) > 0) tally.add('nak-nonascii')
  if (item.requestFacts?.charset.delimiterInTrail === true) tally.add('nak-trail')
  if (isResult(item)) tally.add('nak-result')
  if (exchange.wire.some((fact) => fact.kind === 'duplicate')) tally.add('nak-copy')
  if (hasOddFraming(item)) tally.add('nak-framing')
}

function tallyViolations(tally: Counter, item: InspectedExchange): void {
  const rules = new Set<string>()
  const elements = new Set<string>()
  for (const violation of item.violations) {
    if (violation.severity === 'observe') continue
    rules.add(violation.rule)
    elements.add(`${violation.rule} ${violation.element}`)
  }
  if (rules.size > 0) tally.add('violating')
  for (const rule of rules) tally.addNamed('violation', rule)
  for (const element of elements) tally.addNamed('element', element)
}

/** Event stamps looked at per message: an ORU of 30 results has one answer to the zone question, not 30. */
const stampsMax = 8
/** What is stamped further ahead of its arrival comes from a fast clock, or is planned. */
const aheadMs = 60_000

function tallyRequestFacts(tally: Counter, facts: Facts, arrivedAt: number | null, isBad: boolean): void {
  if (facts.sender !== null) tallyNamed(tally, 'sender', facts.sender, isBad)
  tally.add(keyOf('charset', facts.charset.verdict))
  if (isMisread(facts.charset)) tally.add('charset-wrong')
  if (facts.charset.nonAsciiCount > 0) tally.add('nonascii')
  if (facts.charset.delimiterInTrail) tally.add('trail')
  for (const defect of facts.defects) {
    if (!isFramingDefect(defect.code)) continue
    tally.add('framing')
    tally.addNamed('framing', defect.code)
    break
  }
  if (arrivedAt === null) return
  let isAhead = false
  for (let i = 0; i < facts.stamps.length && i < stampsMax; i += 1) {
    const stamp = facts.stamps[i]
    if (stamp === undefined) continue
    if (stamp.kind === 'message' && stamp.at !== null) {
      const delayS = (arrivedAt - stamp.at) / 1000
      tally.add('stamped')
      tally.note('delayS', delayS)
      if (arrivedAt - stamp.at < -aheadMs) tally.add('stamp-future')
      continue
    }
    isAhead ||= stamp.at !== null && stamp.at - arrivedAt > aheadMs && stamp.resolutionMs <= 60_000
    const element = pastElementOf(stamp.path)
    if (element === null) continue
    tally.addNamed('stamp-seen', element)
    if (isOddStamp(stamp, arrivedAt)) tally.addNamed('stamp-odd', element)
  }
  if (isAhead) tally.add('event-ahead')
}

function tallyAnswerFacts(tally: Counter, facts: Facts, arrivedAt: number | null): void {
  if (isMisread(facts.charset)) tally.add('answer-charset-wrong')
  if (facts.charset.verdict === 'garbled') tally.add('answer-charset-garbled')
  if (facts.charset.nonAsciiCount > 0) tally.add('answer-nonascii')
  const stamp = facts.stamps.find((s) => s.kind === 'message')
  if (stamp === undefined || stamp.at === null || arrivedAt === null) return
  const delayS = (arrivedAt - stamp.at) / 1000
  tally.add('answer-stamped')
  tally.note('answerDelayS', delayS)
  if (delayS * 1000 < -aheadMs) tally.add('answer-future')
}
