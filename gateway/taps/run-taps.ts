import { FileGate } from '../../adapters/sources/files/file-gate.ts'
import type { Entry } from '../model/entry.ts'
import type { Catalogue, Interface } from '../model/interface.ts'
import type { Logger } from '../model/logger.ts'
import type { Probe } from '../model/probe.ts'
import type { Subject } from '../model/subject.ts'
import type { TapContext, TapMemory } from '../model/tap.ts'
import { type Clock, type Millis, pause } from '../model/time.ts'
import { nextDue } from './schedule.ts'

/** What reads and asks beside the wires: everything that it needs, and nothing of the edge. */
export interface TapsOptions {
  readonly catalogue: Catalogue
  readonly bodyBytesMax: number
  /** Resolves when the Log has kept the entries. Rejects when `signal` ends the wait. */
  emit(entries: readonly Entry[]): Promise<void>
  readonly clock: Clock
  readonly logger: Logger
  readonly signal: AbortSignal
  memoryOf(interfaceId: string): TapMemory
}

/** Probes that ask at the same time: a resolver that hangs holds a thread for each. */
const probesAtOnce = 2
/** A source that ended by a fault of ours begins again after this. */
const restartMs: Millis = 10_000

/** Whether a catalogue has anything that is read or asked. */
export function hasTaps(catalogue: Catalogue): boolean {
  const isTapped = ({ sources, probes }: Interface) =>
    sources.kafka !== undefined || sources.files !== undefined || (probes?.length ?? 0) > 0
  return catalogue.interfaces.some(isTapped) || catalogue.systems.some(({ probes }) => (probes?.length ?? 0) > 0)
}

/** Reads every Kafka and files source of the catalogue and asks every probe when it is due, until `signal`. One that fails keeps no other from going on. */
export async function runTaps(options: TapsOptions): Promise<void> {
  const { catalogue } = options
  const gate = new FileGate(options.clock)
  const slots = new Slots(probesAtOnce)
  const running = catalogue.interfaces.flatMap((iface) => {
    const subject: Subject = { kind: 'interface', id: iface.id }
    return [
      ...sourcesOf(iface, options, gate),
      ...(iface.probes ?? []).map((probe, i) => ask(probe, subject, i, options, slots)),
    ]
  })
  for (const system of catalogue.systems) {
    const subject: Subject = { kind: 'system', id: system.id }
    running.push(...(system.probes ?? []).map((probe, i) => ask(probe, subject, i, options, slots)))
  }
  await Promise.all([...running, untilAborted(options.signal)])
}

function sourcesOf(iface: Interface, options: TapsOptions, gate: FileGate): readonly Promise<void>[] {
  const { kafka, files } = iface.sources
  const { catalogue, bodyBytesMax, clock, signal, emit } = options
  const { timezone } = catalogue.hospital
  const context: TapContext = { iface, timezone, bodyBytesMax, clock, signal, emit, memory: options.memoryOf(iface.id) }
  const running: Promise<void>[] = []
  if (kafka !== undefined)
    running.push(
      kept(`${iface.id} kafka`, options, async () => {
        const { readKafka } = await import('../../adapters/sources/kafka/read-kafka.ts')
        await readKafka(kafka, context)
      }),
    )
  if (files !== undefined)
    running.push(
      kept(`${iface.id} files`, options, async () => {
        const { readFiles } = await import('../../adapters/sources/files/read-files.ts')
        await readFiles(files, context, gate)
      }),
    )
  return running
}

async function ask(probe: Probe, subject: Subject, index: number, options: TapsOptions, slots: Slots): Promise<void> {
  const { clock, signal, emit, catalogue } = options
  const { timezone } = catalogue.hospital
  const name = `${subject.kind}:${subject.id}:${probe.kind}:${index}`
  await kept(name, options, async () => {
    const { runProbe } = await import('../../adapters/probes/run-probe.ts')
    while (!signal.aborted) {
      const due = nextDue(probe, name, clock.now(), timezone)
      if (due === null) return
      await pause(clock, Math.max(0, due.at - clock.now()), signal)
      if (signal.aborted) return
      const { inspection } = due
      const run = { subject, clock, timezone, signal, ...(inspection === null ? {} : { inspection }) }
      const measurement = await slots.run(() => runProbe(probe, run))
      await emit([{ kind: 'measurement', at: clock.now(), measurement }])
    }
  })
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve())
  })
}

/** Goes on after a fault of ours, which is logged. What goes wrong out there is measured by the source itself. */
async function kept(name: string, { clock, logger, signal }: TapsOptions, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    try {
      await work()
      return
    } catch (error) {
      if (signal.aborted) return
      logger.error(
        { tap: name, error: error instanceof Error ? error.name : 'unknown' },
        'a tap failed by a fault of ours; it begins again',
      )
      await pause(clock, restartMs, signal)
    }
  }
}

/** Lets so many run at once; the others wait in their order. */
class Slots {
  readonly #waiting: (() => void)[] = []
  #free: number

  constructor(count: number) {
    this.#free = count
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free += 1
      else next()
    }
  }
}
