import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { decidingAnswer } from '../../gateway/model/exchange.ts'
import { withoutPeers } from './missing.ts'
import { edgeInFrontOf } from './through-edge.ts'

const jars = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'auscult-peers/hapi')
const program = join(import.meta.dirname, 'hapi/Hapi.java')
const count = 200
/** HAPI writes its counter of control ids, `id_file`, where it stands. */
const cwd = mkdtempSync(join(tmpdir(), 'auscult-hapi-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const reason = missing()
if (reason !== null) withoutPeers(reason)

describe.skipIf(reason !== null)('HAPI HL7v2', () => {
  test('sends to HAPI through the edge: all arrives, every acknowledgment goes back, every exchange is answered', {
    timeout: 120_000,
  }, async () => {
    const receiver = hapi('receive')
    const edge = await edgeInFrontOf(Number((await line(receiver, /^port (\d+)$/m))[1]))
    try {
      const sender = hapi('send', '127.0.0.1', String(edge.port), String(count))
      const acks = (await endOf(sender)).matchAll(/^ack (\S+) (\S+)$/gm)
      const ids = Array.from({ length: count }, (_, i) => `HAPI${i + 1}`)
      expect([...acks].map(([, id, code]) => `${id} ${code}`)).toEqual(ids.map((id) => `${id} AA`))
      receiver.child.stdin.end('\n')
      const got = (await endOf(receiver)).matchAll(/^got (\S+) (\S+)$/gm)
      expect([...got].map(([, id, name]) => `${id} ${name}`)).toEqual(ids.map((id, i) => `${id} 张三${i + 1}`))

      const exchanges = await edge.close()
      expect(exchanges.map((e) => e.controlId)).toEqual(ids)
      expect(new Set(exchanges.map((e) => e.outcome))).toEqual(new Set(['answered']))
      expect(new Set(exchanges.map((e) => `${e.type} ${decidingAnswer(e)?.code}`))).toEqual(new Set(['ADT^A01 AA']))
      expect(exchanges.flatMap((e) => e.wire)).toEqual([])
    } finally {
      receiver.child.kill('SIGKILL')
      await edge.close()
    }
  })
})

/** What is not there, or null. */
function missing(): string | null {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' })
  if (java.error || java.status !== 0) return 'java is not installed'
  const version = Number(/version "(\d+)/.exec(java.stderr)?.[1] ?? 0)
  // One source file run as it is (JEP 330), and its text in UTF-8 (JEP 400 from 18 on, an option before).
  if (version < 17) return `java ${version} is too old, 17 is needed`
  if (existsSync(jars) && readdirSync(jars).some((name) => name.startsWith('hapi-base'))) return null
  return `the jars are missing: mvn -q -f tests/peers/hapi/pom.xml dependency:copy-dependencies -DoutputDirectory=${jars.replace(homedir(), '$HOME')}`
}

interface Hapi {
  readonly child: ChildProcessWithoutNullStreams
  said: string
  complained: string
}

function hapi(...args: readonly string[]): Hapi {
  const utf8 = ['-Dfile.encoding=UTF-8', '-Dstdout.encoding=UTF-8', '-Dsun.stdout.encoding=UTF-8']
  const child = spawn('java', [...utf8, '-cp', join(jars, '*'), program, ...args], { stdio: 'pipe', cwd })
  const running: Hapi = { child, said: '', complained: '' }
  child.stdout.setEncoding('utf8').on('data', (part) => {
    running.said += String(part)
  })
  child.stderr.setEncoding('utf8').on('data', (part) => {
    running.complained += String(part)
  })
  return running
}

/** The first line that matches, once it was said. */
async function line(running: Hapi, pattern: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const match = pattern.exec(running.said)
    if (match) return match
    await new Promise<void>((resolve, reject) => {
      running.child.stdout.once('data', () => resolve())
      running.child.once('exit', () => reject(new Error(`HAPI ended: ${running.complained.slice(0, 2_000)}`)))
    })
  }
}

/** Everything that it said, once it has ended well. */
async function endOf(running: Hapi): Promise<string> {
  const code = await new Promise<number | null>((resolve) => {
    if (running.child.exitCode !== null) resolve(running.child.exitCode)
    else running.child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`HAPI ended with ${code}: ${running.complained.slice(0, 2_000)}`)
  return running.said
}
