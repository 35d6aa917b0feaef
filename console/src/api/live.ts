import { property } from './fits.ts'

export type Topic = 'interfaces' | 'tickets' | 'clocks'
export type LiveState = 'connecting' | 'live' | 'polling'

/** What changes on the server, told to whoever shows it: by server-sent events, or by asking every ten seconds while they fail. */
export interface Live {
  /** Calls `hear` when something of these topics may have changed. Returns what ends it. */
  follow(topics: readonly Topic[], hear: () => void): () => void
  /** For useSyncExternalStore. */
  watch(hear: () => void): () => void
  state(): LiveState
  close(): void
}

/** Everything that can change. */
export const allTopics: readonly Topic[] = ['interfaces', 'tickets', 'clocks']
const pollMs = 10_000
const retryMs = 30_000

export function openLive(): Live {
  const followers = new Set<{ readonly topics: readonly Topic[]; readonly hear: () => void }>()
  const watchers = new Set<() => void>()
  let state: LiveState = 'connecting'
  let source: EventSource | null = null
  let retry: number | undefined

  const become = (next: LiveState) => {
    if (state === next) return
    state = next
    for (const hear of watchers) hear()
  }
  const tell = (topics: readonly Topic[]) => {
    for (const follower of followers) if (follower.topics.some((topic) => topics.includes(topic))) follower.hear()
  }
  const connect = () => {
    source?.close()
    source = new EventSource('/api/v1/events')
    source.addEventListener('hello', () => {
      // What changed while nobody listened is unknown: everything is asked anew, except at the first connection.
      if (state === 'polling') tell(allTopics)
      become('live')
    })
    for (const topic of allTopics) source.addEventListener(topic, () => tell([topic]))
    source.addEventListener('error', (event) => {
      become('polling')
      // Closed for good (no session, too many listeners): the browser will not come back by itself.
      if (property(event.target, 'readyState') === EventSource.CLOSED) retry = window.setTimeout(connect, retryMs)
    })
  }
  const polling = window.setInterval(() => {
    if (state !== 'live') tell(allTopics)
  }, pollMs)
  connect()
  return {
    follow: (topics, hear) => {
      const follower = { topics, hear }
      followers.add(follower)
      return () => void followers.delete(follower)
    },
    watch: (hear) => {
      watchers.add(hear)
      return () => void watchers.delete(hear)
    },
    state: () => state,
    close: () => {
      window.clearInterval(polling)
      window.clearTimeout(retry)
      source?.close()
      followers.clear()
      watchers.clear()
    },
  }
}
