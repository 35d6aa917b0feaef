import type { Document, Format } from '../../../gateway/model/document.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import { isRecord } from '../../../gateway/model/json.ts'
import { identityFor } from '../../../gateway/model/members/members.ts'
import { once } from '../../../gateway/model/once.ts'
import { contentOf } from './content.ts'
import { factsOf } from './facts.ts'
import { identifyingOf } from './identifying.ts'
import { readPath, valueAt } from './path.ts'
import { scalarText } from './record.ts'
import { treeOf } from './tree.ts'

/**
 * JSON over HTTP and in records, the NHSA envelope, forms, and files of rows (CSV), which are read as `{ header, rows: [{ column: cell }] }`. What the
 * protocol said around a body counts as much as the body: a GET has nothing else. `get` takes `input.data.mdtrt_id`, `items[0].dose`, and `@NAME` for what
 * stands in the envelope.
 */
export const json: Format = {
  name: 'json',
  identityOf: (path) => identityFor(identifyingOf(path)),
  read(body, hints): Document {
    const content = once(() => contentOf(body, hints))
    return {
      format: 'json',
      facts: once(() => factsOf(content(), hints)),
      text: () => content().text.replace(/\r\n?/g, '\n'),
      tree: once(() => treeOf(content().value)),
      get(path) {
        if (path.startsWith('@')) return envelopeValue(hints.envelope, path.slice(1).toLowerCase())
        const steps = readPath(path)
        return steps === null ? null : textOf(valueAt(content().value, steps))
      },
      /** `{ kind, value, envelope, requestEnvelope }`: contracts/json/message.ts reads it. */
      shape() {
        const { kind, value } = content()
        return { kind, value, envelope: hints.envelope ?? [], requestEnvelope: hints.requestEnvelope ?? [] }
      },
    }
  },
}

/** An object or array as JSON; null where nothing, an empty text or `null` stands. */
function textOf(value: unknown): string | null {
  return Array.isArray(value) || isRecord(value) ? JSON.stringify(value) : scalarText(value)
}
