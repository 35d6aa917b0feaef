import type { Clock } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import type { Installation } from '../installation.ts'
import type { Channel } from '../notices/channels/channel.ts'
import { sendOnce } from '../notices/send-notices.ts'
import { testNotice } from '../notices/write-notice.ts'
import { type Binding, bind } from './bind.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import { Refusal } from './problems.ts'
import type { Settings } from './settings-shapes.ts'

interface Parts {
  readonly store: Store
  readonly clock: Clock
  readonly present: Presenter
  readonly version: string
  readonly channels: readonly Channel[]
  readonly timezone: string
  readonly testEndpoints: readonly string[]
  readonly installation: Installation | null
}

/** How the installation is set up, and how far it has come since it started. */
export function settingsRoutes(parts: Parts): readonly Binding[] {
  const { store, clock, present, version, channels: ways, timezone, testEndpoints, installation } = parts
  const startedAt = present.iso(clock.now())
  const setup = installation === null ? null : setupOf(installation, present)
  return [
    bind(routes.settings, async () => {
      const [resumed, size, lostBytes, channels] = await Promise.all([
        store.resume(),
        store.size(),
        store.lostBytes(),
        channelsOf(parts),
      ])
      return {
        version,
        startedAt,
        position: resumed.committed,
        analysedAt: resumed.now === null ? null : present.iso(resumed.now),
        stored: { ...size, lostBytes },
        channels,
        testEndpoints,
        setup,
      }
    }),
    bind(routes.testChannel, async ({ params, caller }) => {
      const channel = ways.find(({ name }) => name === params.name)
      if (channel === undefined) throw new Refusal('NOT_FOUND', 'No such channel is configured.')
      const notice = testNotice(channel.name, { at: clock.now(), person: caller.name, timezone })
      return { refusal: await sendOnce({ channel, clock }, notice) }
    }),
  ]
}

async function channelsOf({ store, present, channels, installation }: Parts): Promise<Settings['channels']> {
  const failing = new Map((await store.failingChannels()).map(({ name, since }) => [name, present.iso(since)]))
  const counts = await store.deliveryCounts()
  return channels.map(({ name }) => {
    const configured = installation?.channels.find((channel) => channel.name === name)
    const count = (state: string) => counts.find((one) => one.channel === name && one.state === state)?.count ?? 0
    return {
      name,
      kind: configured?.kind ?? null,
      language: configured?.language ?? null,
      failingSince: failing.get(name) ?? null,
      sent: count('sent'),
      waiting: count('waiting'),
      abandoned: count('abandoned'),
    }
  })
}

function setupOf(installation: Installation, { iso }: Presenter): NonNullable<Settings['setup']> {
  const { configFile, configDigest, retention, keys, tls, certificateUntil, provider, sessions, hasOwnRules } = installation
  const { logMs, ...days } = retention
  return {
    ...{ configFile, configDigest, keys, tls, provider, hasOwnRules },
    retention: { ...days, logDays: Math.round(logMs / 86_400_000) },
    certificateUntil: certificateUntil === null ? null : iso(certificateUntil),
    sessions: { lifeMin: Math.round(sessions.lifeMs / 60_000), idleMin: Math.round(sessions.idleMs / 60_000) },
  }
}
