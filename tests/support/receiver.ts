import { createServer, type IncomingHttpHeaders } from 'node:http'

export interface Answer {
  readonly status: number
  readonly body: string
}

export interface Received {
  readonly url: string
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** What it was answered; null: nothing. */
  readonly status: number | null
}

/** An HTTP server that keeps what it is sent. */
export interface Receiver {
  readonly url: string
  readonly received: readonly Received[]
  /** What it answers from now on. Null: nothing, and the connection stays open. */
  answer: Answer | null | ((count: number) => Answer)
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8')
      const answer = typeof receiver.answer === 'function' ? receiver.answer(received.length) : receiver.answer
      const { url = '', method = '', headers } = request
      received.push({ url, method, headers, body, status: answer?.status ?? null })
      if (answer !== null) response.writeHead(answer.status, { location: '/elsewhere' }).end(answer.body)
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
