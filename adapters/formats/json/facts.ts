import type { Facts, Hints, Key, PartFacts, Stamp } from '../../../gateway/model/document.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import { requestType } from '../../../gateway/model/http/route.ts'
import { saysNone } from '../../../gateway/model/members/none-found.ts'
import type { Told } from '../../../gateway/model/members/plain-name.ts'
import { readTimestamp } from '../../../gateway/model/timestamp.ts'
import { ackOf, isNhsaAnswer } from './ack.ts'
import type { Content } from './content.ts'
import type { CsvFile } from './csv.ts'
import { type Gathered, gather, isKeyText } from './gather.ts'
import { limits } from './limits.ts'
import { mend } from './mend.ts'
import { reckoningOf, tellingMembers } from './reckoning.ts'
import { memberValue, scalarText } from './record.ts'

/** Reads the facts of a body and of what was said around it: one pass over its values. */
export function factsOf(content: Content, hints: Hints): Facts {
  const { value, rows } = content
  const gathered = gather(rows === null ? value : [], gatherOptions(content, hints))
  const isAnswer = hints.side === 'answer' || (hints.side === undefined && isNhsaAnswer(value))
  const msgid = nhsaMessageId(value)
  const told = tellingMembers(value)
  return {
    type: typeOf(content, hints, isAnswer),
    version: scalarText(memberValue(value, 'infver')) ?? envelopeValue(hints.envelope, 'header.schemaversion'),
    controlId: msgid ?? requestId(value, hints),
    sender: senderOf(value, hints),
    receiver: scalarText(memberValue(value, 'recer_sys_code')),
    sequence: null,
    stamps: stampsOf(gathered, msgid, hints),
    keys: keysOf(gathered.keys, content, hints),
    charset: content.charset,
    ack: isAnswer ? ackOf(value, envelopeValue(hints.envelope, ':status')) : null,
    defects: [...content.defects, ...gathered.defects, ...duplicates(content, gathered)].slice(0, limits.defectsMax),
    codes: gathered.codes,
    ...partsOf(content, hints),
    ...reckoningOf(value, told, isAnswer ? 'answer' : 'request'),
    ...(isAnswer && isOfNone(value, told) ? { hasNone: true } : {}),
  }
}

/** An answer of nothing: an empty list, or one that says so. */
function isOfNone(value: unknown, told: readonly Told[]): boolean {
  return Array.isArray(value) ? value.length === 0 : saysNone(told)
}

function gatherOptions({ text }: Content, { timezone }: Hints) {
  return { timezone, maySurrogate: text.includes('\\u') && /\\u[dD][89a-fA-F]/.test(text) }
}

/** An object that was read has fewer names than its text: some stand twice. Only then is the text read again, for where. */
function duplicates({ nameCount, text, isCut }: Content, gathered: Gathered): Facts['defects'] {
  if (nameCount === null || gathered.nameCount === null || nameCount === gathered.nameCount) return []
  return mend(text, isCut).defects.filter(({ code }) => code === 'JSON_DUPLICATE_KEY')
}

/**
 * NHSA: the transaction's number. HTTP: method and templated path of a request; an answer has none of its own. Records: the event that they name, else
 * their topic. Files: the name without its numbers.
 */
function typeOf({ value }: Content, { envelope, side }: Hints, isAnswer: boolean): string | null {
  const infno = scalarText(memberValue(value, 'infno'))
  if (infno !== null && nhsaMessageId(value) !== null) return infno.slice(0, limits.codeCharsMax)
  const method = envelopeValue(envelope, ':method')
  const path = envelopeValue(envelope, ':path')
  if (method !== null && path !== null) return requestType(method, path)
  if (isAnswer || side === 'answer') return null
  const file = envelopeValue(envelope, 'file')
  if (file !== null) return (file.split(/[\\/]/).at(-1) ?? file).replace(/\d+/g, '{}').slice(0, limits.keyCharsMax)
  return eventOf(value) ?? changeOf(value) ?? envelopeValue(envelope, 'topic')
}

const eventNames = ['eventType', 'event', 'type'] as const

function eventOf(value: unknown): string | null {
  for (const name of eventNames) {
    const event = memberValue(value, name)
    if (typeof event === 'string' && /^[A-Za-z][\w.:^-]{0,63}$/.test(event)) return event
  }
  return null
}

/** A change of a row, as change data capture tells it (Debezium's envelope): `his.reg_record c`. */
function changeOf(value: unknown): string | null {
  const op = memberValue(value, 'op')
  const source = memberValue(value, 'source')
  const table = scalarText(memberValue(source, 'table')) ?? scalarText(memberValue(value, 'table'))
  if (typeof op !== 'string' || op.length > 16 || table === null || table.length > limits.codeCharsMax) return null
  const schema = scalarText(memberValue(source, 'schema')) ?? scalarText(memberValue(source, 'db'))
  return `${schema === null ? '' : `${schema}.`}${table} ${op}`
}

