import { attributeName, tagOf, tagText } from '../../gateway/model/dicom/dictionary.ts'

/** Where an attribute stands: the sequences that hold it, then itself, as eight hexadecimal digits each. */
export type AttributePath = readonly string[]

const depthMax = 8

/** Reads `ScheduledProcedureStepSequence.Modality`, `00400100.00080060`, `(0008,0060)`; null when a step is no attribute. */
export function readAttributePath(text: string): AttributePath | null {
  const steps = text.split('.')
  if (steps.length > depthMax) return null
  const tags = steps.map((step) => tagOf(step))
  return tags.some((tag) => tag === null) ? null : tags.map((tag) => tagText(tag ?? 0))
}

/** By keywords, as people write it. */
export function writeAttributePath(path: AttributePath): string {
  return path.map((tag) => attributeNameOf(tag)).join('.')
}

export function attributeNameOf(tag: string): string {
  return attributeName(Number.parseInt(tag, 16))
}
