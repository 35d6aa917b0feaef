import type { Facts, Stamp } from '../../../gateway/model/document.ts'
import { type Envelope, envelopeValue } from '../../../gateway/model/envelope.ts'
import { ackOf } from './ack.ts'
import { addCode, addKey, type Gathered, gather } from './gather.ts'
import type { Message } from './message.ts'
import { partsOf } from './parts.ts'
import { type Resource, resourceOf } from './web-resource.ts'

/** Reads the facts of a message: its envelope, and one pass over each of its data sets. */
export function factsOf(message: Message): Facts {
  const gathered = gather(message)
  return message.service.carrier === 'web' ? webFacts(message, gathered) : dimseFacts(message, gathered)
}

function dimseFacts(message: Message, gathered: Gathered): Facts {
  const { envelope, side } = message.hints
  const calling = envelopeValue(envelope, 'calling-ae')
  const called = envelopeValue(envelope, 'called-ae')
  const classUid = envelopeValue(envelope, 'affected-sop-class') ?? envelopeValue(envelope, 'requested-sop-class')
  const instance = envelopeValue(envelope, 'affected-sop-instance') ?? envelopeValue(envelope, 'requested-sop-instance')
  if (classUid !== null) addCode(gathered, 'SOPClassUID', classUid)
  // Of the association as a whole each proposal is told by its contexts.
  for (const pair of envelope ?? []) if (pair[0] === 'context') addContext(gathered, pair[1])
  if (instance !== null) addKey(gathered.keys, { kind: 'instance', value: instance, authority: null })
  const isAnswer = side === 'answer'
  return common(message, gathered, {
    controlId: instance,
    sender: isAnswer ? called : calling,
    receiver: isAnswer ? calling : called,
    stamps: [],
  })
}

/** `ID ABSTRACT TRANSFER[,TRANSFER...]`, and of an answer `ID RESULT TRANSFER`. */
function addContext(gathered: Gathered, text: string): void {
  const [, abstractSyntax = '', transfer = ''] = text.split(' ')
  if (/^[0-4]$/.test(abstractSyntax)) return
  addCode(gathered, 'AbstractSyntax', abstractSyntax)
  for (const one of transfer.split(',')) if (one !== '') addCode(gathered, 'TransferSyntaxUID', one)
}

function webFacts(message: Message, gathered: Gathered): Facts {
  const { envelope, requestEnvelope } = message.hints
  const isAnswer = envelopeValue(envelope, ':status') !== null
  const asked = isAnswer ? requestEnvelope : envelope
  const resource = resourceOf(envelopeValue(asked, ':method'), envelopeValue(asked, ':path'))
  if (resource !== null) addResourceKeys(gathered, resource)
  const requestId = envelopeValue(asked, 'x-request-id') ?? envelopeValue(envelope, 'x-request-id')
  if (requestId !== null) addKey(gathered.keys, { kind: 'request', value: requestId, authority: null })
  const host = envelopeValue(asked, ':authority') ?? envelopeValue(asked, 'host')
  return common(message, gathered, {
    controlId: requestId,
    sender: isAnswer ? host : null,
    receiver: isAnswer ? null : host,
    stamps: dateStamps(envelope),
  })
}

function addResourceKeys(gathered: Gathered, { study, series, instance, task, query }: Resource): void {
  const keys = [
    ['study', study],
    ['series', series],
    ['instance', instance],
    ['task', task],
    ['accession', query.get('AccessionNumber') ?? query.get('00080050') ?? null],
    ['patient', query.get('PatientID') ?? query.get('00100020') ?? null],
  ] as const
  for (const [kind, value] of keys)
    if (value !== null && !/[*?]/.test(value)) addKey(gathered.keys, { kind, value, authority: null })
}

/** RFC 9110 6.6.1: when the answer was made, by the clock of who made it. Its zone is always GMT and its step a second. */
function dateStamps(envelope: Envelope | undefined): readonly Stamp[] {
  const text = envelopeValue(envelope, 'date')
  if (text === null) return []
  const isImf = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)
  const at = isImf ? Date.parse(text) : Number.NaN
  return [{ path: 'date', kind: 'message', at: Number.isNaN(at) ? null : at, resolutionMs: 1000, hasZone: true }]
}

/** A search or a retrieval by web that is answered well, with no data set. */
function hasNone({ service, hints, foundCount }: Message): boolean {
  if (foundCount > 0 || (service.command !== 'QIDO-RSP' && service.command !== 'WADO-RSP')) return false
  return /^2/.test(envelopeValue(hints.envelope, ':status') ?? '')
}

interface Own {
  readonly controlId: string | null
  readonly sender: string | null
  readonly receiver: string | null
  readonly stamps: readonly Stamp[]
}

function common(message: Message, gathered: Gathered, own: Own): Facts {
  const parts = partsOf(message)
  return {
    type: message.service.type,
    version: null,
    controlId: own.controlId ?? onlyInstance(gathered),
    sender: own.sender,
    receiver: own.receiver,
    sequence: null,
    stamps: own.stamps.length === 0 ? gathered.stamps : [...own.stamps, ...gathered.stamps],
    keys: gathered.keys,
    charset: message.charset,
    ack: ackOf(message),
    defects: gathered.defects,
    ...(parts.length === 0 ? {} : { parts }),
    ...(hasNone(message) ? { hasNone: true } : {}),
    codes: gathered.codes,
  }
}

/** The instance that a message is of, when it names one alone. */
function onlyInstance({ keys }: Gathered): string | null {
  const instances = keys.filter(({ kind }) => kind === 'instance')
  return instances.length === 1 ? (instances[0]?.value ?? null) : null
}
