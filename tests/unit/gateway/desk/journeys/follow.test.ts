import { describe, expect, it } from 'vitest'
import { createChance } from '../../../../../fixtures/hospital/chance.ts'
import { dawn, madeExchange } from '../../../../../fixtures/observed/made.ts'
import { defaultFollowLimits, type FindByTokens, follow } from '../../../../../gateway/desk/journeys/follow.ts'
import type { Key, KeyKind } from '../../../../../gateway/model/document.ts'
import type { ObservedExchange } from '../../../../../gateway/model/observed.ts'
import type { StoredExchange } from '../../../../../gateway/store/exchange-store.ts'
import { createStoredView } from '../../../../../gateway/store/stored-view.ts'

const view = createStoredView(new Uint8Array(32))
const minuteMs = 60_000

function key(kind: KeyKind, value: string): Key {
  return { kind, value, authority: null }
}

let number = 0
function passed(at: number, ...keys: readonly Key[]): ObservedExchange {
  number += 1
  return madeExchange({ number, at: dawn + at, keys })
}

function over(all: readonly StoredExchange[]): FindByTokens {
  return async (tokens, { from, to, limit }) =>
    all
      .filter((e) => e.at >= from && e.at < to && e.keys.some((k) => tokens.includes(k.token)))
      .toSorted((a, b) => b.at - a.at)
      .slice(0, limit)
}

/** Ids of the groups that are found from the first of them. */
async function from(made: readonly ObservedExchange[], seeds = 1): Promise<readonly (readonly number[])[]> {
  const all = made.map(view)
  const { groups } = await follow(all.slice(0, seeds), over(all))
  return groups.map((group) => group.map((e) => all.findIndex((one) => one.id === e.id)))
}

const alice = key('patient', 'P1')
const bob = key('patient', 'P2')

