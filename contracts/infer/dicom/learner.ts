import { attributeNamed, isPrivate, attributeOf as specOf } from '../../../gateway/model/dicom/dictionary.ts'
import { uidMeaning, uidNamed } from '../../../gateway/model/dicom/uids.ts'
import type { Document } from '../../../gateway/model/document.ts'
import {
  attributeIn,
  attributeOf,
  isEmpty,
  membersIn,
  type Stretches,
  tagIn,
  textOf,
  valuesOf,
  viewOf,
} from '../../dicom/json-model.ts'
import { countMin, countUp, oftenSeen, tallyOf } from '../counts.ts'
import { closedSet, lengthLimit, presenceWords, type Sureness, usageOf } from '../judge.ts'
import type { Learner, Learnt } from '../learner.ts'
import type { Sighting } from '../scalar-tally.ts'
import { type Budget, type PlaceRules, placesMax, TreeTally } from '../tree-tally.ts'
import { Noted, type Written } from '../write-contract.ts'

const commandsMax = 100
const labelsMax = 64
const toldLabelsMax = 16
const depthMax = 4
const itemsMax = 200

/** Coded: CS of the dictionary, which holds nothing but defined terms (PS3.5 6.2). */
const places: PlaceRules = {
  isCoded: (steps) => attributeNamed(steps.at(-1) ?? '')?.vr === 'CS',
}

/** Learns DICOM contracts: commands and SOP classes, and which attributes their data sets fill. */
export function startDicomLearner(): Learner {
  return new DicomLearner()
}

class DicomLearner implements Learner {
  /** As a contract names it: `C-STORE-RQ CT Image Storage`. */
  readonly #commands = new Map<string, TreeTally>()
  readonly #charsets = new Map<string, number>()
  readonly #budget: Budget = { left: placesMax, isSpent: false }

  note(document: Document, _side: 'request' | 'answer', sighting: Sighting): void {
    const view = viewOf(document.shape())
    if (view === null || view.command === null || view.command === 'C-ECHO-RQ') return
    if (view.dataSets.length > 0) this.#noteCharset(document.facts().charset.declared ?? '')
    for (const set of view.dataSets) {
      const [own] = valuesOf(attributeOf(set, '00080016'))
      const key = keyOf(view.command, view.sopClass ?? (typeof own === 'string' ? own : null))
      const tally = tallyOf(this.#commands, key, commandsMax, () => new TreeTally([], places, this.#budget))
      tally?.note(treeOf(set, 0), sighting)
    }
  }

  learnt(sureness: Sureness): Learnt | null {
    const tallies = [...this.#commands].filter(([, tree]) => tree.count >= countMin)
    if (tallies.length === 0) return null
    const messages = tallies
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, tree]): [string, Written] => {
        const attributes: (readonly [string, Written])[] = []
        collect(tree, [], sureness, attributes)
        return [key, attributes.length === 0 ? {} : { attributes: Object.fromEntries(attributes) }]
      })
    const charset = oftenSeen(this.#charsets)
    const isTold = charset.length <= toldLabelsMax && charset.some((label) => label !== '')
    const rare = this.#commands.size - tallies.length
    return {
      body: { ...(isTold ? { dicom: { charset } } : {}), messages: Object.fromEntries(messages) },
      words: rare === 0 ? [] : [`${rare} commands and classes came fewer than ${countMin} times and are left out.`],
    }
  }

  #noteCharset(label: string): void {
    if (/^[\w \\.-]{0,64}$/.test(label)) countUp(this.#charsets, label, labelsMax)
  }
}

/** A class that the dictionary doesn't have is the sender's own: its rules are those of the command. */
function keyOf(command: string, sopClass: string | null): string {
  const name = sopClass === null ? undefined : uidMeaning(sopClass)?.en
  return name === undefined || uidNamed(name) !== sopClass ? command : `${command} ${name}`
}

/** Attributes by keyword, each a list of texts or of items; an empty one is an empty list. */
function treeOf(set: Stretches, depth: number): { readonly [keyword: string]: readonly unknown[] } {
  const found: [string, readonly unknown[]][] = []
  for (const member of set.flatMap(membersIn)) {
    const number = Number.parseInt(tagIn(member), 16)
    const attribute = attributeIn(member)
    const spec = specOf(number)
    // Group lengths, file meta, private and bulk attributes say nothing that could be agreed.
    if (spec === null || isPrivate(number) || number < 0x00080000 || (number & 0xffff) === 0) continue
    if (isEmpty(attribute)) {
      found.push([spec.keyword, []])
      continue
    }
    const values = valuesOf(attribute).slice(0, itemsMax)
    const isSequence = spec.vr === 'SQ'
    if (isSequence && depth >= depthMax) continue
    found.push([
      spec.keyword,
      values.map((value) => (isSequence && Array.isArray(value) ? treeOf(value, depth + 1) : (textOf(value) ?? null))),
    ])
  }
  return Object.fromEntries(found)
}

function collect(
  node: TreeTally,
  path: readonly string[],
  sureness: Sureness,
  attributes: (readonly [string, Written])[],
): void {
  for (const [keyword, member] of [...node.members].toSorted(([a], [b]) => tagOrder(a) - tagOrder(b))) {
    const usage = usageOf(member.present, node.count, sureness)
    const isFilled = member.node.itemsMin > 0
    const type = usage === 'R' ? (isFilled ? '1' : '2') : null
    const items = member.node.items
    const scalar = items?.scalar ?? null
    const closed = scalar === null ? null : closedSet(scalar)
    const rule: { readonly [key: string]: Written } = {
      ...(type === null ? {} : { type }),
      ...(closed === null ? {} : { values: closed.values }),
      ...(closed !== null || scalar === null || type === null || attributeNamed(keyword)?.vr !== 'SH'
        ? {}
        : { length: `..${Math.min(lengthLimit(scalar.lengthMax) ?? 16, 16)}` }),
    }
    const own = [...path, keyword]
    const keys = Object.keys(rule)
    if (keys.length > 0) {
      const value = keys.length === 1 && type !== null ? type : rule
      attributes.push([own.join('.'), new Noted(value, presenceWords(member.present, node.count))])
    }
    if (items !== null && items.members.size > 0 && type !== null) collect(items, own, sureness, attributes)
  }
}

function tagOrder(keyword: string): number {
  return attributeNamed(keyword)?.tag ?? 0
}
