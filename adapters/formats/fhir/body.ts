import type { CharsetFacts, Defect, Hints } from '../../../gateway/model/document.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import { interactionOf } from '../../../gateway/model/fhir/interaction.ts'
import { readEntity } from '../../../gateway/model/http/entity.ts'
import { readMediaType } from '../../../gateway/model/http/media-type.ts'
import { isRecord } from '../../../gateway/model/json.ts'
import { outlineOf } from '../../../gateway/model/json-outline.ts'
import { decode } from './charset.ts'
import { defect } from './defects.ts'
import { depthMax, type Unspoken, unspokenIn } from './json-text.ts'

export type Fields = { readonly [name: string]: unknown }

/** A body without its content coding and its charset, parsed where it is JSON. */
export interface Body {
  readonly kind: 'json' | 'xml' | 'form' | 'empty' | 'other'
  readonly text: string
  /** The JSON value; undefined where there is none, or none that could be read. */
  readonly value: unknown
  /** Where whole numbers are written with a fraction or an exponent. */
  readonly fractions: ReadonlySet<string>
  readonly charset: CharsetFacts
  readonly defects: readonly Defect[]
}

/** Reads a body as far as the transport and JSON go. Never throws. */
export function readBody(body: Uint8Array, hints: Hints): Body {
  const entity = readEntity(body, hints)
  const media = readMediaType(envelopeValue(hints.envelope, 'content-type'))
  const { text, charset, hasMark } = decode(entity.bytes, media?.charset ?? null, entity.extent === 'cut')
  const kind = kindOf(media?.syntax ?? null, text)
  const found = entity.defect === null ? [] : [entity.defect]
  const unread = { text, value: undefined, fractions: none, charset }
  if (kind === 'empty' || entity.extent === 'unreadable') return { ...unread, kind: 'empty', defects: found }
  if (hasMark) found.push(defect('FHIR_BYTE_ORDER_MARK'))
  if (charset.verdict === 'contradicts' && kind === 'json') found.push(defect('FHIR_NOT_UTF8'))
  if (entity.extent === 'cut') found.push(defect('FHIR_TRUNCATED'))
  if (kind === 'xml') found.push(defect('FHIR_XML'))
  if (kind === 'other' && !isBinary(hints)) found.push(defect('FHIR_NOT_FHIR'))
  if (kind !== 'json' || entity.extent === 'cut') return { ...unread, kind, defects: found }
  const outline = outlineOf(text)
  if (outline.depth > depthMax) return { ...unread, kind, defects: [...found, defect('FHIR_TOO_DEEP')] }
  const value = parsed(text)
  if (value === undefined) return { ...unread, kind, defects: [...found, defect('FHIR_NOT_JSON')] }
  const { defects, fractions } =
    outline.hasOddNumber || namesIn(value) !== outline.nameCount ? unspokenIn(text) : nothingUnspoken
  found.push(...defects)
  const isPatch = media?.type === 'application/json-patch+json'
  if (!isPatch && !(isRecord(value) && typeof value.resourceType === 'string')) found.push(defect('FHIR_NO_RESOURCE_TYPE'))
  return { kind, text, value, fractions, charset, defects: found }
}

const none: ReadonlySet<string> = new Set()
const nothingUnspoken: Unspoken = { defects: [], fractions: none }

/** Names of all objects in a value: fewer than its text has where one stands twice. */
function namesIn(value: unknown): number {
  let count = 0
  if (Array.isArray(value)) for (const one of value) count += namesIn(one)
  else if (isRecord(value))
    for (const name in value) {
      const member = value[name]
      count += typeof member === 'object' && member !== null ? 1 + namesIn(member) : 1
    }
  return count
}

/** A Binary may be sent as what it is: a PDF, a picture (FHIR R4 Binary, 2.45.5). */
function isBinary({ side, envelope, requestEnvelope }: Hints): boolean {
  return interactionOf(side === 'answer' ? requestEnvelope : envelope)?.type === 'Binary'
}

/** By content type where it is one that FHIR has, else by the first character. */
function kindOf(syntax: string | null, text: string): Body['kind'] {
  const first = text.trimStart().charAt(0)
  if (first === '') return 'empty'
  if (syntax === 'json' || syntax === 'xml') return syntax
  if (syntax === 'x-www-form-urlencoded') return 'form'
  if (first === '{' || first === '[') return 'json'
  // A proxy's error page is no FHIR.
  return first === '<' && syntax !== 'html' ? 'xml' : 'other'
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    // What was thrown quotes the text.
    return undefined
  }
}
