import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Failure } from '../../../gateway/model/failure.ts'
import { failure } from '../../../gateway/model/failures.ts'
import type { CaptureCutter, CapturedPacket } from './packet.ts'
import { isPcap, pcapCutter } from './pcap.ts'
import { isPcapng, pcapngCutter } from './pcapng.ts'

/**
 * The packets of one capture file, pcap or pcapng, gzip'd or not, in the file's order and as they are read: memory stays the same
 * whatever the file's size. INPUT_NOT_FOUND, INPUT_UNREADABLE, CAPTURE_NOT_A_CAPTURE reject. A file that ends inside a packet, or makes no sense any
 * more, ends the packets: `warn` is told.
 */
export async function* packetsOf(path: string, warn: (failure: Failure) => void): AsyncGenerator<readonly CapturedPacket[]> {
  let cutter: CaptureCutter | null = null
  let head: Buffer = Buffer.alloc(0)
  let isCutShort = false
  const place = { place: { file: path } }
  try {
    for await (const chunk of await chunksOf(path)) {
      head = cutter === null ? Buffer.concat([head, chunk]) : chunk
      if (cutter === null && head.length < 4) continue
      cutter ??= cutterFor(head, path)
      const packets = cutter.push(head)
      if (packets.length > 0) yield packets
      if (cutter.isBroken) break
    }
  } catch (error) {
    if (!isTornGzip(error)) throw error
    isCutShort = true
  }
  if (cutter === null) throw failure('CAPTURE_NOT_A_CAPTURE', 'The file is too short for a capture.', place)
  if (cutter.isBroken) warn(failure('CAPTURE_DAMAGED', 'The file makes no sense from some packet on.', place))
  else if (isCutShort || cutter.pendingBytes > 0) warn(failure('CAPTURE_TRUNCATED', 'The file ends inside a packet.', place))
}

function cutterFor(head: Buffer, path: string): CaptureCutter {
  if (isPcap(head)) return pcapCutter()
  if (isPcapng(head)) return pcapngCutter()
  throw failure('CAPTURE_NOT_A_CAPTURE', 'The file is neither pcap nor pcapng.', { place: { file: path } })
}

async function chunksOf(path: string): Promise<AsyncIterable<Buffer>> {
  const isZipped = await beginsAsGzip(path)
  const file = createReadStream(path, { highWaterMark: chunkBytes })
  if (!isZipped) return file
  const unzipped = createGunzip({ chunkSize: chunkBytes })
  // What goes wrong reaches the reader of `unzipped`.
  pipeline(file, unzipped, () => undefined)
  return unzipped
}

const chunkBytes = 256 * 1024

async function beginsAsGzip(path: string): Promise<boolean> {
  const head = Buffer.alloc(2)
  try {
    await using file = await open(path, 'r')
    await file.read(head, 0, 2, 0)
    return head[0] === 0x1f && head[1] === 0x8b
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const code = isMissing ? 'INPUT_NOT_FOUND' : 'INPUT_UNREADABLE'
    throw failure(code, isMissing ? 'There is no such file.' : "The file can't be read.", {
      place: { file: path },
      cause: error,
    })
  }
}

function isTornGzip(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'Z_BUF_ERROR' || error.code === 'Z_DATA_ERROR')
}
