/**
 * What the API says and takes: one schema per shape, with its TypeScript type. The console imports the types of this file.
 * Instants are ISO 8601 in the hospital's zone; what isn't known is null, never left out. Exempt from the file length: a table.
 */
import { dutyKinds } from '../../model/duty.ts'
import { sensitiveCategories } from '../masking/sensitive.ts'
import { auditShapes } from './audit-shapes.ts'
import { captureShapes } from './captures-shapes.ts'
import { changeShapes, silenceMark, windowMark } from './changes-shapes.ts'
import { contractShapes } from './contracts-shapes.ts'
import { evidenceShapes } from './evidence-shapes.ts'
import type { FileAnswer } from './file-answer.ts'
import { interfaceShapes } from './interface-shapes.ts'
import { knowledgeShapes } from './knowledge-shapes.ts'
import { reportShapes } from './report-shapes.ts'
import {
  anything,
  component,
  either,
  exactly,
  flag,
  instant,
  integer,
  list,
  nullable,
  number,
  type Of,
  object,
  oneOf,
  type Schema,
  text,
} from './schema.ts'
import { searchShapes } from './searches-shapes.ts'
import { settingsShapes } from './settings-shapes.ts'
import { usersShapes } from './users-shapes.ts'

const words = object({ zh: text(), en: text() })
const count = integer({ minimum: 0 })
const ratio = number({ minimum: 0, maximum: 1 })
const quantiles = object({
  p50: nullable(number()),
  p95: nullable(number()),
  p99: nullable(number()),
  /** How many latencies stand behind them: with few, p99 is the slowest. */
  n: count,
})
export type Quantiles = Of<typeof quantiles>

const outcome = oneOf(['answered', 'failed', 'unanswered', 'orphan', 'one-way'])
const severity = oneOf(['observe', 'warn', 'ticket'])
const side = oneOf(['request', 'answer'])
const ticketState = oneOf(['open', 'assigned', 'resolved', 'closed'])
const page = { nextCursor: nullable(text({ description: 'Give it as `cursor` for the next page; null at the end.' })) }

/** One line of a health score: what took how many points off 100. */
const healthPart = object({
  id: oneOf(['success-rate', 'latency', 'violations', 'alerts', 'coverage']),
  text: words,
  penalty: number({ minimum: 0, maximum: 100 }),
  /** The measured value and the objective it is held to, in the part's own unit. */
  value: nullable(number()),
  objective: nullable(number()),
})
const health = object({ score: nullable(integer({ minimum: 0, maximum: 100 })), parts: list(healthPart) })
export type Health = Of<typeof health>

const counts = object({
  exchanges: count,
  answered: count,
  failed: count,
  unanswered: count,
  orphans: count,
  oneWay: count,
  violations: count,
})
export type Counts = Of<typeof counts>

const interfaceState = oneOf(['ok', 'degraded', 'down', 'silent', 'not-yet-observed'])
export type InterfaceState = Of<typeof interfaceState>

const interfaceAnswer = object({
  id: text(),
  name: words,
  from: text({ description: 'System id.' }),
  to: text({ description: 'System id.' }),
  protocol: oneOf(['mllp', 'http', 'dimse', 'record']),
  format: oneOf(['hl7v2', 'fhir', 'dicom', 'soap', 'json']),
  contract: nullable(text()),
  criticality: oneOf(['high', 'medium', 'low']),
  objectives: object({ successRate: ratio, latencyP95Ms: number() }),
  listen: nullable(text({ description: 'host:port where the proxy listens.' })),
  upstream: nullable(text()),
  source: nullable(text({ description: 'Of records: the topics, or the pattern of the file names.' })),
  state: interfaceState,
  /** Since when something that fires has been wrong; null while nothing fires. */
  illSince: nullable(instant()),
  health,
  lastExchangeAt: nullable(instant()),
  rate1m: number({ description: 'Exchanges in the last whole minute.' }),
  /** The last hour. */
  counts,
  latencyMs: quantiles,
  openTickets: count,
  /** The planned change whose window it is in, and the silence that it is under, now. */
  window: nullable(windowMark),
  silence: nullable(silenceMark),
  coverage: number({ minimum: 0, maximum: 1, description: 'Share of what passed that was observed in full, last hour.' }),
  /** The last hour by minutes, oldest first, 60 numbers each. */
  lastHour: object({ from: instant(), exchanges: list(count), failed: list(count) }),
})
export type InterfaceAnswer = Of<typeof interfaceAnswer>

