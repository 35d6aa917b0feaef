import type { KeyKind } from '../../../gateway/model/document.ts'

/** What the facts take from a resource of one type, besides what every resource has. */
export interface Wanted {
  /** What its logical id names; null: nothing that anybody else speaks of. */
  readonly id: KeyKind | null
  /** What its identifiers name, where their type doesn't say: by element. */
  readonly identifiers: { readonly [element: string]: KeyKind }
  /** References whose target names something: by element. */
  readonly references: { readonly [element: string]: KeyKind }
  /** Times of what has happened: elements, one step below with a dot. */
  readonly stamps: readonly string[]
  /** Coded elements that dictionaries govern: elements, one step below with a dot. */
  readonly codes: readonly string[]
}

const whoAndWhere = { subject: 'patient', patient: 'patient', encounter: 'visit', context: 'visit', visit: 'visit' } as const

function resource(wanted: Partial<Wanted>): Wanted {
  const { id = null, identifiers = {}, references = {}, stamps = [], codes = [] } = wanted
  return { id, identifiers, references: { ...whoAndWhere, ...references }, stamps, codes }
}

/** Of a type without an entry. */
export const otherwise = resource({})

/**
 * By resource type. Times that lie ahead by nature (planned, due, valid until) are no stamps: they say nothing of a clock. Logical ids are told with their
 * resource type as authority, so that they are not taken for the identifiers that a hospital gives.
 */
export const wanted: ReadonlyMap<string, Wanted> = new Map([
  ['Patient', resource({ id: 'patient', identifiers: { identifier: 'patient' }, codes: ['gender', 'maritalStatus'] })],
  ['Person', resource({ identifiers: { identifier: 'patient' } })],
  [
    'Encounter',
    resource({
      id: 'visit',
      identifiers: { identifier: 'visit' },
      stamps: ['period.start'],
      codes: ['status', 'class', 'type', 'serviceType'],
    }),
  ],
  ['EpisodeOfCare', resource({ codes: ['status', 'type'] })],
  [
    'Observation',
    resource({
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
    }),
  ],
  [
    'DiagnosticReport',
    resource({
      identifiers: { identifier: 'filler' },
      references: { basedOn: 'placer', specimen: 'specimen' },
      stamps: ['effectiveDateTime', 'effectivePeriod.start', 'issued'],
      codes: ['status', 'code', 'category', 'conclusionCode'],
    }),
  ],
  [
    'ServiceRequest',
    resource({
      id: 'placer',
      identifiers: { identifier: 'placer', requisition: 'group' },
      stamps: ['authoredOn'],
      codes: ['status', 'intent', 'priority', 'code', 'category', 'bodySite'],
    }),
  ],
  [
    'ImagingStudy',
    resource({
      identifiers: { identifier: 'study' },
      references: { basedOn: 'placer' },
      stamps: ['started'],
      codes: ['status', 'modality', 'procedureCode'],
    }),
  ],
  [
    'Specimen',
    resource({
      identifiers: { identifier: 'specimen', accessionIdentifier: 'specimen' },
      stamps: ['receivedTime'],
      codes: ['type'],
    }),
  ],
  [
    'MedicationRequest',
    resource({
      id: 'prescription',
      identifiers: { identifier: 'prescription', groupIdentifier: 'group' },
      stamps: ['authoredOn'],
      codes: ['status', 'intent', 'priority', 'medicationCodeableConcept', 'category'],
    }),
  ],
  [
    'MedicationAdministration',
    resource({
      references: { request: 'prescription' },
      stamps: ['effectiveDateTime', 'effectivePeriod.start'],
      codes: ['status', 'medicationCodeableConcept', 'dosage.route', 'dosage.dose', 'statusReason'],
    }),
  ],
  [
    'MedicationDispense',
    resource({
      references: { authorizingPrescription: 'prescription' },
      stamps: ['whenPrepared', 'whenHandedOver'],
      codes: ['status', 'medicationCodeableConcept'],
    }),
  ],
  ['MedicationStatement', resource({ stamps: ['dateAsserted'], codes: ['status', 'medicationCodeableConcept'] })],
  ['Medication', resource({ codes: ['code'] })],
  [
    'Condition',
    resource({ stamps: ['recordedDate'], codes: ['clinicalStatus', 'verificationStatus', 'category', 'code', 'severity'] }),
  ],
  ['AllergyIntolerance', resource({ stamps: ['recordedDate'], codes: ['clinicalStatus', 'code', 'category'] })],
  [
    'Procedure',
    resource({
      references: { basedOn: 'placer' },
      stamps: ['performedDateTime', 'performedPeriod.start'],
      codes: ['status', 'code', 'category'],
    }),
  ],
  [
    'Appointment',
    resource({
      id: 'appointment',
      identifiers: { identifier: 'appointment' },
      stamps: ['created'],
      codes: ['status', 'serviceType'],
    }),
  ],
  [
    'DocumentReference',
    resource({
      identifiers: { masterIdentifier: 'document', identifier: 'document' },
      stamps: ['date'],
      codes: ['status', 'type', 'category'],
    }),
  ],
  ['Composition', resource({ identifiers: { identifier: 'document' }, stamps: ['date'], codes: ['status', 'type'] })],
  ['Device', resource({ id: 'device', identifiers: { identifier: 'device' }, codes: ['type'] })],
  [
    'Task',
    resource({
      id: 'task',
      identifiers: { identifier: 'task', groupIdentifier: 'group' },
      stamps: ['authoredOn', 'lastModified'],
      codes: ['status', 'intent', 'code'],
    }),
  ],
  ['QuestionnaireResponse', resource({ stamps: ['authored'], codes: ['status'] })],
  ['Flag', resource({ codes: ['status', 'category', 'code'] })],
  ['CarePlan', resource({ stamps: ['created'], codes: ['status', 'intent', 'category'] })],
])

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
