import type { Automaton, Places, Spot } from './automaton.ts'

/** One thing that is wrong with the order of a message's segments. `index` counts segments from 0. */
export type StructureFinding =
  /** The contract has no such segment here or anywhere. */
  | { readonly rule: 'unknown-segment'; readonly name: string; readonly index: number }
  /** A segment must stand before `index` and doesn't. */
  | { readonly rule: 'required'; readonly name: string; readonly index: number }
  /** A segment stands where it may not. */
  | { readonly rule: 'order'; readonly name: string; readonly index: number }
  /** A segment stands more often than it may. */
  | { readonly rule: 'cardinality'; readonly name: string; readonly index: number }

/** Segments after the first error that are examined for the cheapest explanation; later ones are not judged. */
const windowMax = 400
const insertCost = 10
const skipCost = 11

/**
 * Holds a message's segment names against an automaton. A healthy message costs one look-up a segment; only an ill one is
 * aligned: the fewest missing and misplaced segments that explain it. Unknown segments are reported and left out of the alignment.
 */
export function diagnoseStructure(automaton: Automaton, names: readonly string[]): readonly StructureFinding[] {
  let spot: Spot = automaton.start
  const unknown: StructureFinding[] = []
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? ''
    const next = spot.next(name)
    if (next !== null) spot = next
    else if (!automaton.knows(name)) unknown.push({ rule: 'unknown-segment', name, index })
    else return [...unknown, ...explain(automaton, spot, names, index)]
  }
  if (!spot.accepting) return [...unknown, ...explain(automaton, spot, names, names.length)]
  return unknown
}

/** How an alignment got to a place. */
interface Step {
  readonly cost: number
  readonly before: Step | null
  readonly does: 'begin' | 'match' | 'skip' | 'insert'
  readonly place: number
  readonly index: number
}

function explain(automaton: Automaton, spot: Spot, names: readonly string[], from: number): readonly StructureFinding[] {
  const { places } = automaton
  let layer = new Map<number, Step>()
  for (const place of spot.places) layer.set(place, { cost: 0, before: null, does: 'begin', place, index: from })
  insertMissing(places, layer, from)
  const unknown: StructureFinding[] = []
  const end = Math.min(names.length, from + windowMax)
  for (let index = from; index < end; index += 1) {
    const name = names[index] ?? ''
    if (!automaton.knows(name)) {
      unknown.push({ rule: 'unknown-segment', name, index })
      continue
    }
    layer = advance(places, layer, name, index)
    insertMissing(places, layer, index + 1)
  }
  const isWhole = end === names.length
  const best = cheapest([...layer.values()].filter((step) => !isWhole || places.last.has(step.place)))
  return [...unknown, ...(best === null ? [] : findingsOf(places, best, names))]
}

/** Takes one segment: it matches a place that follows, or is out of place. */
function advance(places: Places, layer: ReadonlyMap<number, Step>, name: string, index: number): Map<number, Step> {
  const next = new Map<number, Step>()
  for (const step of layer.values()) {
    keep(next, { cost: step.cost + skipCost, before: step, does: 'skip', place: step.place, index })
    for (const place of places.follow[step.place] ?? []) {
      if (places.names[place] === name || places.names[place] === '*') {
        keep(next, { cost: step.cost, before: step, does: 'match', place, index })
      }
    }
  }
  return next
}

/** Walks on over places whose segment is missing. */
function insertMissing(places: Places, layer: Map<number, Step>, index: number): void {
  const queue = [...layer.values()]
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    if (layer.get(step.place) !== step) continue
    for (const place of places.follow[step.place] ?? []) {
      if (places.names[place] === '*') continue
      const further: Step = { cost: step.cost + insertCost, before: step, does: 'insert', place, index }
      if (keep(layer, further)) queue.push(further)
    }
  }
}

function keep(layer: Map<number, Step>, step: Step): boolean {
  const known = layer.get(step.place)
  if (known !== undefined && known.cost <= step.cost) return false
  layer.set(step.place, step)
  return true
}

function cheapest(steps: readonly Step[]): Step | null {
  return steps.reduce<Step | null>((best, step) => (best === null || step.cost < best.cost ? step : best), null)
}

function findingsOf(places: Places, best: Step, names: readonly string[]): readonly StructureFinding[] {
  const findings: StructureFinding[] = []
  for (let step: Step | null = best; step !== null; step = step.before) {
    const { index } = step
    if (step.does === 'insert') findings.unshift({ rule: 'required', name: places.names[step.place] ?? '', index })
    if (step.does !== 'skip') continue
    const name = names[index] ?? ''
    // The place where we stand is the last segment that was taken: the same name again is one too many.
    const isRepeat = places.names[step.place] === name && index > 0
    findings.unshift({ rule: isRepeat ? 'cardinality' : 'order', name, index })
  }
  return withoutEchoes(findings)
}

/** A segment that is missing here and out of place there is one mistake: it stands in the wrong order. */
function withoutEchoes(findings: readonly StructureFinding[]): readonly StructureFinding[] {
  const misplaced = new Set(findings.filter((finding) => finding.rule === 'order').map((finding) => finding.name))
  return findings.filter((finding) => finding.rule !== 'required' || !misplaced.has(finding.name))
}
