import type { Fate } from '../../fixtures/hospital/wire.ts'
import type { LoggedEntry } from '../../gateway/model/entry.ts'
import type { Catalogue } from '../../gateway/model/interface.ts'
import type { Instant } from '../../gateway/model/time.ts'
import { zoneStep } from '../scenarios/faults.ts'
import { mondayAtTen, simulatedLog } from './simulated.ts'

const minuteMs = 60_000

/**
 * Ten minutes of five interfaces in which much goes wrong at overlapping times: LIS in another zone, PACS refusing, orders refused by word,
 * a sender that falls silent, answers that don't come. Some of it is over at the end and some is not.
 */
export function troubledStream(catalogue: Catalogue): readonly LoggedEntry[] {
  const clocks = zoneStep({ from: mondayAtTen + 2 * minuteMs, to: mondayAtTen + 4 * minuteMs }, 'lis', -2)
  const stream = simulatedLog(catalogue, {
    seed: 4,
    startAt: mondayAtTen,
    lastsMs: 10 * minuteMs,
    interfaceIds: ['his-lis-lab-order', 'lis-tijian-result', 'ris-pacs-procedure', 'his-ris-exam-order', 'his-bis-blood'],
    ...clocks,
    fate: (interfaceId, at, nth) => fateOf(interfaceId, (at - mondayAtTen) / minuteMs, nth),
  })
  return [...stream]
}

function fateOf(interfaceId: string, minute: Instant, nth: number): Fate {
  const during = (from: number, to: number) => minute >= from && minute < to
  if (interfaceId === 'ris-pacs-procedure' && during(3, 4.5)) return { kind: 'refused-connection' }
  if (interfaceId === 'his-ris-exam-order' && during(3.5, 6) && nth % 2 === 0) return { kind: 'answered', code: 'AE' }
  if (interfaceId === 'his-bis-blood' && during(5, 7)) return { kind: 'silence' }
  if (interfaceId === 'lis-tijian-result' && during(6.5, 10)) return { kind: 'not-sent' }
  return { kind: 'answered' }
}
