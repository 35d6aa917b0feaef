import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { dicom } from '../../../../adapters/formats/dicom/dicom.ts'
import { standardContractOf } from '../../../../contracts/languages.ts'
import { dataSet } from '../../../support/dicom-writer.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

it('a sender that states another SOP class, character set and attribute each time does not make anything grow', () => {
  const contract = standardContractOf('dicom')
  let next = 0
  const round = () => {
    for (let i = 0; i < 3_000; i += 1) {
      next += 1
      const sopClass = `1.2.840.10008.5.1.4.1.1.${next}`
      const body = dataSet({
        SpecificCharacterSet: `ISO_IR ${next}`,
        SOPClassUID: sopClass,
        PatientID: `P${next}`,
        PatientName: '\xd5\xc5',
      })
      const hints = {
        at: 0,
        timezone: 'Asia/Shanghai',
        envelope: [
          ['command', 'C-STORE-RQ'],
          ['affected-sop-class', sopClass],
          ['transfer-syntax', '1.2.840.10008.1.2.1'],
        ],
      } as const
      // What comes often is remembered, for as long as there is room.
      for (let k = 0; k < 5; k += 1) contract?.check(dicom.read(body, hints), 'request')
      const document = dicom.read(body, hints)
      document.get(`0011${(0x1000 + (next % 0xefff)).toString(16)}`)
    }
    collect()
    return process.memoryUsage().heapUsed
  }
  round()
  const once = round()
  expect(round() - once).toBeLessThan(4_000_000)
})
