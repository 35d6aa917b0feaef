import { attributeName } from '../../../gateway/model/dicom/dictionary.ts'
import type { Defect } from '../../../gateway/model/document.ts'
import { addDefect } from './defects.ts'
import type { Trail } from './known.ts'

/** A walk under way. */
export interface State extends Trail {
  readonly defects: Defect[]
  readonly isCut: boolean
  readonly prefix: string
  /** Tag and item number of each open sequence. */
  readonly places: { readonly tag: number; item: number }[]
  readonly group: number | null
  elementsLeft: number
  /** Nothing more can be followed. */
  isOver: boolean
}

/** The bytes end where something was begun. */
export function cutShort<T extends number>(state: State, result: T, tag: number | null): T {
  if (!state.isOver) report(state, state.isCut ? 'DICOM_CUT' : 'DICOM_TRUNCATED', state.isCut ? null : tag)
  state.isOver = true
  return result
}

type WalkDefect =
  | 'DICOM_STRAY_DELIMITER'
  | 'DICOM_GROUP_LENGTH'
  | 'DICOM_ORDER'
  | 'DICOM_TOO_MANY_ELEMENTS'
  | 'DICOM_UNKNOWN_VR'
  | 'DICOM_ODD_LENGTH'
  | 'DICOM_BAD_SEQUENCE'
  | 'DICOM_TOO_DEEP'
  | 'DICOM_CUT'
  | 'DICOM_TRUNCATED'

/** Notes what is wrong at a place below the sequences that are open: a tag, or a name of its own. */
export function report(state: State, code: WalkDefect, tag: number | string | null): void {
  const around = state.places.map(({ tag: sequence, item }) => `${attributeName(sequence)}${item === 0 ? '' : `[${item}]`}`)
  const name = typeof tag === 'number' ? attributeName(tag) : tag
  const path = [...around, ...(name === null ? [] : [name])].join('.')
  addDefect(state.defects, code, path === '' && state.prefix === '' ? null : `${state.prefix}${path}`.replace(/\.$/, ''))
}
