/**
 * What PS3.3 and PS3.4 require of the data sets of everyday services, in the contract language itself. Type 2 attributes that senders leave out every day
 * are observed; what receivers find patient, study and order by is a warning. Exempt from the file length: it is a table.
 */
export const standardText = `
contract: dicom
version: 1
title: { zh: DICOM 标准本身的要求, en: What DICOM itself requires }
format: dicom
dicom: { otherMessages: allow }
severities:
  required: warn
  forbidden: observe
  type: observe
  length: observe
  table: observe
  format: observe
  cardinality: observe
  condition: observe
  charset: warn
  structure: warn
messages:
  # PS3.3 A.1: modules Patient, General Study, General Series and SOP Common of every composite object
  C-STORE-RQ, STOW-RQ:
    attributes:
      SOPClassUID: { type: 1C, when: StudyInstanceUID present }
      SOPInstanceUID: { type: 1C, when: StudyInstanceUID present }
      SeriesInstanceUID: { type: 1C, when: SOPInstanceUID present }
      Modality: { type: 1C, when: SeriesInstanceUID present }
      PatientID: { type: 2, severity: warn }
      PatientName: { type: 2, severity: warn }
      PatientBirthDate: 2
      PatientSex: { type: 2, values: [M, F, O] }
      StudyDate: 2
      StudyTime: 2
      StudyID: 2
      AccessionNumber: 2
      ReferringPhysicianName: 2
  C-STORE-RQ:
    attributes:
      SOPClassUID: 1
      SOPInstanceUID: 1
  # PS3.4 C.4.1: query by level
  C-FIND-RQ Study Root Query/Retrieve Information Model - FIND, C-FIND-RQ Patient Root Query/Retrieve Information Model - FIND:
    attributes:
      QueryRetrieveLevel: { type: 1, values: [PATIENT, STUDY, SERIES, IMAGE] }
  C-MOVE-RQ, C-GET-RQ:
    attributes:
      QueryRetrieveLevel: { type: 1, values: [PATIENT, STUDY, SERIES, IMAGE] }
  # PS3.4 table K.6-1: return keys that an SCP of the worklist must give, of those that it was asked for: what was asked, an answer doesn't tell
  C-FIND-RSP Modality Worklist Information Model - FIND:
    attributes:
      PatientName: { type: 1, severity: observe }
      PatientID: { type: 1, severity: observe }
      StudyInstanceUID: { type: 1, severity: observe }
      RequestedProcedureID: { type: 1, severity: observe }
      AccessionNumber: 2
      ScheduledProcedureStepSequence: { type: 1, vm: 1, severity: observe }
      ScheduledProcedureStepSequence.ScheduledStationAETitle: { type: 1, severity: observe }
      ScheduledProcedureStepSequence.ScheduledProcedureStepStartDate: { type: 1, severity: observe }
      ScheduledProcedureStepSequence.ScheduledProcedureStepStartTime: { type: 1, severity: observe }
      ScheduledProcedureStepSequence.Modality: { type: 1, severity: observe }
      ScheduledProcedureStepSequence.ScheduledProcedureStepID: { type: 1, severity: observe }
  # PS3.4 table F.7.2-1
  N-CREATE-RQ Modality Performed Procedure Step:
    attributes:
      ScheduledStepAttributesSequence: 1
      ScheduledStepAttributesSequence.StudyInstanceUID: 1
      ScheduledStepAttributesSequence.AccessionNumber: 2
      ScheduledStepAttributesSequence.ScheduledProcedureStepID: 2
      PatientName: 2
      PatientID: 2
      PerformedProcedureStepID: 1
      PerformedStationAETitle: 1
      PerformedProcedureStepStartDate: 1
      PerformedProcedureStepStartTime: 1
      PerformedProcedureStepStatus: { type: 1, values: [IN PROGRESS] }
      Modality: 1
      PerformedSeriesSequence: 2
  N-SET-RQ Modality Performed Procedure Step:
    attributes:
      PerformedProcedureStepStatus: { values: [IN PROGRESS, COMPLETED, DISCONTINUED] }
      PerformedProcedureStepEndDate: { type: 1C, when: "PerformedProcedureStepStatus in ('COMPLETED', 'DISCONTINUED')" }
      PerformedProcedureStepEndTime: { type: 1C, when: "PerformedProcedureStepStatus in ('COMPLETED', 'DISCONTINUED')" }
      PerformedSeriesSequence: { type: 1C, when: "PerformedProcedureStepStatus = 'COMPLETED'" }
      PerformedSeriesSequence.SeriesInstanceUID: 1
  # PS3.4 tables J.3-1 and J.3-2
  N-ACTION-RQ Storage Commitment Push Model:
    attributes:
      TransactionUID: 1
      ReferencedSOPSequence: 1
      ReferencedSOPSequence.ReferencedSOPClassUID: 1
      ReferencedSOPSequence.ReferencedSOPInstanceUID: 1
  N-EVENT-REPORT-RQ Storage Commitment Push Model:
    attributes:
      TransactionUID: 1
      ReferencedSOPSequence.ReferencedSOPClassUID: 1
      ReferencedSOPSequence.ReferencedSOPInstanceUID: 1
      FailedSOPSequence.ReferencedSOPClassUID: 1
      FailedSOPSequence.ReferencedSOPInstanceUID: 1
      FailedSOPSequence.FailureReason: 1
    rules:
      - id: commitment-names-instances
        require: ReferencedSOPSequence present or FailedSOPSequence present
        severity: warn
        message: { zh: 存储确认结果没有列出任何实例, en: The result of a storage commitment names no instance }
  # PS3.18 table 10.6.1-5
  QIDO-RSP:
    attributes:
      StudyInstanceUID: { vr: UI }
      SeriesInstanceUID: { vr: UI }
      SOPInstanceUID: { vr: UI }
`
