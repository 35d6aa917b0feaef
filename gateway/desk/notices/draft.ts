import { findCauseEntry } from '../../incidents/catalogue.ts'
import type { Text } from '../../model/text.ts'
import type { Ticket } from '../../model/ticket.ts'
import { isoInZone } from '../../model/time.ts'

const linesMax = 20

/** A post-mortem as the evidence has it, for a person to correct and file: what it was and why that is believed, what was done, and what to look after. */
export interface PostMortemDraft {
  readonly rootCause: Text
  readonly repair: Text
  readonly prevention: Text
}

export function draftPostMortem(ticket: Ticket, timezone: string): PostMortemDraft {
  const lead = ticket.causes[0]
  const name = (lead === undefined ? null : findCauseEntry(lead.id)?.name) ?? { zh: '原因未定', en: 'Cause not determined' }
  const percent = lead === undefined ? 0 : Math.round(lead.confidence * 100)
  const evidence = (lead?.evidence ?? []).filter((line) => line.for).slice(0, linesMax)
  const done = ticket.timeline.filter(({ kind }) => kind !== 'updated' && kind !== 'cause-changed').slice(-linesMax)
  const lines = (language: 'zh' | 'en') =>
    done.map(({ at, by, text }) => `${isoInZone(at, timezone).slice(0, 19).replace('T', ' ')} ${by}: ${text[language]}`)
  const reasons = (language: 'zh' | 'en') => evidence.map(({ text }) => `- ${text[language]}`)
  return {
    rootCause: {
      zh: [`${name.zh}(置信度 ${percent}%)`, ...reasons('zh')].join('\n'),
      en: [`${name.en} (confidence ${percent} %)`, ...reasons('en')].join('\n'),
    },
    repair: { zh: lines('zh').join('\n'), en: lines('en').join('\n') },
    prevention: ticket.advice,
  }
}
