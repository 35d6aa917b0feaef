import type { KeyKind } from '../../../gateway/model/document.ts'

/** What the facts take from one attribute. */
export type Want =
  /** An identifier. `issuer`: the attribute beside it that says who gave it. */
  | { readonly as: 'key'; readonly kind: KeyKind; readonly issuer?: number }
  | { readonly as: 'code'; readonly path: string }
  /** A date, with the attribute that holds its time of day. */
  | { readonly as: 'date'; readonly path: string; readonly time: number }
  /** A sequence whose items hold wanted attributes of their own. */
  | { readonly as: 'items' }

/**
 * What the facts are made of, by tag. A scheduled procedure step is a `task`, the transaction of a storage commitment a `batch`; an MPPS is an
 * instance. Study, series and acquisition times are no stamps: they say when the patient was there, and a prior of last year is sent today.
 */
export const wanted: ReadonlyMap<number, Want> = new Map<number, Want>([
  [0x00080012, { as: 'date', path: 'InstanceCreationDate', time: 0x00080013 }],
  [0x00080016, { as: 'code', path: 'SOPClassUID' }],
  [0x00080018, { as: 'key', kind: 'instance' }],
  [0x00080023, { as: 'date', path: 'ContentDate', time: 0x00080033 }],
  [0x00080050, { as: 'key', kind: 'accession' }],
  [0x00080052, { as: 'code', path: 'QueryRetrieveLevel' }],
  [0x00080060, { as: 'code', path: 'Modality' }],
  [0x00081195, { as: 'key', kind: 'batch' }],
  [0x00100020, { as: 'key', kind: 'patient', issuer: 0x00100021 }],
  [0x00180015, { as: 'code', path: 'BodyPartExamined' }],
  [0x00181000, { as: 'key', kind: 'device' }],
  [0x0020000d, { as: 'key', kind: 'study' }],
  [0x0020000e, { as: 'key', kind: 'series' }],
  [0x00380010, { as: 'key', kind: 'visit' }],
  [0x00400002, { as: 'date', path: 'ScheduledProcedureStepStartDate', time: 0x00400003 }],
  [0x00400009, { as: 'key', kind: 'task' }],
  [0x00400100, { as: 'items' }],
  [0x00400244, { as: 'date', path: 'PerformedProcedureStepStartDate', time: 0x00400245 }],
  [0x00400250, { as: 'date', path: 'PerformedProcedureStepEndDate', time: 0x00400251 }],
  [0x00400252, { as: 'code', path: 'PerformedProcedureStepStatus' }],
  [0x00400270, { as: 'items' }],
  [0x00400275, { as: 'items' }],
  [0x00400340, { as: 'items' }],
  [0x00402016, { as: 'key', kind: 'placer' }],
  [0x00402017, { as: 'key', kind: 'filler' }],
])