describe('follow', () => {
  it('goes from key to key: order, tube, report, study', async () => {
    expect(
      await from([
        passed(0, key('placer', 'O1'), key('specimen', 'S1'), alice),
        passed(2, key('specimen', 'S1')),
        passed(1, key('specimen', 'S1'), key('filler', 'R1')),
        passed(3, key('filler', 'R1'), alice),
        passed(4, key('placer', 'O2'), alice),
      ]),
    ).toEqual([[0, 2, 1, 3]])
  })
  it('shows a list (a worklist, everything of a patient) with each order that it names, and joins none by it', async () => {
    const worklist = passed(2, key('accession', 'A1'), key('accession', 'A2'), alice, bob)
    const orders = [passed(0, key('placer', 'O1'), key('accession', 'A1'), alice), passed(1, key('accession', 'A2'), bob)]
    expect(await from([...orders, worklist])).toEqual([[0, 2]])
    const everything = passed(3, key('prescription', 'R1'), key('prescription', 'R2'), alice)
    expect(await from([passed(0, key('prescription', 'R1')), everything, passed(1, key('prescription', 'R2'))])).toEqual([
      [0, 1],
    ])
    expect(await from([everything])).toEqual([[0]])
    const card = key('patient', '440300')
    const twoNumbers = [passed(0, key('accession', 'A1'), alice, card), passed(1, key('accession', 'A1'), alice, card)]
    expect(await from(twoNumbers)).toEqual([[0, 1]])
  })
  it('is not crowded by lists that name an order again and again', async () => {
    const lists = Array.from({ length: defaultFollowLimits.degreeMax + 1 }, (_, i) =>
      passed(i + 5, key('accession', 'A1'), key('accession', `B${i}`)),
    )
    const [group] = await from([passed(0, key('accession', 'A1')), passed(1, key('accession', 'A1')), ...lists])
    expect(group?.slice(0, 2)).toEqual([0, 1])
  })
  it('never joins by patient or visit alone', async () => {
    const visit = key('visit', 'V1')
    expect(await from([passed(0, key('placer', 'O1'), alice, visit), passed(1, key('placer', 'O2'), alice, visit)])).toEqual([
      [0],
    ])
  })
  it('keeps two patients under one reused number apart', async () => {
    const accession = key('accession', 'A1')
    expect(
      await from([
        passed(0, accession, key('placer', 'O1'), alice),
        passed(minuteMs, accession, key('placer', 'O9'), bob),
        passed(2 * minuteMs, accession, alice),
      ]),
    ).toEqual([[0, 2]])
  })
  it('follows an order over a merge of patients, where two of its numbers stay', async () => {
    const [placer, accession] = [key('placer', 'O1'), key('accession', 'A1')]
    expect(await from([passed(0, placer, accession, alice), passed(1, placer, accession, bob)])).toEqual([[0, 1]])
  })
  it('does not follow a number that everything carries', async () => {
    const group = key('group', '0000')
    const crowd = Array.from({ length: 100 }, (_, i) => passed(i, group, key('placer', `O${i}`)))
    const all = crowd.map(view)
    const followed = await follow(all.slice(0, 1), over(all))
    expect(followed.groups.map((g) => g.length)).toEqual([1])
  })
  it('does not reach back to when the number was somebody else’s', async () => {
    const reach = defaultFollowLimits.reachMs
    expect(
      await from([
        passed(0, key('placer', 'O1')),
        passed(-reach - 1, key('placer', 'O1')),
        passed(reach + 1, key('placer', 'O1')),
      ]),
    ).toEqual([[0]])
  })
  it('says when there is more than it shows', async () => {
    const links = Array.from({ length: 30 }, (_, i) => passed(i, key('filler', `F${i}`), key('filler', `F${i + 1}`)))
    const all = links.map(view)
    const followed = await follow(all.slice(0, 1), over(all), { ...defaultFollowLimits, exchangesMax: 5, roundsMax: 40 })
    expect(followed.isCut).toBe(true)
    expect(followed.groups[0]).toHaveLength(5)
  })

  it('joins orders with a pairwise precision of at least 0.99 and a recall of at least 0.97 on a day of reused numbers, merges and missing hops', async () => {
    const chance = createChance(7)
    const made: { readonly order: number; readonly seen: ObservedExchange }[] = []
    for (let order = 0; order < 400; order += 1) {
      const at = order * 3 * minuteMs
      // One accession in twenty was given before; one patient in thirty is merged on the way; one hop in fifteen is never seen.
      const accession = key('accession', `A${chance.happens(1 / 20) ? Math.max(0, order - 40) : order}`)
      const [placer, filler] = [key('placer', `O${order}`), key('filler', `R${order}`)]
      const study = key('study', `1.2.3.${order}`)
      const patient = key('patient', `P${order % 90}`)
      const later = chance.happens(1 / 30) ? key('patient', `M${order % 90}`) : patient
      const hops = [
        [placer, accession, patient],
        [placer, accession, filler, patient],
        [accession, study, filler, patient],
        [study, accession, later],
        [filler, study, accession, later],
      ]
      for (const [i, keys] of hops.entries())
        if (!chance.happens(1 / 15)) made.push({ order, seen: passed(at + i * minuteMs, ...keys) })
    }
    const stored = made.map(({ order, seen }) => ({ order, exchange: view(seen) }))
    const orderOf = new Map(stored.map(({ order, exchange }) => [exchange.id, order]))
    const find = over(stored.map(({ exchange }) => exchange))
    const counts = { together: 0, rightly: 0, owed: 0 }
    for (const { order, exchange } of stored) {
      const { groups } = await follow([exchange], find)
      const others = groups.flat().filter(({ id }) => id !== exchange.id)
      counts.together += others.length
      counts.rightly += others.filter(({ id }) => orderOf.get(id) === order).length
      counts.owed += stored.filter((one) => one.order === order).length - 1
    }
    expect(counts.rightly / counts.together).toBeGreaterThanOrEqual(0.99)
    expect(counts.rightly / counts.owed).toBeGreaterThanOrEqual(0.97)
  })
})
