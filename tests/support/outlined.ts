import { interfaceIdOf, type LogBatch, type LogOutline } from '../../gateway/model/entry.ts'

/** A batch as a log gives it before its entries are made. */
export function outlined(batch: LogBatch): LogOutline {
  const { entries, next, behindBytes } = batch
  const outlines = entries.map(({ position, entry }) => ({
    position,
    interfaceId: interfaceIdOf(entry),
    entry: () => entry,
  }))
  return { entries: outlines, next, behindBytes, batch: () => batch }
}
