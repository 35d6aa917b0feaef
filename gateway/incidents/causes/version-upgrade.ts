import type { Reading } from '../../model/reading.ts'
import type { Text } from '../../model/text.ts'
import { versionChangeText } from '../../model/version-change.ts'
import { type Cause, factOf, percent, present, say, shareSign, unknown, weights, whether, wordOf } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { changeBefore, isSlowSince } from '../lines/change-before.ts'
import { isSaid, saidLine } from '../lines/common-lines.ts'
import { ofForm } from '../lines/form-keys.ts'

/** One side became another than it was, and what it says or expects since is not what the other side knows. */
export const versionUpgrade: Cause = {
  id: 'version-upgrade',
  prior: -2.4,
  severity: 'P2',
  kinds: ['content', 'reach', 'slow', 'framing', 'answer'],
  explains: ['nak', 'nak-one-text', 'nak-violating', ...ofForm, 'framing', 'latency', 'charset', 'codes-refused'],
  weigh(e) {
    const changed = changeBefore(e)
    const hours = changed === null ? Number.POSITIVE_INFINITY : Math.max(e.onsetAt - changed.onsetAt, 0) / 3_600_000
    const seen = factOf(changed, 'seenSince') ?? 0
    const bad = factOf(changed, 'badSince') ?? 0
    const before = factOf(changed, 'badShareBefore') ?? 0
    const requests = e.since.count('requests')
    const isSlow = isSlowSince(e, changed)
    const isTroubled = bad >= 3 && bad / seen >= Math.max(3 * before, 0.02)
    const told = Math.max(e.since.count('nak'), e.since.count('violating'))
    return {
      isOpen: (changed !== null && !isNamedOtherwise(e)) || isSaid(e, 'version'),
      locus: changed === null ? e.locus : { kind: 'system', id: wordOf(changed, 'systemId') ?? '' },
      lines: [
        {
          key: 'version-changed',
          group: 'change',
          sign: changed === null ? unknown : present(hours <= 1 ? 1 : hours <= 6 ? 0.6 : 0.3),
          present: weights.decisive,
          absent: 0,
          text: say(
            `${what(changed).zh},故障在其后 ${span(hours).zh} 开始`,
            `${what(changed).en}; the trouble began ${span(hours).en} later`,
          ),
        },
        saidLine(e, 'version', say('是版本、接口或操作不受支持', 'a version, an interface or an operation is not supported')),
        {
          key: 'trouble-since-change',
          group: 'follow',
          sign: seen < 5 || (isSlow && !isTroubled) ? unknown : whether(isTroubled),
          present: weights.veryStrong,
          absent: -weights.veryStrong,
          text: say(
            `变化后 ${seen} 条中 ${bad} 条被拒、无应答或违约,之前占 ${percent(before)}`,
            `since the change ${bad} of ${seen} were refused, unanswered or in breach; before it ${percent(before)}`,
          ),
        },
        {
          key: 'slow-since-change',
          group: 'follow',
          sign: isSlow ? present() : unknown,
          present: weights.decisive,
          absent: 0,
          text: say('变更后随即变慢', 'slow since that change'),
        },
        {
          key: 'trouble-told',
          group: 'told',
          sign: isSlow && told <= 0.01 * requests ? unknown : shareSign(told, requests, { least: 3, none: 0.01, full: 0.3 }),
          present: weights.strong,
          absent: -weights.strong,
          text: say(`${requests} 次请求中被拒或违约 ${told} 次`, `${told} of ${requests} were refused or break the contract`),
        },
        {
          key: 'same-receiver',
          group: 'control',
          sign:
            e.sameReceiver.count('requests') < 10 || wordOf(changed, 'side') !== 'sender'
              ? unknown
              : whether(e.sameReceiver.count('failed') * 20 < e.sameReceiver.count('requests')),
          present: weights.slight,
          absent: -weights.some,
          text: say(
            `同一接收方的其他接口 ${e.sameReceiver.count('requests')} 次请求被拒 ${e.sameReceiver.count('failed')} 次`,
            `${e.sameReceiver.count('failed')} of ${e.sameReceiver.count('requests')} refused on other interfaces of the receiver`,
          ),
        },
      ],
    }
  },
  title: (e) => {
    const changed = changeBefore(e)
    if (changed === null)
      return say(
        `${e.place.to.zh} 不支持 ${e.place.from.zh} 所用的版本或接口`,
        `${e.place.to.en} does not support the version or interface that ${e.place.from.en} uses`,
      )
    const side = wordOf(changed, 'side') === 'receiver' ? e.place.to : e.place.from
    return say(`${side.zh} 版本变更后不兼容`, `${side.en} is not compatible since it changed`)
  },
  advise: (e) => {
    const changed = changeBefore(e)
    const [side, other] = wordOf(changed, 'side') === 'receiver' ? [e.place.to, e.place.from] : [e.place.from, e.place.to]
    return {
      owner: say(`变更方:${side.zh}`, `Who made the change: ${side.en}`),
      handOver:
        changed === null
          ? say(
              `附拒绝原文与所调版本转 ${e.place.to.zh} 与 ${e.place.from.zh}:哪一方变更了版本`,
              `Hand to ${e.place.to.en} and ${e.place.from.en} with what is refused and which version was asked for: who changed?`,
            )
          : say(
              `附变化时间与前后指纹(${what(changed).zh})转 ${side.zh}`,
              `Hand to ${side.en} with the time and what it was before and after (${what(changed).en})`,
            ),
      checks: [
        say(
          `该时间 ${side.zh} 是否升级、切换或改配置,有无变更单`,
          `Was ${side.en} upgraded, switched or configured then, and is there a change order?`,
        ),
        say(
          '对照变更前后的同类报文:多了、少了、改了什么',
          'Compare a message from before with one from after: what is new, gone, different?',
        ),
        say(`${other.zh} 是否已按新版本联调`, `Was ${other.en} tested with the new version?`),
      ],
      workaround: say('回退到变更前版本,或由接口引擎按旧格式转换', 'Roll back, or have the engine convert to the old form'),
    }
  },
}

/**
 * Most refusals have a code that names another cause: a title, a quota, a full disk. A title that isn't known changed too, and is no version. An object that
 * doesn't conform, lacks something or is written otherwise may well be what a new version writes.
 */
function isNamedOtherwise({ since }: Evidence): boolean {
  const ofForm = formRefusals.reduce((sum, refusal) => sum + since.count(`nak:${refusal}`), 0)
  const named = since.count('nak-named') - ofForm
  return named >= 3 && named * 2 > since.count('nak')
}

const formRefusals = ['object', 'version', 'missing', 'shape', 'charset'] as const

function what(changed: Reading | null): Text {
  const systemId = wordOf(changed, 'systemId') ?? ''
  return versionChangeText(changed, say(systemId, systemId))
}

function span(hours: number): Text {
  const minutes = Math.round(hours * 60)
  return minutes < 120 ? say(`${minutes} 分钟`, `${minutes} min`) : say(`${Math.round(hours)} 小时`, `${Math.round(hours)} h`)
}
