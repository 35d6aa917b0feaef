import type { Text } from '../../model/text.ts'
import { type Line, say, shareSign, unknown, weights, whether } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'

/** What speaks for and against connections that fail before anything is said, in one way. */
export interface ConnectingLines {
  readonly failed: number
  /** The share of attempts that failed so. */
  readonly connect: Line
  /** Whether others fail in other ways. */
  readonly others: Line
  /** Whether anything is answered since. */
  readonly answered: Line
}

/** `how`: as the wire says it. `words`: what became of such connections, as in `12 of 40 connections ...`. Where none failed so, nothing is known by it. */
export function connectingLines(e: Evidence, how: 'dns' | 'tls', words: Text): ConnectingLines {
  const failed = e.since.count(`refused:${how}`)
  const attempts = e.since.count('refused') + e.since.count('connections')
  const others = e.since.count('refused') - failed
  const answered = e.since.count('answered')
  return {
    failed,
    connect: {
      key: `refused-${how}`,
      group: 'connect',
      sign: failed === 0 ? unknown : shareSign(failed, attempts, { full: 0.8 }),
      present: weights.decisive,
      absent: -weights.veryStrong,
      text: say(`${attempts} 次连接中 ${failed} 次${words.zh}`, `${failed} of ${attempts} connections ${words.en}`),
    },
    others: {
      key: 'refused-others',
      group: 'how',
      sign: whether(others > failed),
      present: -weights.strong,
      absent: weights.some,
      text: say(`以其他方式失败 ${others} 次`, `${others} failed in other ways`),
    },
    answered: {
      key: 'answered-since',
      group: 'success',
      sign: failed === 0 ? unknown : whether(answered <= failed / 10),
      present: weights.some,
      absent: -weights.slight,
      text: say(`故障开始后应答 ${answered} 次`, `${answered} answers since the onset`),
    },
  }
}

/** Where connections go and fail, how many, and where the system has answered. */
export interface Strayed {
  readonly host: string
  readonly count: number
  readonly known: readonly string[]
}

/**
 * Connections go where nothing has ever answered, though other hosts have: the name leads somewhere else, or still to where the system was (a stale record). Or they go on to where
 * all went, when all others have moved to another host: this caller has kept the old address.
 */
export function strayedTo(e: Evidence): Strayed | null {
  const [most] = e.since.top('strayed')
  if (most === undefined || most.count < strayedMin) return leftBehind(e)
  const places = [...e.before.top('taken-at'), ...e.since.top('taken-at')].map(({ name }) => name)
  return { host: most.name, count: most.count, known: [...new Set(places)].filter((name) => name !== most.name) }
}

function leftBehind({ since, before, sameReceiver, sameReceiverBefore }: Evidence): Strayed | null {
  const count = since.count('refused')
  const [old, another] = before.top('taken-at')
  if (count < strayedMin || old === undefined || another !== undefined) return null
  const host = old.name
  if (since.count(`taken-at:${host}`) > 0 || sameReceiverBefore.count(`taken-at:${host}`) < strayedMin) return null
  const moved = sameReceiver
    .top('taken-at')
    .filter(
      ({ name, count: taken }) =>
        taken >= strayedMin && sameReceiverBefore.count(`taken-at:${name}`) < sameReceiverBefore.count(`taken-at:${host}`) / 2,
    )
  const isLeft = sameReceiver.count(`taken-at:${host}`) * 10 <= moved.reduce((sum, { count: taken }) => sum + taken, 0)
  return moved.length === 0 || !isLeft ? null : { host, count, known: moved.map(({ name }) => name) }
}

const strayedMin = 3

/** Against a receiver or a network that fails: it isn't asked any more. */
export function strayedLine(e: Evidence): Line {
  const strayed = strayedTo(e)
  return {
    key: 'address-changed',
    group: 'address',
    sign: strayed === null ? unknown : shareSign(strayed.count, e.since.count('refused'), { full: 0.8 }),
    present: -weights.decisive,
    absent: 0,
    text: say(
      `失败的 ${strayed?.count ?? 0} 次连到 ${strayed?.host ?? ''},应答的在 ${strayed?.known.join('、') ?? ''}`,
      `${strayed?.count ?? 0} of the failed attempts went to ${strayed?.host ?? ''}, while ${strayed?.known.join(', ') ?? ''} answers`,
    ),
  }
}
