import type { Text } from '../../gateway/model/text.ts'
import { readRange } from '../language/range.ts'
import { type Aspect, aspects, type Statement, statementsOf } from './statements.ts'
import { wordsOf } from './words.ts'

/** Whose program may break by a change: who sends the message, or who takes it. */
export type Party = 'sender' | 'receiver'

/** One difference between two contracts. Values of contracts are words of the agreement, and no patient's. */
export interface ContractChange {
  readonly scope: string
  readonly element: string
  readonly aspect: Aspect
  readonly before: string | null
  readonly after: string | null
  /** Empty: nobody. */
  readonly breaking: readonly Party[]
  readonly text: Text
}

/**
 * What the second contract says otherwise than the first, in the order of the first. What is held more strictly breaks senders, who sent what is no longer
 * agreed; what is held less strictly breaks receivers, who may get what they never got.
 */
export function compareContracts(before: string, after: string): readonly ContractChange[] {
  const old = byPlace(statementsOf(before))
  const next = byPlace(statementsOf(after))
  const keys = [...new Set([...old.keys(), ...next.keys()])]
  const wholes = [...old, ...next].flatMap(([key, { aspect, scope }]) =>
    aspect === 'message' && old.has(key) !== next.has(key) ? [scope] : [],
  )
  const isOpenAfter = isOpen(next)
  const changes = keys.flatMap((key): readonly ContractChange[] => {
    const was = old.get(key) ?? null
    const is = next.get(key) ?? null
    const place = was ?? is
    if (place === null || sameValue(was, is)) return []
    // A message type that came or went is told once, not by each of its fields.
    const isPartOfWhole = place.aspect !== 'message' && wholes.some((scope) => isWithin(place.scope, scope))
    return isPartOfWhole ? [] : [changeOf(place, was, is, isOpenAfter)]
  })
  return gathered(changes, sharedScopes(old, next))
}

function sharedScopes(old: ReadonlyMap<string, Statement>, next: ReadonlyMap<string, Statement>): number {
  return [...old].filter(([key, { aspect }]) => aspect === 'message' && next.has(key)).length
}

/** The same change in every message that both agree on is told once. */
function gathered(changes: readonly ContractChange[], scopes: number): readonly ContractChange[] {
  const alike = new Map<string, ContractChange[]>()
  for (const change of changes) {
    const { element, aspect, before, after } = change
    const key = JSON.stringify([element, aspect, before, after])
    alike.set(key, [...(alike.get(key) ?? []), change])
  }
  return [...alike.values()].flatMap((same): readonly ContractChange[] => {
    const [first] = same
    if (first === undefined || scopes < 2 || same.length < scopes || first.element === '') return same
    const { scope, text } = first
    const bare = (words: string) => (scope === '' ? words : words.replace(`${scope} `, ''))
    return [{ ...first, scope: '', text: { zh: bare(text.zh), en: bare(text.en) } }]
  })
}

function isWithin(scope: string, whole: string): boolean {
  return scope === whole || scope === `${whole} request` || scope === `${whole} answer`
}

function byPlace(statements: readonly Statement[]): ReadonlyMap<string, Statement> {
  // Of two of the same aspect (a condition and its otherwise) one text is made.
  const found = new Map<string, Statement>()
  for (const statement of statements) {
    const key = `${statement.scope}\n${statement.element}\n${statement.aspect}`
    const known = found.get(key)
    const isSaid = known === undefined || (statement.aspect === 'usage' && strongest(known, statement) === statement)
    const isNew = known !== undefined && textOf(known.value) !== textOf(statement.value) && statement.aspect !== 'usage'
    if (!isSaid && !isNew) continue
    const value = isNew ? `${textOf(known.value)}; ${textOf(statement.value)}` : statement.value
    found.set(key, { ...statement, value })
  }
  return found
}

function strongest(a: Statement, b: Statement): Statement {
  return (usageRanks[textOf(b.value)] ?? 0) > (usageRanks[textOf(a.value)] ?? 0) ? b : a
}

function isOpen(statements: ReadonlyMap<string, Statement>): boolean {
  return [...statements.values()].some(
    ({ aspect, element, value }) => aspect === 'others' && element !== 'zSegments' && value === 'allow',
  )
}

