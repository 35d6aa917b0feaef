import type { ContractLanguage } from '../language/contract-language.ts'
import { compileContract } from './compile.ts'
import { parseContract } from './read.ts'
import { standardContract } from './standard.ts'

/** Contracts for HL7 v2 messages: segments, fields, conditions (docs/contracts.md). */
export const hl7v2Language: ContractLanguage = {
  format: 'hl7v2',
  compile: ({ text, path }) => compileContract(parseContract(text, path)),
  standard: () => standardContract(null),
}
