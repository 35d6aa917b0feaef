import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { json } from '../../../adapters/formats/json/json.ts'
import { compileContractFile } from '../../../gateway/contract-files.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

it('a sender whose every message is wrong in another way does not make a contract or a format grow', () => {
  const contract = compileContractFile('emr-cdss-rx-check', '.')
  const round = (from: number) => {
    for (let n = from; n < from + 3_000; n += 1) {
      const body = {
        [`member${n}`]: n,
        requestId: n,
        patient: { [`x${n}`]: `y${n}` },
        prescription: { items: [{ drugCode: `q${n}` }] },
      }
      const document = json.read(new TextEncoder().encode(JSON.stringify(body)), {
        at: 0,
        timezone: 'Asia/Shanghai',
        envelope: [
          [':method', 'POST'],
          [':path', `/v${n}/rx/check`],
        ],
      })
      expect(contract.check(document, 'request').length).toBeGreaterThan(3)
      document.facts()
    }
    collect()
    return process.memoryUsage().heapUsed
  }
  const once = round(0)
  expect(round(10_000) - once).toBeLessThan(8_000_000)
})
