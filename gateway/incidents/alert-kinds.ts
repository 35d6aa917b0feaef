import type { Alert } from '../model/incident.ts'
import type { Reading } from '../model/reading.ts'
import { factOf, wordOf } from './cause.ts'
import type { Kind } from './kind.ts'

/** The kinds of an alert, by its signal and by what its newest reading counts most. */
export function kindsOf(alert: Alert): readonly Kind[] {
  const { signal } = alert
  if (signal.startsWith('self/')) return ['self']
  if (signal === 'clock/gateway') return ['time', 'self']
  if (signal.startsWith('clock/') || signal.startsWith('stamps/')) return ['time']
  if (signal.startsWith('contract/')) return ['content', 'framing']
  // Blocks that break off are what is left of connections that do.
  if (signal.startsWith('framing/'))
    return wordOf(alert.reading, 'kind') === 'partial' ? ['framing', 'content', 'reach'] : ['framing', 'content']
  if (signal.startsWith('sequence/')) return ['flow']
  if (signal === 'journeys/denied') return ['content']
  // Whose number is written differently, his order stays without a result.
  if (signal === 'journeys/orphan') return ['content', 'flow']
  // Those that come and are refused, or get no connection, are refusals too.
  if (signal === 'journeys/callback') return ['flow', 'answer', 'content', 'reach']
  if (signal.startsWith('journeys/')) return ['flow', 'reach']
  if (signal.startsWith('latency/')) return ['slow', 'reach']
  if (signal.startsWith('silence/')) return ['reach']
  if (signal.startsWith('retries/')) return ['flow', 'slow', 'reach', 'answer']
  if (signal === 'messaging/source') return ['reach']
  // Rows that were counted and never came leave silence first.
  if (signal.startsWith('reconciliation/')) return ['content', 'reach']
  if (signal === 'files/differs') return ['content']
  if (signal.startsWith('messaging/') || signal.startsWith('files/')) return ['flow']
  if (signal === 'probes/clock') return ['time']
  if (signal.startsWith('probes/')) return ['reach']
  if (signal.startsWith('connections/')) return ['reach']
  if (signal.startsWith('links/') || signal.startsWith('stalls/')) return ['slow', 'reach']
  if (signal.startsWith('types/')) return ['slow', 'reach']
  if (signal.startsWith('throughput/') || signal.startsWith('neighbours/')) return ['slow']
  if (signal.startsWith('associations/')) return ['content', 'reach']
  if (signal.startsWith('answers/')) return ['answer', 'slow']
  if (signal === 'dictionary/unmapped') return ['quality']
  if (signal.startsWith('dictionary/')) return ['content']
  // Who waits for a source in vain is slow.
  if (signal.startsWith('completeness/')) return ['content', 'slow']
  if (signal.startsWith('trend/')) return ['trend']
  if (signal.startsWith('calling/')) return ['slow']
  // What waits leaves silence first.
  if (signal.startsWith('waiting/')) return ['flow', 'slow', 'reach']
  // A full pool makes waiting, and refusals of who waited too long.
  if (signal.startsWith('in-flight/')) return ['slow', 'reach', 'content']
  if (signal === 'failures/refused') return ['reach']
  if (signal.startsWith('failures/')) return failureKinds[failureMode(alert.reading)]
  return ['other']
}

/**
 * Alerts of what changed and of what comes in other numbers than usual. By themselves they are no trouble: they make no incident and join none, so that an
 * incident begins when the trouble began. Causes weigh their readings.
 */
export function isCircumstance({ signal }: Alert): boolean {
  return (
    signal.startsWith('versions/') ||
    signal.startsWith('volume/') ||
    signal === 'dictionary/novel' ||
    signal === 'dictionary/vanished'
  )
}

/** What most of the failures that a reading counts are. */
type FailureMode = 'nak' | 'refused' | 'reset' | 'unanswered'

const failureKinds: { readonly [mode in FailureMode]: readonly Kind[] } = {
  nak: ['content'],
  refused: ['reach'],
  reset: ['reach'],
  unanswered: ['reach', 'slow', 'answer', 'framing'],
}

export function failureMode(reading: Reading): FailureMode {
  const nak = factOf(reading, 'nak') ?? 0
  const refused = factOf(reading, 'refused') ?? 0
  const reset = factOf(reading, 'reset') ?? 0
  const noWord = factOf(reading, 'unanswered') ?? 0
  const unanswered = noWord + (factOf(reading, 'timeout') ?? 0)
  // Refusals by word that are fewer than what got no word at all are of every day.
  const most = Math.max(nak < noWord ? 0 : nak, refused, reset)
  if (noWord - refused - reset > 2 * most) return 'unanswered'
  // Refused and reset exchanges are unanswered too: the closer name wins a tie.
  if (most === 0 || (unanswered > 2 * most && most < 3)) return 'unanswered'
  if (most === nak) return 'nak'
  return most === refused ? 'refused' : 'reset'
}
