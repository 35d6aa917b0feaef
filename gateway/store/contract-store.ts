import type { Instant } from '../model/time.ts'

/** The text of a contract that analysis held an interface to. */
export interface ContractUse {
  readonly interfaceId: string
  readonly contractId: string
  readonly version: string
  readonly format: string
  readonly text: string
}

/** One text of a contract, with when analysis first used it on an interface. A file that was changed without a new version number is another one. */
export interface ContractVersion extends ContractUse {
  /** SHA-256 of the text, hexadecimal. */
  readonly digest: string
  readonly firstUsedAt: Instant
}

/** History of contracts: the files are the truth, this is what they said when. */
export interface ContractStore {
  /** Written by analysis when it begins to work. A text that the interface is held to already is not noted again. */
  noteContract(use: ContractUse, at: Instant): Promise<void>
  /** Newest first; of one contract, or of all. At most 1,000. */
  contractVersions(contractId?: string): Promise<readonly ContractVersion[]>
}
