import type { Reading } from '../../model/reading.ts'
import type { Text } from '../../model/text.ts'
import { type Cause, factOf, fixed, heard, present, say, unknown, weights, whether, wordOf } from '../cause.ts'
import { slownessKeys } from '../lines/closer-slowness.ts'
import { lossLine } from '../lines/common-lines.ts'
import { isWorded, wordedLines } from '../lines/worded-cause.ts'

/** Another interface's batches lock tables that this one needs: it is slow while they run, and only then. */
export const lockContention: Cause = {
  id: 'lock-contention',
  prior: -3,
  severity: 'P1',
  kinds: ['slow', 'reach', 'content'],
  explains: [...slownessKeys, 'one-type', 'nak', 'nak-one-text', 'nak-violating'],
  weigh(e) {
    const reading = e.reading('neighbours/batch')
    const windows = factOf(reading, 'windows') ?? 0
    const hits = factOf(reading, 'hits') ?? 0
    const chance = factOf(reading, 'chance')
    const control = factOf(reading, 'controlShare')
    const resource = wordOf(reading, 'resource')
    const offender = offenderOf(reading)
    return {
      isOpen: reading !== null || isWorded(e, 'lock'),
      locus: resource === null ? e.locus : { kind: 'system', id: resource },
      lines: [
        ...wordedLines(e, 'lock'),
        {
          key: 'neighbour-batch',
          group: 'coincidence',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: say(
            `变慢的 ${windows} 个时段中 ${hits} 个与 ${offender.zh} 的批量重合,滞后 ${fixed(factOf(reading, 'lagS') ?? 0, 0)} 秒`,
            `${hits} of ${windows} slow stretches fell into the batches of ${offender.en}, ${fixed(factOf(reading, 'lagS') ?? 0, 0)} s after they began`,
          ),
        },
        {
          key: 'chance',
          group: 'chance',
          sign: chance === null ? unknown : present(Math.min(1, -Math.log10(Math.max(chance, 1e-12)) / 6)),
          present: weights.strong,
          absent: 0,
          text: say(
            `偶然重合的概率 ${scientific(chance)}`,
            `by chance that would happen with a probability of ${scientific(chance)}`,
          ),
        },
        {
          key: 'control',
          group: 'control',
          sign: control === null ? unknown : whether(control < 0.3),
          present: weights.some,
          absent: -weights.strong,
          text: say(
            `不共享资源的对照接口同时变慢 ${fixed(100 * (control ?? 0), 0)} %`,
            `interfaces that share nothing were slow in ${fixed(100 * (control ?? 0), 0)} % of the batches`,
          ),
        },
        {
          key: 'shared',
          group: 'shared',
          sign: resource === null ? unknown : present(),
          present: weights.some,
          absent: 0,
          text: say(`双方共享 ${resource ?? '?'}`, `both need ${resource ?? '?'}`),
        },
        lossLine(e, -weights.strong),
      ],
    }
  },
  title: (e) => {
    const offender = offenderOf(e.reading('neighbours/batch'))
    return say(`${offender.zh} 批量锁表,拖慢 ${e.place.iface.zh}`, `Batches of ${offender.en} slow down ${e.place.iface.en}`)
  },
  advise: (e) => {
    const reading = e.reading('neighbours/batch')
    const offender = offenderOf(reading)
    const sender = say(wordOf(reading, 'senderZh') ?? offender.zh, wordOf(reading, 'senderEn') ?? offender.en)
    return {
      owner: say(`DBA 与 ${sender.zh}`, `The database administrator and ${sender.en}`),
      handOver: say(
        `转 DBA 与 ${sender.zh}(施害方);${e.place.iface.zh} 是受害方,无需处理`,
        `Hand to the database administrator and ${sender.en}, whose batches do it; ${e.place.iface.en} is the victim and need do nothing`,
      ),
      checks: [
        say(
          `暂停 ${offender.zh} 一批,${e.place.iface.zh} 是否立即恢复`,
          `Pause one batch of ${offender.en}: is ${e.place.iface.en} fast at once?`,
        ),
        say(
          '批量期间的锁等待:谁持有、谁等待、哪张表(ORA-00060、1205/1213、55P03)',
          'Lock waits during a batch: who holds, who waits, which table (ORA-00060, 1205/1213, 55P03)?',
        ),
        say('批量是否一个事务写到底,能否分小批提交', 'Is the batch one transaction? Can it commit in small parts?'),
      ],
      workaround: say(
        `错峰或暂停 ${offender.zh} 的批次,降低批量`,
        `Move the batches of ${offender.en} off-peak or pause them; make them smaller`,
      ),
    }
  },
  hears: {
    signals: ['neighbours/batch'],
    text: (reading, place) =>
      say(
        `${place.iface.zh} 变慢的时段与 ${offenderOf(reading).zh} 的批量重合 ${factOf(reading, 'hits') ?? 0}/${factOf(reading, 'windows') ?? 0}`,
        `${factOf(reading, 'hits') ?? 0} of ${factOf(reading, 'windows') ?? 0} slow stretches of ${place.iface.en} fell into the batches of ${offenderOf(reading).en}`,
      ),
  },
}

function offenderOf(reading: Reading | null): Text {
  const id = wordOf(reading, 'offender') ?? '?'
  return say(wordOf(reading, 'offenderZh') ?? id, wordOf(reading, 'offenderEn') ?? id)
}

function scientific(chance: number | null): string {
  return chance === null ? '?' : chance < 1e-12 ? '< 1e-12' : chance.toExponential(0)
}
