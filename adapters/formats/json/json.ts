import type { Document, Facts, Format, TreeNode } from '../../../gateway/model/document.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import { isRecord } from '../../../gateway/model/json.ts'
import { identityFor } from '../../../gateway/model/members/members.ts'
import { type Content, contentOf } from './content.ts'
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
    let content: Content | null = null
    let facts: Facts | null = null
    let tree: readonly TreeNode[] | null = null
    const read = () => {
      content ??= contentOf(body, hints)
      return content
    }
    return {
      format: 'json',
      facts() {
        facts ??= factsOf(read(), hints)
        return facts
      },
      text: () => read().text.replace(/\r\n?/g, '\n'),
      tree() {
        tree ??= treeOf(read().value)
        return tree
      },
      get(path) {
        if (path.startsWith('@')) return envelopeValue(hints.envelope, path.slice(1).toLowerCase())
        const steps = readPath(path)
        return steps === null ? null : textOf(valueAt(read().value, steps))
      },
      /** `{ kind, value, envelope, requestEnvelope }`: contracts/json/message.ts reads it. */
      shape() {
        const { kind, value } = read()
        return { kind, value, envelope: hints.envelope ?? [], requestEnvelope: hints.requestEnvelope ?? [] }
      },
    }
  },
}

/** An object or array as JSON; null where nothing, an empty text or `null` stands. */
function textOf(value: unknown): string | null {
  return Array.isArray(value) || isRecord(value) ? JSON.stringify(value) : scalarText(value)
}
