import type { Document, Format } from '../../../gateway/model/document.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import { once } from '../../../gateway/model/once.ts'
import { type Body, readBody } from './body.ts'
import { askedBy, factsOf } from './facts.ts'
import { identityOfPath } from './identifying.ts'
import { valueAt } from './path.ts'
import { treeOf } from './tree.ts'

/**
 * FHIR R4 over HTTP, in JSON (FHIR R4 2.6.2). XML is kept as text: what HTTP says around it is read, its content isn't. A body may be absent: GET, 204, and
 * what was asked still stands in the envelope.
 *
 * `shape()` is what contracts are checked against: the JSON value as `resource` (left out where none could be read), `asked` (the interaction, of an answer its
 * request's; null where it asks nothing that FHIR knows), `method` of a request, `status` of an answer, `kind` of the body, `fractions`: the paths of whole numbers
 * that are written with a fraction or an exponent.
 */
export const fhir: Format = {
  name: 'fhir',
  identityOf: identityOfPath,
  read(bytes, hints): Document {
    const body = once(() => readBody(bytes, hints))
    const asked = once(() => askedBy(body(), hints))
    return {
      format: 'fhir',
      facts: once(() => factsOf(body(), asked(), hints)),
      text: () => textOf(body()),
      tree: once(() => treeOf(body().value)),
      get: (path) => valueAt(body().value, path),
      shape() {
        const { kind, value, fractions } = body()
        const status = envelopeValue(hints.envelope, ':status')
        const method = hints.side === 'answer' ? null : envelopeValue(hints.envelope, ':method')
        return {
          method,
          kind,
          resource: value,
          fractions,
          asked: asked(),
          status: status === null ? null : Number(status),
        }
      },
    }
  },
}

/** JSON with two blanks a level, whatever blanks it came with; anything else as it is. */
function textOf({ text, value }: Body): string {
  return value === undefined ? text : JSON.stringify(value, null, 2)
}
