import type { Probe } from '../../gateway/model/probe.ts'
import { dial } from './dial.ts'
import { ms, type ProbeAnswer, type ProbeContext, yes } from './probe-answer.ts'

/** Whether somebody accepts a connection. Says nothing on it, and closes it. */
export async function probeTcp(probe: Extract<Probe, { kind: 'tcp' }>, context: ProbeContext): Promise<ProbeAnswer> {
  const { clock, signal } = context
  const begunMs = clock.monotonic()
  const socket = await dial(probe.address, signal)
  const connectMs = ms(clock.monotonic() - begunMs)
  socket.end()
  socket.destroy()
  return yes({ connectMs })
}