const interfaceList = object({ at: instant(), items: list(interfaceAnswer) })

const seriesPoint = object({
  at: instant(),
  exchanges: count,
  answered: count,
  failed: count,
  unanswered: count,
  orphans: count,
  oneWay: count,
  violations: object({ observe: count, warn: count, ticket: count }),
  requestBytes: count,
  answerBytes: count,
  latencyMs: quantiles,
})
const series = object({ interfaceId: text(), from: instant(), to: instant(), stepS: count, points: list(seriesPoint) })
export type Series = Of<typeof series>

const violationCount = object({
  element: text({ description: 'Path without repetition indices: `OBX-5.1`.' }),
  rule: text(),
  severity,
  message: words,
  count,
  lastAt: instant(),
  exchangeId: text({ description: 'The newest exchange that shows it.' }),
})
const violationCounts = object({ interfaceId: text(), from: instant(), to: instant(), items: list(violationCount) })
export type ViolationCounts = Of<typeof violationCounts>

const violation = object({
  path: text(),
  element: text(),
  rule: text(),
  severity,
  message: words,
  shape: nullable(text()),
  side,
})

/** A fact of the wire: `kind` and that kind's own fields, instants as ISO. See gateway/model/wire.ts. */
const wireFact: Schema<{ readonly kind: string; readonly [field: string]: unknown }> = {
  json: { type: 'object', properties: { kind: { type: 'string' } }, required: ['kind'], additionalProperties: true },
}

const charset = object({
  declared: nullable(text()),
  detected: oneOf(['ascii', 'utf-8', 'gb18030', 'iso-8859-1', 'utf-16', 'unknown']),
  verdict: oneOf(['agrees', 'contradicts', 'garbled', 'unlabelled', 'odd-label']),
})

const exchangeAnswer = object({
  id: text(),
  interfaceId: text(),
  outcome,
  type: nullable(text()),
  controlId: nullable(text()),
  keys: list(object({ kind: text(), token: text() })),
  /** When it is counted: request, or answer, or the connection's opening. Lists are sorted by it, newest first. */
  at: instant(),
  requestAt: nullable(instant()),
  answerAt: nullable(instant()),
  latencyMs: nullable(number()),
  requestBytes: count,
  answerBytes: count,
  code: nullable(text()),
  wire: list(wireFact),
  violations: list(violation),
  journey: nullable(text()),
  coverage: oneOf(['full', 'sampled', 'headers', 'counters']),
  requestFrom: nullable(oneOf(['initiator', 'acceptor'])),
  connection: object({
    id: text(),
    initiator: text(),
    acceptor: text(),
    openedAt: instant(),
    connectMs: nullable(number()),
    exchangesBefore: count,
    idleBeforeMs: nullable(number()),
  }),
  request: nullable(
    object({ startAt: instant(), endAt: instant(), bodyBytes: count, wireBytes: count, charset: nullable(charset) }),
  ),
  answers: list(
    object({
      stage: nullable(oneOf(['accept', 'application', 'interim'])),
      verdict: nullable(oneOf(['yes', 'no'])),
      code: nullable(text()),
      startAt: instant(),
      endAt: instant(),
      bodyBytes: count,
      wireBytes: count,
    }),
  ),
  /** Whether the message of that side is still kept. */
  kept: object({ request: flag(), answer: flag() }),
})
export type ExchangeAnswer = Of<typeof exchangeAnswer>
const exchangeList = object({ items: list(exchangeAnswer), ...page })
export type ExchangeList = Of<typeof exchangeList>

