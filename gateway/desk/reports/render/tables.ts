import type { Collaboration, HealthReport, IncidentLine, InterfaceReport, Measure } from '../../api/report-shapes.ts'
import { countText, lengthText, msText, percentText, signed } from '../numbers.ts'
import { type Block, type Cell, type Column, scoreTone, type Tone } from './blocks.ts'
import type { Speech } from './speech.ts'

type Table = Extract<Block, { kind: 'table' }>

const incidentRowsMax = 40

export function interfaceTable({ interfaces }: HealthReport, speech: Speech): Table {
  const { say, pick } = speech
  const columns: readonly Column[] = [
    { text: say('iface'), width: 25 },
    { text: say('score'), align: 'right', width: 9 },
    { text: say('exchanges'), align: 'right', width: 13 },
    { text: say('successRate'), align: 'right', width: 15 },
    { text: say('latency'), align: 'right', width: 16 },
    { text: say('silence'), align: 'right', width: 10 },
    { text: say('violations'), align: 'right', width: 12 },
  ]
  // Those that weren't observed are named among what to know.
  const rows = interfaces
    .filter(({ score }) => score !== null)
    .map((one): readonly Cell[] => [
      { text: pick(one.name), sub: one.observation.text === null ? '' : pick(one.observation.text), isStrong: true },
      {
        text: String(one.score ?? '—'),
        sub: changed(one.score ?? 0, one.scoreBefore),
        tone: scoreTone(one.score ?? 0),
        isStrong: true,
      },
      { text: countText(one.now?.exchanges ?? 0), sub: share(one.now?.exchanges ?? null, one.before?.exchanges ?? null) },
      successCell(one, speech),
      latencyCell(one, speech),
      silenceCell(one, speech),
      violationCell(one, speech),
    ])
  return { kind: 'table', columns, rows, empty: say('notObserved') }
}

function successCell({ now, before, objectives }: InterfaceReport, { say }: Speech): Cell {
  const rate = now?.successRate ?? null
  if (rate === null) return { text: '—', tone: 'quiet' }
  const was = before?.successRate ?? null
  const goal = `${say('goal')} ${percentText(objectives.successRate)}`
  return {
    text: percentText(rate),
    sub: was === null ? goal : `${signed((rate - was) * 100, 2)} · ${goal}`,
    tone: rate < objectives.successRate ? 'bad' : 'plain',
  }
}

function latencyCell({ now, before, objectives }: InterfaceReport, { say }: Speech): Cell {
  const p95 = now?.latencyMs.p95 ?? null
  if (p95 === null) return { text: '—', tone: 'quiet' }
  const goal = `${say('goal')} ${msText(objectives.latencyP95Ms)}`
  const change = share(p95, before?.latencyMs.p95 ?? null)
  return {
    text: msText(p95),
    sub: change === '' ? goal : `${change} · ${goal}`,
    tone: p95 > objectives.latencyP95Ms ? 'bad' : 'plain',
  }
}

function silenceCell({ silenceMin, silenceMinBefore }: InterfaceReport, { pick, say }: Speech): Cell {
  if (silenceMin === null) return { text: '—', tone: 'quiet' }
  const before = silenceMinBefore === null ? '' : `${changed(silenceMin, silenceMinBefore)} ${say('minutes')}`
  return silenceMin === 0 && (silenceMinBefore ?? 0) === 0
    ? { text: '0', tone: 'quiet' }
    : { text: silenceMin === 0 ? '0' : pick(lengthText(silenceMin * 60)), sub: before, tone: silenceMin > 0 ? 'warn' : 'plain' }
}

function violationCell({ violations }: InterfaceReport, { say }: Speech): Cell {
  const { total, before, newKinds } = violations
  if (total === 0 && (before ?? 0) === 0) return { text: '0', tone: 'quiet' }
  const fresh = newKinds === 0 ? '' : say('newKinds', { n: newKinds })
  const sub = [before === null ? '' : changed(total, before), fresh].filter((part) => part !== '').join(' · ')
  return { text: countText(total), sub, tone: newKinds > 0 ? 'warn' : 'plain' }
}

