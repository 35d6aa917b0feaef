import { hl7v2 } from '../../adapters/formats/hl7v2/hl7v2.ts'
import { standardContract } from '../../contracts/hl7v2/standard.ts'
import { libraryIds } from '../../contracts/library.ts'
import { compileContractFile } from '../../gateway/contract-files.ts'
import { envelopeValue } from '../../gateway/model/envelope.ts'
import { decidingAnswer } from '../../gateway/model/exchange.ts'
import { readEntity } from '../../gateway/model/http/entity.ts'
import { readMediaType } from '../../gateway/model/http/media-type.ts'
import { splitMultipart } from '../../gateway/model/http/multipart.ts'
import type { CompiledContract } from '../../gateway/model/violation.ts'
import type { Stage } from './wire.fuzz.ts'

/** What comes after pairing, live: the body is read (facts, shape; tree and text of some), and held to every contract in turn. */
export function analysisStages(): readonly Stage[] {
  const contracts: readonly CompiledContract[] = [
    ...libraryIds.map((id) => compileContractFile(id, '.')),
    standardContract(null),
  ]
  let count = 0
  return [
    (exchange) => {
      for (const [side, passage] of [['request', exchange.request] as const, ['answer', decidingAnswer(exchange)] as const]) {
        if (!passage) continue
        count += 1
        const document = hl7v2.read(passage.body, {
          at: passage.endAt,
          timezone: 'Asia/Shanghai',
          bodyBytes: passage.bodyBytes,
        })
        document.facts()
        contracts[count % contracts.length]?.check(document, side)
        if (count % 50 === 0) {
          document.tree()
          document.text()
          document.get('PID-5.1')
        }
      }
    },
  ]
}

/** What every format over HTTP does first: undoes the content coding, reads the content type, splits what has parts. */
export function entityStages(): readonly Stage[] {
  return [
    ({ request, answers }) => {
      for (const passage of [request, ...answers]) {
        if (passage === null) continue
        const { bytes } = readEntity(passage.body, { ...passage, contentBytesMax: 65_536 })
        const mediaType = readMediaType(envelopeValue(passage.envelope, 'content-type'))
        if (mediaType !== null) splitMultipart(bytes, mediaType, { partsMax: 5, partHeaderBytesMax: 100 })
      }
    },
  ]
}
