import type { CompiledContract } from '../../gateway/model/violation.ts'
import { defaultBodySeverities } from '../language/body-rules.ts'
import type { ContractLanguage } from '../language/contract-language.ts'
import { compileJsonContract } from './compile.ts'
import { noAnswerRules, noMessageRules } from './contract.ts'
import { readJsonContract } from './read.ts'

/** Contracts for JSON over HTTP, records and files of rows: routes, JSON Schemas, what an answer says (docs/contracts.md). */
export const jsonLanguage: ContractLanguage = {
  format: 'json',
  compile: (contract, readText) => compileJsonContract(readJsonContract(contract, readText)),
  standard: () => standard,
}

/** What RFC 8259 itself requires: JSON, in UTF-8, whole. */
const standard: CompiledContract = compileJsonContract({
  id: 'json',
  version: '1',
  title: { zh: 'JSON 标准本身的要求', en: 'What JSON itself requires' },
  charsets: [],
  otherOperations: 'allow',
  severities: defaultBodySeverities,
  keys: [],
  request: noMessageRules,
  answer: noAnswerRules,
  operations: [],
})
