/** The incidents, alerts and clocks that the console's fixture shows. Exempt from the file length: a table. */
import type { Alert, EvidenceLine, Incident, RankedCause } from '../../gateway/model/incident.ts'
import type { ClockState } from '../../gateway/model/reading.ts'
import type { Subject } from '../../gateway/model/subject.ts'
import type { Text } from '../../gateway/model/text.ts'

const minuteMs = 60_000

interface Sketch {
  readonly id: string
  readonly interfaceIds: readonly string[]
  readonly systemIds: readonly string[]
  readonly severity: Incident['severity']
  readonly sinceMin: number
  readonly overMin?: number
  readonly title: Text
  readonly advice: Text
  readonly causes: readonly RankedCause[]
  /** The alert that fires for it on each interface. */
  readonly alert: { readonly monitor: string; readonly signal: string }
}

function say(zh: string, en: string): Text {
  return { zh, en }
}

function line(isFor: boolean, weight: number, zh: string, en: string): EvidenceLine {
  return { text: say(zh, en), for: isFor, weight }
}

function cause(id: string, confidence: number, locus: Subject | null, evidence: readonly EvidenceLine[]): RankedCause {
  return { id, confidence, locus, evidence }
}

const lis: Subject = { kind: 'system', id: 'lis' }
const pacs: Subject = { kind: 'system', id: 'pacs' }
const ris: Subject = { kind: 'system', id: 'ris' }

