import type { ContractLanguage } from '../language/contract-language.ts'
import { compileContract } from './compile.ts'
import { parseContract } from './read.ts'
import { standardContract } from './standard.ts'

/** Contracts for FHIR interfaces: interactions, search parameters, elements, FHIRPath, profiles (docs/contracts.md). */
export const fhirLanguage: ContractLanguage = {
  format: 'fhir',
  compile: ({ text, path }, readText) => compileContract(parseContract(text, path, readText)),
  standard: () => standardContract(),
}
