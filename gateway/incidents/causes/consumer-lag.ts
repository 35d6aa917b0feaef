import { type Cause, factOf, fixed, heard, say, unknown, weights, whether, wordOf } from '../cause.ts'

/** A system doesn't keep up with what is published for it: it is down, slow, or stands before a record that it can't read. */
export const consumerLag: Cause = {
  id: 'consumer-lag',
  prior: -3,
  severity: 'P2',
  kinds: ['flow'],
  explains: ['delay-growth'],
  weigh(e) {
    const lag = e.reading('messaging/lag')
    const stuck = e.reading('messaging/stuck')
    const members = factOf(lag ?? stuck, 'members')
    const lagS = factOf(lag ?? stuck, 'lagS')
    return {
      isOpen: lag !== null || stuck !== null,
      locus: e.locus,
      lines: [
        {
          key: 'consumer-lag',
          group: 'lag',
          sign: heard(lag),
          present: weights.decisive,
          absent: 0,
          text: say(
            `消费组 ${wordOf(lag, 'group') ?? '?'} 落后 ${factOf(lag, 'lagMessages') ?? '?'} 条,最旧未读已 ${minutes(lagS)} 分钟`,
            `group ${wordOf(lag, 'group') ?? '?'} is ${factOf(lag, 'lagMessages') ?? '?'} records behind, the oldest unread for ${minutes(lagS)} min`,
          ),
        },
        {
          key: 'offset-stuck',
          group: 'lag',
          sign: heard(stuck),
          present: weights.decisive,
          absent: 0,
          text: say(
            `分区 ${factOf(stuck, 'partition') ?? '?'} 的位点不动而末尾在前进`,
            `the offset of partition ${factOf(stuck, 'partition') ?? '?'} stands still while its end moves on`,
          ),
        },
        {
          key: 'no-members',
          group: 'members',
          sign: members === null ? unknown : whether(members === 0),
          present: weights.some,
          absent: 0,
          text: say(`消费组现有成员 ${members ?? '?'} 个`, `${members ?? '?'} members in the group`),
        },
        {
          key: 'one-partition',
          group: 'partition',
          sign: stuck === null ? unknown : whether(factOf(stuck, 'othersMove') === 1),
          present: weights.some,
          absent: 0,
          text: say('其他分区在前进:疑似毒丸消息', 'other partitions move on: a record that cannot be read stands in the way'),
        },
      ],
    }
  },
  title: (e) => say(`${e.place.to.zh} 消费积压`, `${e.place.to.en} falls behind its topic`),
  advise: ({ place }) => ({
    owner: say(`${place.to.zh}(消费方)`, `${place.to.en}, the consumer`),
    handOver: say(
      `附消费组、主题、分区与位点转 ${place.to.zh}`,
      `Hand to ${place.to.en} with group, topic, partition and offset`,
    ),
    checks: [
      say('消费者进程是否在、消费组成员数是否为 0', 'Is the consumer there? Does the group have no members?'),
      say(
        '只有一个分区停住:看该位点的消息能否解析(毒丸)',
        'Only one partition stands still: can the record at that offset be read?',
      ),
      say('全部分区落后:消费者处理变慢还是流量增大', 'All partitions fall behind: is the consumer slower, or is there more?'),
    ],
    workaround: say(
      '跳过无法解析的消息并留存;必要时扩容消费者',
      'Set the unreadable record aside and go on; add consumers if need be',
    ),
  }),
  hears: {
    signals: ['messaging/lag', 'messaging/stuck'],
    text: (reading, place) =>
      say(
        `${place.to.zh} 消费积压:落后 ${factOf(reading, 'lagMessages') ?? '?'} 条`,
        `${place.to.en} is ${factOf(reading, 'lagMessages') ?? '?'} records behind`,
      ),
  },
}

function minutes(seconds: number | null): string {
  return seconds === null ? '?' : fixed(seconds / 60, 1)
}