const sketches: readonly Sketch[] = [
  {
    id: 'i-refused',
    interfaceIds: ['ris-pacs-procedure'],
    systemIds: ['pacs', 'ris'],
    severity: 'P1',
    sinceMin: 12,
    title: say('PACS 拒绝连接：检查流程全部无法送达', 'PACS refuses connections: no procedure reaches it'),
    advice: say(
      '谁来管：影像系统组(PACS 厂商值班 7×24)\n怎么转：附本工单的拒绝连接记录，请对方确认监听进程与端口 6666\n如何查：1) 在 PACS 主机上查看监听端口是否存在 2) 查看 PACS 服务进程与最近重启时间 3) 查看防火墙最近变更\n临时措施：RIS 侧消息保持排队，不要清空队列',
      'Who: imaging systems (PACS vendor on duty around the clock)\nHand over: send the refused connections of this ticket and ask for the listener on port 6666\nCheck: 1) is the port open on the PACS host 2) PACS processes and their last restart 3) firewall changes of today\nMeanwhile: keep the queue at RIS, do not empty it',
    ),
    causes: [
      cause('conn-refused', 0.94, pacs, [
        line(
          true,
          4.2,
          '近 12 分钟 36 次连接全部被 PACS 主机立即拒绝（RST）',
          '36 of 36 connections in 12 minutes were refused at once (RST) by the PACS host',
        ),
        line(true, 1.6, '主机仍可达，只有此端口关闭', 'the host can be reached; only this port is closed'),
        line(true, 0.9, 'RIS 的其他接口正常', 'the other interfaces of RIS are well'),
        line(false, 0.4, '今天没有登记的变更窗口', 'no change window is registered today'),
      ]),
      cause('conn-timeout', 0.04, { kind: 'system', id: 'core-switch' }, [
        line(false, 2.1, '拒绝来自目标主机本身，不是超时', 'the refusal comes from the host itself, it is not a time-out'),
      ]),
      cause('unknown', 0.02, null, []),
    ],
    alert: { monitor: 'failures', signal: 'failures/refused' },
  },
  {
    id: 'i-zone',
    interfaceIds: ['lis-emr-lab-result', 'lis-tijian-result', 'his-lis-lab-order', 'analyzer-lis-result'],
    systemIds: ['lis'],
    severity: 'P2',
    sinceMin: 26,
    title: say('检验信息系统时间慢 2 小时：时区设置错误', 'LIS is two hours behind: its time zone is set wrongly'),
    advice: say(
      '谁来管：LIS 厂商与信息科系统组\n怎么转：说明跳变时刻 10:16 与整 2 小时偏差，请核对时区设置，不要手工拨表\n如何查：1) 在 LIS 主机执行 timedatectl 2) 核对 JVM user.timezone 与 JDBC serverTimezone 3) 对照体检报告上的采样时间',
      'Who: the LIS vendor with the systems group\nHand over: name the step at 10:16 and the two whole hours; ask for the zone setting, not for the clock to be moved by hand\nCheck: 1) timedatectl on the LIS host 2) user.timezone of the JVM and serverTimezone of JDBC 3) the collection times on printed reports',
    ),
    causes: [
      cause('tz-mismatch', 0.91, lis, [
        line(true, 3.8, '偏差为整 2 小时，残差 0.3 秒', 'the offset is two whole hours, with 0.3 s left over'),
        line(
          true,
          2.2,
          'LIS 的四个接口同时开始，对端时钟正常',
          'all four interfaces of LIS began together; the other ends are in step',
        ),
        line(false, 0.6, '系统发布记录中没有变更', 'no release is recorded'),
      ]),
      cause('clock-skew', 0.07, lis, [
        line(false, 2.9, '手工拨表很少恰好是整小时', 'a clock set by hand is rarely off by whole hours'),
      ]),
      cause('ntp-unsynced', 0.01, lis, [line(false, 3.5, '跳变是突然的，不是缓慢漂移', 'it was a step, not a slow drift')]),
      cause('unknown', 0.01, null, []),
    ],
    alert: { monitor: 'clock', signal: 'clock/zone' },
  },
  {
    id: 'i-code',
    interfaceIds: ['his-ris-exam-order'],
    systemIds: ['his', 'ris'],
    severity: 'P2',
    sinceMin: 17,
    title: say(
      'RIS 拒收一半检查申请：新项目代码未同步',
      'RIS rejects half of the imaging orders: a new item code was not synchronised',
    ),
    advice: say(
      '谁来管：影像系统组与主数据组\n怎么转：附被拒绝的项目代码与首次出现时间\n如何查：1) 在 RIS 检查项目字典中查该代码 2) 查主数据发布记录 3) 补发后重送被拒绝的申请',
      'Who: imaging systems with master data\nHand over: send the rejected item code and when it first came\nCheck: 1) look the code up in the RIS dictionary 2) the master data releases 3) send the rejected orders again afterwards',
    ),
    causes: [
      cause('app-nak', 0.66, ris, [
        line(
          true,
          2.4,
          '25 次应答 AE，ERR-3 均为 103（码表值不存在）',
          '25 answers AE, ERR-3 always 103 (table value not found)',
        ),
        line(true, 1.8, '只涉及一个 10:25 首次出现的项目代码', 'only one item code is concerned, first seen at 10:25'),
      ]),
      cause('dict-drift', 0.31, ris, [
        line(true, 1.7, '该代码不在 RIS 已知的取值中', 'the code is not among the values that RIS knows'),
      ]),
      cause('unknown', 0.03, null, []),
    ],
    alert: { monitor: 'failures', signal: 'failures/rate' },
  },
  {
    id: 'i-slow',
    interfaceIds: ['his-lis-lab-order'],
    systemIds: ['lis'],
    severity: 'P3',
    sinceMin: 9,
    title: say('检验申请应答变慢：p95 超过目标', 'Laboratory orders are answered slowly: p95 above its objective'),
    advice: say(
      '谁来管：检验系统组\n怎么转：附延迟曲线与开始时间\n如何查：1) LIS 数据库锁等待 2) 连接池占用 3) 同主机的批处理任务',
      'Who: laboratory systems\nHand over: send the latency curve and its beginning\nCheck: 1) lock waits in the LIS database 2) the connection pool 3) batch jobs on that host',
    ),
    causes: [
      cause('upstream-slow', 0.58, lis, [
        line(true, 1.4, '应答时间整体平移，网络往返不变', 'the whole distribution moved; network round trips did not'),
      ]),
      cause('lock-contention', 0.27, { kind: 'system', id: 'oracle-lis' }, [
        line(true, 0.6, '与 10:30 的批处理时间吻合', 'it coincides with the 10:30 batch job'),
      ]),
      cause('pool-exhausted', 0.09, lis, []),
      cause('unknown', 0.06, null, []),
    ],
    alert: { monitor: 'latency', signal: 'latency/shift' },
  },
  {
    id: 'i-silent',
    interfaceIds: ['icu-device-observation'],
    systemIds: ['icu-gateway', 'icis'],
    severity: 'P2',
    sinceMin: 6,
    title: say('重症设备网关停止发送', 'The ICU device gateway stopped sending'),
    advice: say(
      '谁来管：重症信息系统组\n怎么转：说明连接仍然保持，但 6 分钟没有数据\n如何查：1) 网关采集进程 2) 监护仪网络 3) 中央站是否仍有波形',
      'Who: critical care systems\nHand over: the connection stands, but nothing came for 6 minutes\nCheck: 1) the collector on the gateway 2) the monitor network 3) whether the central station still shows waveforms',
    ),
    causes: [
      cause('silent', 0.83, { kind: 'system', id: 'icu-gateway' }, [
        line(true, 3.1, '此时段通常每分钟 8 条，已连续 6 分钟为零', 'usually 8 a minute at this hour; none for 6 minutes'),
        line(true, 0.7, '连接保持，没有断开', 'the connection stands'),
      ]),
      cause('unknown', 0.17, null, []),
    ],
    alert: { monitor: 'silence', signal: 'silence/none' },
  },
  {
    id: 'i-field',
    interfaceIds: ['lis-tijian-result'],
    systemIds: ['lis', 'tijian'],
    severity: 'P3',
    sinceMin: 31,
    title: say('体检检验结果缺少病历号', 'Results for examinations lack the record number'),
    advice: say(
      '谁来管：检验系统组\n怎么转：附缺少 PID-3 的报文\n如何查：1) LIS 最近的升级 2) 接口映射配置',
      'Who: laboratory systems\nHand over: send messages without PID-3\nCheck: 1) recent upgrades of the LIS 2) the mapping of the interface',
    ),
    causes: [
      cause('schema-missing-field', 0.88, lis, [
        line(true, 3.3, '93 条报文 PID-3 全部为空，此前从未为空', 'PID-3 is empty in all 93 messages, and never was before'),
      ]),
      cause('version-upgrade', 0.1, lis, []),
      cause('unknown', 0.02, null, []),
    ],
    alert: { monitor: 'contract', signal: 'contract/violations' },
  },
  {
    id: 'i-over',
    interfaceIds: ['his-bis-blood'],
    systemIds: ['bis'],
    severity: 'P2',
    sinceMin: 95,
    overMin: 70,
    title: say('输血系统间歇无应答', 'The blood bank answered only now and then'),
    advice: say(
      '谁来管：输血科系统组\n怎么转：无需转派\n如何查：1) 应用服务器线程 2) 数据库连接',
      'Who: blood bank systems\nHand over: not needed\nCheck: 1) application threads 2) database connections',
    ),
    causes: [
      cause('ack-timeout', 0.79, { kind: 'system', id: 'bis' }, [
        line(true, 2.2, '四分之一的请求在 5 秒内无应答', 'a quarter of the requests got no answer within 5 s'),
      ]),
      cause('unknown', 0.21, null, []),
    ],
    alert: { monitor: 'failures', signal: 'failures/rate' },
  },
]

