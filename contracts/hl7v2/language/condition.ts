import {
  type Condition as AnyCondition,
  type ConditionReading as AnyReading,
  readCondition as readAnyCondition,
} from '../../language/condition.ts'
import { type ElementPath, readPath } from './path.ts'

/** A question about a message, as JSON. Paths are read by `check/condition-check.ts`. */
export type Condition = AnyCondition<ElementPath>

export type ConditionReading = AnyReading<ElementPath>

/** Reads `ORC-1 = 'NW' and not (OBR-4 empty or OBX-8 in ('HH', 'LL'))`: see `contracts/language/condition.ts`. Never throws. */
export function readCondition(text: string): ConditionReading {
  return readAnyCondition(text, { read: readPath, example: 'a field as ORC-1' })
}
