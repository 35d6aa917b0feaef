import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ElementWalk, type Encoding, encodingOf } from '../../../../../adapters/protocols/dimse/element-walk.ts'
import { implicit } from '../../../../../fixtures/hospital/systems/dimse/bytes.ts'
import { explicit, header, itemEnd, itemStart, pixels, sequenceEnd, uids, undefinedLength } from '../../../../support/dimse.ts'

describe('the pixel data', () => {
  it('is found in any data set, however it comes', () => {
    fc.assert(
      fc.property(dataSet(), fc.infiniteStream(fc.integer({ min: 1, max: 50 })), ({ bytes, encoding }, sizes) => {
        const whole = walked(encoding, [bytes, pixelsIn(encoding)])
        expect(whole.pixelsAt).toBe(bytes.length)
        const all = Buffer.concat([bytes, pixelsIn(encoding)])
        const pieces: Buffer[] = []
        for (let at = 0; at < all.length; ) {
          const size = sizes.next().value
          pieces.push(all.subarray(at, at + size))
          at += size
        }
        expect(walked(encoding, pieces).pixelsAt).toBe(bytes.length)
      }),
      { numRuns: 500 },
    )
  })

  it('is also that of floats, and private groups beyond', () => {
    for (const group of [0x7fe0, 0x7fe1, 0xfffc])
      expect(walked('little', [header, explicit(group, 0x0008, 'OB', '')]).pixelsAt).toBe(header.length)
  })

  it('inside an icon is none', () => {
    const icon = explicit(
      0x0088,
      0x0200,
      'SQ',
      Buffer.concat([itemStart(), pixels(20), itemEnd(), sequenceEnd()]),
      undefinedLength,
    )
    expect(walked('little', [icon, pixels(8)]).pixelsAt).toBe(icon.length)
  })

  it('is not looked for in a deflated data set', () => {
    const walk = walked('deflated', [header, pixels(8)])
    expect([walk.isDone, walk.pixelsAt, walk.keepBytes]).toEqual([true, null, Number.POSITIVE_INFINITY])
  })
})

describe('a data set that makes no sense', () => {
  it.each([
    ['a VR that is none', explicit(0x0010, 0x0010, '\0\0', 'AB')],
    ['the end of an item outside of one', itemEnd()],
    ['an item outside of a sequence', itemStart(0)],
    [
      'an element where an item belongs',
      Buffer.concat([explicit(0x0008, 0x1140, 'SQ', '', undefinedLength), explicit(0x0008, 0x0016, 'UI', 'AB')]),
    ],
  ])('is kept a little beyond %s', (_, bytes) => {
    const walk = walked('little', [header, bytes, Buffer.alloc(10_000), pixels(8)])
    expect(walk.pixelsAt).toBe(null)
    expect(walk.keepBytes).toBeGreaterThanOrEqual(header.length + 4_096)
    expect(walk.keepBytes).toBeLessThanOrEqual(header.length + bytes.length + 4_096)
  })
})

describe('the encoding', () => {
  it('is that of the transfer syntax', () => {
    expect(
      [uids.implicit, uids.explicit, uids.big, uids.deflated, '1.2.840.10008.1.2.4.90', '1.2.3', null].map(encodingOf),
    ).toEqual(['little', 'little', 'big', 'deflated', 'little', 'little', 'little'])
  })
})

function walked(encoding: Encoding, pieces: readonly Buffer[]): ElementWalk {
  const walk = new ElementWalk(encoding)
  for (const piece of pieces) walk.feed(piece)
  return walk
}

interface Writer {
  readonly encoding: Encoding
  element(group: number, element: number, vr: string, value: Buffer, length?: number): Buffer
  item(group: number, element: number, length: number): Buffer
}