function sameValue(a: Statement | null, b: Statement | null): boolean {
  if (a === null || b === null) return isNothing(a) && isNothing(b)
  const [first, second] = [listOf(a.value).toSorted(), listOf(b.value).toSorted()]
  return first.length === second.length && first.every((value, i) => value === second[i])
}

/** Saying that something is optional says no more than saying nothing. */
function isNothing(statement: Statement | null): boolean {
  return statement === null || (statement.aspect === 'usage' && statement.value === 'O')
}

function changeOf(place: Statement, was: Statement | null, is: Statement | null, isOpenAfter: boolean): ContractChange {
  const { scope, element, aspect } = place
  const before = was === null ? null : textOf(was.value)
  const after = is === null ? null : textOf(is.value)
  const added = is === null ? [] : listOf(is.value).filter((value) => was === null || !listOf(was.value).includes(value))
  const removed = was === null ? [] : listOf(was.value).filter((value) => is === null || !listOf(is.value).includes(value))
  const breaking = breakingOf({ aspect, was, is, added, removed, isOpenAfter })
  return {
    scope,
    element,
    aspect,
    before,
    after,
    breaking,
    text: wordsOf({ scope, element, aspect, before, after, added, removed }),
  }
}

interface Comparing {
  readonly aspect: Aspect
  readonly was: Statement | null
  readonly is: Statement | null
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly isOpenAfter: boolean
}

function breakingOf({ aspect, was, is, added, removed, isOpenAfter }: Comparing): readonly Party[] {
  switch (aspect) {
    case 'message':
      if (was === null) return ['receiver']
      return isOpenAfter ? [] : ['sender']
    case 'usage':
      return usageBreaks(was === null ? 'O' : textOf(was.value), is === null ? 'O' : textOf(is.value))
    case 'values':
    case 'versions':
    case 'charset':
      if (was === null) return ['sender']
      if (is === null) return ['receiver']
      return parties(removed.length > 0, added.length > 0)
    case 'length':
    case 'repeats':
      return rangeBreaks(was, is)
    case 'others':
      return is?.value === 'allow' ? ['receiver'] : ['sender']
    case 'severity':
    case 'setting':
      return []
    case 'side':
    case 'type':
    case 'format':
    case 'range':
    case 'structure':
    case 'rule':
    case 'condition':
      return parties(is !== null, was !== null)
    default:
      return aspect satisfies never
  }
}

const usageRanks: { readonly [usage: string]: number } = { R: 3, C: 2, RE: 1, O: 0, X: -1 }

function usageBreaks(was: string, is: string): readonly Party[] {
  const [a, b] = [usageRanks[was] ?? 0, usageRanks[is] ?? 0]
  if (is === 'X' || was === 'X')
    return is === 'X' ? (a >= 2 ? ['sender', 'receiver'] : ['sender']) : b >= 2 ? ['sender'] : ['receiver']
  // Required when known and optional are held alike.
  if (a >= 2 && b < a) return ['receiver']
  return b >= 2 && b > a ? ['sender'] : []
}

function rangeBreaks(was: Statement | null, is: Statement | null): readonly Party[] {
  const open = { min: 0, max: null }
  const before = was === null ? open : readRange(textOf(was.value))
  const after = is === null ? open : readRange(textOf(is.value))
  if (before === null || after === null) return parties(is !== null, was !== null)
  const top = (max: number | null) => max ?? Number.POSITIVE_INFINITY
  const isTighter = after.min > before.min || top(after.max) < top(before.max)
  const isLooser = after.min < before.min || top(after.max) > top(before.max)
  return parties(isTighter, isLooser)
}

function parties(isTighter: boolean, isLooser: boolean): readonly Party[] {
  return [...(isTighter ? (['sender'] as const) : []), ...(isLooser ? (['receiver'] as const) : [])]
}

function textOf(value: Statement['value']): string {
  return typeof value === 'string' ? value : value.join(', ')
}

function listOf(value: Statement['value']): readonly string[] {
  return typeof value === 'string' ? [value] : value
}

/** In the order that people read a contract in: messages first, weights last. */
export function byWeight(a: ContractChange, b: ContractChange): number {
  return b.breaking.length - a.breaking.length || aspects.indexOf(a.aspect) - aspects.indexOf(b.aspect)
}
