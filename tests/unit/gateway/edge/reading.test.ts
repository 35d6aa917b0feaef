import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { Reading, readBy } from '../../../../gateway/edge/reading.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close()
})

/** A dialled connection, and the same as it was accepted and is read. */
async function connection(): Promise<{ dialled: Socket; read: Socket; reading: Reading }> {
  const reading = new Reading()
  const accepted = Promise.withResolvers<Socket | null>()
  const server = createServer({ allowHalfOpen: true }, (socket) => accepted.resolve(readBy(reading, socket))).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  const address = server.address()
  const dialled = connect({ port: typeof address === 'object' && address !== null ? address.port : 0, host: '127.0.0.1' })
  const read = await accepted.promise
  if (read === null) throw new Error('this Node gives no handle: plain connections are read as Node reads by itself')
  closing.push(
    () => server.close(),
    () => void dialled.destroy(),
    () => void read.destroy(),
  )
  return { dialled, read, reading }
}

describe('reading into memory of our own', () => {
  it('is what this Node can do for accepted connections; a half-close and an answer pass', async () => {
    const { dialled, read, reading } = await connection()
    const heard: string[] = []
    const ended = once(read, 'end')
    reading.flow(read, (bytes) => {
      heard.push(Buffer.from(bytes).toString())
      return 'done'
    })
    dialled.end('abc')
    await ended
    expect(heard.join('')).toBe('abc')
    const answer = once(dialled, 'data')
    read.end('def')
    expect(String((await answer)[0])).toBe('def')
  })

  it('keeps what comes before anybody looks, and notices an end meanwhile', async () => {
    const { dialled, read, reading } = await connection()
    const ended = once(read, 'end')
    dialled.end('early')
    await ended
    const heard: string[] = []
    reading.flow(read, (bytes) => {
      heard.push(Buffer.from(bytes).toString())
      return 'done'
    })
    expect(heard).toEqual(['early'])
  })

  it('notices a reset before anybody looks', async () => {
    const { dialled, read } = await connection()
    const failed = once(read, 'error')
    dialled.resetAndDestroy()
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' })
  })

  it('uses the same memory again, unless somebody holds it', async () => {
    const { dialled, read, reading } = await connection()
    const memories: ArrayBufferLike[] = []
    let heard: () => void = () => {}
    reading.flow(read, (bytes) => {
      memories.push(bytes.buffer)
      heard()
      return memories.length === 2 ? 'held' : 'done'
    })
    for (let n = 0; n < 4; n++) {
      const isHeard = new Promise<void>((resolve) => {
        heard = resolve
      })
      dialled.write('x')
      await isHeard
    }
    expect(memories[1]).toBe(memories[0])
    expect(memories[2]).not.toBe(memories[1])
    expect(memories[3]).toBe(memories[2])
  })
})
