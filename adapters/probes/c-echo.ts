import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Socket } from 'node:net'
import dimse from 'dcmjs-dimse'
import type { Probe } from '../../gateway/model/probe.ts'
import { ms, no, type ProbeAnswer, type ProbeContext, yes } from './probe-answer.ts'

const { Client } = dimse
const { CEchoRequest } = dimse.requests
// It would log hosts and titles to the console.
dimse.log.setLevel('silent')

/**
 * An association with the verification SOP class and one C-ECHO (PS3.4 A.4, PS3.7 9.1.5). No: `RJ-result-source-reason` of an A-ASSOCIATE-RJ (PS3.8 9.3.4),
 * ABORT, PC_REJECTED, the status as four hexadecimal digits, or the socket's code.
 */
export function probeEcho(probe: Extract<Probe, { kind: 'c-echo' }>, context: ProbeContext): Promise<ProbeAnswer> {
  const { clock, signal } = context
  const { address, callingAe, calledAe } = probe
  const answered = Promise.withResolvers<ProbeAnswer>()
  const begunMs = clock.monotonic()
  let connectMs: number | null = null
  let associateMs: number | null = null
  const since = () => ms(clock.monotonic() - begunMs)
  const facts = () => ({ connectMs, associateMs, echoMs: since() })

  const client = new Client()
  const request = new CEchoRequest()
  request.on('response', (response) => {
    const status = response.getStatus()
    const code = status.toString(16).toUpperCase().padStart(4, '0')
    answered.resolve(status === 0 ? yes({ ...facts(), status: code }) : no(code, { ...facts(), status: code }))
  })
  client.addRequest(request)
  client.on('connected', () => {
    connectMs = since()
  })
  client.on('associationAccepted', () => {
    associateMs = since()
  })
  client.on('associationRejected', (rejected) => answered.resolve(no(rejectionOf(rejected), { connectMs })))
  let socketError: Error | null = null
  client.on('networkError', (error) => answered.reject(socketError ?? error))
  // After an answer this says nothing new; before one, the peer aborted or left.
  client.on('closed', () => answered.resolve(no(associateMs === null ? 'ECONNRESET' : 'ABORT', facts())))

  const socket = sendHoldingSocket(() =>
    client.send(address.host, address.port, callingAe, calledAe, {
      connectTimeout: probe.timeoutMs,
      associationTimeout: probe.timeoutMs,
      pduTimeout: probe.timeoutMs,
    }),
  )
  // Without this the peer's delayed acknowledgment would add 40 ms of Nagle's waiting. A peer that keeps Nagle on, as DCMTK does, adds 40 ms of its own.
  socket?.setNoDelay(true)
  // The library makes a text of the socket's error; its code is asked for first.
  socket?.prependListener('error', (error) => {
    socketError = error
  })
  const stop = () => socket?.destroy()
  signal.addEventListener('abort', stop)
  return answered.promise
}

/** Runs it and hands out the socket that it opens: the library keeps it to itself, and Node tells of each new one. */
function sendHoldingSocket(send: () => void): Socket | null {
  let held: Socket | null = null
  const hold = (message: unknown) => {
    const socket: unknown = typeof message === 'object' && message !== null ? Reflect.get(message, 'socket') : null
    if (socket instanceof Socket) held = socket
  }
  subscribe('net.client.socket', hold)
  try {
    send()
  } finally {
    unsubscribe('net.client.socket', hold)
  }
  return held
}

function rejectionOf(rejected: unknown): string {
  const part = (key: string) => {
    const value: unknown = typeof rejected === 'object' && rejected !== null ? Reflect.get(rejected, key) : null
    return typeof value === 'number' ? value : 0
  }
  return `RJ-${part('result')}-${part('source')}-${part('reason')}`
}
