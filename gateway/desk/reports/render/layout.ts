import type { HealthReport } from '../../api/report-shapes.ts'
import { countText, type Language, lengthText, percentText, signed } from '../numbers.ts'
import { type Block, scoreTone, type Tone } from './blocks.ts'
import { scoreChart } from './charts.ts'
import { interfaceCards } from './interface-cards.ts'
import { createSpeech, type Speech } from './speech.ts'
import {
  actionTable,
  clockTable,
  collaborationTable,
  incidentTable,
  interfaceTable,
  pairTable,
  repeatTable,
  versionTable,
} from './tables.ts'

/** The whole report as blocks, in the order in which the meeting goes through it. */
export function layout(report: HealthReport, language: Language): readonly Block[] {
  const speech = createSpeech(report, language)
  const { say, pick, listed } = speech
  const heading = (text: string, note = ''): Block => ({ kind: 'heading', text, note })
  const notes = (items: readonly string[], tone: Tone): readonly Block[] =>
    items.length === 0 ? [] : [{ kind: 'notes', items, tone }]
  const chart = scoreChart(report.interfaces, language)
  const cards = interfaceCards(report, speech)
  const healthy = report.interfaces.filter(({ score, parts }) => score !== null && parts.length === 0)
  return [
    titleOf(report, speech),
    tilesOf(report, speech),
    ...notes(report.notes.map(pick), 'warn'),
    heading(say('firsts')),
    ...(report.firsts.length === 0
      ? notes([say('firstsNone')], 'quiet')
      : [thingsOf(report, speech), { kind: 'caption', text: pick(report.firstsRule) } as const]),
    ...(report.warnings.length === 0
      ? []
      : [
          heading(say('warnings')),
          ...notes(
            report.warnings.map(({ text }) => pick(text)),
            'bad',
          ),
        ]),
    heading(say('actions')),
    actionTable(report, speech),
    ...(report.collaboration === null
      ? []
      : [
          heading(`${say('collaboration')} ${report.collaboration.score ?? '—'}`, say('collaborationNote')),
          collaborationTable(report.collaboration, speech),
        ]),
    heading(say('table'), say('tableNote')),
    ...(chart === null ? [] : [{ kind: 'chart', chart } as const]),
    interfaceTable(report, speech),
    heading(say('incidents')),
    ...incidentTable(report, speech),
    ...(report.tickets.pairs.length === 0 ? [] : [heading(say('pairs'), say('transfersGoal')), pairTable(report, speech)]),
    heading(say('repeats')),
    repeatTable(report, speech),
    heading(say('clocks'), say('clocksNote')),
    ...clockTable(report, speech),
    heading(say('versions')),
    versionTable(report, speech),
    ...(healthy.length === 0
      ? []
      : [heading(say('healthy')), ...notes([listed(healthy.map(({ name }) => pick(name)))], 'quiet')]),
    heading(say('details')),
    ...(cards.length === 0 ? notes([say('detailsNone')], 'quiet') : [{ kind: 'cards', items: cards } as const]),
  ]
}

function titleOf(report: HealthReport, { pick, say, time }: Speech): Block {
  return {
    kind: 'title',
    title: pick(report.title),
    sub: `${report.hospital.name} · ${time(report.from)} – ${time(report.to)} (${report.hospital.timezone}) · ${say('made')} ${time(report.madeAt)}`,
    lead: pick(report.headline),
  }
}

function tilesOf({ summary: s, tickets: t }: HealthReport, { say, pick, against }: Speech): Block {
  const change = (now: number | null, before: number | null, digits = 0) =>
    now === null || before === null ? say('noBefore') : against(signed(now - before, digits))
  const length = (seconds: number | null) => (seconds === null ? '—' : pick(lengthText(seconds)))
  const rate = s.successRate === null || s.successRateBefore === null ? null : (s.successRate - s.successRateBefore) * 100
  return {
    kind: 'tiles',
    items: [
      { label: say('overview'), value: String(s.score ?? '—'), note: change(s.score, s.scoreBefore), tone: scoreTone(s.score) },
      {
        label: say('interfaces'),
        value: String(s.observed),
        note: say('ofInterfaces', { n: s.interfaces, h: s.healthy }),
        tone: 'plain',
      },
      {
        label: say('exchanges'),
        value: s.exchanges === null ? '—' : countText(s.exchanges),
        note: change(s.exchanges, s.exchangesBefore),
        tone: 'plain',
      },
      {
        label: say('successRate'),
        value: s.successRate === null ? '—' : percentText(s.successRate),
        note: rate === null ? say('noBefore') : against(`${signed(rate, 2)} pp`),
        tone: 'plain',
      },
      { label: say('tickets'), value: String(t.opened), note: change(t.opened, t.openedBefore), tone: 'plain' },
      { label: say('detect'), value: length(t.detectSMedian), note: '', tone: 'plain' },
      { label: say('repair'), value: length(t.repairSMedian), note: '', tone: 'plain' },
      {
        label: say('transfers'),
        value: t.transfersMean === null ? '—' : t.transfersMean.toFixed(1),
        note: say('transfersGoal'),
        tone: 'plain',
      },
    ],
  }
}

function thingsOf(report: HealthReport, { pick, nameOf, owner, labelled, listed }: Speech): Block {
  return {
    kind: 'things',
    items: report.firsts.map(({ rank, text, why, owner: whose, interfaceIds, ticketIds }) => ({
      rank,
      text: pick(text),
      why: pick(why),
      meta: [
        labelled('owner', owner(whose)),
        interfaceIds.length > 1 ? listed(interfaceIds.slice(1).map(nameOf)) : '',
        ticketIds.length === 0 ? '' : labelled('count', String(ticketIds.length)),
      ]
        .filter((part) => part !== '')
        .join(' · '),
    })),
  }
}
