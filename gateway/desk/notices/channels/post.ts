import { ChannelRefusal } from './channel.ts'

const answerBytesMax = 65_536

export interface Post {
  readonly url: string
  readonly method?: 'POST' | 'PUT'
  readonly headers: { readonly [name: string]: string }
  readonly body: string
  readonly signal: AbortSignal
}

/** Sends and gives the answer's text, at most 64 kB of it. Rejects with ChannelRefusal on anything but 2xx; follows no redirect. */
export async function post({ url, method = 'POST', headers, body, signal }: Post): Promise<string> {
  const answer = await fetch(url, { method, headers, body, signal, redirect: 'manual' }).catch((error: unknown) => {
    throw new ChannelRefusal(signal.aborted ? 'no answer in time' : `no connection (${codeOf(error)})`)
  })
  const text = await readSome(answer).catch(() => {
    throw new ChannelRefusal('the answer broke off')
  })
  if (!answer.ok) throw new ChannelRefusal(`answered ${answer.status}`)
  return text
}

async function readSome(answer: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of answer.body ?? []) {
    parts.push(part)
    bytes += part.length
    if (bytes >= answerBytesMax) break
  }
  return Buffer.concat(parts).subarray(0, answerBytesMax).toString('utf8')
}

/** The code of the system's error, as ECONNREFUSED; it stands in the cause of what fetch rejects with. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown'
}