const littleExplicit: Writer = {
  encoding: 'little',
  element: explicit,
  item: (group, element, length) => implicit(group, element, Buffer.alloc(0), length),
}
const littleImplicit: Writer = {
  encoding: 'little',
  element: (group, element, _vr, value, length) => implicit(group, element, value, length),
  item: littleExplicit.item,
}
const bigExplicit: Writer = {
  encoding: 'big',
  element: (group, element, vr, value, length) => {
    const head = explicit(group, element, vr, Buffer.alloc(0), length ?? value.length)
    const swapped =
      head.length === 12
        ? [swap16(head.subarray(0, 4)), head.subarray(4, 8), swap32(head.subarray(8))]
        : [swap16(head.subarray(0, 4)), head.subarray(4, 6), swap16(head.subarray(6))]
    return Buffer.concat([...swapped, value])
  },
  item: (group, element, length) => {
    const head = littleExplicit.item(group, element, length)
    return Buffer.concat([swap16(head.subarray(0, 4)), swap32(head.subarray(4))])
  },
}
const writers = [littleExplicit, littleImplicit, bigExplicit]

function swap16(bytes: Buffer): Buffer {
  return Buffer.from(bytes).swap16()
}

function swap32(bytes: Buffer): Buffer {
  return Buffer.from(bytes).swap32()
}

function pixelsIn(encoding: Encoding): Buffer {
  const value = Buffer.alloc(30, 4)
  return encoding === 'big' ? bigExplicit.element(0x7fe0, 0x0010, 'OW', value) : explicit(0x7fe0, 0x0010, 'OW', value)
}

/** Elements and sequences in each other, of every kind of length, in one encoding. */
function dataSet(): fc.Arbitrary<{ readonly bytes: Buffer; readonly encoding: Encoding }> {
  return fc.constantFrom(...writers).chain((writer) =>
    fc.array(node(writer, 3), { minLength: 1, maxLength: 6 }).map((nodes) => ({
      // A first element that tells explicit from implicit, as every real data set has one.
      bytes: Buffer.concat([writer.element(0x0008, 0x0005, 'CS', Buffer.from('ISO_IR 192')), ...nodes]),
      encoding: writer.encoding,
    })),
  )
}

function node(writer: Writer, depth: number): fc.Arbitrary<Buffer> {
  const value = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))
  const plain = fc
    .tuple(fc.constantFrom('LO', 'UI', 'PN', 'OB', 'UT', 'UN', 'US', 'QQ'), value)
    .map(([vr, bytes]) =>
      vr === 'QQ' ? writer.element(0x0011, 0x1001, 'UN', bytes) : writer.element(0x0010, 0x0010, vr, bytes),
    )
  if (depth === 0) return plain
  const item = fc.tuple(fc.array(node(writer, depth - 1), { maxLength: 3 }), fc.boolean()).map(([nodes, isDefined]) => {
    const inside = Buffer.concat(nodes)
    if (isDefined) return Buffer.concat([writer.item(0xfffe, 0xe000, inside.length), inside])
    return Buffer.concat([writer.item(0xfffe, 0xe000, undefinedLength), inside, writer.item(0xfffe, 0xe00d, 0)])
  })
  const sequence = fc.tuple(fc.array(item, { maxLength: 3 }), fc.boolean()).map(([items, isDefined]) => {
    const inside = Buffer.concat(items)
    if (isDefined) return writer.element(0x0008, 0x1140, 'SQ', inside)
    return Buffer.concat([
      writer.element(0x0008, 0x1140, 'SQ', Buffer.alloc(0), undefinedLength),
      inside,
      writer.item(0xfffe, 0xe0dd, 0),
    ])
  })
  // Inside a UN of undefined length everything is implicit and little endian, whatever is around it (PS3.5 6.2.2).
  const unknown = fc
    .array(node(littleImplicit, 0), { maxLength: 2 })
    .map((nodes) =>
      Buffer.concat([
        writer.element(0x0011, 0x1002, 'UN', Buffer.alloc(0), undefinedLength),
        littleImplicit.item(0xfffe, 0xe000, undefinedLength),
        ...nodes,
        itemEnd(),
        sequenceEnd(),
      ]),
    )
  return fc.oneof({ weight: 4, arbitrary: plain }, { weight: 2, arbitrary: sequence }, { weight: 1, arbitrary: unknown })
}
