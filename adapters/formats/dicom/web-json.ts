import { attributeOf } from '../../../gateway/model/dicom/dictionary.ts'
import type { Defect } from '../../../gateway/model/document.ts'
import type { MediaType } from '../../../gateway/model/http/media-type.ts'
import { isRecord } from '../../../gateway/model/json.ts'
import { outlineOf } from '../../../gateway/model/json-outline.ts'
import type { Content } from './carrier.ts'
import { type DataSet, type Element, givenSet } from './data-set.ts'
import { addDefect } from './defects.ts'
import type { Found } from './part10.ts'
import { readTextBody } from './web-charset.ts'

export interface JsonOptions {
  readonly isCut: boolean
  readonly setsMax: number
  readonly type: MediaType | null
}

const depthMax = 32
/** A level of sequences is an object, a list and an object; above stands a list, and below a person's name. */
const bracketsMax = 3 * depthMax + 8
const elementsMax = 50_000

/** Reads the DICOM JSON Model (PS3.18 Annex F): one data set, or a list of them. Never throws. */
export function readJson(bytes: Buffer, { isCut, setsMax, type }: JsonOptions, defects: Defect[]): Content {
  const { text, charset } = readTextBody(bytes, type?.charset ?? null, isCut)
  if (outlineOf(text).depth > bracketsMax) {
    addDefect(defects, 'DICOM_TOO_DEEP', null)
    return { found: [], foundCount: 0, charset }
  }
  const value = parsed(text)
  if (value === undefined) {
    addDefect(defects, isCut ? 'DICOM_CUT' : 'DICOM_BAD_JSON', null)
    return { found: [], foundCount: 0, charset }
  }
  const models = Array.isArray(value) ? value : [value]
  const reading: Reading = { defects, elementsLeft: elementsMax }
  const found = models.slice(0, setsMax).map((model): Found => {
    return { meta: null, set: dataSetOf(reading, model, null, 0), transferSyntax: null, defects: [] }
  })
  return { found, foundCount: models.length, charset }
}

interface Reading {
  readonly defects: Defect[]
  elementsLeft: number
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}

function dataSetOf(reading: Reading, model: unknown, parent: DataSet | null, depth: number): DataSet {
  const elements: Element[] = []
  const set = givenSet(elements, parent)
  if (!isRecord(model) || depth > depthMax) {
    addDefect(reading.defects, depth > depthMax ? 'DICOM_TOO_DEEP' : 'DICOM_BAD_JSON', null)
    return set
  }
  for (const [key, entry] of Object.entries(model)) {
    if (!/^[0-9A-Fa-f]{8}$/.test(key) || !isRecord(entry)) {
      addDefect(reading.defects, 'DICOM_BAD_JSON', null)
      continue
    }
    if (--reading.elementsLeft < 0) {
      addDefect(reading.defects, 'DICOM_TOO_MANY_ELEMENTS', null)
      break
    }
    elements.push(elementFrom(reading, Number.parseInt(key, 16), entry, set, depth))
  }
  return set
}

function elementFrom(
  reading: Reading,
  tag: number,
  entry: { readonly [key: string]: unknown },
  set: DataSet,
  depth: number,
): Element {
  const vr = typeof entry.vr === 'string' && /^[A-Z]{2}$/.test(entry.vr) ? entry.vr : (attributeOf(tag)?.vr ?? 'UN')
  const values: readonly unknown[] = Array.isArray(entry.Value) ? entry.Value : []
  const place = { tag, vr, start: 0, end: 0 }
  if (vr === 'SQ') {
    const items = values.map((item) => dataSetOf(reading, item ?? {}, set, depth + 1))
    return { ...place, items, given: [], isCut: false, known: null }
  }
  const isElsewhere = entry.BulkDataURI !== undefined || entry.InlineBinary !== undefined
  return { ...place, items: null, given: values.map((value) => textValueOf(value)), isCut: isElsewhere, known: null }
}

/** Null stands for an empty value among several (PS3.18 F.2.5). */
function textValueOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (!isRecord(value)) return ''
  const groups = [value.Alphabetic, value.Ideographic, value.Phonetic].map((group) => (typeof group === 'string' ? group : ''))
  return groups.join('=').replace(/=+$/, '')
}
