import type { AckFacts } from '../../../gateway/model/document.ts'
import { type Envelope, envelopeValue } from '../../../gateway/model/envelope.ts'
import { wordingDigest } from '../../../gateway/model/wording-digest.ts'
import type { Message } from './message.ts'
import { failuresOf } from './parts.ts'

/** What an answer says of its request; null for a request. The wire's verdict stands but where a body tells of instances that failed. */
export function ackOf(message: Message): AckFacts | null {
  const { envelope } = message.hints
  const status = envelopeValue(envelope, 'status')
  if (status !== null) return dimseAck(envelope, status)
  const httpStatus = message.service.carrier === 'web' ? envelopeValue(envelope, ':status') : null
  if (httpStatus === null) return null
  const isStored = message.service.command === 'STOW-RSP'
  const failures = isStored ? message.found.map(({ set }) => failuresOf(set)).find((found) => found !== null) : undefined
  const [first] = failures ?? []
  if (first === undefined) return { code: httpStatus, answersId: null, errors: [] }
  return { code: first.code ?? httpStatus, verdict: 'no', answersId: null, errors: failures ?? [] }
}

/** PS3.7 C: the status, the attributes that offend (0000,0901), and a digest of the comment (0000,0902), whose text may name a patient. */
function dimseAck(envelope: Envelope | undefined, status: string): AckFacts {
  const comment = envelopeValue(envelope, 'error-comment')
  const offending = (envelope ?? []).filter(([name]) => name === 'offending-element').map(([, tag]) => tag)
  const isWell = /^(?:0000|FF0[01]|FE00)$/.test(status)
  const errors =
    isWell && comment === null
      ? []
      : [{ code: status, location: offending.length === 0 ? null : offending.join(','), textDigest: wordingDigest(comment) }]
  return { code: status, answersId: envelopeValue(envelope, 'message-id'), errors }
}
