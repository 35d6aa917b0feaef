import fc from 'fast-check'
import {
  abort,
  associateAccept as acceptOf,
  type CommandFields,
  commandSet,
  dataPdu,
  implicit,
  message,
  type Proposed,
  pdu,
  pdv,
  reject,
  releaseAnswer,
  releaseRequest,
  associateRequest as requestOf,
  userInformation,
} from '../../fixtures/hospital/systems/dimse/bytes.ts'
import type { Side } from '../../gateway/model/frame.ts'

export const uids = {
  verification: '1.2.840.10008.1.1',
  ct: '1.2.840.10008.5.1.4.1.1.2',
  worklist: '1.2.840.10008.5.1.4.31',
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  big: '1.2.840.10008.1.2.2',
  deflated: '1.2.840.10008.1.2.1.99',
} as const

export const contexts: readonly Proposed[] = [
  { id: 1, abstract: uids.verification, transfers: [uids.implicit] },
  { id: 3, abstract: uids.ct, transfers: [uids.explicit, uids.implicit] },
]

/** The sub-items of user information that every implementation sends. */
export const usualUser = userInformation('1.2.3', 'TEST_1')
const titles = { called: 'PACS1', calling: 'CT01' }

export function associateRequest(proposed = contexts, user = usualUser): Buffer {
  return requestOf({ ...titles, user }, proposed)
}

/** Accepts each context with its first transfer syntax, or answers with the result given. */
export function associateAccept(proposed = contexts, results: readonly number[] = [], user = usualUser): Buffer {
  return acceptOf({ ...titles, user }, proposed, results)
}

export const echo = (id: number): Buffer =>
  commandSet([
    [0x0002, uids.verification],
    [0x0100, 0x0030],
    [0x0110, id],
    [0x0800, 0x0101],
  ])
export const store = (id: number): Buffer =>
  commandSet([
    [0x0002, uids.ct],
    [0x0100, 0x0001],
    [0x0110, id],
    [0x0700, 0],
    [0x0800, 1],
    [0x1000, '1.2.3.4'],
  ])
/** An answer to `field` without a data set. */
export const answer = (field: number, id: number, status: number, more: CommandFields = []): Buffer =>
  commandSet([[0x0100, field | 0x8000], [0x0120, id], [0x0800, 0x0101], [0x0900, status], ...more])

/** An element with its VR; the long form where the VR has it. */
export function explicit(group: number, element: number, vr: string, value: Buffer | string, length?: number): Buffer {
  const bytes = Buffer.from(value)
  const isLong = ['OB', 'OW', 'SQ', 'UN', 'UT'].includes(vr)
  const size = isLong ? Buffer.concat([Buffer.alloc(2), uint32LE(length ?? bytes.length)]) : uint16LE(length ?? bytes.length)
  return Buffer.concat([uint16LE(group), uint16LE(element), Buffer.from(vr), size, bytes])
}

export const undefinedLength = 0xffff_ffff
export const itemStart = (length = undefinedLength): Buffer => implicit(0xfffe, 0xe000, Buffer.alloc(0), length)
export const itemEnd = (): Buffer => implicit(0xfffe, 0xe00d, Buffer.alloc(0))
export const sequenceEnd = (): Buffer => implicit(0xfffe, 0xe0dd, Buffer.alloc(0))

/** What comes before the pixel data of a small CT. */
export const header = Buffer.concat([
  explicit(0x0008, 0x0016, 'UI', `${uids.ct}\0`),
  explicit(
    0x0008,
    0x1140,
    'SQ',
    Buffer.concat([itemStart(), explicit(0x0008, 0x1155, 'UI', '1.2.34'), itemEnd(), sequenceEnd()]),
    undefinedLength,
  ),
  explicit(0x0010, 0x0010, 'PN', 'TEST^CT '),
])
export const pixels = (byteCount: number): Buffer => explicit(0x7fe0, 0x0010, 'OW', Buffer.alloc(byteCount, 0x04))

export function uint16LE(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

export function uint32LE(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** Runs of either side: associations, messages in every arrangement of fragments, interleaved ones, broken ones and nonsense among them. */
export function dimseConversation(): fc.Arbitrary<readonly { readonly from: Side; readonly bytes: Buffer }[]> {
  const arrangement = fc.record({ fragmentBytes: fc.integer({ min: 1, max: 120 }), pdvsPerPdu: fc.integer({ min: 1, max: 4 }) })
  const dataSet = fc.constantFrom(
    header,
    Buffer.concat([header, pixels(300)]),
    pixels(20),
    Buffer.alloc(90, 0x41),
    Buffer.alloc(0),
  )
  const contextId = fc.constantFrom(1, 3, 3, 5)
  const whole = fc.oneof(
    fc
      .tuple(contextId, fc.integer({ min: 1, max: 3 }), dataSet, arrangement)
      .map(([id, n, set, how]) => message(id, store(n), set, how)),
    fc.tuple(contextId, fc.integer({ min: 1, max: 3 }), arrangement).map(([id, n, how]) => message(id, echo(n), null, how)),
    fc
      .tuple(contextId, fc.constantFrom(0x0001, 0x0020), fc.integer({ min: 1, max: 3 }), fc.constantFrom(0, 0xff00, 0xa700))
      .map(([id, field, n, status]) => message(id, answer(field, n, status))),
  )
  const broken = fc.oneof(
    fc
      .tuple(contextId, fc.boolean(), fc.boolean(), fc.uint8Array({ maxLength: 40 }))
      .map(([id, isCommand, isLast, bytes]) => dataPdu(pdv(id, isCommand ? 'command' : 'data', Buffer.from(bytes), isLast))),
    fc.integer({ min: 0, max: 14 }).map((length) => pdu(4, Buffer.alloc(length, 0x03))),
    fc.constantFrom(
      pdu(4, pdv(3, 'data', Buffer.alloc(20)), 0xffff_ffff),
      pdu(1, Buffer.alloc(90, 0x20)),
      pdu(7, Buffer.alloc(0)),
      pdu(3, Buffer.alloc(9)),
    ),
    fc.constantFrom(Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.from([0x16, 3, 1, 0, 5, 1]), Buffer.from([0, 0, 0, 0, 0, 0])),
  )
  const control = fc.constantFrom(
    associateRequest(),
    associateAccept(),
    associateAccept(contexts, [0, 4]),
    reject(1, 1, 7),
    releaseRequest(),
    releaseAnswer(),
    abort(2, 6),
  )
  const piece = fc.oneof({ weight: 6, arbitrary: whole }, { weight: 3, arbitrary: control }, { weight: 1, arbitrary: broken })
  const run = fc.record({
    from: fc.constantFrom('initiator' as const, 'acceptor' as const),
    bytes: fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => Buffer.concat(pieces)),
  })
  const opening = fc.constantFrom(
    [
      { from: 'initiator' as const, bytes: associateRequest() },
      { from: 'acceptor' as const, bytes: associateAccept() },
    ],
    [],
  )
  return fc.tuple(opening, fc.array(run, { maxLength: 6 })).map(([opened, runs]) => [...opened, ...runs])
}
