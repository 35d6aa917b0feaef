import type { Catalogue } from '../model/interface.ts'
import { addressOfEndpoint, type TestEndpoint, takerOf, usedAddresses } from '../model/test-endpoint.ts'
import { addressOf } from './address.ts'
import type { Locator, Problem } from './problems.ts'
import type { TestEndpointShape } from './shape.ts'

const timeoutMsDefault = 10_000

/** The receivers for tests, and what is wrong with them: a name twice, no address, or one that an interface uses. */
export function testEndpointsOf(
  shapes: readonly TestEndpointShape[],
  catalogue: Catalogue,
  locator: Locator,
): { readonly endpoints: readonly TestEndpoint[]; readonly problems: readonly Problem[] } {
  const endpoints: TestEndpoint[] = []
  const problems: Problem[] = []
  const used = usedAddresses(catalogue)
  shapes.forEach((shape, i) => {
    const where = (key: string) => locator.place(['desk', 'testEndpoints', i, key])
    const at = shape.protocol === 'mllp' ? 'address' : 'url'
    const error = (message: string, key: string) => problems.push({ severity: 'error', message, place: where(key) })
    if (shapes.findIndex(({ name }) => name === shape.name) !== i)
      error(`test endpoint "${shape.name}" is declared twice`, 'name')
    const endpoint = endpointOf(shape)
    if (endpoint === null) {
      error(shape.protocol === 'mllp' ? 'must be host:port' : 'must be an http or https address', at)
      return
    }
    const use = takerOf(addressOfEndpoint(endpoint), used)
    if (use !== null)
      error(`"${use.by}" uses this address: a test endpoint must be a receiver that nothing clinical reaches`, at)
    endpoints.push(endpoint)
  })
  return { endpoints, problems }
}

function endpointOf(shape: TestEndpointShape): TestEndpoint | null {
  const { name, protocol, timeoutMs = timeoutMsDefault } = shape
  if (protocol === 'http') return URL.canParse(shape.url ?? '') ? { name, protocol, timeoutMs, url: shape.url ?? '' } : null
  const address = addressOf(shape.address ?? '')
  return address === null ? null : { name, protocol, timeoutMs, address }
}
