import type { Duty, DutyKind } from '../../model/duty.ts'
import type { Ticket } from '../../model/ticket.ts'
import type { Instant } from '../../model/time.ts'
import type { TicketEffects } from '../../store/duty-store.ts'
import { planNotices } from '../notices/plan-notices.ts'
import { limitsOf } from '../rules/apply-rules.ts'
import type { Span } from '../rules/desk-rules.ts'
import { spanEnd } from '../rules/spans.ts'
import type { Setting } from '../setting.ts'
import { intakeOf, toldByRule } from '../timeline.ts'

/** A ticket ready to be written, with what happens to its duties. */
export interface Planned {
  readonly ticket: Ticket
  readonly effects: TicketEffects
}

/**
 * What a ticket's change does to its duties: which end, which begin, and when those are due. `before` is null for a new ticket. Pure;
 * the same change always gives the same duties. Says on the timeline when a deadline was counted without a calendar.
 */
export function planDuties(before: Ticket | null, after: Ticket, setting: Setting, at: Instant): Planned {
  const plan = { ...startsAndEnds(before, after, setting, at) }
  const started = plan.starts.map((start) => begin(after, start, setting))
  const { calendar } = setting.catalogue.hospital
  const isGuessed = calendar === 'cn' && started.some(({ isCalendarKnown }) => !isCalendarKnown)
  return {
    ticket: isGuessed ? withGuess(after, at) : after,
    effects: {
      ends: plan.ends,
      starts: started.map(({ duty }) => duty),
      overdue: null,
      notices: planNotices(before, after, setting, at).map((notice) => ({ notice, channels: setting.channels })),
    },
  }
}

interface Start {
  readonly kind: DutyKind
  readonly span: Span
  readonly from: Instant
}

interface StartsAndEnds {
  readonly starts: readonly Start[]
  readonly ends: TicketEffects['ends']
}

function startsAndEnds(before: Ticket | null, after: Ticket, setting: Setting, at: Instant): StartsAndEnds {
  const { rules } = setting
  const ended = (state: 'done' | 'void', ...kinds: readonly DutyKind[]) => kinds.map((kind) => ({ kind, state, at }))
  if (isActive(after)) {
    if (before === null || !isActive(before))
      return {
        ends: ended('void', 'close', 'post-mortem'),
        starts: startsOfWork(after, setting, before === null ? after.openedAt : at),
      }
    return whileWorked(before, after, setting, at)
  }
  const starts: Start[] = []
  const ends = [...ended('done', 'recover', 'solve'), ...ended('void', 'assign', 'arrive', 'progress')]
  if (before === null || isActive(before)) {
    const from = after.resolvedAt ?? at
    starts.push({ kind: 'close', span: rules.close, from })
    if (after.isMajor) starts.push({ kind: 'post-mortem', span: rules.major.postMortem, from })
  }
  if (after.state === 'closed') ends.push(...ended('done', 'close'))
  if (after.postMortem !== null) ends.push(...ended('done', 'post-mortem'))
  return { ends, starts }
}

/** What is owed from the moment a ticket opens, or opens again. */
function startsOfWork(ticket: Ticket, setting: Setting, from: Instant): readonly Start[] {
  const { rules, catalogue } = setting
  const limits = limitsOf(ticket, rules, catalogue)
  return [
    { kind: 'assign', span: limits.assign, from },
    { kind: 'arrive', span: limits.arrive, from },
    { kind: 'recover', span: limits.recover, from },
    { kind: 'solve', span: rules.difficult.after, from },
    ...(ticket.isMajor ? startsOfMajor(setting, from) : []),
  ]
}

/** Without channels nothing can be told, and nobody owes it. */
function startsOfMajor({ rules, channels }: Setting, from: Instant): readonly Start[] {
  return [
    { kind: 'progress', span: rules.major.progress, from },
    ...(channels.length === 0 ? [] : [{ kind: 'notify', span: rules.major.firstNotice, from } as const]),
  ]
}

function whileWorked(before: Ticket, after: Ticket, setting: Setting, at: Instant): StartsAndEnds {
  const { rules, catalogue } = setting
  const starts: Start[] = []
  const ends: { kind: DutyKind; state: 'done' | 'void'; at: Instant }[] = []
  const limits = limitsOf(after, rules, catalogue)
  // A fault that got worse has the shorter times from now on; one that got better keeps what it had.
  if (after.severity < before.severity) {
    const again = [
      ...(after.state === 'open' ? (['assign'] as const) : []),
      ...(after.arrivedAt === null ? (['arrive'] as const) : []),
    ]
    for (const kind of again) {
      ends.push({ kind, state: 'void', at })
      starts.push({ kind, span: limits[kind], from: at })
    }
    ends.push({ kind: 'recover', state: 'void', at })
    starts.push({ kind: 'recover', span: limits.recover, from: intakeOf(after) })
  }
  // Above whoever let it lie, the time to take it begins anew.
  if (after.state === 'open' && before.state === 'open' && after.level > before.level)
    starts.push({ kind: 'assign', span: limits.assign, from: at })
  if (after.state === 'assigned' && before.state === 'open') ends.push({ kind: 'assign', state: 'done', at })
  if (after.arrivedAt !== null && before.arrivedAt === null) ends.push({ kind: 'arrive', state: 'done', at })
  const isReported = reportsOf(after) > reportsOf(before)
  if (isReported) ends.push({ kind: 'progress', state: 'done', at })
  if (after.isMajor && !before.isMajor) starts.push(...startsOfMajor(setting, at))
  else if (after.isMajor && isReported) starts.push({ kind: 'progress', span: rules.major.progress, from: at })
  return { starts, ends }
}

function isActive(ticket: Ticket): boolean {
  return ticket.state === 'open' || ticket.state === 'assigned'
}

/** When the last report was made: a timeline forgets its middle, so that counting would not do. */
function reportsOf(ticket: Ticket): Instant {
  return ticket.timeline.reduce((last, { kind, at }) => (kind === 'progress' ? Math.max(last, at) : last), 0)
}

function begin(
  ticket: Ticket,
  { kind, span, from }: Start,
  { catalogue }: Setting,
): { readonly duty: Pick<Duty, 'id' | 'kind' | 'startedAt' | 'dueAt'>; readonly isCalendarKnown: boolean } {
  const { dueAt, isCalendarKnown } = spanEnd(span, from, catalogue.hospital)
  return {
    duty: { id: `${ticket.id}/${kind}/${Math.floor(from)}/${Math.floor(dueAt)}`, kind, startedAt: from, dueAt },
    isCalendarKnown,
  }
}

function withGuess(ticket: Ticket, at: Instant): Ticket {
  if (ticket.timeline.some(({ kind }) => kind === 'calendar-unknown')) return ticket
  return toldByRule(ticket, at, 'calendar-unknown', {
    zh: '期限跨入尚无节假日安排的年份,按周一至周五计算,请人工核对',
    en: 'a deadline reaches a year whose holidays are not published: counted as Monday to Friday, check it by hand',
  })
}
