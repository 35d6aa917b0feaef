import { type Cause, factOf, fixed, heard, present, say, shareSign, unknown, weights, whether } from '../cause.ts'
import { areRefusedByClock, clockSignsOf } from '../lines/clock-refusals.ts'

/** The clock itself is wrong by a constant that no time zone has: set by hand, a dead battery, a restored machine. */
export const clockSkew: Cause = {
  id: 'clock-skew',
  prior: -3,
  severity: 'P3',
  kinds: ['time', 'content'],
  explains: ['stamp-odd', 'delay-growth', 'nak', 'nak-one-text', 'nak-auth', 'silence', 'none-answered', 'duplicate'],
  weigh(e) {
    const zone = e.reading('clock/zone')
    const reading = e.readings('clock/offset')[0] ?? e.readings('clock/step')[0] ?? null
    const offsetS = factOf(reading, 'offsetS')
    const residualS = factOf(reading, 'residualS') ?? (offsetS === null ? null : offsetS - 900 * Math.round(offsetS / 900))
    const isSmall = offsetS !== null && Math.abs(offsetS) < 840
    // Zones differ by 26 hours at most (UTC-12 to UTC+14), and a whole day is a date that is set wrong.
    const isFar = offsetS !== null && (Math.abs(offsetS) > 26.5 * 3600 || Math.abs(Math.abs(offsetS) - 86_400) < 120)
    const isTime = e.kinds.includes('time')
    const refused = areRefusedByClock(e)
    const { worded, ahead, isOff } = clockSignsOf(e)
    const from = { kind: 'system', id: e.place.fromId } as const
    return {
      // A whole number of quarter hours at the same system is a zone, and its step is the zone's.
      isOpen: (isTime && reading !== null && zone?.subject.id !== reading.subject.id) || refused,
      locus: (isTime || isOff ? reading?.subject : null) ?? (refused ? from : e.locus),
      lines: [
        {
          key: 'nak-clock',
          group: 'refusals',
          sign: refused ? shareSign(worded, e.since.count('nak'), { full: 0.5 }) : unknown,
          present: weights.decisive,
          absent: 0,
          text: say(
            `${e.since.count('nak')} 次拒绝中 ${worded} 次写明因时间(令牌尚未生效、时间戳超出范围)`,
            `${worded} of ${e.since.count('nak')} refusals say that it is the time: a token of the future, a time stamp out of range`,
          ),
        },
        {
          key: 'clock-ahead',
          group: 'ahead',
          sign: refused && ahead > 0 ? present() : unknown,
          present: weights.decisive,
          absent: 0,
          text: say(
            `${ahead} 次请求所写的时间晚于到达时间(此前没有):发送方时钟偏快`,
            `${ahead} requests state times ahead of their arrival, which none did before: the sender's clock is fast`,
          ),
        },
        {
          key: 'clock-offset',
          group: 'offset',
          sign: isTime || isOff ? heard(reading) : unknown,
          present: weights.decisive,
          absent: 0,
          text: say(
            `${reading?.subject.id ?? ''} 时钟与网关相差 ${fixed(offsetS ?? 0, 1)} 秒`,
            `the clock of ${reading?.subject.id ?? ''} is ${fixed(offsetS ?? 0, 1)} s from the gateway's`,
          ),
        },
        {
          key: 'offset-lattice',
          group: 'residual',
          sign: residualS === null || !(isTime || isOff) ? unknown : whether(isSmall || isFar || Math.abs(residualS) > 60),
          present: weights.strong,
          absent: -weights.veryStrong,
          text: isFar
            ? say(
                '相差整日或超过 26 小时:是日期设错,没有这样的时区',
                'a whole day off, or more than 26 hours: a date set wrong, for no zone is so far off',
              )
            : say(
                `不是整 15 分钟(残差 ${fixed(residualS ?? 0, 1)} 秒),不是时区`,
                `not a whole number of quarter hours (${fixed(residualS ?? 0, 1)} s remain): no zone`,
              ),
        },
        {
          key: 'clock-drift',
          group: 'drift',
          sign: heard(e.reading('clock/drift')),
          present: -weights.veryStrong,
          absent: 0,
          text: say('偏差在持续增长(漂移)', 'the offset keeps growing'),
        },
      ],
    }
  },
  title: (e) => {
    const reading = e.readings('clock/offset')[0] ?? e.readings('clock/step')[0] ?? null
    const id = reading?.subject.id
    const system = id === e.place.fromId ? e.place.from : id === e.place.toId ? e.place.to : say(id ?? '', id ?? '')
    if (reading === null)
      return say(
        `${e.place.to.zh} 因时间不符拒绝 ${e.place.from.zh} 的凭据`,
        `${e.place.to.en} refuses the credentials of ${e.place.from.en}: a clock is wrong`,
      )
    const offset = fixed(factOf(reading, 'offsetS') ?? 0, 0)
    return say(`${system.zh} 时钟偏差 ${offset} 秒`, `The clock of ${system.en} is off by ${offset} s`)
  },
  advise: (e) => {
    const id = e.locus?.id ?? e.place.fromId
    return {
      owner: say('系统组', 'The systems team'),
      handOver: say(`转 ${id} 的系统管理员校时`, `Hand to the administrator of ${id} to set the clock`),
      checks: [
        say('在该主机执行 chronyc tracking / w32tm /query /status', 'chronyc tracking or w32tm /query /status on that host'),
        say('是否有人手工改时间,或虚拟机恢复、主板电池失效', 'Was the time set by hand, a machine restored, a battery dead?'),
        say('网关自身的时钟是否同步', "Is the gateway's own clock synchronised?"),
      ],
      workaround: say(
        '大偏差应分段校正,避免应用时间倒流',
        'Correct a large offset gradually: applications dislike time that runs back',
      ),
    }
  },
  hears: {
    signals: ['clock/offset', 'clock/step'],
    text: (r) => {
      const offset = fixed(factOf(r, 'offsetS') ?? 0, 1)
      return say(`${r.subject.id} 时钟偏差 ${offset} 秒`, `the clock of ${r.subject.id} is off by ${offset} s`)
    },
  },
}
