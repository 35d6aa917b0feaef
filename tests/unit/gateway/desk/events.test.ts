import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { createEventStream } from '../../../../gateway/desk/api/events.ts'
import type { Changes, Store } from '../../../../gateway/store/store.ts'
import { manualClock } from '../../../support/clock.ts'

/** A store that answers when it is told to. */
function slowStore() {
  const waiting: ((changes: Changes) => void)[] = []
  let change = 1
  const changes: Store['changes'] = () => new Promise((resolve) => waiting.push(resolve))
  return {
    changes,
    asked: () => waiting.length,
    answer: async () => {
      change += 1
      for (const resolve of waiting.splice(0)) resolve({ change, interfaceIds: ['a'], ticketIds: [], systemIds: [] })
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

/** A page's connection of which nothing arrives: what is written stays in it. */
function page() {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  const errors: Error[] = []
  response.on('error', (error) => errors.push(error))
  const lines: string[] = []
  const write = response.write.bind(response)
  response.write = (text: string) => {
    lines.push(text)
    return write(text)
  }
  return { response, errors, said: () => lines.join('') }
}

test('who comes while the store answers for who left does not have it asked twice a second', async () => {
  const clock = manualClock()
  const store = slowStore()
  const events = createEventStream(store, clock, () => {})
  const first = page()
  events.connect(first.response, async () => true)
  first.response.emit('close')
  events.connect(page().response, async () => true)
  expect(store.asked()).toBe(1)
  await store.answer()
  clock.advance(1_000)
  expect(store.asked()).toBe(1)
  events.close()
  await store.answer()
  clock.advance(1_000)
  expect(store.asked()).toBe(0)
})

test('hello is said when nothing that changes from then on is missed, and not before', async () => {
  const clock = manualClock()
  const store = slowStore()
  const events = createEventStream(store, clock, () => {})
  const { response, said } = page()
  events.connect(response, async () => true)
  expect(said()).not.toContain('event: hello')
  await store.answer()
  expect(said()).toContain('event: hello')
  const second = page()
  events.connect(second.response, async () => true)
  expect(second.said()).toContain('event: hello')
  clock.advance(1_000)
  await store.answer()
  expect(said()).toContain('event: interfaces')
  events.close()
})

test('who may stay no longer is told nothing more, however slowly the page takes its end', async () => {
  const clock = manualClock()
  const store = slowStore()
  const events = createEventStream(store, clock, () => {})
  const { response, errors } = page()
  events.connect(response, async () => false)
  events.connect(page().response, async () => true)
  clock.advance(15_000)
  await store.answer()
  expect(response.writableEnded).toBe(true)
  clock.advance(1_000)
  await store.answer()
  expect(errors).toEqual([])
  events.close()
})
