import { type Identifying, memberOf } from '../../../gateway/model/members/members.ts'

/**
 * Elements and attributes of SOAP, HL7 V3 and CDA that identify somebody or hold a secret, by the end of their path. Plain elements go by the names of
 * `gateway/model/members/members.json`. For the desk's masking.
 */
export const identifyingEnds: ReadonlyMap<string, Identifying> = new Map([
  ['telecom/@value', 'phone'],
  ['birthTime/@value', 'birth-date'],
  ['addr', 'address'],
  ['streetName', 'address'],
  ['streetAddressLine', 'address'],
  ['houseNumber', 'address'],
  ['township', 'address'],
  ['county', 'address'],
  ['patientRole/id/@extension', 'patient-number'],
  ['patientRole/id/item/@extension', 'patient-number'],
  ['patient/id/@extension', 'id-card'],
  ['patient/id/item/@extension', 'id-card'],
  ['encompassingEncounter/id/@extension', 'visit-number'],
  ['encompassingEncounter/id/item/@extension', 'visit-number'],
  ['name/family', 'name'],
  ['name/given', 'name'],
  ['name/@value', 'name'],
  ['name/part/@value', 'name'],
  ['Username', 'token'],
  ['Password', 'token'],
  ['Nonce', 'token'],
  ['BinarySecurityToken', 'token'],
  ['SignatureValue', 'token'],
  ['X509Certificate', 'token'],
  ['acknowledgementDetail/text', 'free-text'],
  ['acknowledgementDetail/text/@value', 'free-text'],
  ['Reason/Text', 'free-text'],
])

/** What the value at a path of a tree tells of a person, or which secret it is; null: nothing that the names know of. */
export function identifyingOf(path: string): Identifying | null {
  const names = path.replaceAll(/\[\d+\]/g, '').split('/')
  for (let length = Math.min(names.length, 4); length > 0; length -= 1) {
    const known = identifyingEnds.get(names.slice(-length).join('/'))
    if (known !== undefined) return known
  }
  return memberOf(names.at(-1) ?? '', names.at(-2) ?? null)?.identifies ?? null
}
