import type { Document } from '../../gateway/model/document.ts'
import { type Envelope, envelopeValue } from '../../gateway/model/envelope.ts'
import type { JsonContract, Operation } from './contract.ts'
import type { JsonMessage } from './message.ts'
import { nameFits, routeFit, segmentsOf } from './route.ts'

/** The operation that a request is of; null: none fits. */
export function requestOperation(contract: JsonContract, message: JsonMessage, document: Document): Operation | null {
  return best(contract.operations, message.envelope).find((operation) => isWhere(operation, document)) ?? null
}

/** The operations that an answer may belong to: a route that several share, told apart by the request's body, leaves several. */
export function answerOperations(contract: JsonContract, { requestEnvelope }: JsonMessage): readonly Operation[] {
  return best(contract.operations, requestEnvelope)
}

/** What a message of this operation is called: the value that makes it this one, or its route. Null: as the document has it (a record's event, a file's name). */
export function operationType({ route, record, file, where }: Operation, document: Document | null): string | null {
  if (record !== null || file !== null) return null
  if (where !== null) return document?.get(where.path) ?? null
  return route?.text ?? null
}

/** Those that fit what stands around the body, those with the most named segments alone. */
function best(operations: readonly Operation[], envelope: Envelope): readonly Operation[] {
  const method = envelopeValue(envelope, ':method')
  const path = envelopeValue(envelope, ':path')
  const segments = path === null ? null : segmentsOf(path)
  const topic = envelopeValue(envelope, 'topic')
  const file = envelopeValue(envelope, 'file')?.split(/[\\/]/).at(-1) ?? null
  let most = 0
  let found: Operation[] = []
  for (const operation of operations) {
    let fit = 0
    if (operation.route !== null) fit = method === null || segments === null ? -1 : routeFit(operation.route, method, segments)
    if (operation.record !== null && (topic === null || !nameFits(operation.record, topic))) fit = -1
    if (operation.file !== null && (file === null || !nameFits(operation.file, file))) fit = -1
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
