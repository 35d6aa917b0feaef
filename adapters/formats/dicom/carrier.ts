import type { CharsetFacts } from '../../../gateway/model/document.ts'
import type { Found } from './part10.ts'

/** Which service a message belongs to, on whichever wire. */
export interface Service {
  readonly carrier: 'dimse' | 'web' | 'file'
  /** `C-STORE`, `STOW /studies`: as people call it. */
  readonly type: string | null
  /** `C-STORE-RQ`, `STOW-RSP`: what contracts are written for. Null where there is none. */
  readonly command: string | null
}

/** The data sets of a body, in their order. */
export interface Content {
  readonly found: readonly Found[]
  /** Those that are there; more than `found` where a limit left some out. */
  readonly foundCount: number
  /** Of JSON and XML, which have one character set for all; null: each data set says its own. */
  readonly charset: CharsetFacts | null
}
