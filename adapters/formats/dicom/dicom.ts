import type { Document, Format } from '../../../gateway/model/document.ts'
import { once } from '../../../gateway/model/once.ts'
import { factsOf } from './facts.ts'
import { identityOf } from './identifying.ts'
import { fallbackOf, type Message, messageOf } from './message.ts'
import { follow, parsePath } from './path.ts'
import { shapeOf } from './shape.ts'
import { linesOf, treeOf } from './tree.ts'
import { valuesOf } from './values.ts'

/**
 * DICOM on its three carriers: the data set of a DIMSE message in the transfer syntax of its presentation context (PS3.7), DICOMweb over HTTP (PS3.18:
 * files in multipart/related, DICOM JSON, native XML), and a file (PS3.10) where no envelope says more. Elements are found in one pass; a value
 * is read when something asks for it. Pixels are never read.
 */
export const dicom: Format = {
  name: 'dicom',
  identityOf,
  read(body, hints): Document {
    const message = once(() => messageOf(body, hints))
    return {
      format: 'dicom',
      facts: once(() => factsOf(message())),
      text: () => linesOf(message()),
      tree: once(() => treeOf(message())),
      get: (path) => valueAt(message(), path),
      shape: once(() => shapeOf(message())),
    }
  },
}

/** One value, the first where none is named; null where there is no such place or nothing in it. */
function valueAt(message: Message, text: string): string | null {
  const path = parsePath(text)
  const last = path?.steps.at(-1)
  const found = path === null ? undefined : message.found[path.part - 1]
  if (path === null || last === undefined || found === undefined) return null
  // File meta information stands before the data set.
  const isMeta = (path.steps[0]?.tag ?? 0) >>> 16 === 2
  const place = isMeta && found.meta !== null ? follow(found.meta, path.steps) : follow(found.set, path.steps)
  if (place === null || place.element.items !== null) return null
  const values = valuesOf(place.set, place.element, fallbackOf(message, place.set))
  const value = values[last.number - 1] ?? ''
  const part = path.group === null ? value : (value.split('=')[path.group] ?? '')
  return part === '' ? null : part
}
