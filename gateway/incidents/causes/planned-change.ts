import { windowEndOf } from '../../model/change.ts'
import type { Text } from '../../model/text.ts'
import { type Advice, type Cause, fixed, present, say, shareSign, type Weighing, weights, whether } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { windowOfAll } from '../exclusion.ts'
import type { WindowView } from '../window-view.ts'

/**
 * Announced and approved work on the systems. Looked at before anything else. The list of causes gives it no sign of its own on the
 * wire: an unannounced stop is a fault until somebody declares it, so without a declared window it doesn't compete.
 */
export const plannedChange: Cause = {
  id: 'planned-change',
  // The gate asks for a declared window at this very place and time: the share is that among incidents that have one.
  prior: 0,
  severity: 'P4',
  kinds: ['reach', 'slow', 'answer', 'content', 'time', 'flow', 'framing', 'other'],
  weigh: (e) => weighed(e),
  title: (e) => {
    const window = e.windows[0]
    const approval = window?.last.approval ?? ''
    return window?.hasOverrun === true
      ? say(
          `变更 ${approval} 超出窗口:${e.place.iface.zh}尚未恢复`,
          `Change ${approval} has overrun: ${e.place.iface.en} is not back`,
        )
      : say(`计划变更 ${approval}:${e.place.iface.zh}`, `Planned change ${approval}: ${e.place.iface.en}`)
  },
  advise: (e) => advised(e.windows[0] ?? null),
}

function weighed(e: Evidence): Weighing {
  const window = e.windows[0] ?? null
  if (window === null) return { isOpen: false, locus: null, lines: [] }
  const { change, endAt, coveredCount, alertCount, hasOverrun } = window
  const [systemId] = change.systemIds
  return {
    isOpen: true,
    locus: systemId === undefined ? e.locus : { kind: 'system', id: systemId },
    explainsAll: windowOfAll(e.windows) !== null && !hasOverrun,
    lines: [
      {
        key: 'in-window',
        group: 'window',
        sign: present(),
        present: weights.decisive,
        absent: 0,
        text: beganText(window, e.onsetAt),
      },
      {
        key: 'window-scope',
        group: 'scope',
        sign: shareSign(coveredCount, alertCount, { full: 1 }),
        present: weights.strong,
        absent: -weights.strong,
        text: say(
          `${alertCount} 个告警中 ${coveredCount} 个在变更申报的接口和系统范围内`,
          `${coveredCount} of ${alertCount} alerts are about the interfaces and systems that the change names`,
        ),
      },
      {
        key: 'window-overrun',
        group: 'overrun',
        sign: whether(hasOverrun),
        present: -weights.slight,
        absent: 0,
        text: say(
          `窗口已结束 ${minutes(e.now - endAt)} 分钟,异常仍在持续`,
          `the window ended ${minutes(e.now - endAt)} min ago and it goes on`,
        ),
      },
    ],
  }
}

function beganText({ change }: WindowView, onsetAt: number): Text {
  const { approval, fromAt, by } = change
  const lasts = minutes(windowEndOf(change) - fromAt)
  const after = onsetAt - fromAt
  return after < 0
    ? say(
        `已审批变更 ${approval}(${by})的窗口共 ${lasts} 分钟,异常开始于窗口前 ${minutes(-after)} 分钟`,
        `approved change ${approval} (${by}) has a window of ${lasts} min; it began ${minutes(-after)} min before`,
      )
    : say(
        `已审批变更 ${approval}(${by})的窗口共 ${lasts} 分钟,异常开始于窗口开始后 ${minutes(after)} 分钟`,
        `approved change ${approval} (${by}) has a window of ${lasts} min; it began ${minutes(after)} min into it`,
      )
}

function minutes(ms: number): string {
  return fixed(ms / 60_000, 0)
}

function advised(window: WindowView | null): Advice {
  const by = window?.last.by ?? ''
  const approval = window?.last.approval ?? ''
  const owner = say(`变更方:${by}(${approval})`, `Who makes the change: ${by} (${approval})`)
  if (window?.hasOverrun !== true)
    return {
      owner,
      handOver: say(
        '无需派单;窗口结束后仍未恢复会自动开单',
        'Nothing to hand over: a ticket opens by itself if it outlasts the window',
      ),
      checks: [
        say('变更的申报范围与时间是否属实', 'Are the times and the interfaces of the change as declared?'),
        say('窗口外的接口是否正常', 'Are the interfaces outside the window well?'),
        say('变更完成后主动发一笔测试报文', 'When it is done, send one message as a test'),
      ],
      workaround: null,
    }
  return {
    owner,
    handOver: say(
      `先联系 ${by} 确认是否延期;未延期则转其他原因所指的责任方`,
      `Ask ${by} whether it was prolonged; if not, hand over by the other causes listed`,
    ),
    checks: [
      say('变更方是否已完成,服务是否已重新启动', 'Is the change done, and was the service started again?'),
      say('变更后的地址、端口、版本是否与接口配置一致', 'Do address, port and version still agree with the configuration?'),
      say('是否需要按审批单回退', 'Does the approval ask for a rollback by now?'),
    ],
    workaround: say('按审批单中的回退方案执行', 'Follow the rollback of the approval'),
  }
}
