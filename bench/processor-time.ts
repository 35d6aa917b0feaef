import { readFileSync } from 'node:fs'

/** User and system time of a process so far, in steps of 10 ms (proc(5), fields 14 and 15); 0 where there is none. */
export function cpuMsOf(pid: number | null): number {
  if (pid === null) return 0
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}
