import { exchangeAt } from '../model/exchange.ts'
import type { ObservedExchange } from '../model/observed.ts'
import type { StoredExchange } from './exchange-store.ts'
import { secretsFrom } from './secrets.ts'
import { detailOf } from './sqlite/detail.ts'
import { keysOf } from './sqlite/exchange-rows.ts'
import { createTokens } from './tokens.ts'

/** What the store would give back of an exchange, without a store: bodies are not kept, keys are tokens under `secret` (32 bytes). */
export function createStoredView(secret: Uint8Array): (observed: ObservedExchange) => StoredExchange {
  const tokens = createTokens([secretsFrom(secret).key('tokens')])
  return (observed) => {
    const { exchange, requestFacts, answerFacts } = observed
    const { id, interfaceId, outcome, type, controlId, latencyMs, code, coverage } = exchange
    return {
      ...{ id, interfaceId, outcome, type, controlId, latencyMs, code, coverage },
      ...detailOf(observed),
      keys: keysOf(tokens.tokensOf(controlId, [requestFacts?.keys ?? [], answerFacts?.keys ?? []])),
      at: exchangeAt(exchange),
      kept: { request: false, answer: false },
    }
  }
}
