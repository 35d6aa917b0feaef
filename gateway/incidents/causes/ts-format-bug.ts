import type { Text } from '../../model/text.ts'
import { type Cause, factOf, heard, present, say, unknown, weights, whether, wordOf } from '../cause.ts'
import { isOddStamp } from '../evidence/event-stamp.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { hostShiftOf } from '../lines/host-shift.ts'

/** One field states its times wrongly while the others of the same host are right: a conversion in the sender's code. */
export const tsFormatBug: Cause = {
  id: 'ts-format-bug',
  prior: -3.6,
  severity: 'P3',
  kinds: ['time', 'content'],
  weigh(e) {
    const { path, odd, seen } = worst(e)
    const future = e.since.count('stamp-future')
    const stamped = e.since.count('stamped')
    const before = e.before.count(`stamp-odd:${path}`)
    const reading = e.reading('stamps/element')
    return {
      isOpen: reading !== null || (odd > 0 && odd / Math.max(seen, 1) > 0.05),
      locus: e.locus,
      lines: [
        {
          key: 'stamp-odd',
          group: 'field',
          sign: reading !== null && odd === 0 ? unknown : whether(odd > 0),
          present: weights.decisive,
          absent: -weights.decisive,
          text: say(
            `${path} 的时间无法解析或超前 ${odd}/${seen} 次`,
            `${path} is unreadable or ahead of its arrival in ${odd} of ${seen} messages`,
          ),
        },
        {
          key: 'stamp-element',
          group: 'field',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: offText(e),
        },
        {
          key: 'message-stamp-right',
          group: 'message',
          sign: stamped === 0 || (reading !== null && future > 0) ? unknown : whether(future === 0),
          present: weights.strong,
          absent: -weights.veryStrong,
          text: say(`MSH-7 超前 ${future}/${stamped} 次`, `MSH-7 is ahead in ${future} of ${stamped}`),
        },
        {
          key: 'clock-zone',
          group: 'clock',
          // Where the monitor has seen the others right, the element is what makes the clock look wrong.
          sign: reading !== null ? unknown : whether(e.reading('clock/zone') !== null || e.reading('clock/offset') !== null),
          present: -weights.veryStrong,
          absent: weights.slight,
          text: say('该系统时钟整体偏移', "the system's clock is off as a whole"),
        },
        {
          key: 'host-shift',
          group: 'host',
          sign: hostShiftOf(e) === null ? unknown : present(),
          present: -weights.decisive,
          absent: 0,
          text: say('该系统的其他接口时间同样偏移', 'times on other interfaces of the system are off alike'),
        },
        {
          key: 'stamp-odd-new',
          group: 'change',
          sign: e.before.count('requests') < 20 ? unknown : whether(before === 0),
          present: weights.some,
          absent: -weights.some,
          text: say(`故障前出现 ${before} 次`, `${before} times before the onset`),
        },
      ],
    }
  },
  title: (e) =>
    say(`${writer(e).zh} 的 ${worst(e).path} 时间格式错误`, `${writer(e).en} writes ${worst(e).path} in a wrong format`),
  advise: (e) => ({
    owner: say(`${writer(e).zh} 接口开发`, `The interface developers of ${writer(e).en}`),
    handOver: say(
      `转 ${writer(e).zh},附字段 ${worst(e).path} 与首现时间`,
      `Hand to ${writer(e).en} with ${worst(e).path} and the first time`,
    ),
    checks: [
      say('同一报文的 MSH-7 与该字段对照', 'Compare MSH-7 and the field in one message'),
      say('12/24 小时制、月日颠倒、毫秒与秒、误加 Z', '12 or 24 hours, day and month swapped, ms for s, a stray Z?'),
      say('是否只在一种报文或一个模板', 'One message type or one template only?'),
    ],
    workaround: null,
  }),
  hears: {
    signals: ['stamps/element'],
    text: (r) =>
      say(
        `${wordOf(r, 'element') ?? ''} 的时间写法变了`,
        `${wordOf(r, 'element') ?? ''} states its times otherwise than before`,
      ),
  },
  spot({ item, place }) {
    const arrivedAt = item.entry.exchange.request?.endAt
    const stamps = item.requestFacts?.stamps ?? []
    const message = stamps.find((s) => s.kind === 'message')
    if (arrivedAt === undefined || message === undefined || message.at === null) return null
    if (message.at - arrivedAt > 60_000) return null
    const odd = stamps.find((s) => s.kind === 'event' && isOddStamp(s, arrivedAt))
    if (odd === undefined) return null
    const path = odd.path.replaceAll(/\[\d+\]/g, '')
    return {
      systemId: place.fromId,
      text: say(`${path} 的时间无法解析或超前,MSH-7 正常`, `${path} is unreadable or ahead, MSH-7 is right`),
    }
  },
}

/** Whose times they are: of answers, who answers. */
function writer(e: Evidence): Text {
  return wordOf(e.reading('stamps/element'), 'side') === 'answer' ? e.place.to : e.place.from
}

function worst(e: Evidence): { readonly path: string; readonly odd: number; readonly seen: number } {
  const first = e.since.top('stamp-odd')[0]
  if (first === undefined) return { path: wordOf(e.reading('stamps/element'), 'element') ?? '', odd: 0, seen: 0 }
  return { path: first.name, odd: first.count, seen: e.since.count(`stamp-seen:${first.name}`) }
}

function offText(e: Evidence): Text {
  const reading = e.reading('stamps/element')
  const element = wordOf(reading, 'element') ?? ''
  const hours = factOf(reading, 'offHours')
  const count = `${factOf(reading, 'odd') ?? 0}/${factOf(reading, 'seen') ?? 0}`
  // Many an interface has no time of the message itself to hold it to.
  const rest =
    e.since.count('stamped') === 0 ? say('', '') : say(',同一报文自身的时间正常', '; the messages’ own time is right')
  if (hours === null) {
    const how = otherwise(wordOf(reading, 'how') ?? '')
    return say(`${element} 的时间${how.zh} ${count} 次${rest.zh}`, `${element} ${how.en} in ${count}${rest.en}`)
  }
  return say(
    `${element} 比以往${hours > 0 ? '慢' : '快'} ${Math.abs(hours)} 小时 ${count} 次${rest.zh}`,
    `${element} is ${Math.abs(hours)} h ${hours > 0 ? 'behind' : 'ahead of'} what it was, in ${count}${rest.en}`,
  )
}

/** How its times are wrong that are not hours off. */
function otherwise(how: string): Text {
  if (how.startsWith('minute ')) return say(`分钟恒为 ${how.slice(7)}`, `always says minute ${how.slice(7)}`)
  if (how === 'ahead') return say('在将来', 'is in the future')
  if (how === 'coarse') return say('只剩日期或小时', 'says no more than the day or the hour')
  return say('无法解析或相差数十年', 'is unreadable or decades away')
}
