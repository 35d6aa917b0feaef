import type { CompiledContract } from '../../gateway/model/violation.ts'
import { defaultBodySeverities } from '../language/body-rules.ts'
import type { ContractLanguage } from '../language/contract-language.ts'
import { compileSoapContract } from './compile.ts'
import { readSoapContract } from './read.ts'

/** Contracts for SOAP and XML: operations, elements by path, what an answer says (docs/contracts.md). */
export const soapLanguage: ContractLanguage = {
  format: 'soap',
  compile: (contract) => compileSoapContract(readSoapContract(contract)),
  standard: () => standard,
}

/** What SOAP itself requires: well-formed XML without a document type, an envelope with a body, in the character set that it declares. */
const standard: CompiledContract = compileSoapContract({
  id: 'soap',
  version: '1',
  title: { zh: 'SOAP 标准本身的要求', en: 'What SOAP itself requires' },
  versions: [],
  charsets: [],
  otherOperations: 'allow',
  severities: defaultBodySeverities,
  keys: [],
  success: null,
  operations: [],
})
