import type { Document, Facts, Format, TreeNode } from '../../../gateway/model/document.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import { type Content, contentOf } from './content.ts'
import { factsOf } from './facts.ts'
import { readPath, valueAt } from './path.ts'
import { treeOf } from './tree.ts'

/**
 * SOAP 1.1 and 1.2, with attachments or without, HL7 V3 interactions in the body or carried as text in it (WS/T 846), CDA documents, and plain XML.
 * `get` takes `PushTraceBatch/items/item[2]/packCode`, `acknowledgement/@typeCode`, `/Envelope/Header`, and `@NAME` for what stands in the envelope of HTTP.
 */
export const soap: Format = {
  name: 'soap',
  read(body, hints): Document {
    let content: Content | null = null
    let facts: Facts | null = null
    let tree: readonly TreeNode[] | null = null
    const read = () => {
      content ??= contentOf(body, hints)
      return content
    }
    return {
      format: 'soap',
      facts() {
        facts ??= factsOf(read(), hints)
        return facts
      },
      text: () => read().text.replace(/\r\n?/g, '\n'),
      tree() {
        tree ??= treeOf(read().message.root)
        return tree
      },
      get(path) {
        if (path.startsWith('@')) return envelopeValue(hints.envelope, path.slice(1).toLowerCase())
        const parsed = readPath(path)
        return parsed === null ? null : valueAt(read().message.root, parsed)
      },
      /** `{ root, operation, envelope, requestEnvelope }`: contracts/soap/message.ts reads it. */
      shape() {
        const { message } = read()
        const { root, operation } = message
        return { root, operation, envelope: hints.envelope ?? [], requestEnvelope: hints.requestEnvelope ?? [] }
      },
    }
  },
}
