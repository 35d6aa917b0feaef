import type { HealthReport, InterfaceReport } from '../../api/report-shapes.ts'
import { countText, lengthText, msText, percentText, signed } from '../numbers.ts'
import { type Card, scoreTone } from './blocks.ts'
import { pointsChart } from './charts.ts'
import type { Speech } from './speech.ts'

/** Every interface that lost points, worst first, with what took them. */
export function interfaceCards({ interfaces }: HealthReport, speech: Speech): readonly Card[] {
  return interfaces.filter(({ score, parts }) => score !== null && parts.length > 0).map((one) => cardOf(one, speech))
}

function cardOf(one: InterfaceReport, speech: Speech): Card {
  const { say, pick, language } = speech
  const lines = [
    { label: say('lost'), items: one.parts.map(({ penalty, text }) => `-${penalty}  ${pick(text)}`) },
    {
      label: say('failureClasses'),
      items: one.failures.map(({ text, count, before }) => counted(pick(text), count, before, speech)),
    },
    { label: say('numbers'), items: numbersOf(one, speech) },
    { label: say('drift'), items: driftOf(one, speech) },
    {
      label: say('violationKinds'),
      items: one.violations.top.map(({ message, count, before }) => counted(pick(message), count, before, speech)),
    },
    { label: say('observed'), items: one.observation.text === null ? [] : [pick(one.observation.text)] },
  ].filter(({ items }) => items.length > 0)
  const score = one.score ?? 0
  return {
    title: pick(one.name),
    sub: `${one.id} · ${pick(one.fromName)} → ${pick(one.toName)} · ${say(one.criticality)}`,
    badge: {
      text: one.scoreBefore === null ? String(score) : `${score} (${signed(score - one.scoreBefore)})`,
      tone: scoreTone(score),
    },
    lines,
    chart: pointsChart(one.points, language),
  }
}

function counted(text: string, count: number, before: number | null, { say }: Speech): string {
  const change = before === null ? '' : before === 0 ? ` (${say('fresh')})` : ` (${say('before')} ${countText(before)})`
  return `${text} × ${countText(count)}${change}`
}

function numbersOf({ now, before, silenceMin, coverage }: InterfaceReport, { say, pick }: Speech): readonly string[] {
  const rate = now?.successRate ?? null
  const was = before?.successRate ?? null
  const latency = now?.latencyMs
  return [
    now === null ? '' : `${say('exchanges')} ${countText(now.exchanges)}`,
    rate === null
      ? ''
      : `${say('successRate')} ${percentText(rate)}${was === null ? '' : ` (${say('before')} ${percentText(was)})`}`,
    latency?.p50 == null || latency.p95 === null || latency.p99 === null
      ? ''
      : `P50 ${msText(latency.p50)}, P95 ${msText(latency.p95)}, P99 ${msText(latency.p99)}`,
    silenceMin === null || silenceMin === 0 ? '' : `${say('silence')} ${pick(lengthText(silenceMin * 60))}`,
    coverage === null || coverage === 1 ? '' : `${percentText(coverage)} ${say('coverage')}`,
  ].filter((item) => item !== '')
}

function driftOf({ violations: { newKinds, goneKinds, before } }: InterfaceReport, { say }: Speech): readonly string[] {
  return before === null || newKinds + goneKinds === 0 ? [] : [say('driftText', { n: newKinds, g: goneKinds })]
}
