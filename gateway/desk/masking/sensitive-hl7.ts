import type { Grants } from './grants.ts'
import { categoriesIn, categoriesOfIcd, type SensitiveCategory } from './sensitive.ts'

/** A segment of HL7 v2 as its fields; index = field number, the name at 0. */
export type SegmentFields = readonly string[]

/** What of one segment is suppressed. */
export interface Suppression {
  readonly categories: readonly SensitiveCategory[]
  isSuppressed(field: number): boolean
}

/** Fields that say what was looked for and what was found. Of segments that aren't here: those that give a category away themselves. */
const tellingFields: { readonly [segment: string]: readonly number[] | 'all' } = {
  OBR: [4, 13, 31, 39, 44, 46],
  OBX: [3, 4, 5, 6, 7, 8, 9, 10, 13, 17],
  NTE: [3],
  DG1: [2, 3, 4, 8, 9, 16],
  SPM: [4, 5, 14],
  PRB: [3, 9, 10],
  RXA: 'all',
  RXC: 'all',
  RXD: 'all',
  RXE: 'all',
  RXG: 'all',
  RXO: 'all',
  RXR: 'all',
}
/** Whatever comes with an order belongs to it; a header or a patient ends it. */
const endsGroup = /^(?:MSH|FHS|BHS|PID|PV1|EVN|QR[DF]|QPD|MSA)$/

/**
 * For each segment what must be suppressed, or null. An order (ORC, OBR) with everything under it is one: where its name, a result, a drug or a note gives a
 * category away, all results and notes of it are suppressed, so that a panel's other values tell nothing.
 */
export function sensitiveSegments(segments: readonly SegmentFields[], { categories }: Grants): readonly (Suppression | null)[] {
  const own = segments.map((fields) =>
    fields.map((field, index) =>
      index === 0 ? [] : categoriesOfField(fields[0] ?? '', field).filter((category) => !categories.has(category)),
    ),
  )
  const orders = ordersOf(segments.map(([name = '']) => name))
  // Once for each order, not for each of its segments: a message of 1 MiB has thousands of results under one.
  const ofOrder = new Map<number, Set<SensitiveCategory>>()
  for (const [at, order] of orders.entries()) {
    const found = ofOrder.get(order) ?? new Set()
    ofOrder.set(order, found)
    for (const category of own[at]?.flat() ?? []) found.add(category)
  }
  return segments.map(([name = ''], at) => {
    if (name === 'MSH') return null
    const found = ofOrder.get(orders[at] ?? at) ?? new Set()
    if (found.size === 0) return null
    const telling = tellingFields[name]
    const isItself = (field: number) => (own[at]?.[field] ?? []).length > 0
    return {
      categories: [...found],
      isSuppressed: (field) => field > 0 && (telling === 'all' || telling?.includes(field) === true || isItself(field)),
    }
  })
}

function categoriesOfField(segment: string, field: string): readonly SensitiveCategory[] {
  const coded = [...field.matchAll(/(?:^|[~&])([^~^&]{3,10})\^[^~^]*\^(?:I10|I9|ICD)/gi)].map(([, code = '']) => code)
  const diagnosis = segment === 'DG1' ? [field.split('^')[0] ?? ''] : []
  return [...categoriesIn(field), ...[...coded, ...diagnosis].flatMap(categoriesOfIcd)]
}

/** The number of the order that each segment belongs to: that of the order's first segment. What belongs to none has its own. */
function ordersOf(names: readonly string[]): readonly number[] {
  let order: number | null = null
  let hasRequest = false
  return names.map((name, index) => {
    if (endsGroup.test(name)) order = null
    else if (name === 'ORC' || (name === 'OBR' && (order === null || hasRequest))) {
      order = index
      hasRequest = name === 'OBR'
    } else if (name === 'OBR') hasRequest = true
    return order ?? index
  })
}
