import { patternTextMax } from '../../language/safe-pattern.ts'
import type { Condition } from '../language/condition.ts'
import type { ElementPath } from '../language/path.ts'
import { element, isEmpty, type MessageView } from './message-text.ts'

/** Asks a condition of the message as seen from one segment. */
export type ConditionTest = (view: MessageView, anchor: number) => boolean

/**
 * Prepares a condition. A path into the anchor's own segment type means the anchor. Another segment is looked for where `order`
 * says it belongs: before the anchor, the nearest one; after it, up to the next segment of the anchor's name, so that the OBR
 * of one ORC is never taken for that of the next. A field that repeats fulfils a comparison with any of its repetitions.
 */
export function conditionTest(condition: Condition, order: readonly string[]): ConditionTest {
  switch (condition.kind) {
    case 'and': {
      const tests = condition.of.map((part) => conditionTest(part, order))
      return (view, anchor) => tests.every((test) => test(view, anchor))
    }
    case 'or': {
      const tests = condition.of.map((part) => conditionTest(part, order))
      return (view, anchor) => tests.some((test) => test(view, anchor))
    }
    case 'not': {
      const test = conditionTest(condition.of, order)
      return (view, anchor) => !test(view, anchor)
    }
    default:
      return comparisonTest(condition, order)
  }
}

function comparisonTest(
  condition: Exclude<Condition, { kind: 'and' | 'or' | 'not' }>,
  order: readonly string[],
): ConditionTest {
  const { path } = condition
  switch (condition.kind) {
    case 'present':
      return (view, anchor) => textAt(view, anchor, path, order, isFilled)
    case 'empty':
      return (view, anchor) => !textAt(view, anchor, path, order, isFilled)
    case 'in':
    case 'not-in': {
      const values = new Set(condition.values)
      const isAmong = (text: string) => values.has(text) || values.has(text.trim())
      const isWanted = condition.kind === 'in'
      return (view, anchor) => textAt(view, anchor, path, order, isAmong) === isWanted
    }
    case 'matches': {
      const pattern = new RegExp(condition.pattern, 'u')
      return (view, anchor) => textAt(view, anchor, path, order, (text) => text.length <= patternTextMax && pattern.test(text))
    }
    default:
      return condition satisfies never
  }
}

type TextTest = (text: string, view: MessageView) => boolean

const isFilled: TextTest = (text, view) => !isEmpty(text, view.delimiters)

/** Whether any repetition of what `path` names passes. Nothing there: an empty text is asked, so that `= ''` can be said. */
function textAt(view: MessageView, anchor: number, path: ElementPath, order: readonly string[], test: TextTest): boolean {
  const segment =
    view.segments[view.segments[anchor]?.[0] === path.segment ? anchor : placeOf(view, anchor, path.segment, order)]
  if (path.field === 0) return segment !== undefined && test(path.segment, view)
  const text = segment?.[path.field] ?? ''
  const { delimiters } = view
  if (text === '' || (path.segment === 'MSH' && path.field <= 2)) return test(text, view)
  if (!text.includes(delimiters.repetition)) return test(element(text, path.component, path.subcomponent, delimiters), view)
  return text
    .split(delimiters.repetition)
    .some((repetition) => test(element(repetition, path.component, path.subcomponent, delimiters), view))
}

function placeOf(view: MessageView, anchor: number, name: string, order: readonly string[]): number {
  const own = view.segments[anchor]?.[0]
  const isLater = own === undefined || (order.includes(name) && order.indexOf(name) > order.indexOf(own))
  if (!isLater) {
    for (let i = anchor - 1; i >= 0; i -= 1) if (view.segments[i]?.[0] === name) return i
  }
  for (let i = anchor + 1; i < view.segments.length; i += 1) {
    const here = view.segments[i]?.[0]
    if (here === name) return i
    if (here === own) return -1
  }
  return -1
}