export function incidentTable({ incidents }: HealthReport, speech: Speech): readonly Block[] {
  const { say, pick, nameOf, time, owner, labelled, listed } = speech
  const length = (seconds: number | null) => (seconds === null ? '—' : pick(lengthText(seconds)))
  const columns: readonly Column[] = [
    { text: '', width: 6 },
    { text: say('what'), width: 34 },
    { text: say('cause'), width: 19 },
    { text: say('since'), width: 12 },
    { text: say('foundIn'), align: 'right', width: 10 },
    { text: say('repairedIn'), align: 'right', width: 11 },
    { text: say('handed'), align: 'right', width: 8 },
  ]
  const rows = incidents
    .slice(0, incidentRowsMax)
    .map((line): readonly Cell[] => [
      { text: line.severity, tone: severityTone(line), isStrong: true },
      { text: pick(line.title), sub: listed(line.interfaceIds.map(nameOf)) },
      { text: pick(line.causeName), sub: labelled('owner', owner(line.owner)) },
      { text: time(line.detectedAt), sub: line.isCarried ? say('carriedOver') : '' },
      { text: length(line.detectS) },
      line.repairS === null ? { text: say('notRepaired'), tone: 'bad' } : { text: length(line.repairS) },
      { text: String(line.transfers), tone: line.transfers >= 3 ? 'warn' : 'plain' },
    ])
  const rest = incidents.length - rows.length
  const table: Table = { kind: 'table', columns, rows, empty: say('incidentsNone') }
  return rest > 0 ? [table, { kind: 'notes', items: [say('more', { n: rest })], tone: 'quiet' }] : [table]
}

export function actionTable({ actions }: HealthReport, { say, pick, owner }: Speech): Table {
  const columns: readonly Column[] = [
    { text: say('action'), width: 52 },
    { text: say('owner'), width: 16 },
    { text: say('due'), width: 12 },
    { text: say('state'), width: 10 },
    { text: say('seen'), width: 10 },
  ]
  const rows = actions.map((one): readonly Cell[] => [
    { text: pick(one.text), sub: one.note === null ? one.period : `${one.period} · ${one.note}` },
    { text: owner(one.owner) },
    { text: one.dueOn ?? '—', ...(one.isLate ? { sub: say('late'), tone: 'bad' } : {}) },
    { text: say(one.state), tone: one.state === 'done' ? 'good' : 'plain' },
    one.isSeen === null
      ? { text: say('unknown'), tone: 'quiet' }
      : { text: say(one.isSeen ? 'seenAgain' : 'seenNot'), tone: one.isSeen ? 'bad' : 'good' },
  ])
  return { kind: 'table', columns, rows, empty: say('actionsNone') }
}

export function pairTable({ tickets }: HealthReport, { say, pick }: Speech): Table {
  const columns: readonly Column[] = [
    { text: say('pair'), width: 52 },
    { text: say('count'), align: 'right', width: 16 },
    { text: say('mean'), align: 'right', width: 16 },
    { text: say('before'), align: 'right', width: 16 },
  ]
  const rows = tickets.pairs.map(({ names, tickets: count, transfersMean, transfersMeanBefore }): readonly Cell[] => [
    { text: names.map(pick).join(' – ') },
    { text: String(count) },
    { text: transfersMean.toFixed(1), tone: transfersMean > 3.2 ? 'bad' : transfersMean > 1.4 ? 'warn' : 'plain' },
    { text: transfersMeanBefore === null ? '—' : transfersMeanBefore.toFixed(1), tone: 'quiet' },
  ])
  return { kind: 'table', columns, rows, empty: '' }
}

export function repeatTable({ tickets }: HealthReport, { say, pick, nameOf }: Speech): Table {
  const columns: readonly Column[] = [
    { text: say('iface'), width: 40 },
    { text: say('cause'), width: 40 },
    { text: say('times'), align: 'right', width: 20 },
  ]
  const rows = tickets.repeats.map(({ interfaceId, causeName, count }): readonly Cell[] => [
    { text: nameOf(interfaceId) },
    { text: pick(causeName) },
    { text: String(count), tone: 'warn' },
  ])
  return { kind: 'table', columns, rows, empty: say('repeatsNone') }
}

