import type { Clock } from '../../model/time.ts'
import { type BundleParts, ticketBundle } from '../bundle/bundle.ts'
import { type Binding, bind } from './bind.ts'
import { FileAnswer } from './file-answer.ts'
import { routes } from './openapi.ts'

/** The evidence of a ticket as a file. */
export function bundleRoutes(parts: BundleParts & { readonly clock: Clock }): readonly Binding[] {
  return [
    bind(routes.ticketBundle, async ({ params, caller }) => {
      const ask = { ticketId: params.id ?? '', caller, at: parts.clock.now() }
      const { name, bytes } = await ticketBundle(ask, parts)
      return new FileAnswer(name, 'application/zip', bytes)
    }),
  ]
}
