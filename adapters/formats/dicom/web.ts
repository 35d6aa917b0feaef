import type { Defect, Hints } from '../../../gateway/model/document.ts'
import { type Envelope, envelopeValue } from '../../../gateway/model/envelope.ts'
import { type Entity, readEntity } from '../../../gateway/model/http/entity.ts'
import { type MediaType, readMediaType } from '../../../gateway/model/http/media-type.ts'
import { splitMultipart } from '../../../gateway/model/http/multipart.ts'
import type { Content, Service } from './carrier.ts'
import { addDefect } from './defects.ts'
import { readFile } from './part10.ts'
import { readJson } from './web-json.ts'
import { resourceOf } from './web-resource.ts'
import { readXml } from './web-xml.ts'

/** An HTTP body of DICOMweb, read. */
export interface WebReading extends Content {
  readonly service: Service
  readonly defects: readonly Defect[]
}

/** Data sets of one body that are read: instances of a multipart, results of a query. */
export const setsMax = 1_000

/** Reads the body of a DICOMweb request or answer (PS3.18): multipart/related of files, DICOM JSON, native XML. Never throws. */
export function readWeb(body: Uint8Array, hints: Hints): WebReading {
  const isAnswer = envelopeValue(hints.envelope, ':status') !== null
  const asked: Envelope | undefined = isAnswer ? hints.requestEnvelope : hints.envelope
  const resource = resourceOf(envelopeValue(asked, ':method'), envelopeValue(asked, ':path'))
  const service: Service = {
    carrier: 'web',
    type: resource === null ? null : `${resource.service} ${resource.shape}`,
    command: resource === null ? null : `${resource.service}-${isAnswer ? 'RSP' : 'RQ'}`,
  }
  const defects: Defect[] = []
  const entity = readEntity(body, hints)
  if (entity.defect !== null) defects.push(entity.defect)
  const type = readMediaType(envelopeValue(hints.envelope, 'content-type'))
  if (entity.bytes.length === 0) return { service, found: [], foundCount: 0, defects, charset: null }
  // What is no DICOM JSON explains an error in the words of whoever answers (PS3.18 8.5).
  const isForeign = type?.type === 'application/json' && !isSuccess(hints.envelope)
  const read = isForeign ? null : readContent(entity, type, defects)
  if (read === null) {
    if (isSuccess(hints.envelope) && resource?.service !== 'WADO' && resource !== null)
      addDefect(defects, 'DICOM_UNEXPECTED_TYPE', null)
    return { service, found: [], foundCount: 0, defects, charset: null }
  }
  return { service, ...read, defects }
}

/** Null: a content type that carries no data sets. */
function readContent(entity: Entity, type: MediaType | null, defects: Defect[]): Content | null {
  const bytes = Buffer.from(entity.bytes.buffer, entity.bytes.byteOffset, entity.bytes.byteLength)
  const isCut = entity.extent === 'cut'
  if (type === null) return null
  if (type.type.startsWith('multipart/')) return readMultipart(bytes, type, isCut, defects)
  if (type.type === 'application/dicom') return { found: [readFile(bytes, { isCut })], foundCount: 1, charset: null }
  if (type.type === 'application/dicom+json' || type.type === 'application/json')
    return readJson(bytes, { isCut, setsMax, type }, defects)
  if (type.type === 'application/dicom+xml') return readXml([bytes], { isCut, type }, defects)
  return null
}

function readMultipart(bytes: Buffer, type: MediaType, isCut: boolean, defects: Defect[]): Content | null {
  const { parts, partCount, defects: found } = splitMultipart(bytes, type, { isCut, partsMax: setsMax })
  defects.push(...found)
  const typed = parts.map((part) => ({ ...part, type: part.mediaType ?? readMediaType(type.parameters.get('type') ?? null) }))
  const xml = typed.filter((part) => part.type?.type === 'application/dicom+xml')
  const [first] = xml
  if (first !== undefined && first.type !== null) {
    return readXml(
      xml.map(({ body }) => Buffer.from(body)),
      { isCut: isCut || first.extent === 'cut', type: first.type },
      defects,
    )
  }
  const json = typed.find((part) => part.type?.type === 'application/dicom+json')
  if (json !== undefined) {
    // Metadata of several instances, their bulk data in the parts that follow (PS3.18 10.5.1.2.2).
    return readJson(Buffer.from(json.body), { isCut: json.extent === 'cut', setsMax, type: json.type }, defects)
  }
  const files = typed.filter((part) => part.type?.type === 'application/dicom')
  if (files.length === 0) return null
  const isOne = partCount === 1
  return {
    found: files.map(({ body, extent }, i) =>
      readFile(Buffer.from(body.buffer, body.byteOffset, body.byteLength), {
        isCut: extent === 'cut',
        ...(isOne ? {} : { prefix: `part[${i + 1}].` }),
      }),
    ),
    foundCount: partCount,
    charset: null,
  }
}

function isSuccess(envelope: Envelope | undefined): boolean {
  const status = envelopeValue(envelope, ':status')
  return status === null || /^2/.test(status)
}
