import { findCauseEntry } from '../../incidents/catalogue.ts'
import type { Duty } from '../../model/duty.ts'
import type { Notice, NoticeKind } from '../../model/notice.ts'
import type { Text } from '../../model/text.ts'
import type { Ticket } from '../../model/ticket.ts'
import { type Instant, isoInZone } from '../../model/time.ts'
import { hiddenByContent, starred } from '../masking/values.ts'
import type { DeskRules } from '../rules/desk-rules.ts'
import { teamText } from '../rules/teams.ts'
import type { Setting } from '../setting.ts'
import templates from './templates.json' with { type: 'json' }

const wordsMax = 1_000

/** The words that a template's `{placeholders}` stand for, in each language. */
type Words = { readonly [placeholder: string]: Text }

/** A notice about a ticket. `occasion` tells notices of one kind apart: the duty, or the moment of the report. */
export function ticketNotice(
  kind: Exclude<NoticeKind, 'report' | 'test'>,
  ticket: Ticket,
  more: { readonly at: Instant; readonly occasion: string; readonly setting: Setting; readonly words?: Words },
): Notice {
  const words = { ...ticketWords(ticket, more.setting), ...more.words }
  return {
    id: `${ticket.id}/${kind}/${more.occasion}`,
    kind,
    ticketId: ticket.id,
    at: more.at,
    severity: ticket.severity,
    interfaceIds: ticket.interfaceIds,
    title: filled(templates[kind].title, words),
    body: filled(templates[kind].body, words),
  }
}

/** A notice about one of the channels, for the others. */
export function channelNotice(
  kind: 'channel-dead' | 'channel-back',
  channel: string,
  { at, since, timezone }: { readonly at: Instant; readonly since: Instant; readonly timezone: string },
): Notice {
  const words = { channel: same(channel), since: same(isoInZone(since, timezone)) }
  return {
    id: `channel/${channel}/${kind}/${Math.floor(since)}`,
    kind,
    ticketId: null,
    at,
    severity: 'P2',
    interfaceIds: [],
    title: filled(templates[kind].title, words),
    body: filled(templates[kind].body, words),
  }
}

/** A notice that asks nothing of anybody: whether it arrives is all that it tells. */
export function testNotice(
  channel: string,
  { at, person, timezone }: { readonly at: Instant; readonly person: string; readonly timezone: string },
): Notice {
  const words = { channel: same(channel), time: same(isoInZone(at, timezone)), person: same(fitToTell(person)) }
  return {
    id: `channel/${channel}/test/${Math.floor(at)}`,
    kind: 'test',
    ticketId: null,
    at,
    severity: 'P4',
    interfaceIds: [],
    title: filled(templates.test.title, words),
    body: filled(templates.test.body, words),
  }
}

/** What people wrote, fit to leave the house: at most 1,000 characters, what looks like an identity card or a telephone hidden. */
export function fitToTell(text: string): string {
  const shown = text.length > wordsMax ? `${text.slice(0, wordsMax)}…` : text
  return starred(shown, hiddenByContent(shown, []))
}

export const dutyNames = {
  assign: { zh: '受理', en: 'to take it' },
  notify: { zh: '双通道即时通知', en: 'first notice on two channels' },
  arrive: { zh: '到场', en: 'to be on site' },
  recover: { zh: '恢复', en: 'to recover' },
  solve: { zh: '三个工作日内解决', en: 'to solve within the working days set' },
  progress: { zh: '进展通报', en: 'progress report' },
  'post-mortem': { zh: '事后复盘', en: 'post-mortem' },
  close: { zh: '确认关闭', en: 'to close' },
} as const satisfies { readonly [K in Duty['kind']]: Text }

const scopes = {
  'one-peer': { zh: '单台设备', en: 'one device' },
  'some-peers': { zh: '部分设备', en: 'some devices' },
  'all-peers': { zh: '全部设备', en: 'all devices' },
  'several-interfaces': { zh: '多个接口', en: 'several interfaces' },
} as const satisfies { readonly [S in Ticket['scope']]: Text }

function ticketWords(ticket: Ticket, { catalogue, rules }: Setting): Words {
  const { timezone } = catalogue.hospital
  const time = (at: Instant | null) => (at === null ? none : same(isoInZone(at, timezone).slice(0, 19).replace('T', ' ')))
  const cause = ticket.causes[0] === undefined ? null : findCauseEntry(ticket.causes[0].id)
  return {
    ticket: same(ticket.id),
    severity: same(ticket.severity),
    title: ticket.title,
    advice: ticket.advice,
    interfaces: listed(ticket.interfaceIds.map((id) => catalogue.interfaces.find((i) => i.id === id)?.name ?? same(id))),
    cause: cause?.name ?? { zh: '未定', en: 'not determined' },
    scope: scopes[ticket.scope],
    owner: ticket.owner === null ? none : toldName(ticket.owner, rules),
    level: rules.levels[ticket.level - 1]?.name ?? same(String(ticket.level)),
    openedAt: time(ticket.openedAt),
    resolvedAt: time(ticket.resolvedAt),
    expectedAt: time(ticket.expectedRecoveryAt),
  }
}

const none: Text = { zh: '无', en: 'none' }

/** A team's or a person's name, fit to leave the house. */
export function toldName(id: string, rules: DeskRules): Text {
  const { zh, en } = teamText(id, rules)
  return { zh: fitToTell(zh), en: fitToTell(en) }
}

function listed(names: readonly Text[]): Text {
  return { zh: names.map(({ zh }) => zh).join('、'), en: names.map(({ en }) => en).join(', ') }
}

export function same(word: string): Text {
  return { zh: word, en: word }
}

/** Every placeholder of a template must have its word: another one is a bug, and throws. */
function filled(template: Text, words: Words): Text {
  const fill = (text: string, language: 'zh' | 'en') =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const word = words[name]
      if (word === undefined) throw new Error(`the template has {${name}}, and nothing says what that is`)
      return word[language]
    })
  return { zh: fill(template.zh, 'zh'), en: fill(template.en, 'en') }
}
