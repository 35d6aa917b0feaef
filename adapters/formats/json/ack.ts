import type { AckFacts } from '../../../gateway/model/document.ts'
import { isRecord, type JsonRecord } from '../../../gateway/model/json.ts'
import { tellingDigest } from '../../../gateway/model/wording-digest.ts'
import { memberValue, scalarText } from './record.ts'

/**
 * What an answer's members say of its request, where they can mean nothing else:
 * - the NHSA envelope: `infcode` 0 says yes, anything else no, whatever HTTP says;
 * - `success` true or false;
 * - `errcode` beside `errmsg` (WeChat's convention): 0 says yes;
 * - the body of an answer that HTTP calls failed (a vendor's `code` and `message`; Spring's `status`, `error`, `path`; problem details of RFC 9457): the
 *   wire's verdict stands, and the body tells the code.
 * `code`, `status` and `result` of an answer that HTTP calls well mean what two vendors agreed on: a contract says so (`answer.success`), never this.
 * Null: nothing is said. `status`: the one of the wire, as text, or null.
 */
export function ackOf(value: unknown, status: string | null): AckFacts | null {
  if (!isRecord(value)) return null
  return nhsaAck(value) ?? successAck(value) ?? errcodeAck(value) ?? errorBody(value, status)
}

/** Whether a value is an answer in the NHSA envelope. */
export function isNhsaAnswer(value: unknown): value is JsonRecord {
  if (!isRecord(value) || scalarText(memberValue(value, 'infcode')) === null) return false
  return ['inf_refmsgid', 'respond_time', 'err_msg', 'output'].some((name) => Object.hasOwn(value, name))
}

function nhsaAck(value: JsonRecord): AckFacts | null {
  if (!isNhsaAnswer(value)) return null
  const code = scalarText(value.infcode) ?? ''
  return judged(code, Number(code) === 0, () => textsOf(value, ['err_msg']), repeatedId(value))
}

/** The receiver's own number (its region, time, sequence), but for those who repeat the sender's there: an institution's code begins with a letter. */
function repeatedId(value: JsonRecord): string | null {
  const id = scalarText(memberValue(value, 'inf_refmsgid'))
  return id !== null && /^[A-Za-z]\w{11}\d{18}$/.test(id) ? id : null
}

function successAck(value: JsonRecord): AckFacts | null {
  const success = memberValue(value, 'success')
  if (typeof success !== 'boolean') return null
  const code = firstText(value, ['code', 'errorCode', 'errCode', 'errcode']) ?? String(success)
  return judged(code, success, () => textsOf(value, messageNames))
}

function errcodeAck(value: JsonRecord): AckFacts | null {
  const code = memberValue(value, 'errcode')
  if (typeof code !== 'number' || typeof memberValue(value, 'errmsg') !== 'string') return null
  return judged(String(code), code === 0, () => textsOf(value, ['errmsg']))
}

function errorBody(value: JsonRecord, wireStatus: string | null): AckFacts | null {
  const own = memberValue(value, 'status')
  const inBody =
    typeof own === 'number' && own >= 400 && own <= 599 && firstText(value, ['error', 'title']) !== null ? String(own) : null
  const status = inBody ?? (wireStatus !== null && /^[45]\d\d$/.test(wireStatus) ? wireStatus : null)
  if (status === null) return null
  const texts = textsOf(value, errorNames)
  const inner = memberValue(value, 'error')
  const code = firstText(value, codeNames) ?? (isRecord(inner) ? firstText(inner, codeNames) : null)
  const told = code !== null && /^[\w.-]{1,32}$/.test(code) ? code : null
  if (texts.length === 0 && told === null) return null
  return { code: told ?? status, answersId: null, errors: [{ code: told, location: null, textDigest: tellingDigest(texts) }] }
}

const codeNames = ['code', 'errorCode', 'errCode'] as const
/** By what the words for people go: of frameworks (Spring, ASP.NET, OAuth, RFC 9457), and of vendors. */
const messageNames = [
  'message',
  'msg',
  'Message',
  'errmsg',
  'errMsg',
  'err_msg',
  'errorMsg',
  'error_msg',
  'errorMessage',
  'retMsg',
  'resultMsg',
  'returnMsg',
  'resultMessage',
  'desc',
  'description',
  'reason',
  'error',
] as const
const errorNames = [...messageNames, 'detail', 'error_description', 'title', 'exception'] as const

function judged(code: string, isYes: boolean, texts: () => readonly string[], answersId: string | null = null): AckFacts {
  const told = code.slice(0, codeCharsMax)
  if (isYes) return { code: told, verdict: 'yes', answersId, errors: [] }
  const error = { code: told, location: null, textDigest: tellingDigest(texts()) }
  return { code: told, verdict: 'no', answersId, errors: [error] }
}

const codeCharsMax = 32

function firstText(value: JsonRecord, names: readonly string[]): string | null {
  for (const name of names) {
    const text = scalarText(memberValue(value, name))
    if (text !== null) return text
  }
  return null
}

/**
 * What these members say, and those of an `error` that is an object, and the first of a list of `errors` (texts, objects with a message, or by field as problem details of .NET
 * have them). At most `textsMax`.
 */
function textsOf(value: JsonRecord, names: readonly string[]): readonly string[] {
  const own = names.flatMap((name) => scalarText(memberValue(value, name)) ?? [])
  return [...own, ...innerTexts(memberValue(value, 'error')), ...innerTexts(memberValue(value, 'errors'))].slice(0, textsMax)
}

function innerTexts(value: unknown, depth = 2): readonly string[] {
  if (typeof value === 'string') return depth === 2 ? [] : [value]
  if (Array.isArray(value)) return value.slice(0, 3).flatMap((one: unknown) => innerTexts(one, depth - 1))
  if (!isRecord(value)) return []
  const said = ['message', 'msg', 'defaultMessage', 'detail', 'reason'].flatMap(
    (name) => scalarText(memberValue(value, name)) ?? [],
  )
  if (said.length > 0 || depth === 0) return said
  return Object.values(value)
    .slice(0, 3)
    .flatMap((one) => (Array.isArray(one) ? innerTexts(one, depth - 1) : []))
}

const textsMax = 8
