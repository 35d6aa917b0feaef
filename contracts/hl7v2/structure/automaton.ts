import type { Grammar } from './grammar.ts'

/**
 * A grammar as its positions: each mention of a segment is one place, and `follow` says which may come next (Glushkov 1961). A
 * place is a thing that an engineer can point at, so diagnosis speaks of segments and not of states.
 */
export interface Places {
  /** Segment name of each place; place 0 is the start of the message and has none. */
  readonly names: readonly string[]
  /** Places that may follow each place. */
  readonly follow: readonly (readonly number[])[]
  /** Places after which the message may end. */
  readonly last: ReadonlySet<number>
}

/** Accepts sequences of segment names; determinised as it goes, so that a healthy message costs one look-up a segment. */
export interface Automaton {
  readonly places: Places
  /** Names of the grammar. Others are unknown unless the grammar has `*`. */
  knows(name: string): boolean
  readonly start: Spot
}

/** A set of places that a message may be in, with where each name leads from it. */
export interface Spot {
  readonly places: readonly number[]
  readonly accepting: boolean
  /** The next spot, or null where `name` may not come. */
  next(name: string): Spot | null
}

/** Bounded repetitions are written out; this many places at most, or the grammar is refused with a RangeError. */
const placesMax = 2_000

export function createAutomaton(grammar: Grammar): Automaton {
  const places = placesOf(grammar)
  const known = new Set(places.names.slice(1))
  const anyAllowed = known.has('*')
  const spots = new Map<string, Spot>()
  const spotOf = (set: readonly number[]): Spot => {
    const key = set.join(' ')
    const made = spots.get(key)
    if (made) return made
    const spot = createSpot(places, set, anyAllowed, known, spotOf)
    spots.set(key, spot)
    return spot
  }
  return { places, knows: (name) => anyAllowed || known.has(name), start: spotOf([0]) }
}

function createSpot(
  places: Places,
  set: readonly number[],
  anyAllowed: boolean,
  known: ReadonlySet<string>,
  spotOf: (set: readonly number[]) => Spot,
): Spot {
  // Only names of the grammar are kept, so that hostile segment names can't make this grow.
  const steps = new Map<string, Spot | null>()
  return {
    places: set,
    accepting: set.some((place) => places.last.has(place)),
    next(name) {
      // Names of the grammar are kept by themselves, so that they cost one look-up.
      const usual = steps.get(name)
      if (usual !== undefined) return usual
      const symbol = known.has(name) ? name : anyAllowed ? '*' : null
      if (symbol === null) return null
      const step = steps.get(symbol)
      if (step !== undefined) return step
      const targets = new Set<number>()
      for (const place of set) {
        for (const target of places.follow[place] ?? []) {
          if (places.names[target] === symbol || places.names[target] === '*') targets.add(target)
        }
      }
      const spot = targets.size === 0 ? null : spotOf([...targets].sort((a, b) => a - b))
      steps.set(symbol, spot)
      return spot
    },
  }
}

/** What a part of the grammar contributes: its first and last places, and whether it may be absent. */
interface Part {
  readonly first: readonly number[]
  readonly last: readonly number[]
  readonly isOptional: boolean
}

interface Drawing {
  readonly names: string[]
  readonly follow: Set<number>[]
}

const nothing: Part = { first: [], last: [], isOptional: true }

function placesOf(grammar: Grammar): Places {
  const drawing: Drawing = { names: [''], follow: [new Set()] }
  const whole = draw(grammar, drawing)
  for (const first of whole.first) drawing.follow[0]?.add(first)
  const last = new Set(whole.last)
  if (whole.isOptional) last.add(0)
  return { names: drawing.names, follow: drawing.follow.map((set) => [...set]), last }
}

function draw(grammar: Grammar, drawing: Drawing): Part {
  switch (grammar.kind) {
    case 'segment': {
      if (drawing.names.length >= placesMax) throw new RangeError('the structure is too large')
      const place = drawing.names.push(grammar.name) - 1
      drawing.follow.push(new Set())
      return { first: [place], last: [place], isOptional: false }
    }
    case 'sequence':
      return grammar.of.reduce<Part>((before, part) => join(before, draw(part, drawing), drawing), nothing)
    case 'choice': {
      const parts = grammar.of.map((part) => draw(part, drawing))
      return {
        first: parts.flatMap((part) => part.first),
        last: parts.flatMap((part) => part.last),
        isOptional: parts.some((part) => part.isOptional),
      }
    }
    case 'repeat':
      return drawRepeat(grammar, drawing)
    default:
      return grammar satisfies never
  }
}

function drawRepeat(grammar: Extract<Grammar, { kind: 'repeat' }>, drawing: Drawing): Part {
  let whole = nothing
  for (let copy = 1; copy < grammar.min; copy += 1) whole = join(whole, draw(grammar.of, drawing), drawing)
  if (grammar.max === null) {
    const loop = draw(grammar.of, drawing)
    link(loop.last, loop.first, drawing)
    return join(whole, grammar.min === 0 ? { ...loop, isOptional: true } : loop, drawing)
  }
  for (let copy = Math.max(grammar.min, 1); copy <= grammar.max; copy += 1) {
    const part = draw(grammar.of, drawing)
    whole = join(whole, copy > grammar.min ? { ...part, isOptional: true } : part, drawing)
  }
  return whole
}

function join(before: Part, after: Part, drawing: Drawing): Part {
  link(before.last, after.first, drawing)
  return {
    first: before.isOptional ? [...before.first, ...after.first] : before.first,
    last: after.isOptional ? [...before.last, ...after.last] : after.last,
    isOptional: before.isOptional && after.isOptional,
  }
}

function link(from: readonly number[], to: readonly number[], drawing: Drawing): void {
  for (const place of from) for (const next of to) drawing.follow[place]?.add(next)
}
