import type { CompiledContract } from '../../gateway/model/violation.ts'
import { compileContract } from './compile.ts'
import type { Contract } from './contract.ts'
import { standardSeverities } from './standard-rules.ts'
import { knownMessageTypes, structureIdOf } from './structure-of.ts'

/**
 * What the standard itself requires, for an interface that has no contract: structures, required fields and data types of the version
 * that each message states, and of `version` where it states none. Quiet on the everyday liberties of real senders (`observe`); at
 * most `warn` unless it breaks parsing or pairing.
 */
export function standardContract(version: string | null): CompiledContract {
  return compileContract(standardAgreement(version), { version })
}

/** The contract behind `standardContract`, for showing and comparing. */
export function standardAgreement(version: string | null): Contract {
  return {
    id: version === null ? 'hl7v2' : `hl7v2-${version}`,
    version: '1',
    title: { zh: 'HL7 v2 标准本身的要求', en: 'What HL7 v2 itself requires' },
    versions: [],
    charsets: [],
    severities: standardSeverities,
    zSegments: 'allow',
    otherMessages: 'standard',
    segments: [],
    elements: [],
    assertions: [],
    messages: knownMessageTypes().map((type) => ({
      type,
      side: 'both',
      standard: structureIdOf(type),
      structure: null,
      segments: [],
      elements: [],
      assertions: [],
    })),
  }
}
