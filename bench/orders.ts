import type { MadeExchange } from '../fixtures/observed/made.ts'
import { dawn } from '../fixtures/observed/made.ts'
import type { Key } from '../gateway/model/document.ts'

/** Exchanges of one order: its steps follow each other by an hour of the bench's traffic. */
const perRound = 1000
export const stepMs = 120

/** Exchange `number` of orders of five exchanges each, with patients and visits that come back: 5 million are a week. */
export function orderExchange(
  number: number,
): MadeExchange & { readonly at: number; readonly step: number; readonly order: number } {
  const step = Math.floor(number / perRound) % 5
  const order = Math.floor(number / (5 * perRound)) * perRound + (number % perRound)
  const key = (kind: Key['kind'], value: string): Key => ({ kind, value, authority: null })
  const patient = key('patient', `P${order % 20_011}`)
  const visit = key('visit', `V${order % 40_009}`)
  const accession = key('accession', `A${order}`)
  const keys = [
    [key('placer', `O${order}`), accession, patient, visit],
    [key('placer', `O${order}`), key('filler', `F${order}`), accession, patient],
    [accession, key('study', `1.2.840.${order}`), patient],
    [accession, key('study', `1.2.840.${order}`), patient],
    [key('filler', `F${order}`), key('study', `1.2.840.${order}`), patient, visit],
  ][step]
  return {
    step,
    order,
    number: number + 1,
    at: dawn + number * stepMs,
    body: new Uint8Array(0),
    ...(keys === undefined ? {} : { keys }),
  }
}
