import type { Document } from '../../../gateway/model/document.ts'
import { nearestVersion } from '../../../gateway/model/hl7v2/spec.ts'
import type { CompiledContract } from '../../../gateway/model/violation.ts'
import { type MessageView, part, viewOf } from '../../hl7v2/check/message-text.ts'
import { standardContract } from '../../hl7v2/standard.ts'
import { standardStructure, structureIdOf } from '../../hl7v2/structure-of.ts'
import type { Sureness } from '../judge.ts'
import type { Learner, Learnt } from '../learner.ts'
import type { Sighting } from '../scalar-tally.ts'
import { type Budget, placesMax, TreeTally } from '../tree-tally.ts'
import { Noted, type Written } from '../write-contract.ts'
import { fieldsOf } from './fields.ts'
import { messageTree, placeRules } from './message-tree.ts'
import { chooseStructure } from './structure-choice.ts'
import type { TypeTally } from './type-tally.ts'

const typesMax = 64
const sequencesMax = 300
const sequenceNamesMax = 200
const breachesMax = 2_000
const labelsMax = 32
const countMin = 3

/** Learns HL7 v2 contracts: message types, structures, presence, codes, forms. */
export function startHl7v2Learner(): Learner {
  return new Hl7v2Learner()
}

class Hl7v2Learner implements Learner {
  readonly #types = new Map<string, TypeTally>()
  readonly #versions = new Map<string, number>()
  readonly #charsets = new Map<string, number>()
  readonly #standard: CompiledContract = standardContract(null)
  readonly #budget: Budget = { left: placesMax, isSpent: false }
  #leftOut = 0

  note(document: Document, side: 'request' | 'answer', sighting: Sighting): void {
    const view = viewOf(document.shape())
    const header = view?.segments[0]
    if (view === null || header === undefined || header[0] !== 'MSH') return
    const stated = part(header[12] ?? '', view.delimiters.component, 1)
    if (/^2\.\d(?:\.\d)?$/.test(stated)) count(this.#versions, stated)
    const label = (header[18] ?? '').split(view.delimiters.repetition)[0] ?? ''
    if (/^[\w ./-]{0,30}$/.test(label)) count(this.#charsets, label)
    const tally = this.#tallyOf(typeOf(header[9] ?? '', view), stated)
    if (tally === null) {
      this.#leftOut += 1
      return
    }
    tally.count += 1
    tally.sides[side] += 1
    tally.tree.note(messageTree(view, tally.version), sighting)
    noteSequence(tally.sequences, view)
    const told = new Set(this.#standard.check(document, side).map(({ element, rule }) => `${element} ${rule}`))
    for (const key of told) if (tally.breaches.has(key) || tally.breaches.size < breachesMax) count(tally.breaches, key)
  }

  learnt(sureness: Sureness): Learnt | null {
    const all = [...this.#types.values()].toSorted((a, b) => (a.type < b.type ? -1 : 1))
    const tallies = all.filter((tally) => tally.count >= countMin)
    if (tallies.length === 0) return null
    const rare = all.filter((tally) => tally.count < countMin).map((tally) => tally.type)
    const chosen = tallies.map((tally) => [tally, choiceOf(tally)] as const)
    const messages = chosen.map(([tally, choice]): [string, Written] => [
      tally.type,
      {
        side: sideOf(tally),
        ...(choice.structure === null ? {} : { structure: new Noted(choice.structure, choice.note) }),
        fields: fieldsOf(tally, choice.names, sureness),
      },
    ])
    const versions = labels(this.#versions)
    const charsets = labels(this.#charsets)
    const hl7 = {
      ...(versions.length === 0 ? {} : { versions }),
      ...(charsets.length === 0 || isOnlyEmpty(charsets) ? {} : { charset: charsets }),
    }
    const words = [
      ...(rare.length === 0 ? [] : [`Seen fewer than ${countMin} times and left out: ${rare.join(', ')}.`]),
      ...(this.#leftOut === 0 ? [] : [`${this.#leftOut} messages of types beyond the first ${typesMax} are left out.`]),
      ...(this.#budget.isSpent ? ['More fields were seen than are learnt: the last ones are left out.'] : []),
    ]
    return { body: { ...(Object.keys(hl7).length === 0 ? {} : { hl7 }), messages: Object.fromEntries(messages) }, words }
  }

  #tallyOf(type: string | null, stated: string): TypeTally | null {
    if (type === null) return null
    const known = this.#types.get(type)
    if (known !== undefined) return known
    if (this.#types.size >= typesMax) return null
    const version = nearestVersion(stated === '' ? null : stated)
    const tree = new TreeTally([], placeRules(version), this.#budget)
    const made = {
      type,
      version,
      tree,
      count: 0,
      sides: { request: 0, answer: 0 },
      sequences: new Map<string, number>(),
      breaches: new Map<string, number>(),
    }
    this.#types.set(type, made)
    return made
  }
}

function count(counts: Map<string, number>, key: string): void {
  const known = counts.get(key)
  if (known !== undefined || counts.size < breachesMax) counts.set(key, (known ?? 0) + 1)
}

/** `ORU^R01`; any acknowledgment is `ACK`. Null: no message type. */
function typeOf(field: string, { delimiters }: MessageView): string | null {
  const code = part(field, delimiters.component, 1)
  const event = part(field, delimiters.component, 2)
  if (!/^[A-Z][A-Z0-9]{2}$/.test(code)) return null
  if (code === 'ACK' || event === '') return code
  return /^[A-Z0-9]{3}$/.test(event) ? `${code}^${event}` : null
}

function noteSequence(sequences: Map<string, number>, { segments }: MessageView): void {
  const names: string[] = []
  for (const [name = ''] of segments) {
    // A third of the same says no more than a second.
    if (name === names.at(-1) && name === names.at(-2)) continue
    if (names.length < sequenceNamesMax) names.push(/^[A-Z][A-Z0-9]{2}$/.test(name) ? name : '???')
  }
  const key = names.join(' ')
  if (sequences.has(key) || sequences.size < sequencesMax) sequences.set(key, (sequences.get(key) ?? 0) + 1)
}

function choiceOf(tally: TypeTally) {
  const id = structureIdOf(tally.type)
  const standard = id === null ? null : standardStructure(tally.version, id)
  const everywhere = [...tally.tree.members].filter(([, member]) => member.present === tally.count).map(([name]) => name)
  return chooseStructure(standard, tally.sequences, new Set(everywhere))
}

function sideOf({ sides }: TypeTally): 'request' | 'answer' | 'both' {
  if (sides.answer === 0) return 'request'
  return sides.request === 0 ? 'answer' : 'both'
}

function labels(counts: ReadonlyMap<string, number>): readonly string[] {
  const told = [...counts].filter(([, seen]) => seen >= countMin).map(([label]) => label)
  return told.length > labelsMax ? [] : told.toSorted()
}

function isOnlyEmpty(charsets: readonly string[]): boolean {
  return charsets.length === 1 && charsets[0] === ''
}
