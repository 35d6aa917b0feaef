import { type KeyKind, keyKindOf } from '../document.ts'
import type { Identity } from '../identity.ts'
import { remembered } from '../remembered.ts'
import type { Text } from '../text.ts'
import table from './members.json' with { type: 'json' }
import { plainName } from './plain-name.ts'

/** What a member, element or column of that name holds, by the names that the hospital's JSON, XML and CSV interfaces use. */
export interface Member {
  readonly name: Text
  /** It holds a business key of this kind. */
  readonly key: KeyKind | null
  /** Whose numbers they are, where two number spaces share a kind. */
  readonly authority: string | null
  /** It holds a time: when the sender made the message, or when something happened. */
  readonly stamp: 'message' | 'event' | null
  /** A dictionary governs its values. */
  readonly isCode: boolean
  /** What it tells of a person, or which secret it holds; null: nothing. For masking. */
  readonly identifies: Identifying | null
}

export type Identifying =
  | 'name'
  | 'id-card'
  | 'phone'
  | 'address'
  | 'birth-date'
  | 'patient-number'
  | 'visit-number'
  | 'token'
  | 'free-text'

/** The same as what the desk hides it by. Free text is hidden by what it holds, not by its place. */
export function identityFor(identifies: Identifying | null): Identity | null {
  switch (identifies) {
    case 'name':
    case 'phone':
    case 'address':
      return identifies
    case 'id-card':
    case 'patient-number':
    case 'visit-number':
      return 'id'
    case 'birth-date':
      return 'birth'
    case 'token':
      return 'all'
    case 'free-text':
    case null:
      return null
    default:
      return identifies satisfies never
  }
}

/**
 * The member of that name, or null. Case, `_` and `-` don't count: `request_id` is `requestId`. A name that means something only below another
 * (`code` in `diagnoses`) is found with its `parent`.
 */
export function memberOf(name: string, parent: string | null = null): Member | null {
  const { member, within } = entryOf(name)
  return within === null || parent === null ? member : (within.get(plainName(parent)) ?? member)
}

interface Entry {
  readonly member: Member | null
  /** By the normal form of the name above. */
  readonly within: ReadonlyMap<string, Member> | null
}

const nothing: Entry = { member: null, within: null }

const nameCharsMax = 64
const entryOf = remembered(
  (name): Entry => (name.length > nameCharsMax ? nothing : (byNormal.get(plainName(name)) ?? nothing)),
  { charsMax: nameCharsMax },
)

function readTable(): ReadonlyMap<string, Entry> {
  const plain = new Map<string, Member>()
  const within = new Map<string, Map<string, Member>>()
  for (const row of table) {
    const member: Member = {
      name: { zh: row.zh, en: row.en },
      key: keyKindOf(row.key),
      authority: row.authority ?? null,
      stamp: row.stamp === 'message' || row.stamp === 'event' ? row.stamp : null,
      isCode: row.code === true,
      identifies: identifyingOf(row.identifies),
    }
    for (const name of row.names) {
      const [last = '', parent] = name.split('.').reverse()
      if (parent === undefined) plain.set(plainName(last), member)
      else
        within.set(plainName(last), (within.get(plainName(last)) ?? new Map<string, Member>()).set(plainName(parent), member))
    }
  }
  const names = new Set([...plain.keys(), ...within.keys()])
  return new Map([...names].map((name) => [name, { member: plain.get(name) ?? null, within: within.get(name) ?? null }]))
}

const identifyings = [
  'name',
  'id-card',
  'phone',
  'address',
  'birth-date',
  'patient-number',
  'visit-number',
  'token',
  'free-text',
] as const satisfies readonly Identifying[]

function identifyingOf(text: string | undefined): Identifying | null {
  return identifyings.find((kind) => kind === text) ?? null
}

// Stands last: it is made of the lists above.
const byNormal: ReadonlyMap<string, Entry> = readTable()
