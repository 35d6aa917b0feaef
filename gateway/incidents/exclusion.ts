import { type Cause, type Line, present, say, type Weighing, weights } from './cause.ts'
import type { Evidence } from './evidence/evidence.ts'
import type { WindowView } from './window-view.ts'

/**
 * Order of exclusion: planned change, the gateway itself, then everybody else. What stands earlier takes weight from what stands later.
 */
export function excludedFirst(cause: Cause, weighing: Weighing, evidence: Evidence): Weighing {
  if (cause.id === 'planned-change') return weighing
  const planned = plannedLine(evidence.windows)
  const lines = [...(planned === null ? [] : [planned]), ...gatewayLines(cause, evidence)]
  return lines.length === 0 ? weighing : { ...weighing, lines: [...weighing.lines, ...lines] }
}

/** The window that the whole of the incident began in, where there is one. */
export function windowOfAll(windows: readonly WindowView[]): WindowView | null {
  return windows.find(({ coveredCount, alertCount }) => coveredCount === alertCount) ?? null
}

function plannedLine(windows: readonly WindowView[]): Line | null {
  const window = windowOfAll(windows)
  if (window === null) return null
  const { change, hasOverrun } = window
  return {
    key: 'planned-window',
    group: 'planned',
    sign: present(),
    // Within its window the change explains everything; afterwards something else may have gone wrong with it.
    present: hasOverrun ? -weights.some : -weights.decisive,
    absent: 0,
    text: say(
      `全部异常开始于变更 ${change.approval} 的窗口内,先按计划内处理`,
      `all of it began in the window of change ${change.approval}: planned until shown otherwise`,
    ),
  }
}

function gatewayLines(cause: Cause, evidence: Evidence): readonly Line[] {
  if (cause.id === 'gateway-self') return []
  if (cause.kinds.includes('time') && evidence.reading('clock/gateway') !== null) return [ownClockLine]
  if (evidence.reading('self/edge') === null) return []
  return [
    {
      key: 'gateway-unwell',
      group: 'gateway',
      sign: present(),
      present: -weights.strong,
      absent: 0,
      text: say(
        '网关自身异常期间,对其他系统的判断打折扣',
        'while the gateway itself is unwell, what it saw of others is worth less',
      ),
    },
  ]
}

const ownClockLine: Line = {
  key: 'gateway-clock',
  group: 'gateway',
  sign: present(),
  present: -weights.decisive,
  absent: 0,
  text: say(
    '各系统偏移量相同,偏的是网关自身的时钟(或目录中的时区)',
    "all are off by the same: it is the gateway's own clock, or the zone in the catalogue",
  ),
}
