import { type DataSet, type Element, type KnownElement, pixelRepresentation, type Source, type Stretch } from './data-set.ts'
import { type Ahead, type Form, follow, type KeptRun, learn, runElementsMax } from './known.ts'
import { uint16 } from './source-bytes.ts'
import type { State } from './walk-state.ts'

/** A data set whose elements are being found, and what lies ahead of it. */
export interface Growing extends DataSet, Ahead {
  readonly source: Source
  readonly stretches: Stretch[]
  at: number
  to: number
  form: Form
  readonly isExplicit: boolean
  /** By its PixelRepresentation, else by that of the data set that holds this one (the items of lookup tables). */
  isSigned: boolean
  /** -1: none yet. */
  lastTag: number
  /** Where the group ends whose length was stated; -1: none was. */
  groupEnd: number
  /** Elements that no run has, at its end. */
  fresh: Element[] | null
  /** The run at its end. */
  run: KeptRun | null
  /** Those at the end of these that came before, each by itself: a run to be. */
  again: KnownElement[] | null
  /** Where the first of them begins. */
  againAt: number
}

export function growing(source: Source, isExplicit: boolean, parent: Growing | null): Growing {
  const isSigned = parent?.isSigned ?? false
  return {
    source,
    stretches: [],
    parent,
    characterSets: null,
    at: 0,
    to: 0,
    form: formOf(isExplicit, isSigned),
    isExplicit,
    isSigned,
    lastTag: -1,
    groupEnd: -1,
    fresh: null,
    run: null,
    again: null,
    againAt: 0,
  }
}

function formOf(isExplicit: boolean, isSigned: boolean): Form {
  return isExplicit ? 'explicit' : isSigned ? 'signed' : 'unsigned'
}

export function addElement(set: Growing, element: Element): void {
  settle(set)
  freshOf(set).push(element)
}

/** Adds one that came before by itself. */
export function addKnown(set: Growing, element: KnownElement, at: number): void {
  freshOf(set).push(element)
  if (set.again === null) {
    set.again = [element]
    set.againAt = at
  } else if (set.again.push(element) === runElementsMax) settle(set)
}

/** Whether each element of a run may come next: groups that are watched are left or ended one by one. */
export function mayTake(state: State, set: Growing, { elements, firstTag, lastTag }: KeptRun): boolean {
  const isWatched = state.group !== null || set.groupEnd >= 0
  return state.elementsLeft >= elements.length - 1 && (!isWatched || firstTag >>> 16 === lastTag >>> 16)
}

/** Adds a run that lies ahead, whose first element was counted. Returns where it ends. */
export function take(state: State, set: Growing, run: KeptRun): number {
  settle(set)
  follow(state, run, set.run, set)
  set.fresh = null
  set.run = run
  set.stretches.push({ elements: run.elements, run })
  state.elementsLeft -= run.elements.length - 1
  set.lastTag = run.lastTag
  const end = set.at + run.byteCount
  const last = run.elements.at(-1)
  if (last?.tag === pixelRepresentation) noteSign(set, end - (last.end - last.start), end)
  return end
}

/** Notes what PixelRepresentation says, whose value lies there. */
export function noteSign(set: Growing, start: number, end: number): void {
  set.isSigned = end - start === 2 && uint16(set.source, start) === 1
  set.form = formOf(set.isExplicit, set.isSigned)
}

/** What may be learnt of the elements so far is learnt: the next one doesn't go with them. */
export function settle(set: Growing): void {
  if (set.again === null) return
  learn(set.again, { source: set.source, at: set.againAt, form: set.form })
  set.again = null
}

/** What follows doesn't follow what was there: it makes no run with it. */
export function interrupt(set: Growing): void {
  settle(set)
  set.run = null
}

function freshOf(set: Growing): Element[] {
  if (set.fresh !== null) return set.fresh
  const fresh: Element[] = []
  set.fresh = fresh
  set.run = null
  set.stretches.push({ elements: fresh, run: null })
  return fresh
}