/** Institution, time and sequence (12, 14 and 4 characters): what an NHSA request is known by. Null for other bodies. */
function nhsaMessageId(value: unknown): string | null {
  const infno = scalarText(memberValue(value, 'infno'))
  const msgid = scalarText(memberValue(value, 'msgid'))
  return infno !== null && msgid !== null && isKeyText(msgid) ? msgid : null
}

/** What a retry of the same request repeats. An answer that repeats it says whom it answers by its keys. */
function requestId(value: unknown, { envelope, side }: Hints): string | null {
  if (side === 'answer') return null
  const id = scalarText(memberValue(value, 'requestId')) ?? envelopeValue(envelope, 'x-request-id')
  return id !== null && isKeyText(id) ? id : null
}

/** The institution, the terminal, or the system that a record names. */
function senderOf(value: unknown, { envelope }: Hints): string | null {
  const own = scalarText(memberValue(value, 'fixmedins_code')) ?? scalarText(memberValue(value, 'deviceId'))
  return (
    (own ?? envelopeValue(envelope, 'x-device-id') ?? envelopeValue(envelope, 'header.source'))?.slice(
      0,
      limits.codeCharsMax,
    ) ?? null
  )
}

/** The body's own stamps first: they are wall-clock time, and a zone that is set wrong shows in them; `date` is GMT whatever the zone (RFC 9110 6.6.1). */
function stampsOf(gathered: Gathered, msgid: string | null, { envelope, timezone }: Hints): readonly Stamp[] {
  const stamps = [...gathered.stamps]
  const inId = /^\w{12}(\d{14})\d{4}$/.exec(msgid ?? '')?.[1]
  if (inId !== undefined) stamps.push({ path: 'msgid', kind: 'message', ...readTimestamp(inId, timezone) })
  // `create-time` is a record's producer's clock; `log-append-time` is the broker's and says nothing of the sender.
  const created = envelopeValue(envelope, 'timestamp-type') === 'create-time' ? envelopeValue(envelope, 'timestamp') : null
  if (created !== null) stamps.push({ path: '@timestamp', kind: 'message', ...readTimestamp(created, timezone) })
  const date = envelopeValue(envelope, 'date')
  if (date !== null) stamps.push({ path: '@date', kind: 'message', ...readTimestamp(date, timezone) })
  return stamps
}

/** The body's, and those of the headers that carry some. Of a dictionary its version is one: who has which is asked for. */
function keysOf(ofBody: readonly Key[], { value, rows }: Content, { envelope }: Hints): readonly Key[] {
  const keys = rows === null ? [...ofBody] : [...batchKeys(rows)]
  const add = (kind: Key['kind'], text: string | null, authority: string | null = null) => {
    if (text === null || !isKeyText(text) || keys.some((k) => k.kind === kind && k.value === text)) return
    keys.push({ kind, value: text, authority })
  }
  add('request', envelopeValue(envelope, 'x-request-id'))
  add('trace', /^\w{2}-(\w{32})-/.exec(envelopeValue(envelope, 'traceparent') ?? '')?.[1] ?? null)
  add('trace', envelopeValue(envelope, 'header.traceid'))
  const dictionary = scalarText(memberValue(value, 'dict'))
  const version = scalarText(memberValue(value, 'version'))
  if (dictionary !== null && version !== null) add('document', `${dictionary} ${version}`, 'dictionary')
  return keys.slice(0, limits.keysMax)
}

/** Of a file only what holds for it as a whole; its rows are parts. */
function batchKeys({ rows }: CsvFile): readonly Key[] {
  const found = new Map<string, Key>()
  for (const row of rows.slice(0, limits.partsMax))
    for (const key of gather(row, rowOptions).keys) if (key.kind === 'batch') found.set(key.value, key)
  return [...found.values()]
}

const rowOptions = { timezone: 'UTC', maySurrogate: false }

/** Rows of a file, and items of a body that is an array of objects. */
function partsOf({ value, rows }: Content, { timezone }: Hints): Pick<Facts, 'parts'> {
  const items: readonly unknown[] = rows !== null ? rows.rows : Array.isArray(value) ? value : []
  if (items.length === 0) return {}
  const parts = items.slice(0, limits.partsMax).map((item): PartFacts => {
    const { keys } = gather(item, { timezone, maySurrogate: false })
    return { type: eventOf(item), keys: keys.filter((key) => rows === null || key.kind !== 'batch'), ack: null }
  })
  return { parts }
}
