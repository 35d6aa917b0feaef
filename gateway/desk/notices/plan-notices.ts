import type { Duty } from '../../model/duty.ts'
import type { Notice } from '../../model/notice.ts'
import type { Ticket, TimelineItem } from '../../model/ticket.ts'
import { type Instant, isoInZone } from '../../model/time.ts'
import { responsibleFor } from '../duties/responsible.ts'
import type { Setting } from '../setting.ts'
import { intakeOf } from '../timeline.ts'
import { dutyNames, fitToTell, same, ticketNotice, toldName } from './write-notice.ts'

/**
 * What a ticket's change tells people. A major event is told when it begins (or becomes one), with each report, when it is over, and
 * with the post-mortem. Pure; the same change gives the same notices with the same ids.
 */
export function planNotices(before: Ticket | null, after: Ticket, setting: Setting, at: Instant): readonly Notice[] {
  if (!after.isMajor || setting.channels.length === 0) return []
  const notices: Notice[] = []
  const isBegun = before === null || !before.isMajor || intakeOf(before) !== intakeOf(after)
  const intake = String(Math.floor(intakeOf(after)))
  if (isBegun) notices.push(ticketNotice('first', after, { at, occasion: intake, setting }))
  const report = newReport(before, after)
  if (report !== null)
    notices.push(
      ticketNotice('progress', after, { at, occasion: String(Math.floor(report.at)), setting, words: reportWords(report) }),
    )
  if (after.resolvedAt !== null && before?.resolvedAt !== after.resolvedAt)
    notices.push(ticketNotice('recovered', after, { at, occasion: intake, setting }))
  if (after.postMortem !== null && before?.postMortem?.at !== after.postMortem.at)
    notices.push(
      ticketNotice('post-mortem', after, { at, occasion: intake, setting, words: postMortemWords(after.postMortem) }),
    )
  return notices
}

/** What is told when a duty is late, of any ticket. */
export function lateNotice(ticket: Ticket, duty: Duty, setting: Setting, at: Instant): readonly Notice[] {
  if (setting.channels.length === 0) return []
  const { timezone } = setting.catalogue.hospital
  const words = {
    duty: dutyNames[duty.kind],
    dueAt: same(isoInZone(duty.dueAt, timezone).slice(0, 19).replace('T', ' ')),
    responsible: toldName(responsibleFor(duty.kind, ticket, setting.rules), setting.rules),
  }
  return [ticketNotice('overdue', ticket, { at, occasion: duty.id.slice(ticket.id.length + 1), setting, words })]
}

function newReport(before: Ticket | null, after: Ticket): TimelineItem | null {
  const last = after.timeline.at(-1)
  if (last?.kind !== 'progress' || before === null || before.timeline.at(-1) === last) return null
  return last
}

function reportWords(item: TimelineItem) {
  const { taken = '', blocker = '', next = '' } = item.report ?? {}
  return { taken: same(fitToTell(taken)), blocker: same(fitToTell(blocker)), next: same(fitToTell(next)) }
}

function postMortemWords({ rootCause, repair, prevention }: { rootCause: string; repair: string; prevention: string }) {
  return {
    rootCause: same(fitToTell(rootCause)),
    repair: same(fitToTell(repair)),
    prevention: same(fitToTell(prevention)),
  }
}