/** The incidents as analysis would commit them. `exchangeIdsOf` gives the newest exchanges that show a fault on an interface. */
export function incidentsAt(now: number, exchangeIdsOf: (interfaceId: string) => readonly string[]): readonly Incident[] {
  return sketches.map((sketch) => {
    const openedAt = now - (sketch.sinceMin - 1) * minuteMs
    const resolvedAt = sketch.overMin === undefined ? null : now - sketch.overMin * minuteMs
    return {
      id: sketch.id,
      state: resolvedAt === null ? 'open' : 'resolved',
      openedAt,
      lastSeenAt: resolvedAt ?? now - 20_000,
      resolvedAt,
      onsetAt: now - sketch.sinceMin * minuteMs,
      severity: sketch.severity,
      interfaceIds: sketch.interfaceIds,
      systemIds: sketch.systemIds,
      alertIds: sketch.interfaceIds.map((id) => `${sketch.id}-${id}`),
      causes: sketch.causes,
      title: sketch.title,
      advice: sketch.advice,
      exchangeIds: exchangeIdsOf(sketch.interfaceIds[0] ?? ''),
      ticketed: true,
    }
  })
}

/** What fires, on each interface that an unresolved incident concerns; of the clock only on the system. */
/** What the monitor of contracts says of the one breach that lasts. */
const driftFacts = {
  ...{ element: 'PID-3', rule: 'required', type: 'ORU^R01', side: 'request' },
  ...{ affected: 93, seen: 93, share: 1, usualShare: 0 },
}

