import type { CompiledContract } from '../../gateway/model/violation.ts'
import { compileContract } from './compile.ts'
import type { AttributeRule, Contract } from './contract.ts'
import { parseContract } from './read.ts'
import { standardText } from './standard-text.ts'

/** What the standard itself requires, for an interface that has no contract. At most `warn`, but for what nobody can read. */
export function standardContract(): CompiledContract {
  return compileContract(standardAgreement())
}

let agreement: Contract | null = null

/** The contract behind `standardContract`, which also holds beneath the library's and the hospital's. Each of its attributes says what it weighs. */
export function standardAgreement(): Contract {
  if (agreement !== null) return agreement
  const { contract } = parseContract(standardText, 'contracts/dicom/standard-text.ts')
  const messages = contract.messages.map((message) => ({ ...message, attributes: message.attributes.map(weighed) }))
  agreement = { ...contract, messages }
  return agreement
}

/** PS3.5 7.4: what must be filled, and what must merely be there. */
function weighed(rule: AttributeRule): AttributeRule {
  return { ...rule, severity: rule.severity ?? (rule.type === '1' || rule.type === '1C' ? 'warn' : 'observe') }
}
