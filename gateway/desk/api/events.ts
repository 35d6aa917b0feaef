import type { ServerResponse } from 'node:http'
import type { Clock } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import { Refusal } from './problems.ts'

/** Server-sent events: what changed, by id; the page asks the API for what it shows of it. */
export interface EventStream {
  /**
   * Says `hello` once nothing that changes from then on is missed, and takes over the response until the browser goes, the desk closes, or `mayStay` says no, which is asked every fifteen seconds. Refuses with
   * TOO_MANY_REQUESTS beyond the limit.
   */
  connect(response: ServerResponse, mayStay: () => Promise<boolean>): void
  close(): void
}

const listenersMax = 200
const pollMs = 1_000
/** A comment this often keeps proxies in between from closing a quiet stream. */
const heartbeatMs = 15_000

/** One question a second to the store, however many listen; none while nobody does. `onFailure` hears of a store that can't answer. */
export function createEventStream(
  store: Pick<Store, 'changes'>,
  clock: Clock,
  onFailure: (error: unknown) => void,
): EventStream {
  const listeners = new Map<ServerResponse, () => Promise<boolean>>()
  let since: number | null = null
  let cancel: (() => void) | null = null
  let isAsking = false
  let saidAt = clock.monotonic()
  let askedAt = clock.monotonic()
  let isClosed = false

  const say = (text: string) => {
    saidAt = clock.monotonic()
    for (const listener of listeners.keys()) {
      // A browser that doesn't read is let go: it comes back by itself and reads everything anew.
      if (listener.writableNeedDrain) listener.destroy()
      else listener.write(text)
    }
  }
  const poll = async () => {
    const changes = await store.changes(since ?? Number.MAX_SAFE_INTEGER)
    // Whoever hears it asks for everything: from here on it is told what changes.
    if (since === null) say(helloText)
    else if (changes.change !== since) {
      if (changes.interfaceIds.length > 0) say(eventText('interfaces', { interfaceIds: changes.interfaceIds }))
      if (changes.ticketIds.length > 0) say(eventText('tickets', { ticketIds: changes.ticketIds }))
      if (changes.systemIds.length > 0) say(eventText('clocks', { systemIds: changes.systemIds }))
    }
    since = changes.change
    if (clock.monotonic() - saidAt >= heartbeatMs) say(': still here\n\n')
    if (clock.monotonic() - askedAt >= heartbeatMs) {
      askedAt = clock.monotonic()
      // A session that has ended hears nothing more; the page then asks who is signed in.
      for (const [listener, mayStay] of listeners) {
        if (await mayStay()) continue
        // At once, not when the page has taken its end: a write after the end is an error that nobody hears.
        listeners.delete(listener)
        listener.end()
      }
    }
  }
  const run = () => {
    cancel = null
    isAsking = true
    void poll()
      .catch(onFailure)
      .finally(() => {
        isAsking = false
        if (listeners.size > 0 && !isClosed) cancel = clock.after(pollMs, run)
        else since = null
      })
  }
  return {
    connect: (response, mayStay) => {
      if (listeners.size >= listenersMax || isClosed)
        throw new Refusal('TOO_MANY_REQUESTS', 'Too many pages listen already.', 30)
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      response.write('retry: 2000\n\n')
      if (since !== null) response.write(helloText)
      listeners.set(response, mayStay)
      response.on('close', () => listeners.delete(response))
      if (!isAsking && cancel === null) run()
    },
    close: () => {
      isClosed = true
      cancel?.()
      for (const listener of listeners.keys()) listener.end()
      listeners.clear()
    },
  }
}

const helloText = eventText('hello', {})

function eventText(name: string, value: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`
}
