import { execFile } from 'node:child_process'
import type { EdgeHealth } from './model/entry.ts'
import type { Clock } from './model/time.ts'

const askEveryMs = 60_000
const answerWithinMs = 5_000

/**
 * What this machine says of its own clock: chrony's tracking, or else systemd's flag, or else nothing known. Asked once a minute in the
 * background; `now` answers at once with the newest. `stop` breaks a question off that is being asked; nothing is asked after it.
 */
export function watchClockHealth(clock: Clock): { now(): EdgeHealth['clock']; stop(): Promise<void> } {
  let newest: EdgeHealth['clock'] = { synchronised: null, errorBoundMs: null }
  let cancel = () => {}
  const ending = new AbortController()
  const ask = async () => {
    newest = (await askChrony(ending.signal)) ?? (await askSystemd(ending.signal)) ?? { synchronised: null, errorBoundMs: null }
    if (ending.signal.aborted) return
    cancel = clock.after(askEveryMs, () => {
      asking = ask()
    })
  }
  let asking = ask()
  return {
    now: () => newest,
    async stop() {
      ending.abort()
      cancel()
      await asking
    },
  }
}

/** `chronyc -c tracking`: leap status in the last column; root delay and dispersion bound the error (RFC 5905 11.3: delay/2 + dispersion). */
async function askChrony(signal: AbortSignal): Promise<EdgeHealth['clock'] | null> {
  const columns = (await run('chronyc', ['-c', 'tracking'], signal))?.trim().split(',')
  if (!columns || columns.length < 14) return null
  const [offsetS, delayS, dispersionS] = [columns[4], columns[10], columns[11]].map(Number)
  if (offsetS === undefined || delayS === undefined || dispersionS === undefined) return null
  const errorBoundMs = (Math.abs(offsetS) + delayS / 2 + dispersionS) * 1000
  return { synchronised: columns[13] !== 'Not synchronised', errorBoundMs: Number.isFinite(errorBoundMs) ? errorBoundMs : null }
}

async function askSystemd(signal: AbortSignal): Promise<EdgeHealth['clock'] | null> {
  const answer = (await run('timedatectl', ['show', '--property=NTPSynchronized', '--value'], signal))?.trim()
  return answer === 'yes' || answer === 'no' ? { synchronised: answer === 'yes', errorBoundMs: null } : null
}

/** Null when the program is missing, fails, or takes too long. */
function run(program: string, args: readonly string[], signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: answerWithinMs, signal }, (error, stdout) => resolve(error ? null : stdout))
  })
}
