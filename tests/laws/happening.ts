import fc from 'fast-check'
import type { Happening } from './bound.ts'
import type { Run } from './chunking.ts'

const side = fc.constantFrom('initiator' as const, 'acceptor' as const)

/** A conversation with lost bytes and ends strewn in, at times up to a minute apart. */
export function happenings(conversation: fc.Arbitrary<readonly Run[]>): fc.Arbitrary<readonly Happening[]> {
  return fc
    .tuple(
      conversation,
      fc.array(
        fc.oneof(
          fc.record({ kind: fc.constant('gap' as const), from: side, byteCount: fc.nat(10_000) }),
          fc.record({
            kind: fc.constant('end' as const),
            from: side,
            how: fc.constantFrom('fin' as const, 'rst' as const, 'timeout' as const),
          }),
        ),
        { maxLength: 3 },
      ),
      fc.infiniteStream(fc.nat(60_000)),
    )
    .map(([runs, others, waits]) => {
      let at = 0
      const events: Omit<Happening, 'at'>[] = runs.map((run) => ({ kind: 'bytes' as const, ...run }))
      others.forEach((other, i) => void events.splice((i * 7 + 3) % (events.length + 1), 0, other))
      return events.map((event): Happening => {
        at += waits.next().value
        return withTime(event, at)
      })
    })
}

function withTime(event: object, at: number): Happening {
  const timed: unknown = { ...event, at }
  if (!isHappening(timed)) throw new Error('no event')
  return timed
}

function isHappening(value: unknown): value is Happening {
  return typeof value === 'object' && value !== null && 'kind' in value && 'from' in value && 'at' in value
}
