import { isQuestion } from '../../model/question.ts'
import type { Reading } from '../../model/reading.ts'
import type { Text } from '../../model/text.ts'
import { type Cause, factOf, fixed, heard, present, roughly, say, unknown, weights, whether, wordOf } from '../cause.ts'
import { slownessKeys } from '../lines/closer-slowness.ts'
import {
  amplifiedLine,
  bothWaysLine,
  lateLine,
  mismatchLine,
  namedRefusalLine,
  neighbourBatchLine,
  neverAnsweredLine,
  throughputLine,
} from '../lines/common-lines.ts'
import { isStoring } from '../lines/storing.ts'
import { isWorded, otherwiseWordedLine, wordedLines } from '../lines/worded-cause.ts'

/** One kind of message waits in the receiver's database, behind a trigger or a procedure; all others go on as ever. */
export const dbTriggerBlock: Cause = {
  id: 'db-trigger-block',
  prior: -3.2,
  severity: 'P1',
  kinds: ['slow', 'reach', 'content'],
  explains: [...slownessKeys, 'nak', 'nak-one-text', 'nak-violating'],
  weigh(e) {
    const reading = e.reading('types/slow')
    const type = wordOf(reading, 'type')
    const ratio = factOf(reading, 'ratio')
    const othersRatio = factOf(reading, 'othersRatio')
    const stepShare = factOf(reading, 'stepShare')
    const neighbourMs = e.sameReceiver.quantileMs(0.5)
    const ms = factOf(reading, 'ms')
    return {
      isOpen: reading !== null || isWorded(e, 'trigger'),
      locus: e.locus,
      lines: [
        ...wordedLines(e, 'trigger'),
        otherwiseWordedLine(e, 'trigger'),
        // An archive without room is slow to say so.
        ...(isWorded(e, 'trigger') ? [] : [namedRefusalLine(e, 'slow')]),
        {
          key: 'one-type',
          group: 'type',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: say(
            `仅 ${slowText(reading).zh} 变慢:${roughly(ms)} ms,平时 ${roughly(factOf(reading, 'usualMs'))} ms(${fixed(ratio ?? 0, 1)} 倍),其中无应答 ${factOf(reading, 'unanswered') ?? 0} 次`,
            `only ${slowText(reading).en} slow: ${roughly(ms)} ms, usually ${roughly(factOf(reading, 'usualMs'))} ms (${fixed(ratio ?? 0, 1)} times); ${factOf(reading, 'unanswered') ?? 0} never answered`,
          ),
        },
        {
          key: 'others-flat',
          group: 'others',
          // Flat, or hardly risen beside a type that has risen much.
          sign: othersRatio === null ? unknown : whether(othersRatio < Math.max(1.3, (ratio ?? 0) / 5)),
          present: weights.strong,
          absent: -weights.some,
          text: say(
            `同一接口其他报文为平时的 ${fixed(othersRatio ?? 0, 1)} 倍(${factOf(reading, 'othersSeen') ?? '?'} 条)`,
            `the other messages of the interface take ${fixed(othersRatio ?? 0, 1)} times the usual (${factOf(reading, 'othersSeen') ?? '?'} of them)`,
          ),
        },
        {
          key: 'step',
          group: 'shape',
          sign: stepShare === null ? unknown : whether(stepShare >= 0.6),
          present: weights.some,
          // A table that grows makes its trigger slower from hour to hour.
          absent: -weights.slight,
          text: say(
            `首批慢报文即达到增幅的 ${fixed(100 * (stepShare ?? 0), 0)} %(${(stepShare ?? 0) >= 0.6 ? '阶跃' : '渐变'})`,
            `the first slow ones had ${fixed(100 * (stepShare ?? 0), 0)} % of the rise already: ${(stepShare ?? 0) >= 0.6 ? 'a step' : 'a ramp'}`,
          ),
        },
        {
          key: 'reads',
          group: 'kind',
          sign: type === null ? unknown : whether(isQuestion(type)),
          present: -weights.veryStrong,
          absent: weights.slight,
          text: say('变慢的是查询而非写入', 'what is slow is a query, not a write'),
        },
        {
          key: 'storing',
          group: 'kind',
          sign: reading !== null && isStoring(reading) ? present() : unknown,
          // An archive writes objects to its disks, and has few triggers.
          present: -weights.veryStrong,
          absent: 0,
          text: say('变慢的是影像对象的存储', 'what is slow is the storing of images'),
        },
        {
          key: 'receiver-fast',
          group: 'receiver',
          sign: neighbourMs === null || ms === null ? unknown : whether(neighbourMs < ms / 3),
          present: weights.some,
          absent: -weights.slight,
          text: say(
            `同一接收方其他接口中位 ${roughly(neighbourMs)} ms`,
            `median on other interfaces of the receiver ${roughly(neighbourMs)} ms`,
          ),
        },
        amplifiedLine(e),
        bothWaysLine(e),
        lateLine(e),
        mismatchLine(e),
        neverAnsweredLine(reading),
        throughputLine(e, -weights.decisive),
        neighbourBatchLine(e),
      ],
    }
  },
  title: (e) =>
    say(
      `${e.place.to.zh} 处理 ${slowText(e.reading('types/slow')).zh} 被阻塞(疑似触发器或存储过程)`,
      `Inside ${e.place.to.en} ${slowText(e.reading('types/slow')).en} blocked (a trigger or procedure?)`,
    ),
  advise: ({ place }) => ({
    owner: say(`DBA 与 ${place.to.zh}`, `The database administrator and ${place.to.en}`),
    handOver: say(
      `附变慢的报文类型与开始时刻转 DBA;网络与接收服务正常`,
      'Hand to the database administrator with the type and since when; network and service are well',
    ),
    checks: [
      say(
        '该报文写入的表上有无新建或变更的触发器、存储过程(ORA-04088 等)',
        'A new or changed trigger or procedure on the table that it writes to (ORA-04088 and the like)?',
      ),
      say(
        '数据库会话:该语句在等什么(行锁、序列、远程库)',
        'What does that statement wait for in the database (row lock, sequence, remote database)?',
      ),
      say(
        '只写失败、只读正常?每行是否多出固定毫秒',
        'Do writes fail while reads are well? A constant extra time for each row?',
      ),
    ],
    workaround: say(
      '由 DBA 临时停用该触发器;其他业务无需停',
      'Let the database administrator disable that trigger for now; nothing else need stop',
    ),
  }),
  hears: {
    signals: ['types/slow'],
    text: (reading, place) =>
      say(
        `${place.to.zh} 仅 ${slowText(reading).zh} 变慢(${fixed(factOf(reading, 'ratio') ?? 0, 1)} 倍)`,
        `${place.to.en}: only ${slowText(reading).en} slow (${fixed(factOf(reading, 'ratio') ?? 0, 1)} times)`,
      ),
  },
}

/** What is slow, with its verb. */
function slowText(reading: Reading | null): Text {
  const type = wordOf(reading, 'type')
  if (type === null) return say('一种报文', 'one kind of message is')
  return type === 'writes' ? say('写入类调用', 'all that writes is') : say(type, `${type} is`)
}
