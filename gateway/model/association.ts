import { type Envelope, envelopeValue } from './envelope.ts'
import { decidingAnswer, type Exchange } from './exchange.ts'

/** Why a presentation context was not accepted (PS3.8 9.3.3.2): 1 user rejection, 2 no reason, 3 abstract syntax, 4 transfer syntaxes not supported. */
export type ContextResult = 1 | 2 | 3 | 4

/** An abstract syntax that was proposed and of which no presentation context was accepted. */
export interface LackingSyntax {
  readonly abstractSyntax: string
  /** The result that says most: 3 before 4 before the others. */
  readonly result: ContextResult
  readonly transferSyntaxes: readonly string[]
}

/**
 * What an association was opened for and can't do: abstract syntaxes of which every proposed context was rejected. One that was accepted in another transfer
 * syntax is no lack: senders propose each compression as a context of its own and use what they get. Empty for anything that is no accepted association.
 */
export function lackingSyntaxes(exchange: Exchange): readonly LackingSyntax[] {
  if (exchange.type !== 'A-ASSOCIATE' || exchange.code !== 'AC') return none
  const answered = decidingAnswer(exchange)?.envelope
  // Nearly always all that was proposed is accepted.
  if (answered === undefined || answered.every(([name, value]) => name !== 'context' || isAccepted.test(value))) return none
  const proposed = contextsOf(exchange.request?.envelope)
  const results = new Map(contextsOf(answered).map(([id, result]) => [id, Number(result)]))
  const lacking = new Map<string, LackingSyntax>()
  const accepted = new Set<string>()
  for (const [id, abstractSyntax = '', transfer = ''] of proposed) {
    const result = results.get(id)
    if (result === 0) accepted.add(abstractSyntax)
    if (result !== 1 && result !== 2 && result !== 3 && result !== 4) continue
    const known = lacking.get(abstractSyntax)
    const worse = known === undefined || rank[result] > rank[known.result] ? result : known.result
    const transferSyntaxes = [...new Set([...(known?.transferSyntaxes ?? []), ...transfer.split(',')])]
    lacking.set(abstractSyntax, { abstractSyntax, result: worse, transferSyntaxes })
  }
  return [...lacking.values()].filter(({ abstractSyntax }) => !accepted.has(abstractSyntax))
}

/** The AE titles of an association or of a message on it; null where the envelope doesn't say. */
export function aeTitlesOf(exchange: Exchange): { readonly calling: string | null; readonly called: string | null } {
  const envelope = exchange.request?.envelope
  return { calling: envelopeValue(envelope, 'calling-ae'), called: envelopeValue(envelope, 'called-ae') }
}

const none: readonly LackingSyntax[] = []
/** An answered context: its number, its result (0: acceptance), its transfer syntax. */
const isAccepted = /^[^ ]* 0(?: |$)/
const rank = { 3: 3, 4: 2, 1: 1, 2: 0 } as const

function contextsOf(envelope: Envelope | undefined): readonly (readonly string[])[] {
  return (envelope ?? []).flatMap(([name, value]) => (name === 'context' ? [value.split(' ')] : []))
}
