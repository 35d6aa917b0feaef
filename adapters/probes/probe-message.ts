import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Failure } from '../../gateway/model/failure.ts'
import { failure } from '../../gateway/model/failures.ts'

const messageBytesMax = 65_536
const builtMax = 100

/** Messages as they were built, by the bytes of their files: built once, sent a thousand times. */
const built = new Map<string, string>()

/** Builds the message of a file, unless it was built before. PROBE_MESSAGE_UNREADABLE when it is no HL7 v2 message in ASCII or UTF-8. */
export async function prepareMessage(path: string, signal: AbortSignal): Promise<string> {
  const content = await contentOf(path)
  const known = built.get(content) ?? (await build(content, signal))
  if (built.size >= builtMax) built.clear()
  built.set(content, known)
  return known
}

/** The message of a file with that time in MSH-7 and that control id in MSH-10, neither of which may hold a delimiter. Rejects as `prepareMessage` does. */
export async function probeMessage(
  path: string,
  own: { readonly stamp: string; readonly controlId: string },
  signal: AbortSignal,
): Promise<Buffer> {
  const known = await prepareMessage(path, signal)
  const [msh = '', ...rest] = known.split('\r')
  const separator = msh[3] ?? '|'
  const fields = msh.split(separator)
  // MSH-1 is the separator itself, so that a field stands one place before its number.
  const place = (number: number) => number - 1
  const filled = Array.from({ length: Math.max(fields.length, 12) }, (_, i) =>
    i === place(7) ? own.stamp : i === place(10) ? own.controlId : (fields[i] ?? ''),
  )
  return Buffer.from(`${[filled.join(separator), ...rest].join('\r')}\r`)
}

async function contentOf(path: string): Promise<string> {
  try {
    const bytes = await readFile(path)
    if (bytes.length > messageBytesMax) throw unreadable(null)
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw unreadable(cause)
  }
}

/** Has node-hl7-client build the message, in a process of its own: see build-message.ts. */
async function build(content: string, signal: AbortSignal): Promise<string> {
  const program = fileURLToPath(new URL('./build-message.ts', import.meta.url))
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    stdio: ['pipe', 'pipe', 'ignore'],
    signal,
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  // A builder that is gone before it has read everything says so by its end.
  child.stdin.on('error', () => {})
  child.stdin.end(content)
  const [message, code] = await Promise.all([text(child.stdout), ended])
  if (code !== 0 || !message.startsWith('MSH')) throw unreadable(null)
  return message
}

function unreadable(cause: unknown): Failure {
  return failure('PROBE_MESSAGE_UNREADABLE', "a probe's message file is no HL7 v2 message in ASCII or UTF-8", { cause })
}
