import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import type { Defect } from '../document.ts'
import { type Envelope, envelopeValue } from '../envelope.ts'
import { type HttpDefectCode, httpDefect } from './defects.ts'

/** The content of an HTTP message as its sender meant it: no content coding (RFC 9110 8.4) is left on it. */
export interface Entity {
  /** At most `contentBytesMax`; empty when unreadable. A view of the body where no coding was on it. */
  readonly bytes: Uint8Array
  /** `cut`: it begins so, and the rest wasn't kept or never came. `unreadable`: `defect` says why. */
  readonly extent: 'whole' | 'cut' | 'unreadable'
  readonly defect: Defect | null
}

export interface EntityOptions {
  readonly envelope?: Envelope | undefined
  /** The body's whole length on the wire, where `body` was cut by a limit. */
  readonly bodyBytes?: number | undefined
  /** Content longer than this once its coding is undone is not read. 16 MiB where left out. */
  readonly contentBytesMax?: number | undefined
}

export const contentBytesMaxDefault = 16_777_216

/**
 * Undoes the content codings that the envelope names: gzip, deflate (as zlib, or raw as some senders write it), br and zstd, at most three of them.
 * `body` is the frame's; a format's hints will do as options. Never throws.
 */
export function readEntity(body: Uint8Array, options: EntityOptions = {}): Entity {
  const isCut = (options.bodyBytes ?? body.byteLength) > body.byteLength
  const codings = contentCodings(options.envelope)
  if (body.byteLength === 0 || codings.length === 0) return { bytes: body, extent: isCut ? 'cut' : 'whole', defect: null }
  if (codings.length > codingsMax) return unreadable('HTTP_CODINGS_TOO_MANY')
  const bytesMax = options.contentBytesMax ?? contentBytesMaxDefault
  let entity: Entity = { bytes: body, extent: isCut ? 'cut' : 'whole', defect: null }
  // The codings stand in the order in which they were applied.
  for (const coding of [...codings].reverse()) {
    entity = undone(entity, coding, bytesMax)
    if (entity.extent === 'unreadable') return entity
  }
  return entity
}

/** The codings of `content-encoding`, in lower case, in their order, without `identity`. */
export function contentCodings(envelope: Envelope | undefined): readonly string[] {
  if (envelopeValue(envelope, 'content-encoding') === null) return none
  return (envelope ?? [])
    .filter(([name]) => name === 'content-encoding')
    .flatMap(([, value]) => value.split(','))
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity')
}

const none: readonly string[] = []
const codingsMax = 3

interface UndoOptions {
  readonly maxOutputLength: number
  readonly finishFlush?: number
}

/** What one coding needs: how to undo it, and the flush with which what came of a cut body is had. */
interface Coding {
  readonly undo: (bytes: Uint8Array, options: UndoOptions) => Uint8Array
  readonly cutFlush: number
}

const gzip: Coding = { undo: gunzipSync, cutFlush: constants.Z_SYNC_FLUSH }
// RFC 9659: who sends zstd over HTTP must not ask for a window beyond 8 MB.
const zstdParameters = { [constants.ZSTD_d_windowLogMax]: 23 }

const known: ReadonlyMap<string, Coding> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['deflate', { undo: inflateEither, cutFlush: constants.Z_SYNC_FLUSH }],
  ['br', { undo: brotliDecompressSync, cutFlush: constants.BROTLI_OPERATION_FLUSH }],
  [
    'zstd',
    {
      undo: (bytes, options) => zstdDecompressSync(bytes, { ...options, params: zstdParameters }),
      cutFlush: constants.ZSTD_e_flush,
    },
  ],
])

/** RFC 9110 8.4.1.2: some senders write `deflate` without the zlib header, whose check then fails. */
function inflateEither(bytes: Uint8Array, options: UndoOptions): Uint8Array {
  const isZlib = ((bytes[0] ?? 0) & 0x0f) === 8 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 === 0
  return isZlib ? inflateSync(bytes, options) : inflateRawSync(bytes, options)
}

function undone({ bytes, extent }: Entity, name: string, bytesMax: number): Entity {
  const coding = known.get(name)
  if (coding === undefined) return unreadable('HTTP_CODING_UNKNOWN')
  const limit = { maxOutputLength: bytesMax }
  try {
    const options = extent === 'cut' ? { ...limit, finishFlush: coding.cutFlush } : limit
    return { bytes: coding.undo(bytes, options), extent, defect: null }
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ERR_BUFFER_TOO_LARGE') return unreadable('HTTP_CONTENT_TOO_LARGE')
    if (code !== 'Z_BUF_ERROR' || extent === 'cut') return unreadable('HTTP_CODING_BROKEN')
    const begun = undone({ bytes, extent: 'cut', defect: null }, name, bytesMax)
    return begun.extent === 'cut' ? { ...begun, defect: httpDefect('HTTP_CODING_CUT') } : begun
  }
}

function unreadable(code: HttpDefectCode): Entity {
  return { bytes: new Uint8Array(0), extent: 'unreadable', defect: httpDefect(code) }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}
