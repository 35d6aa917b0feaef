import type { Document, Format } from '../../../gateway/model/document.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import { identityFor } from '../../../gateway/model/members/members.ts'
import { once } from '../../../gateway/model/once.ts'
import { contentOf } from './content.ts'
import { factsOf } from './facts.ts'
import { identifyingOf } from './identifying.ts'
import { readPath, valueAt } from './path.ts'
import { treeOf } from './tree.ts'

/**
 * SOAP 1.1 and 1.2, with attachments or without, HL7 V3 interactions in the body or carried as text in it (WS/T 846), CDA documents, and plain XML.
 * `get` takes `PushTraceBatch/items/item[2]/packCode`, `acknowledgement/@typeCode`, `/Envelope/Header`, and `@NAME` for what stands in the envelope of HTTP.
 */
export const soap: Format = {
  name: 'soap',
  identityOf: (path) => identityFor(identifyingOf(path)),
  read(body, hints): Document {
    const content = once(() => contentOf(body, hints))
    return {
      format: 'soap',
      facts: once(() => factsOf(content(), hints)),
      text: () => content().text.replace(/\r\n?/g, '\n'),
      tree: once(() => treeOf(content().message.root)),
      get(path) {
        if (path.startsWith('@')) return envelopeValue(hints.envelope, path.slice(1).toLowerCase())
        const parsed = readPath(path)
        return parsed === null ? null : valueAt(content().message.root, parsed)
      },
      /** `{ root, operation, envelope, requestEnvelope }`: contracts/soap/message.ts reads it. */
      shape() {
        const { message } = content()
        const { root, operation } = message
        return { root, operation, envelope: hints.envelope ?? [], requestEnvelope: hints.requestEnvelope ?? [] }
      },
    }
  },
}
