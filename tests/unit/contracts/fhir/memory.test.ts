import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { fhir } from '../../../../adapters/formats/fhir/fhir.ts'
import { standardContract } from '../../../../contracts/fhir/standard.ts'
import { resourceTypes } from '../../../../gateway/model/fhir/resources.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

it('a sender that states another resource type, element or code each time does not make a contract grow', () => {
  const contract = standardContract()
  let n = 0
  const round = () => {
    for (const resourceType of resourceTypes) {
      for (let i = 0; i < 20; i += 1) {
        n += 1
        const body = {
          resourceType,
          [`x${n}`]: 'y',
          id: `i${n}`,
          status: `s${n}`,
          text: { status: 'generated', div: `<div>${n}</div>` },
          extension: [{ url: `http://x/${n}`, valuePeriod: { start: `20${n}`, end: '2020' } }],
        }
        contract.check(
          fhir.read(new TextEncoder().encode(JSON.stringify(body)), { at: 0, timezone: 'Asia/Shanghai' }),
          'request',
        )
      }
    }
    collect()
    return process.memoryUsage().heapUsed
  }
  const once = round()
  expect(round() - once).toBeLessThan(3_000_000)
})
