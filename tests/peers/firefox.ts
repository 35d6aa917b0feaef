import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Json } from '../../gateway/model/json.ts'
import { type JsonRecord, recordOf, textOf } from '../../gateway/model/saved.ts'

export const firefoxVersion = ['firefox-esr', '--version'] as const

/** A Firefox of this machine without a window, spoken to by WebDriver BiDi (W3C). */
export interface Firefox {
  /** What scripts of its pages threw, or wrote as errors, so far. */
  readonly complaints: string[]
  /** Goes there and waits until it is loaded. */
  open(address: string): Promise<void>
  /** The text of the first element that fits, as soon as there is one. Rejects after a minute. */
  textOf(selector: string): Promise<string>
  /** Clicks the first element that fits, as soon as there is one. Rejects after a minute. */
  click(selector: string): Promise<void>
  close(): Promise<void>
}

export async function startFirefox(): Promise<Firefox> {
  const profile = await mkdtemp(join(tmpdir(), 'auscult-firefox-'))
  const child = spawn('firefox-esr', ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'])
  const socket = new WebSocket(`${await addressSaidBy(child)}/session`)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error('Firefox takes no session')))
  })
  const complaints: string[] = []
  const waiting = new Map<number, (answer: JsonRecord) => void>()
  socket.addEventListener('message', ({ data }) => {
    const said = recordOf(JSON.parse(String(data)))
    const params = said.params === undefined ? {} : recordOf(said.params)
    if (said.method === 'log.entryAdded' && params.level === 'error') complaints.push(String(params.text))
    waiting.get(Number(said.id))?.(said)
  })
  const ask = async (method: string, params: Json) => {
    const id = waiting.size + 1
    const answer = new Promise<JsonRecord>((resolve) => waiting.set(id, resolve))
    socket.send(JSON.stringify({ id, method, params }))
    const { type, message, result } = await answer
    if (type === 'error') throw new Error(`${method}: ${String(message)}`)
    return recordOf(result)
  }
  await ask('session.new', { capabilities: {} })
  await ask('session.subscribe', { events: ['log.entryAdded'] })
  const { context } = await ask('browsingContext.create', { type: 'tab' })
  const tab = textOf(context)
  /** What the script says of the first element that fits (`found`). */
  const evaluated = async (selector: string, script: string): Promise<string> => {
    const { result } = await ask('script.evaluate', {
      expression: `new Promise((resolve, reject) => {
        const look = (tries) => {
          const found = document.querySelector(${JSON.stringify(selector)})
          if (found !== null) resolve(${script})
          else if (tries === 0) reject(new Error('nothing fits'))
          else setTimeout(() => look(tries - 1), 100)
        }
        look(600)
      })`,
      target: { context: tab },
      awaitPromise: true,
    })
    return textOf(recordOf(result).value)
  }
  return {
    complaints,
    open: async (url) => {
      await ask('browsingContext.navigate', { context: tab, url, wait: 'complete' })
    },
    textOf: (selector) => evaluated(selector, 'found.textContent'),
    click: async (selector) => {
      await evaluated(selector, "(found.click(), '')")
    },
    async close() {
      socket.close()
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill()
      await ended
      await rm(profile, { recursive: true, force: true })
    },
  }
}

/** Where it listens, as it says on its standard error. */
async function addressSaidBy(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('Firefox has no standard error')
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(line)?.[1]
    if (address === undefined) continue
    child.stderr.resume()
    return address
  }
  throw new Error('Firefox ended before it listened')
}
