/** What the API says of one interface's past: the volume that was expected of it, and what changed. */
import { fingerprintKinds } from '../../model/version-change.ts'
import { either, exactly, instant, integer, list, nullable, number, type Of, object, oneOf, text } from './schema.ts'

const count = integer({ minimum: 0 })

const volume = object({
  interfaceId: text(),
  /** `learning`: what comes is counted, and expected from `expectedFrom` on. `little`: too little was watched or came to say anything. */
  state: oneOf(['known', 'learning', 'little', 'unwatched']),
  expectedFrom: nullable(instant()),
  /** The last 24 hours and the one that is running, each as far as it has gone. */
  points: list(
    object({
      at: instant(),
      exchanges: count,
      expected: nullable(number({ minimum: 0, description: 'By type of day and hour; null where nobody watched or knew.' })),
    }),
  ),
})
export type Volume = Of<typeof volume>

const changed = either(
  object({
    kind: exactly('wire'),
    at: instant(),
    systemId: text(),
    side: oneOf(['sender', 'receiver']),
    what: oneOf(fingerprintKinds),
    from: text(),
    to: text(),
    /** Messages since, and those of them that were refused, unanswered or in breach. */
    seen: count,
    bad: count,
    exchangeId: nullable(text()),
  }),
  object({ kind: exactly('contract'), at: instant(), contractId: text(), version: text() }),
  object({ kind: exactly('configuration'), at: instant(), changeId: text() }),
  object({
    kind: exactly('planned'),
    at: instant(),
    until: instant(),
    changeId: text(),
    title: text(),
    approval: text(),
    phase: oneOf(['coming', 'now', 'past', 'cancelled']),
  }),
)
export type Changed = Of<typeof changed>

export const interfaceShapes = {
  Volume: volume,
  /** Newest first; at most 50. */
  ChangedList: object({ interfaceId: text(), from: instant(), to: instant(), items: list(changed) }),
} as const
