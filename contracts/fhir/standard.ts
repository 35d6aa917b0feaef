import type { CompiledContract } from '../../gateway/model/violation.ts'
import { compileContract } from './compile.ts'
import { type Contract, standardSeverities } from './contract.ts'

/** What FHIR R4 itself requires, for an interface that has no contract: sound resources, whatever is asked. At most `warn`, unless a body can't be read. */
export function standardContract(): CompiledContract {
  return compileContract(standardAgreement)
}

/** The contract behind `standardContract`. */
export const standardAgreement: Contract = {
  id: 'fhir-r4',
  version: '1',
  title: { zh: 'FHIR R4 标准本身的要求', en: 'What FHIR R4 itself requires' },
  versions: [],
  base: 'hold',
  severities: standardSeverities,
  interactions: new Map(),
  otherInteractions: 'allow',
  resources: new Map(),
}
