import type { Reading } from '../../model/reading.ts'
import type { Text } from '../../model/text.ts'
import { type Cause, factOf, fixed, heard, present, say, unknown, weights, whether, wordOf } from '../cause.ts'
import { hostShiftOf } from '../lines/host-shift.ts'
import type { Place } from '../place.ts'

/** A system's clock is off by a multiple of 15 minutes: its zone is set differently, not its time. */
export const tzMismatch: Cause = {
  id: 'tz-mismatch',
  prior: -2.8,
  severity: 'P2',
  kinds: ['time'],
  explains: [
    'stamp-element',
    'message-stamp-right',
    'stamp-odd-new',
    'clock-step',
    'clock-offset',
    'offset-lattice',
    'stamp-odd',
    'delay-growth',
    'stamp-future',
  ],
  weigh(e) {
    const zones = e.readings('clock/zone')
    const first = zones[0] ?? null
    const shift = hostShiftOf(e)
    const odd = e.since.top('stamp-odd').reduce((sum, x) => sum + x.count, 0)
    return {
      isOpen: first !== null || shift !== null,
      locus: first?.subject ?? (shift === null ? e.locus : { kind: 'system', id: shift.systemId }),
      lines: [
        ...zones.map((reading, i) => ({
          key: i === 0 ? 'clock-zone' : `clock-zone-${reading.subject.id}`,
          group: 'zone',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: told(reading, e.place),
        })),
        {
          key: 'zone-residual',
          group: 'residual',
          sign: factOf(first, 'residualS') === null ? unknown : whether(Math.abs(factOf(first, 'residualS') ?? 0) <= 60),
          present: weights.strong,
          absent: -weights.veryStrong,
          text: say(
            `去掉整 15 分钟后的残差 ${fixed(factOf(first, 'residualS') ?? 0, 1)} 秒`,
            `${fixed(factOf(first, 'residualS') ?? 0, 1)} s remain after whole quarters of an hour`,
          ),
        },
        {
          key: 'stamp-element',
          group: 'element',
          sign: shift !== null ? unknown : heard(e.reading('stamps/element')),
          present: -weights.decisive,
          absent: 0,
          text: say(
            '只有一个字段或一种报文的时间不对,其余正确',
            'one element or one type of message alone is off; the others are right',
          ),
        },
        {
          key: 'host-shift',
          group: 'element',
          sign: shift === null ? unknown : present(),
          present: weights.decisive,
          absent: 0,
          text: say(
            `同一系统的 ${shift?.interfaceIds.length ?? 0} 个接口时间同样偏 ${-(shift?.offHours ?? 0)} 小时`,
            `times on ${shift?.interfaceIds.length ?? 0} interfaces of the same system are off alike, by ${-(shift?.offHours ?? 0)} h`,
          ),
        },
        {
          key: 'clock-step',
          group: 'step',
          sign: heard(e.reading('clock/step')),
          present: weights.some,
          absent: 0,
          text: say('偏差为跳变出现(重启、割接或配置变更)', 'the offset came as a step (restart, cut-over, setting)'),
        },
        {
          key: 'stamp-odd',
          group: 'fields',
          sign: whether(odd > 0 && e.since.count('stamp-future') === 0 && (factOf(first, 'offsetS') ?? 0) > 0),
          present: -weights.some,
          absent: 0,
          text: say(`仅个别字段时间异常 ${odd} 次`, `${odd} times only single fields are off`),
        },
      ],
    }
  },
  title: (e) => {
    const { place } = e
    const zones = e.readings('clock/zone')
    const shift = zones.length === 0 ? hostShiftOf(e) : null
    if (shift !== null)
      return say(
        `${place.from.zh}(${-shift.offHours} 小时)时区设置不一致`,
        `In another time zone: ${place.from.en} (${-shift.offHours} h)`,
      )
    const zh = zones.map((r) => `${nameIn(place, r).zh}(${hoursOf(r)} 小时)`).join('、')
    const en = zones.map((r) => `${nameIn(place, r).en} (${hoursOf(r)} h)`).join(', ')
    return say(`${zh}时区设置不一致`, `In another time zone: ${en}`)
  },
  advise: (e) => ({
    owner: say('系统所属厂商与信息科系统组', "The system's vendor and the systems team"),
    handOver: say(
      `转 ${e
        .readings('clock/zone')
        .map((r) => nameIn(e.place, r).zh)
        .join('、')} 厂商:改时区设置,不要改时间`,
      `Hand to the vendor of ${e
        .readings('clock/zone')
        .map((r) => nameIn(e.place, r).en)
        .join(', ')}: correct the zone, not the time`,
    ),
    checks: [
      say('在该主机执行 timedatectl(或控制面板),看时区而不是时间', 'timedatectl on that host: look at the zone, not the time'),
      say(
        'JVM user.timezone、数据库会话时区、JDBC serverTimezone、容器 TZ',
        'JVM user.timezone, database session zone, JDBC serverTimezone, container TZ',
      ),
      say('开始时间前后的重启、割接、迁移记录', 'Restarts, cut-overs and migrations around the onset'),
    ],
    workaround: say(
      '修正前勿以报文时间排序或判断超时;核对用药、输血与术中记录时间',
      'Until corrected don’t order by message time; check times of medication, transfusion and anaesthesia',
    ),
  }),
  hears: { signals: ['clock/zone'], text: told },
}

function told(reading: Reading, place: Place): Text {
  const zone = wordOf(reading, 'zoneGuess')
  const seen = factOf(reading, 'observations')
  const system = nameIn(place, reading)
  const zh = `${system.zh} 时间与网关相差 ${hoursOf(reading)} 小时${zone === null ? '' : `,相当于 ${zone}`}${seen === null ? '' : `(${seen} 条)`}`
  const en = `${system.en} is ${hoursOf(reading)} h from the gateway${zone === null ? '' : `, as ${zone} would be`}${seen === null ? '' : ` (${seen} messages)`}`
  return say(zh, en)
}

function nameIn(place: Place, { subject }: Reading): Text {
  if (subject.id === place.fromId) return place.from
  return subject.id === place.toId ? place.to : say(subject.id, subject.id)
}

function hoursOf(reading: Reading | null): string {
  const offsetS = factOf(reading, 'offsetS')
  if (offsetS === null) return '?'
  const hours = Math.round(offsetS / 900) / 4
  return `${hours > 0 ? '+' : ''}${hours}`
}
