import { decodeText } from '../charset.ts'
import type { AckFacts, Facts } from '../document.ts'
import { envelopeValue } from '../envelope.ts'
import type { Passage } from '../exchange.ts'
import { wordedOf, wordingDigest } from '../wording-digest.ts'
import { readEntity } from './entity.ts'
import { readMediaType } from './media-type.ts'

const bytesMax = 16_384

/**
 * The facts of an HTTP answer that is an error, with what the words of its body name where its format told no words: who answers for a service that can't (a
 * servlet container, a gateway, a proxy) does so in a page or an object of its own (RFC 9110 15.5, 15.6: the content explains the situation, in any form). Words that name
 * nothing add nothing: a page holds times and paths, and each would be a text of its own.
 */
export function withForeignWords(facts: Facts | null, answer: Passage | null): Facts | null {
  if (facts === null || answer === null || answer.body.length === 0) return facts
  const status = envelopeValue(answer.envelope, ':status')
  if (status === null || !/^[45]\d\d$/.test(status)) return facts
  const { ack } = facts
  if (ack?.errors.some(({ textDigest }) => textDigest !== null)) return facts
  const textDigest = wordingDigest(textOf(answer))
  if (textDigest === null || wordedOf(textDigest) === null) return facts
  return { ...facts, ack: naming(ack ?? { code: status, answersId: null, errors: [] }, textDigest) }
}

function naming(ack: AckFacts, textDigest: string): AckFacts {
  return { ...ack, errors: [...ack.errors, { code: null, location: null, textDigest }] }
}

/** What is written for people, without the marks of HTML and XML; null for what is no text. */
function textOf(answer: Passage): string | null {
  const type = readMediaType(envelopeValue(answer.envelope, 'content-type'))
  if (type !== null && !type.type.startsWith('text/') && !['json', 'xml', 'html'].includes(type.syntax)) return null
  const { bytes, extent } = readEntity(answer.body, { envelope: answer.envelope, bodyBytes: answer.bodyBytes })
  if (extent === 'unreadable') return null
  const { text } = decodeText(bytes.subarray(0, bytesMax), { label: type?.charset ?? null, isCut: bytes.length > bytesMax })
  return text.replace(/<(?:style|script)\b[^<]*<\/(?:style|script)>|<[^<>]*>/gi, ' ')
}
