import { createServer, type IncomingHttpHeaders } from 'node:http'

export interface Received {
  readonly url: string
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** An HTTP server that keeps what it is sent. */
export interface Receiver {
  readonly url: string
  readonly received: readonly Received[]
  /** What it answers from now on. Null: nothing, and the connection stays open. */
  answer: { readonly status: number; readonly body: string } | null
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8')
      received.push({ url: request.url ?? '', method: request.method ?? '', headers: request.headers, body })
      if (receiver.answer === null) return
      response.writeHead(receiver.answer.status, { location: '/elsewhere' }).end(receiver.answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}`,
    received,
    answer: { status: 200, body: '{"errcode":0,"code":0}' },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}
