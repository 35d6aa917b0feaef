import { describe, expect, it } from 'vitest'
import { RememberedIds } from '../../../../gateway/edge/ids.ts'
import { beginExchange, openConnection } from '../../../../gateway/edge/open.ts'

const connection = openConnection({ id: 'c1', initiator: '10.1.0.10:40000', acceptor: '10.1.0.20:6661', openedAt: 0 })

function passage(text: string, endAt = 0) {
  const body = Buffer.from(text)
  return { startAt: endAt, endAt, wireBytes: body.length, body, bodyBytes: body.length }
}

let count = 0
const remember = (ids: RememberedIds, id: string, text = id, endAt = 0) =>
  ids.remember(beginExchange(`e${++count}`, connection, [], null), 'initiator', id, passage(text, endAt))

describe('remembered ids', () => {
  it('tell bodies apart wherever they differ, by one bit, and by their length', () => {
    const base = 'x'.repeat(1_003)
    for (let at = 0; at < base.length; at++) {
      const ids = new RememberedIds({ idsMax: 64, windowMs: 1_000 })
      remember(ids, '1', base)
      expect(remember(ids, '1', `${base.slice(0, at)}y${base.slice(at + 1)}`)?.sameBody).toBe(false)
    }
    const ids = new RememberedIds({ idsMax: 64, windowMs: 1_000 })
    remember(ids, '1', base)
    expect(remember(ids, '1', base)?.sameBody).toBe(true)
    expect(remember(ids, '1', `${base}x`)?.sameBody).toBe(false)
  })

  it('compare nothing with a message of which only a part passed', () => {
    const ids = new RememberedIds({ idsMax: 64, windowMs: 1_000 })
    const part = beginExchange('part', connection, [{ kind: 'partial', by: 'initiator', bytes: 4, how: 'stuck' }], null)
    ids.remember(part, 'initiator', '1', passage('MSH|'))
    expect(remember(ids, '1', 'MSH|whole')).toBeNull()
    expect(remember(ids, '1', 'MSH|whole')?.sameBody).toBe(true)
  })

  it('keep to their limit, and forget the oldest first', () => {
    const ids = new RememberedIds({ idsMax: 64, windowMs: 1_000 })
    for (let i = 0; i < 1_000; i++) remember(ids, `${i}`)
    const known = Array.from({ length: 1_000 }, (_, i) => i).filter((i) => ids.find('initiator', `${i}`) !== null)
    expect(known.length).toBeLessThanOrEqual(32)
    expect(known.length).toBeGreaterThan(16)
    expect(known).toContain(999)
    expect(Math.min(...known)).toBeGreaterThan(850)
  })

  it('keep both sides apart, and count requests since', () => {
    const ids = new RememberedIds({ idsMax: 64, windowMs: 1_000 })
    remember(ids, '1')
    for (const id of ['2', '3', '4']) remember(ids, id)
    expect(ids.find('acceptor', '1')).toBeNull()
    const first = ids.find('initiator', '1')
    expect(first === null ? null : ids.requestsSince('initiator', first)).toBe(3)
  })

  it('a request after the window is none of the old ones', () => {
    const ids = new RememberedIds({ idsMax: 64, windowMs: 1_000 })
    remember(ids, '1', 'a', 0)
    expect(remember(ids, '1', 'a', 1_001)).toBeNull()
    expect(remember(ids, '1', 'a', 1_002)?.before.copies).toBe(0)
  })
})
