import { failure } from '../gateway/model/failures.ts'
import type { FormatName } from '../gateway/model/interface.ts'
import type { CompiledContract } from '../gateway/model/violation.ts'
import { dicomLanguage } from './dicom/language.ts'
import { fhirLanguage } from './fhir/language.ts'
import { hl7v2Language } from './hl7v2/language.ts'
import { jsonLanguage } from './json/language.ts'
import { formatIn } from './language/contract-head.ts'
import type { ContractLanguage, ContractText, ReadText } from './language/contract-language.ts'
import { soapLanguage } from './soap/language.ts'

/** Every format that contracts can be written for. A new one is a line here. */
const languages: readonly ContractLanguage[] = [dicomLanguage, fhirLanguage, hl7v2Language, jsonLanguage, soapLanguage]

/** A contract, ready to check messages, in the language of the format that it names. Throws CONTRACT_INVALID. */
export function compileContractText(contract: ContractText, readText: ReadText): CompiledContract {
  const named = formatIn(contract.text)
  const language = languages.find(({ format }) => format === named)
  if (language !== undefined) return language.compile(contract, readText)
  const known = languages.map(({ format }) => format).join(', ')
  const message = named === null ? 'the key "format" is missing' : `format must be one of ${known}`
  throw failure('CONTRACT_INVALID', message, { place: { file: contract.path, line: 1, key: 'format' } })
}

/** What the format's standard requires of an interface without a contract; null where nothing can be checked. */
export function standardContractOf(format: FormatName): CompiledContract | null {
  return languages.find((language) => language.format === format)?.standard() ?? null
}
