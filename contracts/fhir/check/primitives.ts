import { isBase64 } from './base64.ts'

/** What is asked of a primitive's JSON value: its JSON type and its form (FHIR R4 2.24.0.1). */
export type PrimitiveTest = (value: unknown) => boolean

/** Longest text that a form is tried on; longer dates, codes and numbers are none. */
const formedMax = 1024
/** FHIR R4 2.24.0.1: strings SHALL NOT exceed 1 MB. */
const stringMax = 1024 * 1024

const year = '(?:[0-9](?:[0-9](?:[0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)'
const month = '(?:0[1-9]|1[0-2])'
const day = '(?:0[1-9]|[12][0-9]|3[01])'
const clock = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]+)?'
const zone = '(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))'

/** By type name. A type that isn't here is no primitive. */
export const primitiveTests: ReadonlyMap<string, PrimitiveTest> = new Map<string, PrimitiveTest>([
  ['boolean', (value) => typeof value === 'boolean'],
  ['integer', whole(-2_147_483_648)],
  ['unsignedInt', whole(0)],
  ['positiveInt', whole(1)],
  ['decimal', (value) => typeof value === 'number'],
  ['string', isText],
  ['markdown', isText],
  ['xhtml', (value) => typeof value === 'string'],
  ['code', formed(/^[^\s]+(?:\s[^\s]+)*$/u)],
  ['id', formed(/^[A-Za-z0-9\-.]{1,64}$/u)],
  ['uri', isUri],
  ['url', isUri],
  ['canonical', isUri],
  ['oid', formed(/^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$/u)],
  ['uuid', formed(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu)],
  ['date', dated(new RegExp(`^${year}(?:-${month}(?:-${day})?)?$`, 'u'))],
  ['dateTime', dated(new RegExp(`^${year}(?:-${month}(?:-${day}(?:T${clock}${zone})?)?)?$`, 'u'))],
  ['instant', dated(new RegExp(`^${year}-${month}-${day}T${clock}${zone}$`, 'u'))],
  ['time', formed(new RegExp(`^${clock}$`, 'u'))],
  ['base64Binary', (value) => typeof value === 'string' && isBase64(value)],
])

function whole(min: number): PrimitiveTest {
  return (value) => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= 2_147_483_647
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= stringMax && /\S/u.test(value)
}

/** `\S*` by the standard; an empty attribute is none (2.24.0). */
function isUri(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !/\s/u.test(value)
}

function formed(form: RegExp): PrimitiveTest {
  return (value) => typeof value === 'string' && value.length <= formedMax && form.test(value)
}

/** The form, and a day that the month has. */
function dated(form: RegExp): PrimitiveTest {
  return (value) => {
    if (typeof value !== 'string' || value.length > formedMax || !form.test(value)) return false
    const month = Number(value.slice(5, 7))
    const day = Number(value.slice(8, 10))
    return day <= 28 || day <= daysOf(Number(value.slice(0, 4)), month)
  }
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
