import type { Measurement } from '../../gateway/model/measurement.ts'
import type { Probe } from '../../gateway/model/probe.ts'
import type { Subject } from '../../gateway/model/subject.ts'
import type { Clock } from '../../gateway/model/time.ts'
import { codeOf, ms, no, type ProbeAnswer, type ProbeContext } from './probe-answer.ts'

export interface ProbeRun {
  readonly subject: Subject
  readonly clock: Clock
  readonly timezone: string
  /** Breaks it off; it then ends with code PROBE_BROKEN_OFF. */
  readonly signal: AbortSignal
  /** Wall clock of the scheduled inspection that this is, as `07:00`; left out: none. */
  readonly inspection?: string
}

/** Asks once. Never rejects, and always ends within the probe's time-out, whatever the peer or a library does: code ETIMEDOUT. */
export async function runProbe(probe: Probe, run: ProbeRun): Promise<Measurement> {
  const { clock, subject, timezone, signal } = run
  const at = clock.now()
  const begunMs = clock.monotonic()
  const answer = await within(probe, { clock, timezone, signal })
  return {
    name: 'probe',
    by: probe.kind,
    subject,
    at,
    verdict: answer.verdict,
    code: answer.code,
    tookMs: ms(clock.monotonic() - begunMs),
    facts: { ...answer.facts, ...(run.inspection === undefined ? {} : { inspection: run.inspection }) },
  }
}

async function within(probe: Probe, { clock, timezone, signal }: ProbeContext): Promise<ProbeAnswer> {
  const ending = new AbortController()
  const ended = Promise.withResolvers<ProbeAnswer>()
  const end = (code: string) => {
    ended.resolve(no(code))
    ending.abort()
  }
  const cancel = clock.after(probe.timeoutMs, () => end('ETIMEDOUT'))
  const stop = () => end('PROBE_BROKEN_OFF')
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    const asked = ask(probe, { clock, timezone, signal: ending.signal })
    return await Promise.race([asked.catch((error: unknown) => no(codeOf(error))), ended.promise])
  } finally {
    cancel()
    signal.removeEventListener('abort', stop)
    ending.abort()
  }
}

/** Each kind is loaded when it is first asked: their libraries are large, and most hospitals use few of them. */
async function ask(probe: Probe, context: ProbeContext): Promise<ProbeAnswer> {
  switch (probe.kind) {
    case 'tcp':
      return (await import('./tcp.ts')).probeTcp(probe, context)
    case 'tls':
      return (await import('./tls.ts')).probeTls(probe, context)
    case 'mllp':
      return (await import('./mllp.ts')).probeMllp(probe, context)
    case 'c-echo':
      return (await import('./c-echo.ts')).probeEcho(probe, context)
    case 'fhir':
      return (await import('./fhir.ts')).probeFhir(probe, context)
    case 'http':
      return (await import('./http.ts')).probeHttp(probe, context)
    case 'ntp':
      return (await import('./ntp.ts')).probeNtp(probe, context)
    default:
      return probe satisfies never
  }
}