/** Those that are or were wrong by line; the others in one sentence. */
export function clockTable({ systems }: HealthReport, { say, pick, time, listed }: Speech): readonly Block[] {
  const columns: readonly Column[] = [
    { text: say('system'), width: 32 },
    { text: say('clock'), width: 36 },
    { text: say('wrong'), align: 'right', width: 16 },
    { text: say('changed'), align: 'right', width: 16 },
  ]
  const isTold = ({ verdict, wrongMin }: HealthReport['systems'][number]) => wrongMin > 0 || verdict !== 'in-step'
  const rows = systems
    .filter(isTold)
    .map(({ name, text, verdict, changedAt, wrongMin }): readonly Cell[] => [
      { text: pick(name) },
      { text: pick(text), tone: verdict === 'in-step' ? 'good' : verdict === 'unknown' ? 'quiet' : 'bad' },
      wrongMin === 0 ? { text: '—', tone: 'quiet' } : { text: pick(lengthText(wrongMin * 60)), tone: 'warn' },
      { text: changedAt === null ? '—' : time(changedAt), tone: changedAt === null ? 'quiet' : 'plain' },
    ])
  const inStep = systems.filter((system) => !isTold(system)).map(({ name }) => pick(name))
  const table: Table = { kind: 'table', columns, rows, empty: systems.length === 0 ? say('clocksNone') : '' }
  if (inStep.length === 0) return [table]
  const line: Block = { kind: 'notes', items: [say('inStep', { n: inStep.length, names: listed(inStep) })], tone: 'quiet' }
  return rows.length === 0 ? [line] : [table, line]
}

export function versionTable({ versionChanges }: HealthReport, { say, pick, time, nameOf, listed }: Speech): Table {
  const columns: readonly Column[] = [
    { text: say('changed'), width: 20 },
    { text: say('change'), width: 50 },
    { text: say('iface'), width: 30 },
  ]
  const rows = (versionChanges ?? []).map(({ at, subject, text }): readonly Cell[] => [
    { text: time(at) },
    { text: pick(text) },
    { text: listed(subject.split(', ').map(nameOf)) },
  ])
  return { kind: 'table', columns, rows, empty: say(versionChanges === null ? 'versionsUnkept' : 'versionsNone') }
}

export function collaborationTable(collaboration: Collaboration, { say, pick, against }: Speech): Table {
  const columns: readonly Column[] = [
    { text: say('measure'), width: 60 },
    { text: say('before'), width: 20 },
    { text: say('worth'), align: 'right', width: 20 },
  ]
  const line = ({ text, value, before, points }: Measure, digits: number, factor = 1): readonly Cell[] => [
    { text: pick(text) },
    value === null || before === null
      ? { text: say('noBefore'), tone: 'quiet' }
      : { text: against(signed((value - before) * factor, digits)) },
    { text: points === null ? '—' : points.toFixed(1), isStrong: true },
  ]
  const { transfers, responseMin, closeRate, repeatHelp } = collaboration
  return {
    kind: 'table',
    columns,
    rows: [line(transfers, 1), line(responseMin, 0), line(closeRate, 1, 100), line(repeatHelp, 1, 100)],
    empty: '',
  }
}

function changed(now: number, before: number | null): string {
  return before === null ? '' : signed(now - before)
}

/** `+12 %` of what it was; nothing where there is nothing to compare with. */
function share(now: number | null, before: number | null): string {
  if (now === null || before === null || before === 0) return ''
  const percent = (now / before - 1) * 100
  return Math.abs(percent) >= 1000 ? `×${(now / before).toFixed(0)}` : `${signed(percent)}%`
}

function severityTone({ severity }: IncidentLine): Tone {
  return severity === 'P1' ? 'bad' : severity === 'P2' ? 'warn' : 'plain'
}
