import type { Envelope } from '../model/envelope.ts'
import type { Exchange, Passage } from '../model/exchange.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { readPairs, writeValue } from './value-codec.ts'

/** Whether an exchange has what only some protocols have: envelopes, or interim answers. */
export function hasMore({ request, answers, interimCount }: Exchange): boolean {
  return (
    interimCount !== undefined || request?.envelope !== undefined || answers.some((answer) => answer.envelope !== undefined)
  )
}

/** Appends it, behind the exchange's own bytes. */
export function writeMore(writer: ByteWriter, { request, answers, interimCount }: Exchange): void {
  writer.varint(interimCount === undefined ? 0 : interimCount + 1)
  writeValue(writer, request?.envelope ?? null)
  for (const answer of answers) writeValue(writer, answer.envelope ?? null)
}

/** The exchange with what `writeMore` wrote. Throws BytesError for bytes that it can't have written. */
export function readMore(reader: ByteReader, exchange: Exchange): Exchange {
  const interim = reader.varint()
  const { request } = exchange
  const asked = readPairs(reader)
  const answers = exchange.answers.map((answer) => withEnvelope(answer, readPairs(reader)))
  const whole = { ...exchange, request: request && withEnvelope(request, asked), answers }
  return interim === 0 ? whole : { ...whole, interimCount: interim - 1 }
}

function withEnvelope<P extends Passage>(passage: P, envelope: Envelope | null): P {
  return envelope === null ? passage : { ...passage, envelope }
}
