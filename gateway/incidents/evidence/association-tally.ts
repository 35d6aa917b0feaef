import { lackingSyntaxes } from '../../model/association.ts'
import type { Exchange } from '../../model/exchange.ts'
import type { Counter } from './tally.ts'

/** Counts what an association was opened for and can't do: keys in sight.ts. */
export function tallyAssociation(tally: Counter, exchange: Exchange): void {
  tally.add('associations')
  const lacking = lackingSyntaxes(exchange)
  for (const result of new Set(lacking.map((syntax) => syntax.result))) tally.add(`lacking:${result}`)
  for (const { abstractSyntax } of lacking.slice(0, 4)) tally.addNamed('lacking-syntax', abstractSyntax)
}
