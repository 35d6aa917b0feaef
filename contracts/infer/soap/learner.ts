import type { Document } from '../../../gateway/model/document.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import { elementValue } from '../../soap/element-value.ts'
import { soapMessageOf } from '../../soap/message.ts'
import { countCharset, countMin, oftenSeen, type Sides, sideOf, tallyOf } from '../counts.ts'
import { isName } from '../json-schema.ts'
import { closedSet, isFormSure, lengthLimit, patternOf, presenceWords, type Sureness, usageOf } from '../judge.ts'
import type { Learner, Learnt } from '../learner.ts'
import { memberPlaces } from '../member-places.ts'
import type { ScalarTally, Sighting } from '../scalar-tally.ts'
import { type Budget, type PlaceRules, placesMax, TreeTally } from '../tree-tally.ts'
import { Noted, type Written } from '../write-contract.ts'

interface OperationTally {
  readonly tree: TreeTally
  count: number
  readonly sides: Sides
  readonly actions: Map<string, number>
}

const operationsMax = 100
const elementsMax = 400

/** `#text` belongs to the element above it. */
const places: PlaceRules = {
  isCoded: (steps) => memberPlaces.isCoded(steps.at(-1) === '#text' ? steps.slice(0, -1) : steps),
}

/** Learns contracts for SOAP and XML: operations, their elements, how often, in which form. */
export function startSoapLearner(): Learner {
  return new SoapLearner()
}

class SoapLearner implements Learner {
  readonly #operations = new Map<string, OperationTally>()
  readonly #charsets = new Map<string, number>()
  readonly #budget: Budget = { left: placesMax, isSpent: false }

  note(document: Document, side: 'request' | 'answer', sighting: Sighting): void {
    const message = soapMessageOf(document)
    const operation = message?.operation ?? null
    if (message === null || operation === null || operation.name === 'Fault' || !isName(operation.name)) return
    const tally = tallyOf(this.#operations, operation.name, operationsMax, () => newTally(this.#budget))
    if (tally === null) return
    tally.count += 1
    tally.sides[side] += 1
    countCharset(this.#charsets, document)
    const action = envelopeValue(message.envelope, 'soapaction')?.replaceAll('"', '') ?? ''
    if (side === 'request' && action !== '' && action.length <= 200 && tally.actions.size < 8)
      tally.actions.set(action, (tally.actions.get(action) ?? 0) + 1)
    tally.tree.note(elementValue(operation), sighting)
  }

  learnt(sureness: Sureness): Learnt | null {
    const all = [...this.#operations].toSorted(([a], [b]) => (a < b ? -1 : 1))
    const kept = all.filter(([, tally]) => tally.count >= countMin)
    if (kept.length === 0) return null
    const operations = kept.map(([name, tally]): [string, Written] => [name, operationOf(tally, sureness)])
    const charset = oftenSeen(this.#charsets).filter((label) => label !== 'unknown')
    const rare = all.length - kept.length
    return {
      body: {
        ...(charset.length === 0 ? {} : { soap: { charset } }),
        operations: Object.fromEntries(operations),
      },
      words: rare === 0 ? [] : [`${rare} operations were seen fewer than ${countMin} times and are left out.`],
    }
  }
}

function newTally(budget: Budget): OperationTally {
  return { tree: new TreeTally([], places, budget), count: 0, sides: { request: 0, answer: 0 }, actions: new Map() }
}

function operationOf(tally: OperationTally, sureness: Sureness): Written {
  const { sides, actions } = tally
  const elements: (readonly [string, Written])[] = []
  collect(tally.tree, [], sureness, elements)
  const told = oftenSeen(actions)
  return {
    side: sideOf(sides),
    ...(told.length === 0 || told.length !== actions.size ? {} : { soapAction: told }),
    elements: Object.fromEntries(elements.slice(0, elementsMax)),
  }
}

/** `node`: one element; its members are lists of the elements below it, its attributes, its text. */
function collect(node: TreeTally, path: readonly string[], sureness: Sureness, elements: (readonly [string, Written])[]): void {
  for (const [name, member] of [...node.members].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (name === '#text' || !isName(name.replace(/^@/, '')) || member.messages < countMin) continue
    const below = name.startsWith('@') ? null : member.node.items
    const scalar = below === null ? member.node.scalar : (below.members.get('#text')?.node.scalar ?? null)
    const isLeaf = below === null || below.members.has('#text')
    const isFilled = !isLeaf || below === null || below.members.get('#text')?.present === below.count
    const usage = isFilled ? usageOf(member.present, node.count, sureness) : 'O'
    const rule = {
      ...(usage === 'O' ? {} : { usage }),
      ...(member.node.itemsMax > 1 ? { repeats: '1..*' } : {}),
      ...(scalar === null ? {} : valueRule(scalar, sureness)),
    }
    const own = [...path, name]
    const keys = Object.keys(rule)
    if (keys.length > 0) {
      const value = keys.length === 1 && usage !== 'O' ? usage : rule
      elements.push([own.join('/'), new Noted(value, presenceWords(member.present, node.count))])
    }
    if (below !== null) collect(below, own, sureness, elements)
  }
}

function valueRule(scalar: ScalarTally, sureness: Sureness): { readonly [key: string]: Written } {
  const closed = closedSet(scalar)
  if (closed !== null) return { values: closed.values }
  if (!isFormSure(scalar, sureness)) return {}
  const form = scalar.form()
  if (form === 'uuid' || form === 'id-card' || form === 'mobile' || form === 'oid') return { format: form }
  if (form === 'timestamp' || form === 'date' || form === 'datetime') return { format: form }
  if (form === 'date-time' || form === 'local-time' || form === 'iso-date') return { type: 'time' }
  if (scalar.count < sureness.sureAfter) return {}
  if (form === 'digits' && scalar.lengthMin === scalar.lengthMax) return { format: `digits(${scalar.lengthMin})` }
  if (form === 'digits' || form === 'number') return { type: 'number' }
  const pattern = patternOf(scalar.runs())
  if (pattern !== null) return { format: `/${pattern}/` }
  const limit = lengthLimit(scalar.lengthMax)
  return limit === null ? {} : { length: `..${limit}` }
}
