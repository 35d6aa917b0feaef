import { expect, it } from 'vitest'
import type { Document } from '../../gateway/model/document.ts'
import type { CompiledContract } from '../../gateway/model/violation.ts'

/** A message with a name for people. */
export interface NamedMessage {
  readonly name: string
  readonly document: Document
}

/**
 * The privacy law for contracts: whatever a message holds, and however wrong it is, no text of a violation repeats a value of it.
 * Every message is checked as it is and with each segment's fields shifted by one, which makes nearly every value a breach.
 */
export function contractPrivacyLaw(contract: CompiledContract, messages: readonly NamedMessage[]): void {
  it.each(messages)('no violation repeats a value: $name', ({ document }) => {
    const shape = document.shape()
    for (const seen of [document, shifted(document, shape)]) {
      const values = valuesOf(seen.shape())
      for (const violation of contract.check(seen, 'request')) {
        const { message, shape: form, path, element, rule } = violation
        const words = new Set([message.zh, message.en, path, element, rule].flatMap((text) => text.split(/[\s,;:()]+/u)))
        const told = [...values].filter((value) => words.has(value) || form === value)
        expect(told.map(() => `${rule} ${path}`)).toEqual([])
      }
    }
  })
}

/** The same message with every field one place too far, below the header. */
function shifted(document: Document, shape: unknown): Document {
  const segments = segmentsOf(shape).map((segment) =>
    segment[0] === 'MSH' ? segment : [segment[0] ?? '', ...segment.slice(1, 2), ...segment.slice(1)],
  )
  return { ...document, facts: () => document.facts(), shape: () => ({ segments }) }
}

/** Fields, components and subcomponents that could tell something: four characters or more, and no word of the contract's own. */
function valuesOf(shape: unknown): ReadonlySet<string> {
  const fields = segmentsOf(shape).flatMap((segment) => segment.slice(1))
  const parts = fields.flatMap((field) => [field, ...field.split(/[~^&]/u)])
  return new Set(parts.filter((part) => part.length >= 4 && !ownWords.has(part)))
}

/** Words that stand in the contract's sentences whatever the message says. */
const ownWords = new Set([
  'segment',
  'code',
  'agreed',
  'place',
  'wrong',
  'comparison',
  'length',
  'outside',
  'format',
  'data',
  'type',
  'table',
  'values',
  'version',
  'message',
  'structure',
  'more',
  'result',
  'number',
  'empty',
])

function segmentsOf(shape: unknown): readonly (readonly string[])[] {
  if (typeof shape !== 'object' || shape === null || !('segments' in shape) || !Array.isArray(shape.segments)) return []
  return shape.segments
}
