import process from 'node:process'
import { runProbe } from '../../adapters/probes/run-probe.ts'
import { readSoundConfig, systemClock } from '../app.ts'
import { failure } from '../model/failures.ts'
import type { Catalogue, Interface } from '../model/interface.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Probe, ProbePlan } from '../model/probe.ts'
import type { Subject } from '../model/subject.ts'
import { readArguments } from './arguments.ts'

const usage = 'auscult probe INTERFACE|SYSTEM --config FILE [--json]'

/**
 * Asks once, now, everything that is configured for an interface or a system; of an interface without probes, what is natural for its protocol, of the
 * upstream that its proxy dials. A line each, or JSON. Exit 0: all say yes; 1: one says no; Failure: nothing can be asked.
 */
export async function probe(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { config: { type: 'string' }, json: { type: 'boolean' } }, usage)
  const [id, ...more] = positionals
  if (id === undefined || more.length > 0)
    throw failure('ARGUMENTS_INVALID', `one interface or system, please; usage: ${usage}`)
  if (values.config === undefined) throw failure('ARGUMENTS_INVALID', `--config is missing; usage: ${usage}`)
  const config = await readSoundConfig(values.config)
  const { subject, probes } = asked(config.catalogue, id)
  const { signal } = new AbortController()
  const timezone = config.catalogue.hospital.timezone
  const found: Measurement[] = []
  for (const one of probes) {
    const measurement = await runProbe(one, { subject, clock: systemClock, timezone, signal })
    found.push(measurement)
    if (values.json !== true) process.stdout.write(`${line(one, measurement)}\n`)
  }
  if (values.json === true) process.stdout.write(`${JSON.stringify({ subject, probes: found }, null, 2)}\n`)
  return found.some(({ verdict }) => verdict === 'no') ? 1 : 0
}

function asked(catalogue: Catalogue, id: string): { subject: Subject; probes: readonly Probe[] } {
  const iface = catalogue.interfaces.find((known) => known.id === id)
  const system = catalogue.systems.find((known) => known.id === id)
  if (!iface && !system) throw failure('ARGUMENTS_INVALID', `the configuration has no interface or system "${id}"`)
  const configured = (iface ?? system)?.probes ?? []
  const probes = configured.length > 0 ? configured : iface ? naturalProbes(iface) : []
  if (probes.length === 0) throw failure('PROBE_NOT_CONFIGURED', `there is nothing to ask "${id}" for`)
  return { subject: { kind: iface ? 'interface' : 'system', id }, probes }
}

const plan: ProbePlan = { everyMs: null, at: [], timeoutMs: 5_000 }

/** What may be asked of anybody who speaks that protocol: nothing that a receiver would have to store or answer for. */
function naturalProbes({ sources, protocol }: Interface): readonly Probe[] {
  if (sources.proxy === null) return []
  const { upstream: address, upstreamTls } = sources.proxy
  const found: Probe[] = [{ ...plan, kind: 'tcp', address }]
  if (upstreamTls !== null) {
    const { serverName, ca } = upstreamTls
    found.push({ ...plan, kind: 'tls', address, serverName, ca, daysLeftMin: 30 })
  }
  if (protocol === 'http') {
    const host = address.host.includes(':') ? `[${address.host}]` : address.host
    const url = `${upstreamTls === null ? 'http' : 'https'}://${host}:${address.port}/`
    // Any answer shows that somebody speaks HTTP: what lies at the root is nobody's promise.
    const statuses = Array.from({ length: 300 }, (_, i) => 200 + i)
    found.push({ ...plan, kind: 'http', url, method: 'HEAD', statuses, ca: upstreamTls?.ca ?? null })
  }
  return found
}

/** `tcp     yes  3.1 ms  connectMs 3`, `tls  no  CERT_HAS_EXPIRED  ...`. */
function line(asked: Probe, { verdict, code, tookMs, facts }: Measurement): string {
  const where = 'address' in asked ? `${asked.address.host}:${asked.address.port}` : asked.url
  const words = Object.entries(facts).map(([name, value]) => `${name} ${value ?? '-'}`)
  return [asked.kind.padEnd(6), (verdict ?? '-').padEnd(3), code ?? '', `${tookMs} ms`, where, ...words]
    .filter((part) => part !== '')
    .join('  ')
}
