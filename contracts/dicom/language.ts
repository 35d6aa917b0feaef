import type { ContractLanguage } from '../language/contract-language.ts'
import { compileContract } from './compile.ts'
import { parseContract } from './read.ts'
import { standardAgreement, standardContract } from './standard.ts'

/** Contracts for DICOM data sets: attributes by command and SOP class, conditions (docs/contracts.md). */
export const dicomLanguage: ContractLanguage = {
  format: 'dicom',
  compile({ text, path }) {
    const { contract, standard } = parseContract(text, path)
    return compileContract(contract, { standard: standard === 'none' ? null : standardAgreement() })
  },
  standard: standardContract,
}
