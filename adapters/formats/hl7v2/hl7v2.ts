import type { Document, Format } from '../../../gateway/model/document.ts'
import { once } from '../../../gateway/model/once.ts'
import { factsOf } from './facts.ts'
import { partOf } from './fields.ts'
import { fieldOf, fieldsOf, type Message, messageOf, resolved, segmentOf } from './message.ts'
import { parsePath } from './path.ts'
import { isHeader } from './segments.ts'
import { treeOf } from './tree.ts'

/**
 * HL7 v2, any version, any delimiters: the vertical-bar encoding of HL7 chapter 2. The body is decoded first, cut into
 * segments when something of it is asked for, and below the segment only where the question points.
 */
export const hl7v2: Format = {
  name: 'hl7v2',
  read(body, hints): Document {
    const message = once(() => messageOf(body, hints.bodyBytes !== undefined && hints.bodyBytes > body.length))
    return {
      format: 'hl7v2',
      facts: once(() => factsOf(message(), hints.timezone)),
      text: () => textOf(message()),
      tree: once(() => treeOf(message())),
      get: (path) => valueAt(message(), path),
      shape: once(() => shapeOf(message())),
    }
  },
}

function textOf(message: Message): string {
  return message.segments.map((s) => message.text.slice(s.start, s.end).replace(/\r\n?/g, '\n')).join('\n')
}

function shapeOf(message: Message): { readonly segments: readonly (readonly string[])[] } {
  return { segments: message.segments.map((_, index) => fieldsOf(message, index)) }
}

/** Null where the message has no such place, and where the place is empty: HL7 calls both "not valued". */
function valueAt(message: Message, text: string): string | null {
  const path = parsePath(text)
  const segment = path && segmentOf(message, path.segment, path.occurrence)
  if (path === null || segment === null) return null
  const { delimiters } = message
  const field = fieldOf(message.text, segment, path.field, delimiters)
  if (field === null || field === '') return null
  // MSH-1 and MSH-2 are delimiters, not texts cut by them.
  if (isHeader(segment.key) && path.field <= 2) return path.repetition === 1 && path.component <= 1 ? field : null
  const repetition = partOf(field, delimiters.repetition, path.repetition)
  const component =
    repetition !== null && path.component > 0 ? partOf(repetition, delimiters.component, path.component) : repetition
  const part =
    component !== null && path.subcomponent > 0 ? partOf(component, delimiters.subcomponent, path.subcomponent) : component
  return part === null || part === '' ? null : resolved(message, part)
}
