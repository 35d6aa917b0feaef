import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { startCopySink } from '../../../../../adapters/sources/dicom-copies/copy-sink.ts'
import { PduGuard } from '../../../../../adapters/sources/dicom-copies/pdu-guard.ts'
import { systemClock } from '../../../../../gateway/clock.ts'

function pdu(type: number, length: number, body = length): Buffer {
  const bytes = Buffer.alloc(6 + body)
  bytes[0] = type
  bytes.writeUInt32BE(length, 2)
  return bytes
}

it('follows PDUs however they are cut, and refuses what is none or claims too much', () => {
  const whole = Buffer.concat([pdu(1, 300), pdu(4, 0), pdu(4, 70_000), pdu(5, 4)])
  for (const step of [1, 5, 6, 7, 1_000, whole.length]) {
    const guard = new PduGuard(70_000)
    const pieces = Array.from({ length: Math.ceil(whole.length / step) }, (_, i) => whole.subarray(i * step, (i + 1) * step))
    expect(pieces.every((piece) => guard.push(piece))).toBe(true)
  }
  expect(new PduGuard(70_000).push(pdu(4, 70_001, 0))).toBe(false)
  expect(new PduGuard().push(pdu(4, 0xffffffff, 0))).toBe(false)
  expect(new PduGuard().push(Buffer.from('GET / HTTP/1.1'))).toBe(false)
})

it('ends a connection that announces four gigabytes before it sends them', async () => {
  const sink = await startCopySink({
    listen: { host: '127.0.0.1', port: 0 },
    calledAe: null,
    idleMs: 60_000,
    connectionsMax: 4,
    clock: systemClock(),
  })
  try {
    const socket = connect(sink.address.port, sink.address.host)
    socket.on('error', () => {})
    const closed = new Promise((resolve) => {
      socket.on('close', resolve)
    })
    socket.write(pdu(4, 0xffffffff, 100))
    await closed
  } finally {
    await sink.close()
  }
})

it('says which address it could not take', async () => {
  const first = await startCopySink({
    listen: { host: '127.0.0.1', port: 0 },
    calledAe: null,
    idleMs: 1_000,
    connectionsMax: 1,
    clock: systemClock(),
  })
  await expect(
    startCopySink({ listen: first.address, calledAe: null, idleMs: 1_000, connectionsMax: 1, clock: systemClock() }),
  ).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
  await first.close()
})

it('closes a connection on which nothing comes', async () => {
  const clock = manualClock()
  const sink = await startCopySink({
    listen: { host: '127.0.0.1', port: 0 },
    calledAe: null,
    idleMs: 1_000,
    connectionsMax: 4,
    clock,
  })
  const socket = connect(sink.address.port, sink.address.host)
  const closed = new Promise((resolve) => {
    socket.on('close', resolve)
  })
  await clock.waiting
  clock.pass()
  await closed
  await sink.close()
})

/** Time passes when the test says so. */
function manualClock() {
  const waiting = Promise.withResolvers<void>()
  let due = () => {}
  return {
    now: () => 0,
    monotonic: () => 0,
    after: (_delayMs: number, run: () => void) => {
      due = run
      waiting.resolve()
      return () => {}
    },
    waiting: waiting.promise,
    pass: () => due(),
  }
}
