import type { Envelope } from '../../../gateway/model/envelope.ts'
import { fieldText } from './field-text.ts'

/** What an A-ASSOCIATE-RQ or -AC says (PS3.8 9.3.2, 9.3.3), as far as it was kept. */
export interface Associate {
  readonly callingAe: string
  readonly calledAe: string
  /** By the order of the PDU; at most 128, which is all that odd numbers up to 255 allow (PS3.8 9.3.2.2). */
  readonly contexts: readonly ContextItem[]
  /** The longest P-DATA-TF that its sender takes, without its header; 0: any. Null: not said. */
  readonly maxLength: number | null
  readonly envelope: Envelope
  /** `DIMSE_ITEMS_BROKEN`: an item is longer than what holds it. `DIMSE_CONTEXTS_TOO_MANY`: those beyond 128 are left out. */
  readonly faults: readonly string[]
}

/** A presentation context as proposed (`abstract`, `transfers`) or as answered (`result`, and the one transfer syntax). */
export interface ContextItem {
  readonly id: number
  readonly result: number | null
  readonly abstract: string | null
  readonly transfers: readonly string[]
}

/** More than any association needs: 128 contexts with 32 transfer syntaxes each. */
export const associateBytesMax = 262_144
const contextsMax = 128
const transfersMax = 64
const uidCharactersMax = 64
/** Of application information in extended negotiation so much is shown. */
const informationBytesMax = 16
/** Sub-items of the user information that are looked at. */
const userItemsMax = 256

/** Reads the fields after the PDU header. Of user identity (PS3.7 D.3.3.7) only its type is told, never a value. Never throws. */
export function readAssociate(pdu: Buffer, kind: 'request' | 'answer'): Associate {
  const faults = new Set<string>()
  const contexts: ContextItem[] = []
  let applicationContext = ''
  let user: UserInformation = { maxLength: null, envelope: [] }
  for (const item of itemsOf(pdu, variableItemsAt, faults)) {
    if (item.type === 0x10) applicationContext = uid(item.value)
    else if (item.type === (kind === 'request' ? 0x20 : 0x21)) {
      if (contexts.length === contextsMax) faults.add('DIMSE_CONTEXTS_TOO_MANY')
      else contexts.push(contextOf(item.value, kind, faults))
    } else if (item.type === 0x50) user = userInformation(item.value, faults)
  }
  const calledAe = fieldText(pdu.subarray(4, 20), 16)
  const callingAe = fieldText(pdu.subarray(20, 36), 16)
  return {
    callingAe,
    calledAe,
    contexts,
    maxLength: user.maxLength,
    envelope: [
      ['calling-ae', callingAe],
      ['called-ae', calledAe],
      ...(applicationContext === '' ? [] : [['application-context', applicationContext] as const]),
      ...user.envelope,
      ...contexts.map((context) => ['context', contextText(context)] as const),
    ],
    faults: [...faults],
  }
}

/** After protocol version, two AE titles and what is reserved. */
const variableItemsAt = 68

interface Item {
  readonly type: number
  readonly value: Buffer
}

/** Items of type, reserved byte, length and value. One that is longer than what holds it ends them. */
function* itemsOf(bytes: Buffer, start: number, faults: Set<string>): Generator<Item> {
  for (let at = start; at + 4 <= bytes.length; ) {
    const end = at + 4 + bytes.readUInt16BE(at + 2)
    if (end > bytes.length) {
      faults.add('DIMSE_ITEMS_BROKEN')
      return
    }
    yield { type: bytes[at] ?? 0, value: bytes.subarray(at + 4, end) }
    at = end
  }
}

function contextOf(value: Buffer, kind: 'request' | 'answer', faults: Set<string>): ContextItem {
  let abstract: string | null = null
  const transfers: string[] = []
  for (const item of itemsOf(value, 4, faults)) {
    if (item.type === 0x30) abstract ??= uid(item.value)
    else if (item.type === 0x40 && transfers.length < transfersMax) transfers.push(uid(item.value))
  }
  return { id: value[0] ?? 0, result: kind === 'answer' ? (value[2] ?? null) : null, abstract, transfers }
}

function contextText({ id, result, abstract, transfers }: ContextItem): string {
  return [id, ...(result === null ? [abstract ?? ''] : [result]), transfers.join(',')].join(' ').trimEnd()
}

interface UserInformation {
  readonly maxLength: number | null
  readonly envelope: Envelope
}

/** PS3.8 annex D, PS3.7 D.3.3. */
function userInformation(value: Buffer, faults: Set<string>): UserInformation {
  let maxLength: number | null = null
  const envelope: [string, string][] = []
  for (const item of itemsOf(value, 0, faults)) {
    if (item.type === 0x51 && item.value.length >= 4) maxLength ??= item.value.readUInt32BE(0)
    if (envelope.length < userItemsMax) envelope.push(...userItem(item))
  }
  return { maxLength, envelope }
}

function userItem({ type, value }: Item): [string, string][] {
  switch (type) {
    case 0x51:
      return value.length < 4 ? [] : [['max-length', String(value.readUInt32BE(0))]]
    case 0x52:
      return [['implementation-uid', uid(value)]]
    case 0x53:
      if (value.length < 4) return []
      return [
        ['async-invoked', String(value.readUInt16BE(0))],
        ['async-performed', String(value.readUInt16BE(2))],
      ]
    case 0x54: {
      const { first, rest } = afterUid(value)
      return [['role', `${first} ${rest[0] ?? 0} ${rest[1] ?? 0}`]]
    }
    case 0x55:
      return [['implementation-version', fieldText(value, 16)]]
    case 0x56: {
      const { first, rest } = afterUid(value)
      return [['extended-negotiation', `${first} ${rest.subarray(0, informationBytesMax).toString('hex')}`.trimEnd()]]
    }
    case 0x57:
      return [['common-extended-negotiation', afterUid(value).first]]
    // What follows the type is a user name, a passcode, a ticket or an assertion.
    case 0x58:
      return [['user-identity', String(value[0] ?? 0)]]
    case 0x59:
      return [['user-identity', 'answered']]
    default:
      return []
  }
}

/** A UID with its length before it, and what comes after. */
function afterUid(value: Buffer): { readonly first: string; readonly rest: Buffer } {
  const length = value.length < 2 ? 0 : value.readUInt16BE(0)
  return { first: uid(value.subarray(2, 2 + length)), rest: value.subarray(2 + length) }
}

function uid(bytes: Buffer): string {
  return fieldText(bytes.subarray(0, uidCharactersMax + 1), uidCharactersMax)
}
