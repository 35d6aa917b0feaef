/** What the API says of the installation itself: how it is set up, and how far it has come. */
import { flag, instant, integer, list, nullable, type Of, object, oneOf, text } from './schema.ts'

const count = integer({ minimum: 0 })

const channel = object({
  name: text(),
  kind: nullable(text({ description: 'Null where the configuration no longer says.' })),
  language: nullable(oneOf(['zh', 'en'])),
  failingSince: nullable(instant()),
  sent: count,
  waiting: count,
  abandoned: count,
})

const setup = object({
  configFile: text(),
  configDigest: text(),
  retention: object({ exchangeDays: count, bodyDays: count, seriesDays: count, logDays: count, logBytes: count }),
  keys: list(
    object({
      purpose: oneOf(['sealing', 'tokens', 'bearer', 'audit']),
      id: text({ description: 'Names the key without telling it.' }),
      earlier: count,
    }),
  ),
  tls: oneOf(['own', 'proxy', 'none']),
  certificateUntil: nullable(instant()),
  provider: nullable(object({ title: text(), issuer: text() })),
  sessions: object({ lifeMin: count, idleMin: count }),
  hasOwnRules: flag(),
})

const settings = object({
  version: text(),
  startedAt: instant(),
  /** The position of the log up to which results are written; null before the first. */
  position: nullable(text()),
  analysedAt: nullable(instant()),
  stored: object({ rowBytes: count, bodyBytes: count, lostBytes: count }),
  channels: list(channel),
  testEndpoints: list(text()),
  /** Null where the desk was started without a configuration. */
  setup: nullable(setup),
})
export type Settings = Of<typeof settings>

const channelTest = object({
  refusal: nullable(text({ description: 'Why the channel did not take it; null: it did.' })),
})

export const settingsShapes = { Settings: settings, ChannelTest: channelTest } as const
