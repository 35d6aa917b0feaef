import type { FormatName } from '../../gateway/model/interface.ts'
import type { CompiledContract } from '../../gateway/model/violation.ts'

/** Reads a file as text, or null when there is none. Other failures may throw. */
export type ReadText = (path: string) => string | null

/** A contract file as it was found. */
export interface ContractText {
  readonly text: string
  /** For messages, and for finding files that the contract names beside it. */
  readonly path: string
}

/** How contracts for one format are written. One for each folder of `contracts/` that has a language; listed in `languages.ts`. */
export interface ContractLanguage {
  readonly format: FormatName
  /** Ready to check messages. Throws CONTRACT_INVALID with file, line and column, all problems at once. `readText` is for files that the contract names. */
  compile(contract: ContractText, readText: ReadText): CompiledContract
  /** What the standard itself requires, for an interface without a contract; null: nothing that could be checked. */
  standard(): CompiledContract | null
}
