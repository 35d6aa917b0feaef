import type { Measurement } from '../../gateway/model/measurement.ts'
import type { Probe } from '../../gateway/model/probe.ts'
import type { Subject } from '../../gateway/model/subject.ts'
import type { Clock, Millis } from '../../gateway/model/time.ts'
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

/** What comes before the asking, once for each message file, may take so long. */
const preparationMsMax = 30_000

/** Asks once. Never rejects, and always ends within the probe's time-out, whatever the peer or a library does: code ETIMEDOUT. */
export async function runProbe(probe: Probe, run: ProbeRun): Promise<Measurement> {
  const { clock, subject } = run
  const unprepared = await within(preparationMsMax, run, (context) => prepare(probe, context))
  const at = clock.now()
  const begunMs = clock.monotonic()
  const answer = unprepared ?? (await within(probe.timeoutMs, run, (context) => ask(probe, context))) ?? no('PROBE_FAILED')
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

/** What `work` says, or the no that its error, its time-out or the run's end makes of it. */
async function within(
  timeoutMs: Millis,
  { clock, timezone, signal }: ProbeContext,
  work: (context: ProbeContext) => Promise<ProbeAnswer | null>,
): Promise<ProbeAnswer | null> {
  const ending = new AbortController()
  const ended = Promise.withResolvers<ProbeAnswer>()
  const end = (code: string) => {
    ended.resolve(no(code))
    ending.abort()
  }
  const cancel = clock.after(timeoutMs, () => end('ETIMEDOUT'))
  const stop = () => end('PROBE_BROKEN_OFF')
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    const asked = work({ clock, timezone, signal: ending.signal })
    return await Promise.race([asked.catch((error: unknown) => no(codeOf(error))), ended.promise])
  } finally {
    cancel()
    signal.removeEventListener('abort', stop)
    ending.abort()
  }
}

/** What is done before the clock of the probe runs. Null: it may ask. */
async function prepare(probe: Probe, { signal }: ProbeContext): Promise<null> {
  if (probe.kind === 'mllp') await (await import('./probe-message.ts')).prepareMessage(probe.message, signal)
  return null
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
