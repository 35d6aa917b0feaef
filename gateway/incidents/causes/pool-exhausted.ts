import { type Cause, factOf, fixed, heard, type Line, say, shareSign, unknown, weights, whether } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { busyCodes } from '../evidence/turned-away-tally.ts'
import { isTurnedAway, quickBesideLine, turnedAwayLine } from '../lines/turned-away.ts'
import { isWorded, wordedLines } from '../lines/worded-cause.ts'

/** All places of a pool are taken: connections are accepted, and whoever comes waits for a free thread or database connection. */
export const poolExhausted: Cause = {
  id: 'pool-exhausted',
  prior: -2.8,
  severity: 'P1',
  kinds: ['slow', 'reach', 'content'],
  explains: [
    'latency',
    'answered',
    'late',
    'unheard',
    'timeout',
    'duplicate',
    'delay-growth',
    'nak',
    'nak-one-text',
    'nak-violating',
    'one-type',
  ],
  weigh(e) {
    return {
      isOpen: e.reading('in-flight/plateau') !== null || isWorded(e, 'pool') || isTurnedAway(e),
      locus: { kind: 'system', id: e.place.toId },
      lines: [
        ...wordedLines(e, 'pool'),
        ...flightLines(e),
        turnedAwayLine(e, weights.decisive),
        quickBesideLine(e),
        ...wireLines(e),
      ],
    }
  },
  title: (e) => {
    const limit = factOf(e.reading('in-flight/plateau'), 'inFlight')
    return say(
      `${e.place.to.zh} 连接池/线程池耗尽(在途恒为 ${limit ?? '?'})`,
      `A pool of ${e.place.to.en} is exhausted (${limit ?? '?'} in flight, and no more)`,
    )
  },
  advise: ({ place }) => ({
    owner: say(`${place.to.zh} 与 DBA`, `${place.to.en} and its database administrator`),
    handOver: say(
      `附在途数、等待时长与开始时间转 ${place.to.zh},请其现场抓线程栈`,
      `Hand to ${place.to.en} with the number in flight, the waiting time and the onset; ask for a thread dump while it lasts`,
    ),
    checks: [
      say(
        `${place.to.zh} 的连接池:活跃数是否等于上限,日志有无 "Timeout waiting for connection"、HikariPool、ORA-12519/12520、1040`,
        `The pool of ${place.to.en}: active equal to its maximum? "Timeout waiting for connection", HikariPool, ORA-12519/12520, 1040 in its log?`,
      ),
      say(
        '线程栈里占着连接的在做什么:慢 SQL、锁等待、未归还',
        'What do the threads that hold a connection do: slow SQL, a lock, or never given back?',
      ),
      say(
        '同一数据库上的其他接口是否也慢;只一张表慢则是锁',
        'Are other interfaces on that database slow too? Only one table: a lock',
      ),
    ],
    workaround: say(
      '重启占满的服务或临时调大池上限,调用方退避',
      'Restart the service or raise its limit for now; let callers back off',
    ),
  }),
  hears: {
    signals: ['in-flight/plateau'],
    text: (r, place) =>
      say(
        `${place.to.zh} 在途数恒为 ${factOf(r, 'inFlight') ?? '?'},其余等待`,
        `${place.to.en} has ${factOf(r, 'inFlight') ?? '?'} in flight and no more; the rest waits`,
      ),
  },
}

function flightLines(e: Evidence): readonly Line[] {
  const reading = e.reading('in-flight/plateau')
  const number = (name: string) => factOf(reading, name) ?? 0
  const fast = factOf(reading, 'fastShare')
  const slow = number('slowShare')
  const spread = factOf(reading, 'slowSpread')
  return [
    {
      key: 'in-flight-plateau',
      group: 'in-flight',
      sign: heard(reading),
      present: weights.veryStrong,
      absent: 0,
      text: say(
        `在途数 ${percent(number('atLimitShare'))} 的时间恒为 ${number('inFlight')}(平时最多 ${number('usualPeak')});到达 ${fixed(number('perS'), 1)} 次/秒 × 平均 ${seconds(number('meanMs'))} 符合 L=λW`,
        `${number('inFlight')} in flight for ${percent(number('atLimitShare'))} of the time (usually ${number('usualPeak')} at most); ${fixed(number('perS'), 1)} a second times ${seconds(number('meanMs'))} is Little's L`,
      ),
    },
    {
      key: 'in-flight-bimodal',
      group: 'shape',
      sign: fast === null ? unknown : whether(fast >= 0.1 && slow >= 0.2),
      present: weights.veryStrong,
      absent: -weights.strong,
      text: say(
        `两极分化:${percent(fast ?? 0)} 与平时一样快,${percent(slow)} 等到 ${seconds(number('slowMs'))}`,
        `two kinds: ${percent(fast ?? 0)} as fast as ever, ${percent(slow)} took ${seconds(number('slowMs'))}`,
      ),
    },
    {
      key: 'in-flight-wait',
      group: 'wait',
      sign: spread === null || slow < 0.1 ? unknown : whether(spread < 0.25),
      present: weights.some,
      absent: 0,
      text: say(
        `慢的都约为 ${seconds(number('slowMs'))}:像固定的等待超时`,
        `the slow ones all took about ${seconds(number('slowMs'))}, as a fixed time-out of waiting does`,
      ),
    },
  ]
}

function wireLines(e: Evidence): readonly Line[] {
  const requests = e.since.count('requests')
  const congested = busyCodes.reduce((sum, code) => sum + e.since.count(`code:${code}`), 0)
  const refused = e.since.count('refused')
  return [
    {
      key: 'congested',
      group: 'congestion',
      sign: e.since.count('nak') === 0 ? unknown : shareSign(congested, requests, { none: 0, full: 0.2 }),
      present: weights.strong,
      absent: 0,
      text: say(`以 503 等拥塞代码被拒 ${congested} 次`, `${congested} refused with 503 or another code of congestion`),
    },
    {
      key: 'refused',
      group: 'broken',
      sign: shareSign(refused, Math.max(e.since.count('exchanges'), 1), { least: 5, none: 0.05, full: 0.5 }),
      present: -weights.strong,
      absent: weights.some,
      text: say(
        `连接被拒 ${refused} 次(池满时连接照样能建)`,
        `${refused} connections refused (a full pool still accepts them)`,
      ),
    },
  ]
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${fixed(ms / 1000, 1)} s`
}
