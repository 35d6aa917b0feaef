import type { KeyKind } from '../../../gateway/model/document.ts'

/** What the facts take from a resource of one type, besides what every resource has. */
export interface Wanted {
  /** What its logical id names; null: nothing that anybody else speaks of. */
  readonly id: KeyKind | null
  /** What its identifiers name, where their type doesn't say. */
  readonly identifiers: readonly Naming[]
  /** References whose target names something. */
  readonly references: readonly Naming[]
  /** Times of what has happened. */
  readonly stamps: readonly Place[]
  /** Coded elements that dictionaries govern. */
  readonly codes: readonly Place[]
}

export interface Naming {
  readonly element: string
  readonly kind: KeyKind
}

/** An element, or one below it. */
export interface Place {
  /** `Observation.effectivePeriod.start` */
  readonly path: string
  readonly element: string
  readonly below: string | null
}

/** As the table says it: by element, one step below with a dot. */
interface Sought {
  readonly id?: KeyKind
  readonly identifiers?: { readonly [element: string]: KeyKind }
  readonly references?: { readonly [element: string]: KeyKind }
  readonly stamps?: readonly string[]
  readonly codes?: readonly string[]
}

const whoAndWhere = { subject: 'patient', patient: 'patient', encounter: 'visit', context: 'visit', visit: 'visit' } as const

function ready(type: string, { id, identifiers = {}, references = {}, stamps = [], codes = [] }: Sought): Wanted {
  const placeOf = (path: string): Place => {
    const [element = '', below = null] = path.split('.')
    return { path: `${type}.${path}`, element, below }
  }
  return {
    id: id ?? null,
    identifiers: namingsOf(identifiers),
    references: namingsOf({ ...whoAndWhere, ...references }),
    stamps: stamps.map(placeOf),
    codes: codes.map(placeOf),
  }
}

function namingsOf(named: NonNullable<Sought['identifiers']>): readonly Naming[] {
  return Object.entries(named).map(([element, kind]) => ({ element, kind }))
}

/** Of a type without an entry. */
export const otherwise = ready('', {})

/**
 * By resource type. Times that lie ahead by nature (planned, due, valid until) are no stamps: they say nothing of a clock. Logical ids are told with their
 * resource type as authority, so that they are not taken for the identifiers that a hospital gives.
 */
const table: readonly (readonly [type: string, Sought])[] = [
  ['Patient', { id: 'patient', identifiers: { identifier: 'patient' }, codes: ['gender', 'maritalStatus'] }],
  ['Person', { identifiers: { identifier: 'patient' } }],
  [
    'Encounter',
    {
      id: 'visit',
      identifiers: { identifier: 'visit' },
      stamps: ['period.start'],
      codes: ['status', 'class', 'type', 'serviceType'],
    },
  ],
  ['EpisodeOfCare', { codes: ['status', 'type'] }],
  [
    'Observation',
    {
      references: { basedOn: 'placer', device: 'device', specimen: 'specimen' },
      stamps: ['effectiveDateTime', 'effectiveInstant', 'effectivePeriod.start', 'issued'],
      codes: [
        'status',
        'code',
        'category',
        'valueCodeableConcept',
        'interpretation',
        'valueQuantity',
        'component.code',
        'component.valueQuantity',
      ],
    },
  ],
  [
    'DiagnosticReport',
    {
      identifiers: { identifier: 'filler' },
      references: { basedOn: 'placer', specimen: 'specimen' },
      stamps: ['effectiveDateTime', 'effectivePeriod.start', 'issued'],
      codes: ['status', 'code', 'category', 'conclusionCode'],
    },
  ],
  [
    'ServiceRequest',
    {
      id: 'placer',
      identifiers: { identifier: 'placer', requisition: 'group' },
      stamps: ['authoredOn'],
      codes: ['status', 'intent', 'priority', 'code', 'category', 'bodySite'],
    },
  ],
  [
    'ImagingStudy',
    {
      identifiers: { identifier: 'study' },
      references: { basedOn: 'placer' },
      stamps: ['started'],
      codes: ['status', 'modality', 'procedureCode'],
    },
  ],
  [
    'Specimen',
    {
      identifiers: { identifier: 'specimen', accessionIdentifier: 'specimen' },
      stamps: ['receivedTime'],
      codes: ['type'],
    },
  ],
  [
    'MedicationRequest',
    {
      id: 'prescription',
      identifiers: { identifier: 'prescription', groupIdentifier: 'group' },
      stamps: ['authoredOn'],
      codes: ['status', 'intent', 'priority', 'medicationCodeableConcept', 'category'],
    },
  ],
  [
    'MedicationAdministration',
    {
      references: { request: 'prescription' },
      stamps: ['effectiveDateTime', 'effectivePeriod.start'],
      codes: ['status', 'medicationCodeableConcept', 'dosage.route', 'dosage.dose', 'statusReason'],
    },
  ],
  [
    'MedicationDispense',
    {
      references: { authorizingPrescription: 'prescription' },
      stamps: ['whenPrepared', 'whenHandedOver'],
      codes: ['status', 'medicationCodeableConcept'],
    },
  ],
  ['MedicationStatement', { stamps: ['dateAsserted'], codes: ['status', 'medicationCodeableConcept'] }],
  ['Medication', { codes: ['code'] }],
  ['Condition', { stamps: ['recordedDate'], codes: ['clinicalStatus', 'verificationStatus', 'category', 'code', 'severity'] }],
  ['AllergyIntolerance', { stamps: ['recordedDate'], codes: ['clinicalStatus', 'code', 'category'] }],
  [
    'Procedure',
    {
      references: { basedOn: 'placer' },
      stamps: ['performedDateTime', 'performedPeriod.start'],
      codes: ['status', 'code', 'category'],
    },
  ],
  [
    'Appointment',
    {
      id: 'appointment',
      identifiers: { identifier: 'appointment' },
      stamps: ['created'],
      codes: ['status', 'serviceType'],
    },
  ],
  [
    'DocumentReference',
    {
      identifiers: { masterIdentifier: 'document', identifier: 'document' },
      stamps: ['date'],
      codes: ['status', 'type', 'category'],
    },
  ],
  ['Composition', { identifiers: { identifier: 'document' }, stamps: ['date'], codes: ['status', 'type'] }],
  ['Device', { id: 'device', identifiers: { identifier: 'device' }, codes: ['type'] }],
  [
    'Task',
    {
      id: 'task',
      identifiers: { identifier: 'task', groupIdentifier: 'group' },
      stamps: ['authoredOn', 'lastModified'],
      codes: ['status', 'intent', 'code'],
    },
  ],
  ['QuestionnaireResponse', { stamps: ['authored'], codes: ['status'] }],
  ['Flag', { codes: ['status', 'category', 'code'] }],
  ['CarePlan', { stamps: ['created'], codes: ['status', 'intent', 'category'] }],
]

export const wanted: ReadonlyMap<string, Wanted> = new Map(table.map(([type, sought]) => [type, ready(type, sought)]))

/** What an identifier's type says it names (HL7 table 0203), whatever its resource. */
export const identifierTypes: ReadonlyMap<string, KeyKind> = new Map<string, KeyKind>([
  ['PLAC', 'placer'],
  ['FILL', 'filler'],
  ['ACSN', 'accession'],
  ['VN', 'visit'],
  ['MR', 'patient'],
  ['PI', 'patient'],
  ['PT', 'patient'],
  ['NI', 'patient'],
  ['SB', 'patient'],
])
