import { conceptPaths } from '../../gateway/model/concepts.ts'
import type { Facts } from '../../gateway/model/document.ts'
import type { Seen } from '../../gateway/model/reading.ts'
import { hashOf, hit, keepLast, miss, type RateRule, ratePart } from '../shared/rate.ts'
import { amount, type Held, heldAt, keyed, list, record } from '../shared/state.ts'

const countsPart = list(amount(), 2)

/** Local codes where the standard's are due. */
export const unmappedPart = record({
  rate: ratePart,
  /** Hashes of the codes, the last few. */
  codes: list(amount()),
  /** Occurrences with and without a coding system, by field: where most have one it is due. */
  systems: keyed(countsPart),
})
export type Unmapped = Held<typeof unmappedPart>

const fieldsMax = 40
/** So many with a system, and more than without: it is due. */
const mappedMin = 12
/** Chronic, not acute: it takes a good number to be told. */
export const unmappedRule: RateRule = { usualShare: 0.002, badShare: 0.05, threshold: 9, distinctMin: 3 }
/** Where a contract asks for the name of a coding system. */
const systemElement = /coding(?:\.system|\.code)?$|^(OBX-3|OBR-4|DG1-3|PR1-3|AL1-3|RX[EOD]-[12])\.[346]$/

/** FHIR: `|code` has no system, `system|code` has one, and a plain `code` needs none. Of what a resource is about (`Observation.code`) the house's own system is no better than none. */
export function noteSystem(memory: Unmapped, field: string, value: string): void {
  const bar = value.indexOf('|')
  if (bar >= 0 && !isOwn(field, value)) countSystem(memory, field, bar > 0)
}

function isOwn(path: string, value: string): boolean {
  return path.endsWith('.code') && value.includes('|') && !value.startsWith('|') && !standardSystem.test(value)
}

/**
 * Code systems of standards by their URI (FHIR R4, terminologies-systems): LOINC, SNOMED CT, HL7, UCUM, DICOM, WHO's; and by object identifiers of HL7's and DICOM's registers and of the
 * national value sets (2.16.156.10011.2).
 */
const standardSystem =
  /^(?:https?:\/\/(?:[\w.-]*\.)?(?:loinc\.org|snomed\.info|hl7\.org|unitsofmeasure\.org|nema\.org|nih\.gov|who\.int)\b|urn:oid:(?:2\.16\.840\.1\.113883|1\.2\.840\.10008|2\.16\.156\.10011\.2)\.|urn:(?:iso|ietf):)/

function countSystem(memory: Unmapped, field: string, isMapped: boolean): void {
  const counts = heldAt(memory.systems, field, countsPart, fieldsMax)
  if (counts === null) return
  const which = isMapped ? 0 : 1
  counts[which] = (counts[which] ?? 0) + 1
}

/** Whether most have a coding system in that field, and enough were seen to say so. */
function isDue(memory: Unmapped, field: string): boolean {
  const [mapped = 0, bare = 0] = memory.systems.get(field) ?? []
  return mapped >= mappedMin && mapped >= bare
}

/** Takes a message, of FHIR its codes' systems being counted. */
export function noteUnmapped(memory: Unmapped, { item, exchange, id, at, iface }: Seen): void {
  const isBreach = item.violations.some((v) => v.rule === 'required' && systemElement.test(v.element))
  const bare =
    iface.format === 'fhir'
      ? bareCode(memory, item.answerFacts, '<') || bareCode(memory, item.requestFacts, '>')
      : iface.format === 'hl7v2' && localCode(memory, item.requestFacts)
  if (isBreach || bare) hit(memory.rate, unmappedRule, { id, at, exchangeId: exchange.id })
  else miss(memory.rate, unmappedRule)
}

/** Whether a code without a system stands where most have one. */
function bareCode(memory: Unmapped, facts: Facts | null, side: '>' | '<'): boolean {
  let found = false
  const codes = facts?.codes ?? []
  for (const { path, value } of codes) {
    const isOwnAlone = isOwn(path, value) && !codes.some((other) => other.path === path && standardSystem.test(other.value))
    if (!value.startsWith('|') && !isOwnAlone) continue
    if (isOwnAlone) countSystem(memory, `${side}${path}`, false)
    if (!isDue(memory, `${side}${path}`)) continue
    found = true
    noteLocal(memory, value)
  }
  return found
}

/** Whether the house's own code stands alone where most messages have the standard's with each: in any field of a concept. */
function localCode(memory: Unmapped, facts: Facts | null): boolean {
  const codes = facts?.codes ?? []
  const local: string[] = []
  let mapped = ''
  let found = false
  for (const { path, value, isLocal } of codes) {
    if (isLocal !== true) continue
    if (!local.includes(path)) {
      local.push(path)
      countSystem(memory, path, false)
    }
    if (!isDue(memory, path)) continue
    noteLocal(memory, value)
    found = true
  }
  for (const { path } of codes) {
    // Flags have no components: most codes are left out at a glance.
    if (path === mapped || !path.endsWith('.1') || !conceptPaths.has(path) || local.includes(path)) continue
    mapped = path
    countSystem(memory, path, true)
  }
  return found
}

function noteLocal(memory: Unmapped, value: string): void {
  const hash = hashOf(value)
  if (!memory.codes.includes(hash)) keepLast(memory.codes, hash, 32)
}
