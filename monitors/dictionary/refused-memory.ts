import { amount, flag, type Held, keyed, list, record, word } from '../shared/state.ts'

export const suspectPart = record({
  path: word(),
  shape: word(),
  hash: amount(),
  isNovel: flag(),
  /** Of the messages that it was refused in; empty: of several. And of those that passed, how many when it was first refused. */
  type: word(),
  ofTypeAtFirst: amount(),
  refused: amount(),
  accepted: amount(),
  firstAt: amount(),
  lastAt: amount(),
  /** The interface's counters when it was first and last refused: what passed meanwhile, and of that what has another code in its path. */
  acceptedAtFirst: amount(),
  besideAtFirst: amount(),
  besideAtLast: amount(),
  refusedAtFirst: amount(),
  refusedAtLast: amount(),
})
export type Suspect = Held<typeof suspectPart>

/** Which codes are refused wherever they come, while messages without them pass. */
export const refusedCodesPart = record({
  /** Distinct messages with codes, by how they were answered. */
  accepted: amount(),
  refused: amount(),
  suspects: keyed(suspectPart),
  /** Messages that were accepted, by the suspects' paths: where all that have a path are refused, it isn't the code. */
  beside: keyed(amount()),
  /** And by their types: where all of a type are refused, it isn't a code that all of them have. */
  ofType: keyed(amount()),
  /** Keys of the suspects that are beyond doubt. */
  proven: list(word()),
  provenRefused: amount(),
  provenSince: amount(),
  cleanRun: amount(),
  onsetAt: amount(),
  recent: list(amount()),
  exchangeIds: list(word()),
})
export type RefusedCodes = Held<typeof refusedCodesPart>
