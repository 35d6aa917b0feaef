import type { HealthReport } from '../../api/report-shapes.ts'
import type { Speech } from './speech.ts'

/** A sheet: columns of texts and numbers. Exempt from the file length: a table of tables. */
export interface Grid {
  readonly name: string
  readonly columns: readonly { readonly text: string; readonly width: number; readonly format?: string }[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

const percent = '0.00%'

export function gridsOf(report: HealthReport, speech: Speech): readonly Grid[] {
  return [
    overview(report, speech),
    interfaces(report, speech),
    penalties(report, speech),
    failures(report, speech),
    violations(report, speech),
    tickets(report, speech),
    actions(report, speech),
    clocks(report, speech),
    points(report, speech),
  ]
}

function overview({ summary: s, tickets: t, ...report }: HealthReport, { pick, owner: nameOf, language }: Speech): Grid {
  const zh = language === 'zh'
  const line = (text: readonly [string, string], now: string | number | null, before: string | number | null = null) => [
    zh ? text[0] : text[1],
    now,
    before,
  ]
  return {
    name: zh ? '概览' : 'Overview',
    columns: [
      { text: zh ? '项目' : 'Item', width: 34 },
      { text: zh ? '本期' : 'Now', width: 60 },
      { text: zh ? '上期' : 'Before', width: 16 },
    ],
    rows: [
      line(['报告', 'Report'], pick(report.title)),
      line(['医院', 'Hospital'], report.hospital.name),
      line(['起', 'From'], report.from, report.before.from),
      line(['止', 'To'], report.to, report.before.to),
      line(['生成', 'Made'], report.madeAt),
      line(['综合得分', 'Score'], s.score, s.scoreBefore),
      line(['接口数', 'Interfaces'], s.interfaces),
      line(['观测接口', 'Observed'], s.observed),
      line(['健康接口', 'Healthy'], s.healthy),
      line(['报文交换', 'Exchanges'], s.exchanges, s.exchangesBefore),
      line(['成功率', 'Success rate'], s.successRate, s.successRateBefore),
      line(['静默（分钟）', 'Silent (minutes)'], s.silenceMin),
      line(['新开工单', 'Tickets opened'], t.opened, t.openedBefore),
      line(['平均转交', 'Transfers a ticket'], t.transfersMean, t.transfersMeanBefore),
      line(['发现用时中位（秒）', 'Median seconds to detect'], t.detectSMedian),
      line(['修复用时中位（秒）', 'Median seconds to repair'], t.repairSMedian),
      ...report.firsts.map(({ rank, text, owner }) =>
        line([`先做 ${rank}`, `First ${rank}`], pick(text), owner && nameOf(owner)),
      ),
      ...report.warnings.map(({ text }) => line(['预警', 'Warning'], pick(text))),
      ...report.notes.map((text) => line(['说明', 'Note'], pick(text))),
      ...collaborationLines(report, line, pick),
    ],
  }
}

function collaborationLines(
  { collaboration }: Pick<HealthReport, 'collaboration'>,
  line: (
    text: readonly [string, string],
    now: string | number | null,
    before?: string | number | null,
  ) => (string | number | null)[],
  pick: Speech['pick'],
) {
  if (collaboration === null) return []
  const { score, transfers, responseMin, closeRate, repeatHelp } = collaboration
  return [
    line(['协作质量得分', 'Collaboration score'], score),
    ...[transfers, responseMin, closeRate, repeatHelp].map(({ text, before }) =>
      line(['协作指标', 'Measure'], pick(text), before),
    ),
  ]
}

function interfaces(report: HealthReport, { pick, language }: Speech): Grid {
  const zh = language === 'zh'
  const column = (names: readonly [string, string], width = 12, format?: string) => ({
    text: zh ? names[0] : names[1],
    width,
    ...(format === undefined ? {} : { format }),
  })
  return {
    name: zh ? '接口' : 'Interfaces',
    columns: [
      column(['编号', 'Id'], 26),
      column(['接口', 'Interface'], 26),
      column(['发送', 'From'], 10),
      column(['接收', 'To'], 10),
      column(['重要度', 'Criticality'], 10),
      column(['得分', 'Score']),
      column(['上期得分', 'Score before']),
      column(['报文', 'Exchanges']),
      column(['上期报文', 'Exchanges before']),
      column(['成功率', 'Success rate'], 12, percent),
      column(['上期成功率', 'Success rate before'], 12, percent),
      column(['成功率目标', 'Objective'], 12, percent),
      column(['P50 毫秒', 'P50 ms'], 10, '0.0'),
      column(['P95 毫秒', 'P95 ms'], 10, '0.0'),
      column(['P99 毫秒', 'P99 ms'], 10, '0.0'),
      column(['上期 P95', 'P95 before'], 10, '0.0'),
      column(['P95 目标', 'P95 objective'], 10, '0'),
      column(['静默分钟', 'Silent minutes']),
      column(['上期静默', 'Silent before']),
      column(['违约', 'Breaches']),
      column(['上期违约', 'Breaches before']),
      column(['新增违约类', 'New kinds of breach']),
      column(['完整观测', 'Observed in full'], 12, percent),
      column(['失败', 'Failures']),
      column(['上期失败', 'Failures before']),
      column(['趋势', 'Trend']),
      column(['说明', 'Note'], 40),
    ],
    rows: report.interfaces.map((one) => [
      ...[one.id, pick(one.name), one.from, one.to, one.criticality, one.score, one.scoreBefore],
      ...[one.now?.exchanges ?? null, one.before?.exchanges ?? null],
      ...[one.now?.successRate ?? null, one.before?.successRate ?? null, one.objectives.successRate],
      ...[one.now?.latencyMs.p50 ?? null, one.now?.latencyMs.p95 ?? null, one.now?.latencyMs.p99 ?? null],
      ...[one.before?.latencyMs.p95 ?? null, one.objectives.latencyP95Ms, one.silenceMin, one.silenceMinBefore],
      ...(one.score === null ? [null, null, null] : [one.violations.total, one.violations.before, one.violations.newKinds]),
      ...[one.coverage, one.score === null ? null : one.trend.errors, one.trend.errorsBefore, one.trend.verdict],
      one.observation.text === null ? null : pick(one.observation.text),
    ]),
  }
}

function penalties(report: HealthReport, { pick, language }: Speech): Grid {
  const zh = language === 'zh'
  return {
    name: zh ? '失分' : 'Points lost',
    columns: [
      { text: zh ? '接口' : 'Interface', width: 28 },
      { text: zh ? '失分' : 'Points', width: 10, format: '0.0' },
      { text: zh ? '项目' : 'Part', width: 16 },
      { text: zh ? '原因' : 'Why', width: 70 },
    ],
    rows: report.interfaces.flatMap(({ name, parts }) =>
      parts.map(({ id, penalty, text }) => [pick(name), penalty, id, pick(text)]),
    ),
  }
}

function failures(report: HealthReport, { pick, language }: Speech): Grid {
  const zh = language === 'zh'
  return {
    name: zh ? '失败类别' : 'Failures',
    columns: [
      { text: zh ? '接口' : 'Interface', width: 28 },
      { text: zh ? '类别' : 'Class', width: 36 },
      { text: zh ? '本期' : 'Now', width: 10 },
      { text: zh ? '上期' : 'Before', width: 10 },
    ],
    rows: report.interfaces.flatMap(({ name, failures: own }) =>
      own.map(({ text, count, before }) => [pick(name), pick(text), count, before]),
    ),
  }
}

function violations(report: HealthReport, { pick, language }: Speech): Grid {
  const zh = language === 'zh'
  return {
    name: zh ? '违约' : 'Breaches',
    columns: [
      { text: zh ? '接口' : 'Interface', width: 28 },
      { text: zh ? '元素' : 'Element', width: 20 },
      { text: zh ? '规则' : 'Rule', width: 16 },
      { text: zh ? '说明' : 'Message', width: 50 },
      { text: zh ? '级别' : 'Severity', width: 10 },
      { text: zh ? '本期' : 'Now', width: 10 },
      { text: zh ? '上期' : 'Before', width: 10 },
    ],
    rows: report.interfaces.flatMap(({ name, violations: { top } }) =>
      top.map((v) => [pick(name), v.element, v.rule, pick(v.message), v.severity, v.count, v.before]),
    ),
  }
}

function tickets(report: HealthReport, { pick, nameOf, owner, language }: Speech): Grid {
  const zh = language === 'zh'
  const names = zh
    ? [
        '工单',
        '级别',
        '标题',
        '原因',
        '接口',
        '起始',
        '发现',
        '恢复',
        '发现用时（秒）',
        '修复用时（秒）',
        '状态',
        '负责',
        '转交',
      ]
    : [
        'Ticket',
        'Severity',
        'Title',
        'Cause',
        'Interfaces',
        'Onset',
        'Found',
        'Repaired',
        'Seconds to detect',
        'Seconds to repair',
        'State',
        'Owner',
        'Transfers',
      ]
  const widths = [18, 8, 44, 24, 36, 27, 27, 27, 12, 12, 10, 18, 8]
  return {
    name: zh ? '工单' : 'Tickets',
    columns: names.map((text, i) => ({ text, width: widths[i] ?? 12 })),
    rows: report.incidents.map((line) => [
      ...[line.ticketId, line.severity, pick(line.title), pick(line.causeName), line.interfaceIds.map(nameOf).join(', ')],
      ...[
        line.onsetAt,
        line.detectedAt,
        line.repairedAt,
        line.detectS,
        line.repairS,
        line.state,
        line.owner && owner(line.owner),
        line.transfers,
      ],
    ]),
  }
}

function actions(report: HealthReport, { pick, owner, language }: Speech): Grid {
  const zh = language === 'zh'
  const names = zh ? ['编号', '行动', '负责', '期限', '状态', '备注'] : ['Id', 'Action', 'Owner', 'Due', 'State', 'Note']
  const widths = [14, 70, 18, 12, 10, 40]
  return {
    name: zh ? '行动项' : 'Actions',
    columns: names.map((text, i) => ({ text, width: widths[i] ?? 12 })),
    rows: report.actions.map((one) => [one.id, pick(one.text), one.owner && owner(one.owner), one.dueOn, one.state, one.note]),
  }
}

function clocks(report: HealthReport, { pick, language }: Speech): Grid {
  const zh = language === 'zh'
  const names = zh
    ? ['系统', '判定', '偏差（秒）', '误差（秒）', '漂移 ppm', '变化时间']
    : ['System', 'Verdict', 'Offset s', 'Error s', 'Drift ppm', 'Changed']
  return {
    name: zh ? '时钟' : 'Clocks',
    columns: names.map((text, i) => ({ text, width: i === 0 ? 28 : 16, ...(i > 1 && i < 5 ? { format: '0.000' } : {}) })),
    rows: report.systems.map((s) => [pick(s.name), s.verdict, s.offsetS, s.errorS, s.driftPpm, s.changedAt]),
  }
}

function points(report: HealthReport, { pick, language }: Speech): Grid {
  const zh = language === 'zh'
  const names = zh ? ['接口', '起', '报文', '失败', 'P95 毫秒'] : ['Interface', 'From', 'Exchanges', 'Failures', 'P95 ms']
  return {
    name: zh ? '走势' : 'Course',
    columns: names.map((text, i) => ({ text, width: i < 2 ? 28 : 12 })),
    rows: report.interfaces.flatMap(({ name, score, points: own }) =>
      score === null ? [] : own.map(({ at, exchanges, errors, p95Ms }) => [pick(name), at, exchanges, errors, p95Ms]),
    ),
  }
}
