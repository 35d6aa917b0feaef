import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Address } from '../../gateway/model/address.ts'
import { freePorts } from '../support/ports.ts'

const jars = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'auscult-peers/kafka')
const tls = join(import.meta.dirname, '../../fixtures/tls')

/** What a real broker needs and isn't there, or null. */
export function missingKafka(): string | null {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' })
  if (java.error || java.status !== 0) return 'java is not installed'
  const version = Number(/version "(\d+)/.exec(java.stderr)?.[1] ?? 0)
  if (version < 17) return `java ${version} is too old for a Kafka 4 broker, 17 is needed`
  if (existsSync(jars) && readdirSync(jars).some((name) => name.startsWith('kafka_2.13-4'))) return null
  return `the jars are missing: mvn -q -f tests/peers/kafka/pom.xml dependency:copy-dependencies -DoutputDirectory=${jars.replace(homedir(), '$HOME')}`
}

/** An Apache Kafka 4 broker and controller in one Java process (KRaft), on free ports of loopback, in a folder of its own. */
export interface Broker extends AsyncDisposable {
  readonly address: Address
  /** Asks for TLS, and for the user `auscult` with the password `for-tests`. */
  readonly secureAddress: Address
  /** As if its machine had lost power. */
  kill(): Promise<void>
  /** Begins again, on the same ports and what was on its disk. */
  start(): Promise<void>
  /** Runs one of Kafka's own tools to its end, with these lines as its input. Rejects when it fails. */
  tool(name: string, args: readonly string[], input?: string): Promise<string>
  /** The same, without waiting for its end. */
  begin(name: string, args: readonly string[]): ChildProcess
}

export async function startBroker(): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-kafka-'))
  const [port = 0, securePort = 0, controllerPort = 0] = await freePorts(3)
  const properties = join(folder, 'server.properties')
  writeFileSync(properties, propertiesOf(folder, port, securePort, controllerPort))
  const run = (name: string, args: readonly string[]) =>
    spawn('java', ['-Xmx256m', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', join(jars, '*'), name, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: folder,
    })
  const children = new Set<ChildProcess>()
  /** The last that the broker, or a tool that runs beside, complained of. */
  let complaints = ''
  const begin = (name: string, args: readonly string[]) => {
    const child = run(name, args)
    children.add(child)
    child.on('exit', () => children.delete(child))
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part) => {
        complaints = (complaints + String(part)).slice(-4_000)
      })
    return child
  }
  const tool = async (name: string, args: readonly string[], input = '') => {
    const child = run(name, args)
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => (said += String(part)))
    child.stdin.end(input)
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
    if (code !== 0) throw new Error(`${name} ended with ${code}: ${said.slice(-2_000)}`)
    return said
  }
  let broker: ChildProcess | null = null
  const kill = async () => {
    const dying = broker
    broker = null
    if (dying === null || dying.exitCode !== null) return
    const gone = new Promise((resolve) => dying.on('exit', resolve))
    dying.kill('SIGKILL')
    await gone
  }
  const start = async () => {
    broker = begin('kafka.Kafka', [properties])
    for (const one of [port, securePort]) while (!(await accepts(one))) await unlessDead(broker, () => complaints)
  }
  await tool('kafka.tools.StorageTool', ['format', '-t', 'AAAAAAAAAAAAAAAAAAAAAA', '-c', properties])
  await start()
  return {
    address: { host: '127.0.0.1', port },
    secureAddress: { host: 'localhost', port: securePort },
    kill,
    start,
    tool,
    begin,
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill('SIGKILL')
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function propertiesOf(folder: string, port: number, securePort: number, controllerPort: number): string {
  const pem = join(folder, 'server.pem')
  const read = (name: string) => readFileSync(join(tls, name), 'utf8')
  // Java reads keys as PKCS #8 alone.
  const key = createPrivateKey(read('server.key')).export({ type: 'pkcs8', format: 'pem' })
  writeFileSync(pem, [key, read('server.crt'), read('ca.crt')].join('\n'))
  return `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAIN://127.0.0.1:${port},SECURE://127.0.0.1:${securePort},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAIN://127.0.0.1:${port},SECURE://localhost:${securePort}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAIN
listener.security.protocol.map=PLAIN:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT
listener.name.secure.sasl.enabled.mechanisms=PLAIN
listener.name.secure.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_auscult="for-tests";
listener.name.secure.ssl.keystore.type=PEM
listener.name.secure.ssl.keystore.location=${pem}
log.dirs=${join(folder, 'data')}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
num.partitions=1
`
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port })
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

async function unlessDead(broker: ChildProcess, complaints: () => string): Promise<void> {
  if (broker.exitCode !== null) throw new Error(`the broker ended with ${broker.exitCode}: ${complaints()}`)
  await delay(200)
}
