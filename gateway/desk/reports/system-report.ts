import type { Catalogue, System } from '../../model/interface.ts'
import type { ClockState } from '../../model/reading.ts'
import type { Text } from '../../model/text.ts'
import { isoInZone } from '../../model/time.ts'
import type { SystemReport } from '../api/report-shapes.ts'
import type { Gathered } from './gather.ts'
import { offsetText } from './numbers.ts'
import { badSpan, minutesIn } from './spans.ts'

const rank = { timezone: 0, step: 1, offset: 2, drift: 3, 'in-step': 4, unknown: 5 } as const

/** The clock of every system that stamps were seen of, wrong ones first. As of the making of the report: the store keeps no past of clocks. */
export function systemReports({ catalogue, clocks, alerts, period, madeAt }: Gathered): readonly SystemReport[] {
  const wrongMin = (systemId: string) =>
    minutesIn(
      period,
      alerts
        .filter(({ monitor, subject }) => monitor === 'clock' && subject.kind === 'system' && subject.id === systemId)
        .flatMap((alert) => badSpan(alert, madeAt) ?? []),
    )
  return catalogue.systems
    .flatMap((system) => {
      const clock = clocks.find(({ systemId }) => systemId === system.id)
      return clock === undefined || clock.observations === 0
        ? []
        : [{ ...reportOf(system, clock, catalogue.hospital.timezone), wrongMin: wrongMin(system.id) }]
    })
    .toSorted((a, b) => rank[a.verdict] - rank[b.verdict] || a.id.localeCompare(b.id))
}

export function systemName(id: string, { systems }: Catalogue): Text {
  return systems.find((system) => system.id === id)?.name ?? { zh: id, en: id }
}

function reportOf(system: System, clock: ClockState, timezone: string): Omit<SystemReport, 'wrongMin'> {
  return {
    id: system.id,
    name: system.name,
    verdict: clock.verdict,
    offsetS: clock.offsetS,
    errorS: clock.errorS,
    driftPpm: clock.driftPpm,
    changedAt: clock.changedAt === null ? null : isoInZone(clock.changedAt, timezone),
    text: wordsOf(clock),
  }
}

function wordsOf({ verdict, offsetS, errorS, driftPpm }: ClockState): Text {
  const offset = offsetS === null ? '?' : offsetText(offsetS)
  const error = errorS === null ? '' : ` ±${errorS < 1 ? `${Math.round(errorS * 1000)} ms` : `${errorS.toFixed(1)} s`}`
  switch (verdict) {
    case 'in-step':
      return { zh: `同步（${offset}${error}）`, en: `in step (${offset}${error})` }
    case 'timezone':
      return { zh: `时区不一致，差 ${offset}`, en: `another time zone, ${offset}` }
    case 'offset':
      return { zh: `偏差 ${offset}${error}`, en: `off by ${offset}${error}` }
    case 'step':
      return { zh: `发生跳变，现差 ${offset}${error}`, en: `stepped, now ${offset}${error}` }
    case 'drift': {
      const ppm = driftPpm === null ? '?' : driftPpm.toFixed(0)
      return { zh: `漂移 ${ppm} ppm，现差 ${offset}`, en: `drifts by ${ppm} ppm, now ${offset}` }
    }
    case 'unknown':
      return { zh: '数据不足', en: 'too little seen' }
    default:
      return verdict satisfies never
  }
}
