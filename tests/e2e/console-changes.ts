import { snapshotOf } from '../../gateway/desk/configuration-snapshot.ts'
import { graceMsDefault, type PlannedChange, type Silence } from '../../gateway/model/change.ts'
import type { Incident } from '../../gateway/model/incident.ts'
import type { Catalogue } from '../../gateway/model/interface.ts'
import type { Instant } from '../../gateway/model/time.ts'
import type { Store } from '../../gateway/store/store.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** The week's planned changes and the morning's silences: open, to come, over, overrun, cancelled and ended early. */
export async function declareChanges(store: Store, catalogue: Catalogue, now: Instant): Promise<void> {
  const snapshot = snapshotOf(catalogue)
  for (const change of changesAt(now)) await store.savePlannedChange({ ...change, snapshot: snapshot.digest }, [snapshot])
  const cancelled = changesAt(now).find(({ id }) => id === 'c-switch')
  if (cancelled !== undefined) {
    const stop = { state: 'cancelled', endedAt: now - 5 * hourMs, endedBy: 'liu.min' } as const
    await store.savePlannedChange({ ...cancelled, revision: 2, snapshot: snapshot.digest, ...stop }, [])
  }
  const before = snapshotOf({ ...catalogue, systems: catalogue.systems.slice(1) })
  const configured = { snapshot: snapshot.digest, snapshotBefore: before.digest }
  await store.savePlannedChange({ ...newConfigurationAt(now), ...configured }, [snapshot, before])
  for (const silence of silencesAt(now)) await store.saveSilence(silence)
}

/** What the windows held back. */
export function heldBackAt(now: Instant): readonly Incident[] {
  const held = {
    state: 'resolved',
    severity: 'P4',
    systemIds: [],
    alertIds: [],
    advice: { zh: '', en: '' },
    exchangeIds: [],
    ticketed: false,
  } as const
  const planned = (interfaceId: string) => [
    { id: 'planned-change', confidence: 0.98, evidence: [], locus: { kind: 'interface', id: interfaceId } as const },
  ]
  return [
    {
      ...held,
      id: 'i-held-1',
      state: 'open',
      openedAt: now - 21 * minuteMs,
      onsetAt: now - 22 * minuteMs,
      lastSeenAt: now,
      resolvedAt: null,
      interfaceIds: ['his-aims-surgery'],
      causes: planned('his-aims-surgery'),
      title: { zh: '计划变更 CR-2026-1187:手术安排', en: 'Planned change CR-2026-1187: Surgery schedule' },
      withheld: { ids: ['c-aims'], untilAt: now + 28 * minuteMs },
      withheldBy: ['c-aims'],
    },
    {
      ...held,
      id: 'i-held-3',
      severity: 'P2',
      openedAt: now - 17 * minuteMs,
      onsetAt: now - 18 * minuteMs,
      lastSeenAt: now - 8 * minuteMs,
      resolvedAt: now - 8 * minuteMs,
      interfaceIds: ['icu-device-observation'],
      causes: [{ id: 'silent', confidence: 0.83, evidence: [], locus: null }],
      title: { zh: '重症设备网关停止发送', en: 'The ICU gateway sends nothing' },
      withheld: null,
      withheldBy: ['s-icu'],
    },
    {
      ...held,
      id: 'i-held-2',
      openedAt: now - 12 * hourMs,
      onsetAt: now - 12 * hourMs,
      lastSeenAt: now - 11 * hourMs,
      resolvedAt: now - 11 * hourMs,
      interfaceIds: ['lis-emr-lab-result'],
      causes: planned('lis-emr-lab-result'),
      title: { zh: '计划变更 CR-2026-1180:检验报告', en: 'Planned change CR-2026-1180: Laboratory results' },
      withheld: null,
      withheldBy: ['c-lis'],
    },
  ]
}

function newConfigurationAt(now: Instant): PlannedChange {
  const at = now - 26 * hourMs
  return {
    id: 'c-configured',
    revision: 1,
    title: '',
    interfaceIds: ['his-queue-call'],
    systemIds: ['his'],
    fromAt: at,
    toAt: at,
    graceMs: 0,
    approval: '',
    by: 'configuration',
    comment: '',
    state: 'planned',
    endedAt: null,
    endedBy: null,
    madeAt: at,
    origin: 'configuration',
    snapshot: null,
    snapshotBefore: null,
  }
}

function changesAt(now: Instant): readonly PlannedChange[] {
  const plain = {
    revision: 1,
    systemIds: [],
    graceMs: graceMsDefault,
    comment: '',
    state: 'planned',
    endedAt: null,
    endedBy: null,
    madeAt: now - 50 * hourMs,
    origin: 'person',
    snapshot: null,
    snapshotBefore: null,
  } as const
  const at = (hours: number) => now - (now % hourMs) + hours * hourMs
  return [
    {
      ...plain,
      id: 'c-aims',
      title: '手麻系统补丁 3.4.2',
      interfaceIds: ['his-aims-surgery'],
      fromAt: now - 42 * minuteMs,
      toAt: now + 18 * minuteMs,
      approval: 'CR-2026-1187',
      by: 'chen.wei',
      comment: '厂商远程实施，护士站已通知；失败则回退到 3.4.1。',
    },
    {
      ...plain,
      id: 'c-pacs',
      title: 'PACS 存储扩容',
      interfaceIds: [],
      systemIds: ['pacs'],
      fromAt: at(11.5),
      toAt: at(14),
      approval: 'CR-2026-1190',
      by: 'liu.min',
    },
    {
      ...plain,
      id: 'c-his',
      title: 'HIS 数据库主备切换演练',
      interfaceIds: [],
      systemIds: ['his'],
      fromAt: at(60),
      toAt: at(62),
      approval: 'CR-2026-1192',
      by: 'chen.wei',
    },
    {
      ...plain,
      id: 'c-switch',
      title: '核心交换机固件升级',
      interfaceIds: ['his-esb-adt', 'his-lis-lab-order', 'his-ris-exam-order'],
      fromAt: at(13),
      toAt: at(15),
      approval: 'CR-2026-1188',
      by: 'liu.min',
    },
    {
      ...plain,
      id: 'c-lis',
      title: 'LIS 升级到 7.2',
      interfaceIds: ['lis-emr-lab-result', 'analyzer-lis-result'],
      fromAt: at(-12.5),
      toAt: at(-10),
      approval: 'CR-2026-1180',
      by: 'chen.wei',
      state: 'ended-early',
      endedAt: at(-11),
      endedBy: 'chen.wei',
    },
  ]
}

function silencesAt(now: Instant): readonly Silence[] {
  const plain = { revision: 1, systemIds: [], endedAt: null, endedBy: null } as const
  return [
    {
      ...plain,
      id: 's-icu',
      interfaceIds: ['icu-device-observation'],
      cause: 'silent',
      reason: 'ICU 网关在换板，工程师在现场',
      by: 'liu.min',
      fromAt: now - 20 * minuteMs,
      untilAt: now + 40 * minuteMs,
    },
    {
      ...plain,
      id: 's-over',
      interfaceIds: ['his-bis-blood'],
      cause: null,
      reason: '血库重启服务',
      by: 'chen.wei',
      fromAt: now - 3 * hourMs,
      untilAt: now - 2 * hourMs,
    },
  ]
}
