import { type Cause, factOf, fixed, heard, present, roughly, say, shareSign, unknown, weights, whether } from '../cause.ts'
import { slownessKeys } from '../lines/closer-slowness.ts'
import { amplifiedLine, bothWaysLine, lateLine, lossLine, neverAnsweredLine } from '../lines/common-lines.ts'
import { isStoring, storingRise } from '../lines/storing.ts'

/** The archive takes everything in, at a fraction of its speed: what is large is slow, an echo is as fast as ever. */
export const storageIoDegraded: Cause = {
  id: 'storage-io-degraded',
  prior: -3.2,
  severity: 'P2',
  kinds: ['slow'],
  explains: [...slownessKeys, 'one-type', 'others-flat', 'step', 'receiver-fast'],
  weigh(e) {
    const reading = e.reading('throughput/fall')
    // Objects that are no larger than messages (reports, presentation states) tell no bytes a second: that storing them alone is slow tells as much.
    const storing = e.readings('types/slow').filter(isStoring)
    const [alone = null] = storing
    const smallMs = factOf(reading, 'smallMs')
    const usualSmallMs = factOf(reading, 'usualSmallMs')
    const othersRatio = factOf(alone, 'othersRatio')
    const latency = e.reading('latency/')
    const thinkShare =
      factOf(reading, 'thinkShare') ?? (factOf(latency, 'thinkMs') ?? 0) / Math.max(factOf(latency, 'p50Ms') ?? 0, 1)
    const burstRatio = factOf(reading, 'burstRatio')
    const full = e.since.count('nak:out-of-resources')
    const stores = new Set([...e.readings('throughput/fall'), ...storing].map(({ subject }) => subject.id)).size
    // In bursts, no kind of message is slow by the middle of its times.
    const rise = reading !== null || alone !== null || latency === null ? null : storingRise(e)
    return {
      isOpen: reading !== null || alone !== null || rise !== null,
      locus: e.locus,
      lines: [
        {
          key: 'throughput',
          group: 'throughput',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: say(
            `写入 ${roughly(factOf(reading, 'mbPerS'))} MB/s,平时 ${roughly(factOf(reading, 'usualMbPerS'))} MB/s(${factOf(reading, 'objects') ?? '?'} 个对象)`,
            `${roughly(factOf(reading, 'mbPerS'))} MB/s are taken in, usually ${roughly(factOf(reading, 'usualMbPerS'))} MB/s (${factOf(reading, 'objects') ?? '?'} objects)`,
          ),
        },
        {
          key: 'one-type',
          group: 'throughput',
          sign: heard(alone),
          present: weights.decisive,
          absent: 0,
          text: say(
            `存储一个对象 ${roughly(factOf(alone, 'ms'))} ms,平时 ${roughly(factOf(alone, 'usualMs'))} ms`,
            `storing an object takes ${roughly(factOf(alone, 'ms'))} ms, usually ${roughly(factOf(alone, 'usualMs'))} ms`,
          ),
        },
        {
          key: 'storing-rise',
          group: 'throughput',
          sign: rise === null ? unknown : present(),
          present: weights.decisive,
          absent: 0,
          text: say(
            `存储一个对象平均为此前的 ${fixed(rise ?? 0, 1)} 倍,其余操作照常`,
            `storing an object takes ${fixed(rise ?? 0, 1)} times as long as before on the average; all else is as fast as ever`,
          ),
        },
        {
          key: 'small-flat',
          group: 'small',
          // Flat, or hardly risen beside large objects that have risen much: an echo waits for the store before it.
          sign:
            smallMs === null || usualSmallMs === null
              ? unknown
              : whether(smallMs < Math.max(1.7, (factOf(reading, 'ratio') ?? 0) / 2) * usualSmallMs),
          present: weights.strong,
          absent: -weights.strong,
          text: say(
            `小报文与回显(C-ECHO)${roughly(smallMs)} ms,平时 ${roughly(usualSmallMs)} ms`,
            `small messages and echoes (C-ECHO) take ${roughly(smallMs)} ms, usually ${roughly(usualSmallMs)} ms`,
          ),
        },
        {
          key: 'others-flat',
          group: 'small',
          sign: rise !== null ? present() : othersRatio === null ? unknown : whether(othersRatio < 1.7),
          present: weights.strong,
          absent: 0,
          text: say(
            `回显、查询为平时的 ${fixed(othersRatio ?? 0, 1)} 倍`,
            `echoes and queries take ${fixed(othersRatio ?? 0, 1)} times the usual`,
          ),
        },
        {
          key: 'out-of-resources',
          group: 'full',
          sign: shareSign(full, e.since.count('requests'), { none: 0.02, full: 0.3 }),
          present: -weights.decisive,
          absent: weights.slight,
          text: say(`资源不足(A7xx)拒绝 ${full} 次`, `${full} refused for lack of resources (A7xx)`),
        },
        {
          key: 'nak-congestion',
          group: 'full',
          sign: shareSign(e.since.count('nak:congestion'), e.since.count('associations'), { none: 0.02, full: 0.3 }),
          // An archive at its limit of associations is slow too.
          present: -weights.veryStrong,
          absent: 0,
          text: say(
            `关联因拥塞被拒 ${e.since.count('nak:congestion')} 次`,
            `${e.since.count('nak:congestion')} associations were rejected for congestion`,
          ),
        },
        {
          key: 'store-think',
          group: 'think',
          sign: reading === null && latency === null ? unknown : whether(thinkShare > 0.5),
          present: weights.some,
          absent: -weights.slight,
          text: say(
            `耗时中等待写入确认占 ${percent(thinkShare)}`,
            `${percent(thinkShare)} of the time is spent waiting until it is written`,
          ),
        },
        {
          key: 'several-stores',
          group: 'several',
          sign: stores > 1 ? present() : unknown,
          present: weights.strong,
          absent: 0,
          text: say(`写入变慢的接口 ${stores} 个`, `${stores} interfaces store more slowly`),
        },
        lossLine(e, -weights.decisive),
        bothWaysLine(e),
        lateLine(e),
        neverAnsweredLine(alone),
        amplifiedLine(e),
        {
          key: 'plateau',
          group: 'shape',
          sign: burstRatio === null ? unknown : whether(burstRatio < 2.5),
          present: weights.slight,
          absent: 0,
          text:
            (burstRatio ?? 0) < 2.5
              ? say('平台型:持续均匀变慢(如 RAID 重建)', 'a plateau, evenly slow, as of a RAID rebuild')
              : say('突发型:时快时慢(如内存气球回收、缓存写满)', 'in bursts, as of ballooning memory or a full cache'),
        },
      ],
    }
  },
  title: (e) => say(`${e.place.to.zh} 存储写入变慢`, `The storage of ${e.place.to.en} writes slowly`),
  advise: (e) => ({
    owner: say('存储与虚拟化组', 'The storage and virtualisation team'),
    handOver: say(
      `附吞吐变化与开始时刻转存储组,知会 ${e.place.to.zh}`,
      `Hand to the storage team with the fall in throughput and since when; tell ${e.place.to.en}`,
    ),
    checks: [
      say(
        '存储侧:有无坏盘、RAID 重建、缓存电池或写缓存关闭',
        'On the storage: a failed disk, a RAID rebuild, a battery or write cache that is off?',
      ),
      say(
        '虚拟化侧:内存气球、换页、快照合并、同卷其他虚拟机',
        'On the virtualisation: ballooning, swapping, snapshots, other machines on the volume',
      ),
      say('读取是否同样变慢;同一存储上的其他系统是否同样', 'Are reads slow too? Other systems on the same storage?'),
    ],
    workaround: say(
      '推迟批量归档与迁移;降低重建优先级;设备端注意本地盘余量',
      'Put off bulk archiving and migration; lower the priority of the rebuild; watch the local disks of the modalities',
    ),
  }),
  hears: {
    signals: ['throughput/fall'],
    text: (reading, place) =>
      say(
        `${place.to.zh} 写入 ${roughly(factOf(reading, 'mbPerS'))} MB/s,平时 ${roughly(factOf(reading, 'usualMbPerS'))} MB/s`,
        `${place.to.en} takes in ${roughly(factOf(reading, 'mbPerS'))} MB/s, usually ${roughly(factOf(reading, 'usualMbPerS'))} MB/s`,
      ),
  },
}

function percent(share: number | null): string {
  return share === null ? '?' : `${fixed(100 * share, 0)} %`
}
