import { isRecord } from '../../../gateway/model/json.ts'
import { patternTextMax } from '../../language/safe-pattern.ts'
import type { AttributePath } from '../attribute-path.ts'
import type { Condition } from '../contract.ts'
import { isEmpty, type JsonDataSet, textOf, valuesOf } from '../json-model.ts'
import type { Step } from './finding.ts'

/** Asks a condition of a data set, as seen from `here`: the root or the item in which the attribute stands that it is about. */
export type ConditionTest = (root: JsonDataSet, here: JsonDataSet) => boolean

/** Where an attribute may stand: the root, or each item of the sequences before it. */
export interface Holder {
  readonly set: JsonDataSet
  readonly steps: readonly Step[]
}

const holdersMax = 1_000

/** Every data set in which the last attribute of the path may stand. None where a sequence is absent: whether it may be is said of itself. */
export function holdersOf(root: JsonDataSet, path: AttributePath): readonly Holder[] {
  let holders: readonly Holder[] = [{ set: root, steps: [] }]
  for (const tag of path.slice(0, -1)) {
    holders = holders
      .flatMap(({ set, steps }) =>
        valuesOf(set[tag]).flatMap((item, i): readonly Holder[] =>
          isRecord(item) ? [{ set: item, steps: [...steps, { tag, item: i + 1 }] }] : [],
        ),
      )
      .slice(0, holdersMax)
  }
  return holders
}

/**
 * Prepares a condition about the attribute at `about`. A path through the same sequences means the same item; another path is followed from the root, and
 * what it leads to fulfils a comparison with any of its values in any of its items.
 */
export function conditionTest(condition: Condition, about: AttributePath): ConditionTest {
  switch (condition.kind) {
    case 'and': {
      const tests = condition.of.map((part) => conditionTest(part, about))
      return (root, here) => tests.every((test) => test(root, here))
    }
    case 'or': {
      const tests = condition.of.map((part) => conditionTest(part, about))
      return (root, here) => tests.some((test) => test(root, here))
    }
    case 'not': {
      const test = conditionTest(condition.of, about)
      return (root, here) => !test(root, here)
    }
    default:
      return comparisonTest(condition, about)
  }
}

function comparisonTest(condition: Exclude<Condition, { kind: 'and' | 'or' | 'not' }>, about: AttributePath): ConditionTest {
  const { path } = condition
  const isSame = path.length === about.length && path.slice(0, -1).every((tag, i) => tag === about[i])
  const tag = path.at(-1) ?? ''
  const found = (root: JsonDataSet, here: JsonDataSet): readonly unknown[] =>
    isSame ? [here[tag]] : holdersOf(root, path).map(({ set }) => set[tag])
  switch (condition.kind) {
    case 'present':
      return (root, here) => found(root, here).some((attribute) => !isEmpty(attribute))
    case 'empty':
      return (root, here) => found(root, here).every((attribute) => isEmpty(attribute))
    case 'in':
    case 'not-in': {
      const values = new Set(condition.values)
      const isWanted = condition.kind === 'in'
      return (root, here) =>
        found(root, here).some((attribute) => textsOf(attribute).some((text) => values.has(text))) === isWanted
    }
    case 'matches': {
      const pattern = new RegExp(condition.pattern, 'u')
      const fits = (text: string) => text.length <= patternTextMax && pattern.test(text)
      return (root, here) => found(root, here).some((attribute) => textsOf(attribute).some(fits))
    }
    default:
      return condition satisfies never
  }
}

/** Nothing there: an empty text is asked, so that `= ''` can be said. */
function textsOf(attribute: unknown): readonly string[] {
  const texts = valuesOf(attribute).flatMap((value) => textOf(value) ?? [])
  return texts.length === 0 ? nothing : texts
}

const nothing = ['']
