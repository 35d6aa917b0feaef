import type { AckFacts, Key, PartFacts } from '../../../gateway/model/document.ts'
import { type DataSet, elementOf, itemsOf, plainText } from './data-set.ts'
import { addKey } from './gather.ts'
import type { Message } from './message.ts'
import { valuesOf } from './values.ts'

const partsMax = 1_000

const sopClass = 0x00080016
const sopInstance = 0x00080018
const referencedClass = 0x00081150
const referencedInstance = 0x00081155
const failureReason = 0x00081197
const warningReason = 0x00081196
const failedSequence = 0x00081198
const referencedSequence = 0x00081199
const otherFailures = 0x0008119a
const study = 0x0020000d
const series = 0x0020000e
const accession = 0x00080050

/** What a body holds several of: instances of a STOW body, results of a query, instances that an answer or a storage commitment names. Empty: it is one thing. */
export function partsOf(message: Message): readonly PartFacts[] {
  const named = message.found.flatMap(({ set }) => namedParts(set))
  if (named.length > 0) return named.slice(0, partsMax)
  return message.foundCount > 1 || message.service.command === 'STOW-RQ' || message.service.command === 'QIDO-RSP'
    ? message.found.slice(0, partsMax).map(({ set }) => ownPart(set))
    : none
}

const none: readonly PartFacts[] = []

function ownPart(set: DataSet): PartFacts {
  const keys: Key[] = []
  take(keys, 'instance', plainText(set, sopInstance))
  take(keys, 'study', plainText(set, study))
  take(keys, 'series', plainText(set, series))
  take(keys, 'accession', plainText(set, accession))
  return { type: plainText(set, sopClass), keys, ack: null }
}

/** Instances that were stored, or were to be; then those that failed. */
function namedParts(set: DataSet): readonly PartFacts[] {
  const storedItems = itemsOf(set, referencedSequence)
  const failedItems = itemsOf(set, failedSequence)
  if (storedItems.length === 0 && failedItems.length === 0) return none
  const stored = storedItems.map((item) => {
    const reason = reasonOf(item, warningReason)
    return namedPart(item, reason === null ? null : ackOf(reason, 'yes'))
  })
  const failed = failedItems.map((item) => namedPart(item, ackOf(reasonOf(item, failureReason) ?? '0110', 'no')))
  return [...stored, ...failed]
}

function namedPart(item: DataSet, ack: AckFacts | null): PartFacts {
  const keys: Key[] = []
  take(keys, 'instance', plainText(item, referencedInstance))
  return { type: plainText(item, referencedClass), keys, ack }
}

function ackOf(code: string, verdict: 'yes' | 'no'): AckFacts {
  return { code, verdict, answersId: null, errors: [] }
}

/** What an answer to STOW-RS (PS3.18 10.5.3) or a storage commitment says failed: code and place of each. Null: it names no instance at all. */
export function failuresOf(set: DataSet): AckFacts['errors'] | null {
  const failed = itemsOf(set, failedSequence).map((item, i) => errorAt(item, `FailedSOPSequence[${i + 1}]`))
  const others = itemsOf(set, otherFailures).map((item, i) => errorAt(item, `OtherFailuresSequence[${i + 1}]`))
  const all = [...failed, ...others].slice(0, errorsMax)
  const isResult = elementOf(set, failedSequence) ?? elementOf(set, referencedSequence) ?? elementOf(set, otherFailures)
  return isResult === null ? null : all
}

const errorsMax = 100

function errorAt(item: DataSet, location: string): AckFacts['errors'][number] {
  return { code: reasonOf(item, failureReason) ?? '0110', location, textDigest: null }
}

/** A reason as four hexadecimal digits, as statuses are written. */
function reasonOf(item: DataSet, tag: number): string | null {
  const element = elementOf(item, tag)
  const value = element === null ? undefined : valuesOf(item, element, null)[0]
  const number = value === undefined ? Number.NaN : Number(value)
  return Number.isInteger(number) && number >= 0 && number <= 0xffff ? number.toString(16).toUpperCase().padStart(4, '0') : null
}

function take(keys: Key[], kind: Key['kind'], value: string | null): void {
  if (value !== null) addKey(keys, { kind, value, authority: null })
}
