import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { hl7v2 } from '../../../../adapters/formats/hl7v2/hl7v2.ts'
import { standardContract } from '../../../../contracts/hl7v2/standard.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

it('a sender that states another message type each time does not make a contract grow', () => {
  const contract = standardContract(null)
  const round = () => {
    for (let event = 1; event <= 60; event += 1) {
      for (const version of ['2.3.1', '2.4', '2.5', '2.5.1', '2.6']) {
        const text = `MSH|^~\\&|A|B|C|D|20260101||ADT^A${String(event).padStart(2, '0')}|1|P|${version}\rPID|1||2^^^A^MR\r`
        contract.check(hl7v2.read(new TextEncoder().encode(text), { at: 0, timezone: 'Asia/Shanghai' }), 'request')
      }
    }
    collect()
    return process.memoryUsage().heapUsed
  }
  const once = round()
  // What is compiled for 300 types and versions takes 80 MB: none of it may stay.
  expect(round() - once).toBeLessThan(20_000_000)
})