export function alertsAt(now: number, lastIds: (interfaceId: string) => readonly string[] = () => []): readonly Alert[] {
  return sketches
    .filter(({ overMin }) => overMin === undefined)
    .flatMap((sketch) => {
      const onsetAt = now - sketch.sinceMin * minuteMs
      const isClock = sketch.alert.monitor === 'clock'
      const subjects: readonly Subject[] = isClock ? [lis] : sketch.interfaceIds.map((id) => ({ kind: 'interface', id }))
      return subjects.map(
        (subject): Alert => ({
          id: `${sketch.id}-${subject.id}`,
          ...sketch.alert,
          subject,
          state: 'firing',
          flapping: false,
          onsetAt,
          pendingAt: onsetAt + 10_000,
          firingAt: onsetAt + minuteMs,
          resolvedAt: null,
          lastBadAt: now - 20_000,
          reading: {
            ...sketch.alert,
            subject,
            at: now - 20_000,
            onsetAt,
            state: 'bad',
            score: 3,
            severity: 'ticket',
            facts: sketch.alert.monitor === 'contract' ? driftFacts : {},
            exchangeIds: sketch.alert.monitor === 'contract' ? lastIds(subject.id) : [],
          },
        }),
      )
    })
}

/** Clocks of every verdict. */
export function clocksAt(now: number): readonly ClockState[] {
  const quiet = { driftPpm: null, changedAt: null, offsetBeforeS: null, verdict: 'in-step' } as const
  return [
    { ...quiet, systemId: 'his', offsetS: 0.04, errorS: 0.21, observations: 18_240 },
    { ...quiet, systemId: 'emr', offsetS: -0.12, errorS: 0.3, observations: 6_120 },
    {
      ...quiet,
      systemId: 'lis',
      offsetS: -7200.3,
      errorS: 0.24,
      observations: 9_430,
      verdict: 'timezone',
      changedAt: now - 26 * minuteMs,
      offsetBeforeS: -0.1,
    },
    {
      ...quiet,
      systemId: 'ris',
      offsetS: -437.2,
      errorS: 0.4,
      observations: 2_210,
      verdict: 'step',
      changedAt: now - 3 * 3_600_000,
      offsetBeforeS: 0.2,
    },
    { ...quiet, systemId: 'bis', offsetS: 14.6, errorS: 0.5, observations: 310, verdict: 'offset' },
    { ...quiet, systemId: 'icu-gateway', offsetS: 1.9, errorS: 0.05, driftPpm: 21.4, observations: 41_200, verdict: 'drift' },
    { ...quiet, systemId: 'pacs', offsetS: 0.3, errorS: 0.6, observations: 1_980 },
    { ...quiet, systemId: 'analyzers', offsetS: null, errorS: null, observations: 12, verdict: 'unknown' },
  ]
}
