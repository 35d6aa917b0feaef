/** What the API says of planned changes and silences. */
import { flag, instant, integer, list, nullable, type Of, object, oneOf, text } from './schema.ts'

const words = object({ zh: text(), en: text() })
const count = integer({ minimum: 0 })
const nextCursor = nullable(text({ description: 'Give it as `cursor` for the next page; null at the end.' }))

/** The window that an interface is in now. */
export const windowMark = object({ changeId: text(), title: text(), approval: text(), until: instant() })
export type WindowMark = Of<typeof windowMark>
/** The silence that an interface is under now. `cause`: only incidents that it leads. */
export const silenceMark = object({ silenceId: text(), reason: text(), cause: nullable(text()), until: instant() })
export type SilenceMark = Of<typeof silenceMark>

const subjects = {
  interfaceIds: list(text()),
  systemIds: list(text({ description: 'A system, or a resource that systems need.' })),
}
const change = {
  id: text(),
  title: text(),
  ...subjects,
  from: instant(),
  to: instant(),
  graceMin: integer({ minimum: 0, description: 'What outlasts the window by so long becomes a ticket.' }),
  approval: text({ description: 'Number of the form that approved it.' }),
  by: text(),
  comment: text(),
  /** `configuration`: a new configuration was put to work; it has no window. */
  origin: oneOf(['person', 'configuration']),
  phase: oneOf(['coming', 'now', 'past', 'cancelled']),
  /** When it was cancelled or ended early, and by whom. */
  endedAt: nullable(instant()),
  endedBy: nullable(text()),
  madeAt: instant(),
  snapshot: nullable(text({ description: 'SHA-256 of the configuration at that time, without secrets.' })),
  snapshotBefore: nullable(text()),
  withheldCount: integer({ minimum: 0, description: 'Incidents that it held back.' }),
  ticketedCount: integer({ minimum: 0, description: 'Of them, those that became tickets after all.' }),
}
const changeAnswer = object(change)
export type ChangeAnswer = Of<typeof changeAnswer>

const heldIncident = object({
  id: text(),
  state: oneOf(['open', 'resolved']),
  title: words,
  interfaceIds: list(text()),
  openedAt: instant(),
  resolvedAt: nullable(instant()),
  /** Of the leading cause. */
  cause: text(),
  /** Null: it calls for nobody. */
  ticketId: nullable(text()),
})
export type HeldIncident = Of<typeof heldIncident>

const changeDetail = object({
  ...change,
  /** Newest first, at most 100. */
  incidents: list(heldIncident),
  configuration: nullable(
    object({
      text: text(),
      isCurrent: flag(),
      before: nullable(text({ description: 'Of a new configuration: the one before.' })),
    }),
  ),
})
export type ChangeDetail = Of<typeof changeDetail>

const silenceAnswer = object({
  id: text(),
  ...subjects,
  cause: nullable(text()),
  reason: text(),
  by: text(),
  from: instant(),
  /** When it ends or ended: by itself, or earlier by somebody. */
  until: instant(),
  isActive: flag(),
  endedBy: nullable(text()),
  withheldCount: count,
  ticketedCount: count,
  /** What it held back, newest first, at most 10. */
  incidents: list(heldIncident),
})
export type SilenceAnswer = Of<typeof silenceAnswer>

export const changeShapes = {
  Change: changeAnswer,
  ChangeDetail: changeDetail,
  ChangeList: object({ at: instant(), items: list(changeAnswer), nextCursor }),
  Silence: silenceAnswer,
  SilenceList: object({ at: instant(), items: list(silenceAnswer), nextCursor }),
} as const
