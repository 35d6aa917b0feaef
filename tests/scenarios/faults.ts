import { withField } from '../../fixtures/hospital/messages/message.ts'
import type { SystemClock } from '../../fixtures/hospital/time.ts'
import type { Fate } from '../../fixtures/hospital/wire.ts'
import type { Instant } from '../../gateway/model/time.ts'
import type { Scenario } from './scenario.ts'

/** When a fault holds. */
export interface Span {
  readonly from: Instant
  readonly to: Instant
}

type Strike = Pick<Scenario, 'before' | 'fate'>

const answered: Fate = { kind: 'answered' }
const refused: Fate = { kind: 'refused-connection' }
const notSent: Fate = { kind: 'not-sent' }

/** These interfaces' messages fare so while the fault holds. */
export function faring(span: Span, fates: { readonly [interfaceId: string]: (nth: number) => Fate }): Strike {
  return {
    fate: (interfaceId, at, nth) => (at >= span.from && at < span.to ? (fates[interfaceId]?.(nth) ?? answered) : answered),
  }
}

/** The system's wall clock is in another zone: on all its interfaces, its acknowledgments included. */
export function zoneStep(span: Span, systemId: string, hours: number): Strike {
  const flaw = { zoneMin: 480 + 60 * hours }
  return {
    before(at: Instant, clocks: ReadonlyMap<string, SystemClock>) {
      const flaws = clocks.get(systemId)?.flaws
      if (at >= span.from && at < span.to) flaws?.add(flaw)
      else flaws?.delete(flaw)
    },
  }
}

/** Nothing listens at the receiver's end. */
export function receiverDown(span: Span, interfaceId: string): Strike {
  return faring(span, { [interfaceId]: () => refused })
}

/** The laboratory system is off: whoever calls it is refused, and what it sends itself doesn't come. */
export function laboratoryDown(span: Span): Strike {
  return faring(span, {
    'his-lis-lab-order': () => refused,
    'analyzer-lis-result': () => refused,
    'lis-emr-lab-result': () => notSent,
    'lis-tijian-result': () => notSent,
  })
}

/** Every other order names an item that the receiver doesn't have, and is refused as the simulated receiver refuses it. */
export function unknownCode(span: Span): Strike {
  return faring(span, {
    'his-ris-exam-order': (nth) =>
      nth % 2 === 0 ? { kind: 'answered', code: 'AE', error: unknownItem, changed: withNewItem } : answered,
  })
}

/** PID-3 is empty after an upgrade; the receiver takes it all the same. */
export function missingField(span: Span): Strike {
  return faring(span, {
    'lis-tijian-result': () => ({ kind: 'answered', changed: (message) => withField(message, 'PID', 3, () => '') }),
  })
}

/** The sender was upgraded: it says another version, and leaves out what it had always sent. */
export function upgrade(span: Span): Strike {
  return faring(span, {
    'lis-tijian-result': () => ({
      kind: 'answered',
      changed: (message) =>
        withField(
          withField(message, 'MSH', 12, () => '2.5.1'),
          'PID',
          3,
          () => '',
        ),
    }),
  })
}

/** The bytes are GB18030, the label says what it said. */
export function charsetMismatch(span: Span): Strike {
  return faring(span, {
    'lis-emr-lab-result': () => ({ kind: 'answered', changed: (message) => ({ ...message, charset: 'gb18030' }) }),
  })
}

/** The sending task stops; its connection stays open. */
export function silentSender(span: Span): Strike {
  return faring(span, { 'icu-device-observation': () => notSent })
}

/** The caller goes on with yesterday's token: 401 for every call. */
export function expiredToken(span: Span): Strike {
  return faring(span, {
    'miniapp-his-appointment': () => ({ kind: 'answered', changedAnswer: (answer) => ({ ...answer, status: 401 }) }),
  })
}

/** Two of three calls are above the quota. */
export function rateLimited(span: Span): Strike {
  return faring(span, {
    'patient360-fhir': (nth) =>
      nth % 3 === 0 ? answered : { kind: 'answered', changedAnswer: (answer) => ({ ...answer, status: 429 }) },
  })
}

/** The ward's answers come twelve times as late. */
export function slowWard(span: Span): Strike {
  return faring(span, { 'mnis-emr-nursing': () => ({ kind: 'answered', slowness: 12 }) })
}

/** Nothing comes back, and the connection stays open. */
export function noAnswer(span: Span): Strike {
  return faring(span, { 'his-bis-blood': () => ({ kind: 'silence' }) })
}

const withNewItem: NonNullable<Fate['changed']> = (message) => withField(message, 'OBR', 4, () => 'XM9999^新增项目(2026版)^L')

/** What the simulated RIS says of it. */
const unknownItem: NonNullable<Fate['error']> = {
  code: '103',
  text: 'Table value not found',
  segment: 'OBR',
  field: 4,
  detail: '项目编码不在字典中',
}
