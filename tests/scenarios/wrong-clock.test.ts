import { describe, expect, test } from 'vitest'
import type { Fate } from '../../fixtures/hospital/wire.ts'
import { mondayAtTen } from '../support/simulated.ts'
import type { WrongClock } from '../support/wrong-clock.ts'
import { type Played, play } from './scenario.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const at = (minute: number) => mondayAtTen + minute * minuteMs
const results = 'lis-tijian-result'
const orders = 'his-lis-lab-order'

/** From the ninth minute on results are no longer sent, and orders are refused by word. */
async function troubled(wrongClock?: WrongClock): Promise<Played> {
  return await play({
    ...{ seed: 7, startAt: mondayAtTen, lastsMs: 14 * minuteMs, interfaceIds: [results, orders, 'lis-emr-lab-result'] },
    fate: (interfaceId, sentAt): Fate => {
      if (sentAt < at(9)) return { kind: 'answered' }
      if (interfaceId === results) return { kind: 'not-sent' }
      return interfaceId === orders ? { kind: 'answered', code: 'AE' } : { kind: 'answered' }
    },
    ...(wrongClock === undefined ? {} : { wrongClock }),
  })
}

const ticketsOf = ({ tickets }: Played) =>
  tickets
    .filter(({ openedAt }) => openedAt >= at(9) && openedAt < at(14))
    .map(({ causes, interfaceIds, openedAt }) => ({ lead: causes[0]?.id, interfaceIds, openedAt }))

describe('a gateway whose clock was wrong and is set right', () => {
  const cases: readonly (readonly [name: string, WrongClock])[] = [
    ['eight hours ahead from the start', { from: at(0), to: at(5), byMs: 8 * hourMs }],
    ['a leap of eight hours, back after three minutes', { from: at(2), to: at(5), byMs: 8 * hourMs }],
    ['two days ahead', { from: at(0), to: at(5), byMs: 48 * hourMs }],
  ]
  test.each(cases)('%s: what is wrong afterwards is found as soon, and told by the right clock', async (_, wrongClock) => {
    const right = ticketsOf(await troubled())
    expect(right.map(({ lead }) => lead).sort()).toEqual(['app-nak', 'silent'])
    expect(ticketsOf(await troubled(wrongClock))).toEqual(right)
  })

  test('set back by two hours for good, it finds what is wrong after as many seconds', async () => {
    const behind = (await troubled({ from: at(5), to: at(60), byMs: -2 * hourMs })).tickets
    const right = ticketsOf(await troubled())
    for (const { lead, openedAt } of right)
      expect(behind.find(({ causes }) => causes[0]?.id === lead)?.openedAt).toBe(openedAt - 2 * hourMs)
  })
})
