import { failure } from '../gateway/model/failures.ts'
import type { CompiledContract } from '../gateway/model/violation.ts'
import type { ContractText, ReadText } from './language/contract-language.ts'
import { compileContractText } from './languages.ts'

/** The contracts that come with the product, in `library/`, by interface of the catalogue. */
export const libraryIds = [
  'his-lis-lab-order',
  'lis-emr-lab-result',
  'analyzer-lis-result',
  'lis-tijian-result',
  'his-ris-exam-order',
  'ris-pacs-procedure',
  'his-aims-surgery',
  'his-bis-blood',
  'icu-device-observation',
  'his-esb-adt',
  'mnis-emr-nursing',
  'patient360-fhir',
  'emr-cdss-rx-check',
  'his-prereview-rx',
  'eda-cdss-rx-check',
  'his-nhsa-settlement',
  'miniapp-his-appointment',
  'his-queue-call',
  'mdm-dictionary-sync',
  'ods-decision-feed',
  'emr-sdms-report',
  'ris-emr-report-doc',
  'cssd-his-trace',
  'modality-ris-worklist',
  'modality-pacs-store',
  'ecg-emr-waveform',
  'pacs-consult-dicomweb',
] as const

/**
 * The contract that a configuration names: an id of the library, or the path of a YAML file. `libraryFolder` ends without a slash.
 * Throws CONFIG_CONTRACT_UNKNOWN when there is no such file.
 */
export function findContract(name: string, libraryFolder: string, readText: ReadText): ContractText {
  const path = isId(name) ? `${libraryFolder}/${name}.yaml` : name
  const text = readText(path)
  if (text === null) throw failure('CONFIG_CONTRACT_UNKNOWN', `there is no contract "${name}"`, { place: { file: path } })
  return { text, path }
}

/** `findContract`, ready to check messages. Throws CONTRACT_INVALID when it can't be read. */
export function loadContract(name: string, libraryFolder: string, readText: ReadText): CompiledContract {
  const found = findContract(name, libraryFolder, readText)
  const contract = compileContractText(found, readText)
  if (isId(name) && contract.id !== name) {
    throw failure('CONTRACT_INVALID', `the file is named ${name}, but its contract is ${contract.id}`, {
      place: { file: found.path, line: 1, key: 'contract' },
    })
  }
  return contract
}

function isId(name: string): boolean {
  return /^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(name)
}
