import { addressOfEndpoint } from '../../model/test-endpoint.ts'
import type { Store } from '../../store/store.ts'
import type { Resend } from '../resend/resend.ts'
import { type Binding, bind } from './bind.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import { Refusal } from './problems.ts'

interface Parts {
  readonly store: Store
  readonly resend: Resend
  readonly present: Presenter
}

/** Messages that are sent again to a test endpoint. */
export function resendRoutes({ store, resend, present }: Parts): readonly Binding[] {
  return [
    bind(routes.testEndpoints, async () => ({
      items: resend.endpoints.map((endpoint) => {
        const { host, port } = addressOfEndpoint(endpoint)
        return {
          name: endpoint.name,
          protocol: endpoint.protocol,
          address: `${host.includes(':') ? `[${host}]` : host}:${port}`,
        }
      }),
    })),
    bind(routes.resend, async ({ params, body, caller }) => {
      const exchange = await store.exchange(params.id ?? '')
      if (exchange === null) throw new Refusal('NOT_FOUND', 'There is no such exchange; it may have passed its retention.')
      const { endpoint, reason, side = 'request' } = body
      const { sentAt, ...rest } = await resend.send({ exchange, side, endpoint, reason, caller })
      return { exchangeId: exchange.id, ...rest, sentAt: present.iso(sentAt) }
    }),
  ]
}