const stepAnswer = object({
  name: words,
  interfaceIds: list(text()),
  /** See gateway/desk/journeys/steps.ts. */
  state: oneOf(['done', 'failed', 'awaited', 'late', 'missing', 'open', 'unobserved']),
  at: nullable(instant()),
  afterMs: nullable(number()),
  dueAt: nullable(instant()),
  exchangeIds: list(text()),
})
const journeyAnswer = object({
  /** Of gateway/catalogue/journeys.json; null where no plan fits. */
  id: nullable(text()),
  name: nullable(words),
  from: instant(),
  to: instant(),
  steps: list(stepAnswer),
  /** In true order: by the gateway's own times. */
  exchanges: list(exchangeAnswer),
  /** Systems on the way whose clocks are not in step. */
  clocks: list(
    object({
      systemId: text(),
      offsetS: nullable(number()),
      errorS: nullable(number()),
      verdict: oneOf(['in-step', 'unknown', 'offset', 'timezone', 'drift', 'step']),
    }),
  ),
})
export type JourneyAnswer = Of<typeof journeyAnswer>
const journeyList = object({
  /** What the key is; empty when nothing carries it. */
  kinds: list(text()),
  /** Newest first. */
  items: list(journeyAnswer),
  /** Kinds of keys that were not followed, because too many exchanges carry one. */
  crowdedKinds: list(text()),
  /** More belongs to it than is shown. */
  isCut: flag(),
})
export type JourneyList = Of<typeof journeyList>

/** One node of a message's tree. A `masked` value has its identifying part replaced by `*`. */
export interface TreeNodeAnswer {
  readonly path: string
  readonly name: { readonly zh: string; readonly en: string } | null
  readonly dataType: string | null
  readonly value: string | null
  readonly masked: boolean
  /** Of a hidden number of a person or a visit: the same for the same number in every message. */
  readonly pseudonym: string | null
  readonly meaning: { readonly zh: string; readonly en: string } | null
  readonly children: readonly TreeNodeAnswer[]
}
const treeNode: Schema<TreeNodeAnswer> = object({
  path: text(),
  name: nullable(words),
  dataType: nullable(text()),
  value: nullable(text()),
  masked: flag(),
  pseudonym: nullable(text()),
  meaning: nullable(words),
  children: list(component<TreeNodeAnswer>('TreeNode')),
})

const messageHead = {
  exchangeId: text(),
  side,
  format: text(),
  /** False only in the answer of a reveal. */
  masked: flag(),
  charset,
  /** Sensitive categories of which something in it is suppressed. */
  suppressed: list(oneOf(sensitiveCategories)),
  /** The body's whole length, and how much of it was kept. */
  bodyBytes: count,
  keptBytes: count,
  defects: list(object({ code: text(), path: nullable(text()), text: text() })),
  violations: list(violation),
  /** What the protocol said around the body, masked: method and path of HTTP, association and command of DIMSE, topic and offset of a record. */
  envelope: list(object({ name: text(), value: text() })),
}
const message = either(
  object({ ...messageHead, view: exactly('tree'), nodes: list(component<TreeNodeAnswer>('TreeNode')) }),
  object({ ...messageHead, view: exactly('text'), text: text({ description: 'Segment ends as line feeds.' }) }),
  object({
    ...messageHead,
    view: exactly('hex'),
    /** Two digits a byte; masked bytes are 2a. */
    hex: text(),
    maskedRanges: list(object({ offset: count, length: count })),
  }),
)
export type MessageAnswer = Of<typeof message>

