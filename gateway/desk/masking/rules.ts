import type { Identity } from '../../model/identity.ts'

/**
 * Which HL7 v2 fields identify a person, and what of them may be seen (domain.md 4.5, the Chinese conventions). Everything else of
 * a message is masked by content only: see values.ts. Staff names stay: who ordered is part of the work.
 */
export interface FieldRule {
  readonly identity: Identity
  /** Components (from 1) that stay as they are: codes, authorities, kinds of use. Others are masked. */
  readonly plainComponents: ReadonlySet<number>
}

const rule = (identity: Identity, ...plain: number[]): FieldRule => ({ identity, plainComponents: new Set(plain) })
/** XPN.7 is the name's kind of use. */
const name = rule('name', 7)
/** CX: check digit scheme, authority, type code, facility, dates. */
const id = rule('id', 2, 3, 4, 5, 6, 7, 8, 9, 10)
/** XTN: kind of use and of equipment. */
const phone = rule('phone', 2, 3)
/** XAD: city, province, post code, country, kind. */
const address = rule('address', 3, 4, 5, 6, 7)
const birth = rule('birth')
const all = rule('all')

const fields: { readonly [segment: string]: { readonly [field: number]: FieldRule } } = {
  PID: {
    2: id,
    3: id,
    4: id,
    5: name,
    6: name,
    7: birth,
    9: name,
    11: address,
    12: all,
    13: phone,
    14: phone,
    18: id,
    19: id,
    20: id,
    21: id,
    23: address,
    40: phone,
  },
  PD1: { 4: rule('name', 9, 10, 13) },
  NK1: {
    2: name,
    4: address,
    5: phone,
    6: phone,
    7: rule('all'),
    12: id,
    16: birth,
    26: name,
    30: name,
    31: phone,
    32: address,
    33: id,
    37: id,
    40: phone,
    41: phone,
  },
  MRG: { 1: id, 2: id, 3: id, 4: id, 5: id, 6: id, 7: name },
  PV1: { 19: id, 50: id },
  GT1: { 2: id, 3: name, 4: name, 5: address, 6: phone, 7: phone, 8: birth, 12: id, 17: address, 18: phone, 19: id },
  IN1: { 2: rule('id', 2, 3, 4, 5, 6, 7, 8, 9, 10), 16: name, 18: birth, 19: address, 36: id, 49: id },
  IN2: { 1: id, 2: id, 3: name, 6: id, 7: name, 8: id, 9: name, 10: id, 25: id, 26: id, 61: id, 63: phone },
  QRD: { 8: all },
  QRF: { 5: all },
  QPD: { 3: all, 4: all, 5: all, 6: all, 7: all, 8: all, 9: all, 10: all },
  ARV: { 3: all, 4: all },
  BPX: { 6: id },
}

/** The rule of a field, or null when nothing of it identifies by its place. */
export function fieldRule(segment: string, field: number): FieldRule | null {
  return fields[segment]?.[field] ?? null
}

/** What one component of such a field identifies: after the first component of a name nothing is a surname any more. */
export function identityOf(rule: FieldRule, component: number): Identity {
  return rule.identity === 'name' && component > 1 ? 'given' : rule.identity
}
