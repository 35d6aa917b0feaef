import type { Document } from '../../gateway/model/document.ts'
import { type Envelope, envelopeValue } from '../../gateway/model/envelope.ts'
import type { Operation } from './contract.ts'
import type { JsonMessage } from './message.ts'
import { nameFits, routeFit, segmentsOf } from './route.ts'

/** The operations that fit what stands around a body, those with the most named segments alone. */
export type FittingOperations = (envelope: Envelope) => readonly Operation[]

/** Made once a contract. A request and its answer are asked for several times, and records of one topic come one after the other: the last answer is kept. */
export function fittingOperations(operations: readonly Operation[]): FittingOperations {
  let last: { readonly around: Around; readonly found: readonly Operation[] } | null = null
  return (envelope) => {
    const around = aroundOf(envelope)
    if (last === null || !isSame(last.around, around)) last = { around, found: best(operations, around) }
    return last.found
  }
}

/** The operation that a request is of; null: none fits. */
export function requestOperation(fitting: FittingOperations, { envelope }: JsonMessage, document: Document): Operation | null {
  return fitting(envelope).find((operation) => isWhere(operation, document)) ?? null
}

/** What a message of this operation is called: the value that makes it this one, or its route. Null: as the document has it (a record's event, a file's name). */
export function operationType({ route, record, file, where }: Operation, document: Document | null): string | null {
  if (record !== null || file !== null) return null
  if (where !== null) return document?.get(where.path) ?? null
  return route?.text ?? null
}

/** What operations are known by. */
interface Around {
  readonly method: string | null
  readonly path: string | null
  readonly topic: string | null
  readonly file: string | null
}

function aroundOf(envelope: Envelope): Around {
  return {
    method: envelopeValue(envelope, ':method'),
    path: envelopeValue(envelope, ':path'),
    topic: envelopeValue(envelope, 'topic'),
    file: envelopeValue(envelope, 'file'),
  }
}

function isSame(one: Around, other: Around): boolean {
  return one.path === other.path && one.method === other.method && one.topic === other.topic && one.file === other.file
}

function best(operations: readonly Operation[], { method, path, topic, file }: Around): readonly Operation[] {
  const segments = path === null ? null : segmentsOf(path)
  const fileName = file?.split(/[\\/]/).at(-1) ?? null
  let most = 0
  let found: Operation[] = []
  for (const operation of operations) {
    let fit = 0
    if (operation.route !== null) fit = method === null || segments === null ? -1 : routeFit(operation.route, method, segments)
    if (operation.record !== null && (topic === null || !nameFits(operation.record, topic))) fit = -1
    if (operation.file !== null && (fileName === null || !nameFits(operation.file, fileName))) fit = -1
    if (fit < most) continue
    if (fit > most) found = []
    most = fit
    found.push(operation)
  }
  return found
}

function isWhere({ where }: Operation, document: Document): boolean {
  if (where === null) return true
  const value = document.get(where.path)
  return value !== null && where.values.includes(value)
}
