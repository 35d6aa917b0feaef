import type { Key, KeyKind } from '../../../gateway/model/document.ts'
import type { Delimiters } from './delimiters.ts'
import { partOf } from './fields.ts'

/**
 * A business identifier with who assigned it. The value is taken as it stands: leading zeros and trailing blanks are real
 * defects of senders and must not be hidden by joining them anyway. Null for none.
 */
export function key(kind: KeyKind, value: string | null, authority: string | null): Key | null {
  return isBlank(value) ? null : { kind, value, authority: isBlank(authority) ? null : authority }
}

/** EI (HL7 2.A.28): identifier, namespace, universal id. One key per kind and repetition. */
export function eiKeys(text: string, kinds: readonly KeyKind[], delimiters: Delimiters): readonly Key[] {
  const found: Key[] = []
  for (const one of repetitions(text, delimiters)) {
    const value = partOf(one, delimiters.component, 1)
    if (isBlank(value)) continue
    const authority = eiAuthority(one, delimiters.component)
    for (const kind of kinds) found.push({ kind, value, authority: isBlank(authority) ? null : authority })
  }
  return found
}

/** CX (HL7 2.A.14): the assigning authority is component 4, a HD. */
export function cxKey(text: string, kind: KeyKind, delimiters: Delimiters): readonly Key[] {
  const one = partOf(text, delimiters.repetition, 1) ?? text
  return present([key(kind, partOf(one, delimiters.component, 1), cxAuthority(one, delimiters))])
}

/**
 * EIP (HL7 2.A.29): the placer's identifier and the filler's, each an EI written with subcomponents. Many senders write an
 * EI instead (`S2026^HIS`): a second component without any digit is then who assigned the first.
 */
export function eipKeys(text: string, kind: KeyKind, delimiters: Delimiters): readonly Key[] {
  return repetitions(text, delimiters).flatMap((one) => {
    const placer = partOf(one, delimiters.component, 1) ?? ''
    const filler = partOf(one, delimiters.component, 2) ?? ''
    if (filler !== '' && !placer.includes(delimiters.subcomponent) && !/\d/.test(filler))
      return present([key(kind, placer, filler)])
    return present(
      [placer, filler].map((side) =>
        key(kind, partOf(side, delimiters.subcomponent, 1), eiAuthority(side, delimiters.subcomponent)),
      ),
    )
  })
}

const patientTypes: readonly string[] = ['MR', 'PI', 'NI']

/**
 * PID-3: by identifier type, never by position, for vendors order their repetitions differently. Medical record, internal
 * and national number; where no repetition says its type, the first.
 */
export function patientKeys(text: string, delimiters: Delimiters): readonly Key[] {
  const all = repetitions(text, delimiters)
  const typed = all.filter((one) => patientTypes.includes(partOf(one, delimiters.component, 5) ?? ''))
  const chosen = typed.length > 0 ? typed : all.slice(0, 1)
  return present(chosen.map((one) => key('patient', partOf(one, delimiters.component, 1), cxAuthority(one, delimiters))))
}

function repetitions(text: string, delimiters: Delimiters): readonly string[] {
  return text.includes(delimiters.repetition) ? text.split(delimiters.repetition) : [text]
}

function eiAuthority(text: string, separator: string): string | null {
  const namespace = partOf(text, separator, 2)
  return isBlank(namespace) ? partOf(text, separator, 3) : namespace
}

function cxAuthority(text: string, delimiters: Delimiters): string | null {
  const authority = partOf(text, delimiters.component, 4)
  if (authority === null) return null
  const namespace = partOf(authority, delimiters.subcomponent, 1)
  return isBlank(namespace) ? partOf(authority, delimiters.subcomponent, 2) : namespace
}

function present(keys: readonly (Key | null)[]): readonly Key[] {
  return keys.filter((one) => one !== null)
}

/** Nothing, or HL7's null. */
function isBlank(text: string | null): text is null {
  return text === null || text === '' || text === '""'
}
