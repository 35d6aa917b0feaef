import type { Identity } from '../../../gateway/model/identity.ts'

/**
 * Which elements of FHIR resources identify a person, for the desk's masking: by data type where FHIR's types say it, and by element where they don't. Staff
 * stays (Practitioner, PractitionerRole): who charted is part of the work. A path ends where what is below it identifies as a whole.
 */
export interface IdentifyingElement {
  /** From the resource, without indices: `Patient.name.family`. `*` for the resource: any but staff and organizations. */
  readonly path: string
  readonly identity: Identity
}

export const identifyingElements: readonly IdentifyingElement[] = [
  { path: 'Patient.id', identity: 'id' },
  { path: 'Patient.identifier.value', identity: 'id' },
  { path: 'Patient.name.text', identity: 'name' },
  { path: 'Patient.name.family', identity: 'name' },
  { path: 'Patient.name.given', identity: 'given' },
  { path: 'Patient.telecom.value', identity: 'phone' },
  { path: 'Patient.birthDate', identity: 'birth' },
  { path: 'Patient._birthDate', identity: 'birth' },
  { path: 'Patient.address.text', identity: 'address' },
  { path: 'Patient.address.line', identity: 'address' },
  { path: 'Patient.photo', identity: 'all' },
  { path: 'Patient.contact.name.text', identity: 'name' },
  { path: 'Patient.contact.name.family', identity: 'name' },
  { path: 'Patient.contact.name.given', identity: 'given' },
  { path: 'Patient.contact.telecom.value', identity: 'phone' },
  { path: 'Patient.contact.address.text', identity: 'address' },
  { path: 'Patient.contact.address.line', identity: 'address' },
  ...['RelatedPerson', 'Person'].flatMap((type): readonly IdentifyingElement[] => [
    { path: `${type}.identifier.value`, identity: 'id' },
    { path: `${type}.name.text`, identity: 'name' },
    { path: `${type}.name.family`, identity: 'name' },
    { path: `${type}.name.given`, identity: 'given' },
    { path: `${type}.telecom.value`, identity: 'phone' },
    { path: `${type}.birthDate`, identity: 'birth' },
    { path: `${type}.address.text`, identity: 'address' },
    { path: `${type}.address.line`, identity: 'address' },
    { path: `${type}.photo`, identity: 'all' },
  ]),
  { path: 'Encounter.id', identity: 'id' },
  { path: 'Encounter.identifier.value', identity: 'id' },
  { path: 'EpisodeOfCare.identifier.value', identity: 'id' },
  { path: 'Coverage.subscriberId', identity: 'id' },
  { path: 'Coverage.identifier.value', identity: 'id' },
  { path: 'Account.identifier.value', identity: 'id' },
  { path: '*.subject.reference', identity: 'id' },
  { path: '*.subject.identifier.value', identity: 'id' },
  { path: '*.subject.display', identity: 'name' },
  { path: '*.patient.reference', identity: 'id' },
  { path: '*.patient.identifier.value', identity: 'id' },
  { path: '*.patient.display', identity: 'name' },
  { path: '*.beneficiary.reference', identity: 'id' },
  { path: '*.beneficiary.display', identity: 'name' },
  { path: '*.encounter.reference', identity: 'id' },
  { path: '*.encounter.identifier.value', identity: 'id' },
  { path: '*.context.reference', identity: 'id' },
  { path: '*.text.div', identity: 'all' },
  { path: '*.note.text', identity: 'all' },
  { path: '*.content.attachment.data', identity: 'all' },
  { path: '*.presentedForm.data', identity: 'all' },
  { path: 'Binary.data', identity: 'all' },
  { path: 'Bundle.entry.fullUrl', identity: 'id' },
  { path: 'Bundle.entry.request.url', identity: 'id' },
  { path: 'Bundle.entry.response.location', identity: 'id' },
  { path: 'Bundle.link.url', identity: 'id' },
  { path: 'OperationOutcome.issue.diagnostics', identity: 'all' },
  { path: 'OperationOutcome.issue.details.text', identity: 'all' },
]

/**
 * What the value at a path of a tree tells of a person. Below an entry of a Bundle, or in what a resource contains, a path doesn't say the resource's type: then
 * whatever identifies in any resource counts.
 */
export function identityOfPath(path: string): Identity | null {
  const plain = path.replaceAll(/\[\d+\]/g, '')
  const inner = /\.(?:resource|contained)\.(?!.*\.(?:resource|contained)\.)(.*)$/.exec(plain)?.[1]
  const dot = plain.indexOf('.')
  const type = inner === undefined ? plain.slice(0, dot) : null
  const steps = (inner ?? plain.slice(dot + 1)).split('.')
  for (let length = steps.length; length > 0; length -= 1) {
    const rest = steps.slice(0, length).join('.')
    const known =
      type === null
        ? anywhere.get(rest)
        : (byPath.get(`${type}.${rest}`) ?? (staff.has(type) ? undefined : byPath.get(`*.${rest}`)))
    if (known !== undefined) return known
  }
  return null
}

const staff: ReadonlySet<string> = new Set(['Practitioner', 'PractitionerRole', 'Organization'])
const byPath = new Map(identifyingElements.map(({ path, identity }) => [path, identity]))
const anywhere = new Map(identifyingElements.map(({ path, identity }) => [path.slice(path.indexOf('.') + 1), identity]))
