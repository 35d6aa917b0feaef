import { Agent } from 'undici'
import { caOf } from './tls.ts'

/** Of an answer this much is read. */
const answerBytesMax = 16 * 1024 * 1024

/** One probe's own connections: nothing is kept open for the next one, which shall find out for itself. TLS_MATERIAL_UNREADABLE. */
export async function dispatcherFor(ca: string | null): Promise<Agent> {
  const pem = await caOf(ca)
  return new Agent({
    maxResponseSize: answerBytesMax,
    keepAliveTimeout: 1,
    connect: { noDelay: true, ...(pem === null ? {} : { ca: pem }) },
  })
}