const evidence = object({ text: words, for: flag(), weight: number() })
const subject = object({ kind: oneOf(['interface', 'system', 'gateway']), id: text() })
const cause = object({ id: text(), confidence: ratio, evidence: list(evidence), locus: nullable(subject) })
const timelineItem = object(
  {
    at: instant(),
    kind: oneOf([
      'opened',
      'updated',
      'assigned',
      'transferred',
      'comment',
      'resolved',
      'closed',
      'reopened',
      'cause-changed',
      'arrived',
      'progress',
      'help',
      'joined',
      'escalated',
      'overdue',
      'difficult',
      'post-mortem',
      'calendar-unknown',
    ]),
    by: text(),
    text: words,
  },
  { report: object({ taken: text(), blocker: text(), next: text() }) },
)
const ticketAnswer = object({
  id: text(),
  state: ticketState,
  severity: oneOf(['P1', 'P2', 'P3', 'P4']),
  title: words,
  interfaceIds: list(text()),
  systemIds: list(text()),
  openedAt: instant(),
  lastSeenAt: instant(),
  resolvedAt: nullable(instant()),
  incidentId: text(),
  causes: list(cause),
  advice: words,
  knowledge: list(object({ id: text(), title: words })),
  category: text(),
  scope: oneOf(['one-peer', 'some-peers', 'all-peers', 'several-interfaces']),
  urgency: oneOf(['high', 'medium', 'low']),
  expectedRecoveryAt: nullable(instant()),
  owner: nullable(text()),
  lead: nullable(text()),
  firstResponder: nullable(text()),
  systemClass: nullable(oneOf(['clinical', 'patient', 'device', 'operations', 'infrastructure'])),
  coordinator: nullable(text()),
  parties: list(text()),
  level: integer({ minimum: 1, maximum: 3 }),
  transfers: count,
  isMajor: flag(),
  arrivedAt: nullable(instant()),
  difficultAt: nullable(instant()),
  postMortem: nullable(object({ at: instant(), by: text(), rootCause: text(), repair: text(), prevention: text() })),
  timeline: list(timelineItem),
  exchangeIds: list(text()),
})
export type TicketAnswer = Of<typeof ticketAnswer>
const ticketList = object({ items: list(ticketAnswer), ...page })
export type TicketList = Of<typeof ticketList>

const dutyAnswer = object({
  id: text(),
  ticketId: text(),
  kind: oneOf(dutyKinds),
  /** Who owes it now. */
  owner: text(),
  startedAt: instant(),
  dueAt: instant(),
  state: oneOf(['open', 'done', 'void']),
  /** When it was found late; null: not late. A late duty stays open until it is done. */
  overdueAt: nullable(instant()),
  endedAt: nullable(instant()),
  ticket: object({
    state: ticketState,
    severity: oneOf(['P1', 'P2', 'P3', 'P4']),
    title: words,
    level: integer({ minimum: 1, maximum: 3 }),
    interfaceIds: list(text()),
  }),
})
export type DutyAnswer = Of<typeof dutyAnswer>
const dutyList = object({ items: list(dutyAnswer), ...page })

const deliveryAnswer = object({
  id: text(),
  kind: oneOf(['first', 'progress', 'recovered', 'post-mortem', 'overdue', 'channel-dead', 'channel-back', 'report', 'test']),
  channel: text(),
  state: oneOf(['waiting', 'sent', 'abandoned']),
  tries: count,
  at: instant(),
  sentAt: nullable(instant()),
  title: words,
  body: words,
})
export type DeliveryAnswer = Of<typeof deliveryAnswer>
const deliveryList = object({ items: list(deliveryAnswer) })
const postMortemDraft = object({ rootCause: words, repair: words, prevention: words })
/** `failingSince` is null for a channel that delivers, or has had nothing to deliver. */
const channelList = object({ items: list(object({ name: text(), failingSince: nullable(instant()) })) })

const teamList = object({ items: list(object({ id: text(), name: words })) })

