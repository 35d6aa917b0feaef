import { remembered } from '../remembered.ts'
import { roleInBatch } from './batch.ts'
import { sayingOf } from './none-found.ts'

/** Whether a member of that name may tell how many of something there are, or how it stands with it: what `batchOf` and `saysNone` ask for. Of a body's members few do. */
export const isTelling = remembered((name): boolean => roleInBatch(name) !== null || sayingOf(name) !== null)
