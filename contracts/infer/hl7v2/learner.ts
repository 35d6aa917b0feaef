import type { Document } from '../../../gateway/model/document.ts'
import { nearestVersion } from '../../../gateway/model/hl7v2/spec.ts'
import type { CompiledContract } from '../../../gateway/model/violation.ts'
import { type MessageView, part, viewOf } from '../../hl7v2/check/message-text.ts'
import { standardContract } from '../../hl7v2/standard.ts'
import { standardStructure, structureIdOf } from '../../hl7v2/structure-of.ts'
import { countMin, countUp, oftenSeen, sideOf, tallyOf } from '../counts.ts'
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
const seenLabelsMax = 2_000
const labelsMax = 32

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
    if (/^2\.\d(?:\.\d)?$/.test(stated)) countUp(this.#versions, stated, seenLabelsMax)
    const label = (header[18] ?? '').split(view.delimiters.repetition)[0] ?? ''
    if (/^[\w ./-]{0,30}$/.test(label)) countUp(this.#charsets, label, seenLabelsMax)
    const type = typeOf(header[9] ?? '', view)
    const tally = type === null ? null : tallyOf(this.#types, type, typesMax, () => newTally(type, stated, this.#budget))
    if (tally === null) {
      this.#leftOut += 1
      return
    }
    tally.count += 1
    tally.sides[side] += 1
    tally.tree.note(messageTree(view, tally.version), sighting)
    noteSequence(tally.sequences, view)
    const told = new Set(this.#standard.check(document, side).map(({ element, rule }) => `${element} ${rule}`))
    for (const key of told) countUp(tally.breaches, key, breachesMax)
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
        side: sideOf(tally.sides),
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
}

/** `stated`: the version that the first message of the type says it is of. */
function newTally(type: string, stated: string, budget: Budget): TypeTally {
  const version = nearestVersion(stated === '' ? null : stated)
  return {
    type,
    version,
    tree: new TreeTally([], placeRules(version), budget),
    count: 0,
    sides: { request: 0, answer: 0 },
    sequences: new Map(),
    breaches: new Map(),
  }
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
  countUp(sequences, names.join(' '), sequencesMax)
}

function choiceOf(tally: TypeTally) {
  const id = structureIdOf(tally.type)
  const standard = id === null ? null : standardStructure(tally.version, id)
  const everywhere = [...tally.tree.members].filter(([, member]) => member.present === tally.count).map(([name]) => name)
  return chooseStructure(standard, tally.sequences, new Set(everywhere))
}

function labels(counts: ReadonlyMap<string, number>): readonly string[] {
  const told = oftenSeen(counts)
  return told.length > labelsMax ? [] : told
}

function isOnlyEmpty(charsets: readonly string[]): boolean {
  return charsets.length === 1 && charsets[0] === ''
}
