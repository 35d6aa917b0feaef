import { ByteWriter } from '../../gateway/log/bytes.ts'
import { encodeEntry } from '../../gateway/log/entry-codec.ts'
import { type Entry, interfaceIdOf, type LogBatch, type LogOutline } from '../../gateway/model/entry.ts'

/** A batch as a log gives it before its entries are made. */
export function outlined(batch: LogBatch): LogOutline {
  const { entries, next, behindBytes } = batch
  const outlines = entries.map(({ position, entry }) => ({
    position,
    interfaceId: interfaceIdOf(entry),
    bytes: bytesOf(entry),
  }))
  return { entries: outlines, next, behindBytes, batch: () => batch }
}

/** An entry as the log holds it. */
export function bytesOf(entry: Entry): Buffer {
  const writer = new ByteWriter(64)
  encodeEntry(writer, entry)
  return writer.finish()
}
