import { attributeName, attributeOf, tagOf } from '../../../gateway/model/dicom/dictionary.ts'
import type { Identity } from '../../../gateway/model/identity.ts'

/**
 * Attributes that tell of a person, after the Basic Application Level Confidentiality Profile (PS3.15 table E.1-1), by keyword, with what they tell. Left
 * open, though the profile removes or replaces them: UIDs and order numbers, which an interface engineer searches by, and what names devices and places.
 */
export const identifying: Readonly<Record<string, Identity>> = {
  PatientName: 'name',
  PatientBirthName: 'name',
  PatientMotherBirthName: 'name',
  OtherPatientNames: 'name',
  ResponsiblePerson: 'name',
  ReferringPhysicianName: 'name',
  ConsultingPhysicianName: 'name',
  PhysiciansOfRecord: 'name',
  PerformingPhysicianName: 'name',
  NameOfPhysiciansReadingStudy: 'name',
  OperatorsName: 'name',
  RequestingPhysician: 'name',
  ScheduledPerformingPhysicianName: 'name',
  NamesOfIntendedRecipientsOfResults: 'name',
  OrderEnteredBy: 'name',
  HumanPerformerName: 'name',
  VerifyingObserverName: 'name',
  PersonName: 'name',
  ContentCreatorName: 'name',
  InterpretationRecorder: 'name',
  InterpretationTranscriber: 'name',
  InterpretationAuthor: 'name',
  InterpretationApproverSequence: 'name',
  PhysicianApprovingInterpretation: 'name',
  DistributionName: 'name',
  ReviewerName: 'name',
  ROIInterpreter: 'name',
  ScheduledHumanPerformersSequence: 'name',
  ActualHumanPerformersSequence: 'name',
  PatientID: 'id',
  OtherPatientIDs: 'id',
  OtherPatientIDsSequence: 'id',
  MedicalRecordLocator: 'id',
  MilitaryRank: 'all',
  AdmissionID: 'id',
  ServiceEpisodeID: 'id',
  ClinicalTrialSubjectID: 'id',
  ClinicalTrialSubjectReadingID: 'id',
  PersonIdentificationCodeSequence: 'id',
  PatientInsurancePlanCodeSequence: 'id',
  ReferringPhysicianIdentificationSequence: 'id',
  PerformingPhysicianIdentificationSequence: 'id',
  OperatorIdentificationSequence: 'id',
  PhysiciansOfRecordIdentificationSequence: 'id',
  PhysiciansReadingStudyIdentificationSequence: 'id',
  RequestingPhysicianIdentificationSequence: 'id',
  ResponsibleOrganization: 'address',
  PatientBirthDate: 'birth',
  PatientBirthDateInAlternativeCalendar: 'birth',
  PatientDeathDateInAlternativeCalendar: 'birth',
  PatientBirthTime: 'all',
  LastMenstrualDate: 'birth',
  PatientTelephoneNumbers: 'phone',
  PatientTelecomInformation: 'phone',
  PersonTelephoneNumbers: 'phone',
  PersonTelecomInformation: 'phone',
  ReferringPhysicianTelephoneNumbers: 'phone',
  OrderCallbackPhoneNumber: 'phone',
  OrderCallbackTelecomInformation: 'phone',
  PatientAddress: 'address',
  PersonAddress: 'address',
  ReferringPhysicianAddress: 'address',
  PatientInstitutionResidence: 'address',
  CountryOfResidence: 'address',
  RegionOfResidence: 'address',
  CurrentPatientLocation: 'address',
  PatientReligiousPreference: 'all',
  EthnicGroup: 'all',
  Occupation: 'all',
  PatientSexNeutered: 'all',
  PregnancyStatus: 'all',
  SmokingStatus: 'all',
  MedicalAlerts: 'all',
  Allergies: 'all',
  SpecialNeeds: 'all',
  PatientState: 'all',
  AdditionalPatientHistory: 'all',
  PatientComments: 'all',
  AdmittingDiagnosesDescription: 'all',
  AdmittingDiagnosesCodeSequence: 'all',
  ReasonForStudy: 'all',
  ReasonForTheRequestedProcedure: 'all',
  StudyComments: 'all',
  VisitComments: 'all',
  ImageComments: 'all',
  AcquisitionComments: 'all',
  FrameComments: 'all',
  RequestedProcedureComments: 'all',
  ImagingServiceRequestComments: 'all',
  CommentsOnThePerformedProcedureStep: 'all',
  CommentsOnTheScheduledProcedureStep: 'all',
  IdentifyingComments: 'all',
  DerivationDescription: 'all',
  PatientTransportArrangements: 'all',
  ConfidentialityConstraintOnPatientDataDescription: 'all',
  InterpretationText: 'all',
  Impressions: 'all',
  ResultsComments: 'all',
  TextValue: 'all',
  TextString: 'all',
  TextComments: 'all',
  UnformattedTextValue: 'all',
  DocumentTitle: 'all',
  DigitalSignaturesSequence: 'all',
  ReferencedPatientSequence: 'id',
  ReferencedPatientAliasSequence: 'id',
  OriginalAttributesSequence: 'all',
  ModifiedAttributesSequence: 'all',
  EncapsulatedDocument: 'all',
}

/**
 * What the value at a path of a tree, or of a body in DICOM JSON, tells of a person; null: nothing by its place. What stands in a sequence that tells of one
 * tells of it too. Of private attributes nobody can say, so nothing of them is shown; nor of the native XML, whose paths name no attribute.
 */
export function identityOf(path: string): Identity | null {
  if (path.startsWith('command')) return path.startsWith('command.error-comment') ? 'all' : null
  if (path.includes('NativeDicomModel')) return 'all'
  let found: Identity | null = null
  for (const step of path.split(/[./]/)) {
    const tag = tagOf(step.replace(/\[\d+\]$/, ''))
    if (tag === null) {
      if (step.startsWith('InlineBinary')) return 'all'
      continue
    }
    const isCreator = (tag & 0xffff) <= 0xff
    if (((tag >>> 16) & 1) === 1 && !isCreator) return 'all'
    found = identifying[attributeName(tag)] ?? found ?? narrative(tag)
  }
  return found
}

/** Running text of any kind may name somebody. */
function narrative(tag: number): Identity | null {
  const vr = attributeOf(tag)?.vr
  return vr === 'LT' || vr === 'ST' || vr === 'UT' ? 'all' : null
}
