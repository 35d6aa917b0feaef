import { type Cause, factOf, fixed, heard, present, say, unknown, weights } from '../cause.ts'

/** The clock runs away slowly: nobody synchronises it. */
export const ntpUnsynced: Cause = {
  id: 'ntp-unsynced',
  prior: -3,
  severity: 'P3',
  kinds: ['time'],
  explains: ['delay-growth', 'clock-offset'],
  weigh(e) {
    const reading = e.readings('clock/drift')[0] ?? null
    const ppm = factOf(reading, 'driftPpm')
    return {
      isOpen: reading !== null,
      locus: reading?.subject ?? e.locus,
      lines: [
        {
          key: 'clock-drift',
          group: 'drift',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: say(
            `${reading?.subject.id ?? ''} 时钟线性漂移 ${ppm === null ? '?' : fixed(ppm, 0)} ppm`,
            `the clock of ${reading?.subject.id ?? ''} drifts by ${ppm === null ? '?' : fixed(ppm, 0)} ppm`,
          ),
        },
        {
          key: 'drift-size',
          group: 'size',
          sign: ppm === null ? unknown : present(Math.abs(ppm) / 50),
          present: weights.strong,
          absent: 0,
          text: say(
            `相当于每天 ${(((ppm ?? 0) * 86_400) / 1e6).toFixed(1)} 秒`,
            `${(((ppm ?? 0) * 86_400) / 1e6).toFixed(1)} s a day`,
          ),
        },
        {
          key: 'delay-answers',
          group: 'answers',
          sign: { state: e.since.count('answer-future') > 0 ? 'present' : 'unknown', strength: 1 },
          present: weights.slight,
          absent: 0,
          text: say('应答时间戳同样偏移', 'answers are stamped just as wrongly'),
        },
      ],
    }
  },
  title: (e) => {
    const id = e.readings('clock/drift')[0]?.subject.id ?? ''
    const system = id === e.place.fromId ? e.place.from : id === e.place.toId ? e.place.to : say(id, id)
    return say(`${system.zh} 未同步 NTP(时钟漂移)`, `The clock of ${system.en} is not synchronised`)
  },
  advise: (e) => {
    const id = e.readings('clock/drift')[0]?.subject.id ?? e.place.fromId
    return {
      owner: say('系统组', 'The systems team'),
      handOver: say(`转 ${id} 的系统管理员启用 NTP`, `Hand to the administrator of ${id} to enable NTP`),
      checks: [
        say('chronyc tracking:是否有可用的时间源', 'chronyc tracking: is there a reachable source?'),
        say('UDP 123 是否被防火墙阻断', 'Is UDP 123 blocked?'),
        say('虚拟机是否挂起、迁移,宿主机时间是否正确', 'Was the machine suspended or moved; is the host right?'),
      ],
      workaround: null,
    }
  },
  spotsSound: true,
  spot({ memory, place }) {
    const { rising, falling, isStampBackward } = memory
    // A queue in order can't send a stamp before the last one, nor one that lies ahead: then it is the clock that runs.
    const ramp = falling !== null && falling.toS < -1 ? falling : rising !== null && isStampBackward ? rising : null
    if (ramp === null) return null
    return {
      systemId: place.fromId,
      text: say(
        `${place.from.zh} 的时间逐条偏移:由 ${fixed(-ramp.fromS, 0)} 秒到 ${fixed(-ramp.toS, 0)} 秒`,
        `the clock of ${place.from.en} runs away: from ${fixed(-ramp.fromS, 0)} s to ${fixed(-ramp.toS, 0)} s`,
      ),
    }
  },
  hears: {
    signals: ['clock/drift'],
    text: (r) =>
      say(
        `${r.subject.id} 时钟漂移 ${fixed(factOf(r, 'driftPpm') ?? 0, 0)} ppm`,
        `the clock of ${r.subject.id} drifts by ${fixed(factOf(r, 'driftPpm') ?? 0, 0)} ppm`,
      ),
  },
}
