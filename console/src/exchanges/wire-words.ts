import type { ExchangeAnswer } from '../../../gateway/desk/api/shapes.ts'
import { property } from '../api/fits.ts'
import { bytesText } from '../parts/number.ts'
import { msText } from '../parts/time.ts'
import type { Words } from '../words/zh.ts'

type Fact = ExchangeAnswer['wire'][number]

/** What the wire did, one sentence a fact, in the order that it happened. A kind that this console doesn't know is shown by its name. */
export function wireWords(facts: readonly Fact[], words: Words): readonly string[] {
  return facts.map((fact) => wordsOf(fact, words))
}

function wordsOf(fact: Fact, words: Words): string {
  const { wire } = words
  const number = (name: string): number => numberOf(property(fact, name))
  const by = property(fact, 'by') === 'acceptor' ? wire.acceptor : wire.initiator
  switch (fact.kind) {
    case 'refused':
      return refusedWords(property(fact, 'how'), words)
    case 'reset':
      return wire.reset(by, msText(number('idleMs')))
    case 'closed':
      return wire.closed(by, msText(number('idleMs')))
    case 'timeout':
      return wire.timeout(msText(number('afterMs')))
    case 'late':
      return wire.late(msText(number('afterMs')))
    case 'duplicate':
      return wire.duplicate(number('copy'), property(fact, 'sameBody') === true)
    case 'wrong-control-id': {
      const distance = property(fact, 'distance')
      return wire.wrongId(typeof distance === 'number' ? distance : null)
    }
    case 'bytes-before-start':
      return wire.bytesBefore(by, number('bytes'))
    case 'missing-final-cr':
      return wire.missingCr(by)
    case 'unframed':
      return wire.unframed(by)
    case 'end-block-in-data':
      return wire.endInData(by)
    case 'oversize':
      return wire.oversize(by, bytesText(number('bytes')))
    case 'partial':
      return wire.partial(by, number('bytes'))
    case 'gap':
      return wire.gap(by, number('bytes'))
    case 'irregular':
      return wire.irregular(by, String(property(fact, 'code')))
    case 'unreadable':
      return wire.unreadable(String(property(fact, 'code')))
    case 'aborted':
      return wire.aborted(by, property(fact, 'code') === null ? null : String(property(fact, 'code')))
    default:
      return fact.kind
  }
}

function refusedWords(how: unknown, { wire }: Words): string {
  return Object.entries(wire.refused).find(([kind]) => kind === how)?.[1] ?? String(how)
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
