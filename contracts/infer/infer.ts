import type { Document } from '../../gateway/model/document.ts'
import type { FormatName } from '../../gateway/model/interface.ts'
import { startDicomLearner } from './dicom/learner.ts'
import { startFhirLearner } from './fhir/learner.ts'
import { startHl7v2Learner } from './hl7v2/learner.ts'
import { startJsonLearner } from './json/learner.ts'
import type { InferenceOptions, InferredContract, Learner } from './learner.ts'
import { startSoapLearner } from './soap/learner.ts'
import { writeContract } from './write-contract.ts'

/** Every format that contracts are learnt for. A new one is a line here. */
const learners: { readonly [format in FormatName]: () => Learner } = {
  dicom: startDicomLearner,
  fhir: startFhirLearner,
  hl7v2: startHl7v2Learner,
  json: startJsonLearner,
  soap: startSoapLearner,
}

/** Learns one interface's contract from its messages. The same messages in the same order give the same text. */
export interface Inference {
  note(document: Document, side: 'request' | 'answer'): void
  /** Null: nothing was seen that a contract could be made of. */
  contract(options: InferenceOptions): InferredContract | null
}

export function startInference(format: FormatName): Inference {
  const learner = learners[format]()
  let message = 0
  return {
    note(document, side) {
      message += 1
      learner.note(document, side, { message, patient: patientOf(document) })
    },
    contract({ id, version, title, sureness, span }) {
      const learnt = learner.learnt(sureness)
      if (learnt === null) return null
      const words = [
        `Learnt from ${message} messages${span === null ? '' : ` of ${span}`}. Read it before it becomes the agreement.`,
        `R: in every one of at least ${sureness.sureAfter}. RE: in nearly all, or in too few to be sure. Behind each: seen / possible.`,
        'Codes are listed where the traffic shows a closed dictionary; each was in at least 3 messages, and of 2 patients where they name any.',
        ...learnt.words,
      ]
      return { text: writeContract({ id, version, title, format }, words, learnt.body), messageCount: message }
    },
  }
}

function patientOf(document: Document): string | null {
  return document.facts().keys.find((key) => key.kind === 'patient')?.value ?? null
}
