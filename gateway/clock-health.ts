import { execFile } from 'node:child_process'
import type { EdgeHealth } from './model/entry.ts'
import type { Clock } from './model/time.ts'

const askEveryMs = 60_000
const answerWithinMs = 5_000

/**
 * What this machine says of its own clock: chrony's tracking, or else systemd's flag, or else nothing known. Asked once a minute in the
 * background; the returned function answers at once with the newest.
 */
export function watchClockHealth(clock: Clock): { now(): EdgeHealth['clock']; stop(): void } {
  let newest: EdgeHealth['clock'] = { synchronised: null, errorBoundMs: null }
  let cancel = () => {}
  const ask = async () => {
    newest = (await askChrony()) ?? (await askSystemd()) ?? { synchronised: null, errorBoundMs: null }
    cancel = clock.after(askEveryMs, ask)
  }
  void ask()
  return { now: () => newest, stop: () => cancel() }
}

/** `chronyc -c tracking`: leap status in the last column; root delay and dispersion bound the error (RFC 5905 11.3: delay/2 + dispersion). */
async function askChrony(): Promise<EdgeHealth['clock'] | null> {
  const columns = (await run('chronyc', ['-c', 'tracking']))?.trim().split(',')
  if (!columns || columns.length < 14) return null
  const [offsetS, delayS, dispersionS] = [columns[4], columns[10], columns[11]].map(Number)
  if (offsetS === undefined || delayS === undefined || dispersionS === undefined) return null
  const errorBoundMs = (Math.abs(offsetS) + delayS / 2 + dispersionS) * 1000
  return { synchronised: columns[13] !== 'Not synchronised', errorBoundMs: Number.isFinite(errorBoundMs) ? errorBoundMs : null }
}

async function askSystemd(): Promise<EdgeHealth['clock'] | null> {
  const answer = (await run('timedatectl', ['show', '--property=NTPSynchronized', '--value']))?.trim()
  return answer === 'yes' || answer === 'no' ? { synchronised: answer === 'yes', errorBoundMs: null } : null
}

/** Null when the program is missing, fails, or takes too long. */
function run(program: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: answerWithinMs }, (error, stdout) => resolve(error ? null : stdout))
  })
}