const systemAnswer = object({
  id: text(),
  name: words,
  owner: nullable(text()),
  addresses: list(text()),
  depends: list(text()),
  timezone: nullable(text()),
  interfaceIds: list(text()),
  clock: nullable(
    object({
      offsetS: nullable(number()),
      errorS: nullable(number()),
      driftPpm: nullable(number()),
      verdict: oneOf(['in-step', 'unknown', 'offset', 'timezone', 'drift', 'step']),
      observations: count,
      changedAt: nullable(instant()),
      offsetBeforeS: nullable(number()),
    }),
  ),
})
export type SystemAnswer = Of<typeof systemAnswer>
const systemList = object({ items: list(systemAnswer) })

const overview = object({
  at: instant(),
  hospital: object({ name: text(), timezone: text() }),
  tickets: object({ open: count, assigned: count, P1: count, P2: count, P3: count, P4: count }),
  /** From opening to the first assignment or comment, mean over the tickets of the last 7 days; null without any. */
  responseMinMean: nullable(number()),
  /** Deadlines of the last 7 days to take, to arrive and to recover: kept, and late. */
  deadlines: object({ kept: count, late: count }),
  /** Who has how many of the open and assigned tickets, the most laden first; null: nobody has them. */
  load: list(object({ owner: nullable(text()), open: count, assigned: count, late: count })),
  coverage: ratio,
  exchangesPerMin: number(),
  /** Analysis clock of the last committed batch; null before the first. */
  analysedAt: nullable(instant()),
  edges: list(
    object({
      id: text(),
      at: instant(),
      loopLagMsMax: nullable(number()),
      /** How late what passed was observed, at worst within a second. */
      observationLagMsMax: nullable(number()),
      connections: nullable(number()),
      clockSynchronised: nullable(flag()),
    }),
  ),
  dropped: list(object({ reason: text(), count })),
})
export type Overview = Of<typeof overview>

const me = object({
  name: text(),
  /** As colleagues call them. */
  title: text(),
  role: oneOf(['viewer', 'engineer', 'desk', 'privacy', 'auditor', 'admin']),
  permissions: list(text()),
  /** Send it as `X-CSRF-Token` with every write. Null for bearer tokens, which need none. */
  csrfToken: nullable(text()),
  /** `missing`: signed in by a link, and no password chosen yet. `elsewhere`: a provider or a token. */
  password: oneOf(['missing', 'chosen', 'elsewhere']),
})
export type Me = Of<typeof me>

/** RFC 9457. `code` is stable and of the table in gateway/desk/api/problems.ts. */
const problem = object({
  type: text(),
  title: text(),
  status: integer(),
  detail: text(),
  code: text(),
  advice: text(),
})
export type Problem = Of<typeof problem>

const file: Schema<FileAnswer> = { json: { type: 'string', format: 'binary' } }

/** Everything that has a name in the OpenAPI document. */
export const shapes = {
  Text: words,
  Interface: interfaceAnswer,
  InterfaceList: interfaceList,
  Series: series,
  ViolationCounts: violationCounts,
  ...interfaceShapes,
  Exchange: exchangeAnswer,
  ExchangeList: exchangeList,
  JourneyList: journeyList,
  TreeNode: treeNode,
  Message: message,
  Ticket: ticketAnswer,
  TicketList: ticketList,
  Duty: dutyAnswer,
  DutyList: dutyList,
  DeliveryList: deliveryList,
  PostMortemDraft: postMortemDraft,
  ChannelList: channelList,
  TeamList: teamList,
  System: systemAnswer,
  SystemList: systemList,
  Overview: overview,
  Me: me,
  ...reportShapes,
  ...auditShapes,
  ...usersShapes,
  ...searchShapes,
  ...settingsShapes,
  Problem: problem,
  File: file,
  ...changeShapes,
  ...knowledgeShapes,
  ...evidenceShapes,
  OpenApi: anything('This document.'),
  ...contractShapes,
  ...captureShapes,
} as const
