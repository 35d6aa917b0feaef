import type { Catalogue } from '../model/interface.ts'
import type { DeskRules } from './rules/desk-rules.ts'

/** What the hospital is and how it works: everything that duties depend on besides the ticket. */
export interface Setting {
  readonly rules: DeskRules
  readonly catalogue: Catalogue
  /** Names of the channels that notices go out on. */
  readonly channels: readonly string[]
}
