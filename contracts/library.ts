import { failure } from '../gateway/model/failures.ts'
import type { CompiledContract } from '../gateway/model/violation.ts'
import { compileContract } from './compile.ts'
import type { Contract } from './contract.ts'
import { parseContract } from './read.ts'

/** The contracts that come with the product, in `library/`: the ten HL7 v2 interfaces of the catalogue. */
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
] as const

/** Reads a file as text, or null when there is none. Other failures may throw. */
export type ReadText = (path: string) => string | null

/**
 * The contract that a configuration names: an id of the library, or the path of a YAML file. `libraryFolder` ends without a slash.
 * Throws CONFIG_CONTRACT_UNKNOWN when there is no such file, CONTRACT_INVALID when it can't be read.
 */
export function loadContract(name: string, libraryFolder: string, readText: ReadText): Contract {
  const isId = /^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(name)
  const path = isId ? `${libraryFolder}/${name}.yaml` : name
  const text = readText(path)
  if (text === null) throw failure('CONFIG_CONTRACT_UNKNOWN', `there is no contract "${name}"`, { place: { file: path } })
  const contract = parseContract(text, path)
  if (isId && contract.id !== name) {
    throw failure('CONTRACT_INVALID', `the file is named ${name}, but its contract is ${contract.id}`, {
      place: { file: path, line: 1, key: 'contract' },
    })
  }
  return contract
}

/** `loadContract`, ready to check messages. */
export function loadCompiledContract(name: string, libraryFolder: string, readText: ReadText): CompiledContract {
  return compileContract(loadContract(name, libraryFolder, readText))
}
