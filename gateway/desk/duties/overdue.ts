import type { Duty } from '../../model/duty.ts'
import type { Text } from '../../model/text.ts'
import type { Ticket, TicketLevel } from '../../model/ticket.ts'
import type { Instant } from '../../model/time.ts'
import type { DeskRules } from '../rules/desk-rules.ts'
import { told, toldByRule } from '../timeline.ts'
import { teamOf } from './responsible.ts'

/** The ticket after one of its duties was found late: who takes it now, and what its timeline says. Pure. */
export function afterOverdue(ticket: Ticket, duty: Duty, rules: DeskRules, at: Instant): Ticket {
  const words = lateWords[duty.kind]
  switch (duty.kind) {
    case 'assign':
    case 'arrive':
      return ticket.level === 3 ? toldByRule(ticket, at, 'overdue', words) : escalated(ticket, rules, at, 'auscult', words)
    case 'recover':
      return toldByRule(withParty(ticket, ticket.coordinator), at, 'overdue', words)
    case 'solve':
      return difficult(ticket, rules, at)
    case 'progress':
    case 'post-mortem':
    case 'close':
    case 'notify':
      return toldByRule(ticket, at, 'overdue', words)
    default:
      return duty.kind satisfies never
  }
}

/** One level up: the team there owns what nobody has taken; whoever works on it stays, and the team joins. */
export function escalated(ticket: Ticket, rules: DeskRules, at: Instant, by: string, reason: Text): Ticket {
  const level = nextLevel(ticket.level)
  const { name } = rules.levels[level - 1] ?? { name: { zh: '', en: '' } }
  const text = { zh: `升级至${name.zh}：${reason.zh}`, en: `Escalated to ${name.en}: ${reason.en}` }
  return told({ ...taken(ticket, teamOf(level, rules)), level }, at, 'escalated', by, text)
}

/** A 疑难问题: by force the regional centre's, whoever had it. */
function difficult(ticket: Ticket, rules: DeskRules, at: Instant): Ticket {
  const level = ticket.level > rules.difficult.level ? ticket.level : rules.difficult.level
  const team = teamOf(level, rules)
  const before = ticket.owner
  const text = {
    zh: `规定的工作日内未解决,标记为“疑难问题”,升级至${rules.levels[level - 1]?.name.zh}`,
    en: `not solved within the working days set: a difficult problem (疑难问题), now with the ${rules.levels[level - 1]?.name.en}`,
  }
  const moved = withParty({ ...ticket, owner: team, level, difficultAt: at }, before)
  return toldByRule(moved, at, 'difficult', text)
}

function taken(ticket: Ticket, team: string): Ticket {
  return ticket.state === 'open' ? { ...ticket, owner: team } : withParty(ticket, team)
}

/** The ticket with one more party to it; nobody joins twice. */
export function withParty(ticket: Ticket, party: string | null): Ticket {
  if (party === null || ticket.parties.includes(party) || ticket.owner === party) return ticket
  return { ...ticket, parties: [...ticket.parties, party] }
}

function nextLevel(level: TicketLevel): TicketLevel {
  return level === 1 ? 2 : 3
}

const lateWords = {
  assign: { zh: '规定时间内无人受理', en: 'nobody took it in time' },
  arrive: { zh: '规定时间内无人到场', en: 'nobody was there in time' },
  recover: { zh: '已过预期恢复时间', en: 'the expected recovery has passed' },
  solve: { zh: '规定的工作日内未解决', en: 'not solved within the working days set' },
  progress: { zh: '进展通报逾期', en: 'the progress report is overdue' },
  'post-mortem': { zh: '事后复盘报告逾期', en: 'the post-mortem is overdue' },
  notify: { zh: '即时通知未在规定时间内经两个渠道送达', en: 'the first notice was not out on two channels in time' },
  close: { zh: '解决后未按时确认关闭', en: 'resolved, and not closed in time' },
} as const satisfies { readonly [K in Duty['kind']]: Text }
