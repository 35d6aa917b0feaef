import { explicit, uids, uint32LE } from './dimse.ts'

/** A small CT image that archives take: of one patient, study and series unless told otherwise. Invented. */
export interface TestImage {
  readonly instance: string
  readonly patientName: string
  readonly pixels: Buffer
}

const study = '1.2.826.0.1.3680043.10.1.1'

export function ctImage({ instance, patientName, pixels }: TestImage): Buffer {
  const image = Buffer.concat([
    text(0x0008, 0x0005, 'CS', 'ISO_IR 192'),
    text(0x0008, 0x0008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'),
    text(0x0008, 0x0016, 'UI', uids.ct),
    text(0x0008, 0x0018, 'UI', instance),
    text(0x0008, 0x0020, 'DA', '20261125'),
    text(0x0008, 0x0030, 'TM', '083000'),
    text(0x0008, 0x0050, 'SH', 'ACC1'),
    text(0x0008, 0x0060, 'CS', 'CT'),
    text(0x0008, 0x0090, 'PN', ''),
    text(0x0010, 0x0010, 'PN', patientName),
    text(0x0010, 0x0020, 'LO', 'T990001'),
    text(0x0010, 0x0030, 'DA', ''),
    text(0x0010, 0x0040, 'CS', 'O'),
    text(0x0020, 0x000d, 'UI', study),
    text(0x0020, 0x000e, 'UI', `${study}.1`),
    text(0x0020, 0x0010, 'SH', 'S1'),
    text(0x0020, 0x0011, 'IS', '1'),
    text(0x0020, 0x0013, 'IS', '1'),
    explicit(0x0028, 0x0002, 'US', Buffer.from([1, 0])),
    text(0x0028, 0x0004, 'CS', 'MONOCHROME2'),
    explicit(0x0028, 0x0010, 'US', Buffer.from([64, 0])),
    explicit(0x0028, 0x0011, 'US', Buffer.from([64, 0])),
    explicit(0x0028, 0x0100, 'US', Buffer.from([16, 0])),
    explicit(0x0028, 0x0101, 'US', Buffer.from([16, 0])),
    explicit(0x0028, 0x0102, 'US', Buffer.from([15, 0])),
    explicit(0x0028, 0x0103, 'US', Buffer.from([0, 0])),
  ])
  return Buffer.concat([part10(uids.ct, instance), image, explicit(0x7fe0, 0x0010, 'OW', pixels)])
}

/** One worklist item of wlmscpfs: a scheduled CT of an invented patient. */
export function worklistItem(patientName: string, accession: string): Buffer {
  const step = Buffer.concat([
    text(0x0008, 0x0060, 'CS', 'CT'),
    text(0x0040, 0x0001, 'AE', 'CT01'),
    text(0x0040, 0x0002, 'DA', '20261125'),
    text(0x0040, 0x0003, 'TM', '090000'),
    text(0x0040, 0x0009, 'SH', `SPS${accession}`),
  ])
  const item = Buffer.concat([Buffer.from([0xfe, 0xff, 0x00, 0xe0]), uint32LE(step.length), step])
  return Buffer.concat([
    part10('1.2.276.0.7230010.3.1.0.1', '1.2.276.0.7230010.3.1.0.1.1'),
    text(0x0008, 0x0005, 'CS', 'ISO_IR 192'),
    text(0x0008, 0x0050, 'SH', accession),
    text(0x0010, 0x0010, 'PN', patientName),
    text(0x0010, 0x0020, 'LO', 'T990001'),
    text(0x0020, 0x000d, 'UI', study),
    text(0x0032, 0x1060, 'LO', 'CT chest'),
    explicit(0x0040, 0x0100, 'SQ', item),
    text(0x0040, 0x1001, 'SH', `RP${accession}`),
  ])
}

/** Preamble and meta information of a file in Explicit VR Little Endian (PS3.10 7.1). */
export function part10(sopClass: string, instance: string): Buffer {
  const meta = Buffer.concat([
    explicit(0x0002, 0x0001, 'OB', Buffer.from([0, 1])),
    text(0x0002, 0x0002, 'UI', sopClass),
    text(0x0002, 0x0003, 'UI', instance),
    text(0x0002, 0x0010, 'UI', uids.explicit),
    text(0x0002, 0x0012, 'UI', '1.2.826.0.1.3680043.10.1'),
  ])
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), explicit(0x0002, 0x0000, 'UL', uint32LE(meta.length)), meta])
}

/** A text element, padded to an even length. */
export function text(group: number, element: number, vr: string, value: string): Buffer {
  const bytes = Buffer.from(value)
  const padding = bytes.length % 2 === 0 ? '' : vr === 'UI' ? '\0' : ' '
  return explicit(group, element, vr, Buffer.concat([bytes, Buffer.from(padding)]))
}
