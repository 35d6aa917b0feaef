import { attributeOf, tagOf } from '../../../gateway/model/dicom/dictionary.ts'
import { valueShape } from '../../hl7v2/check/value-shape.ts'
import { attributeIn, membersIn, placeIn, placesMax, type Stretches, tagIn, textOf, valuesOf, vrOf } from '../json-model.ts'
import type { Finding, Step } from './finding.ts'
import { vrBreach } from './vr-form.ts'

export interface FormOptions {
  /** Wildcards and ranges may stand in the values. */
  readonly isQuery: boolean
}

const findingsMax = 200
const depthMax = 32

/** Holds every value of a data set to its representation, and every attribute to the one that the dictionary has for it. */
export function formBreaches(set: Stretches, options: FormOptions): readonly Finding[] {
  const findings: Finding[] = []
  collect(findings, set, [], options)
  return findings.length <= findingsMax ? findings : findings.slice(0, findingsMax)
}

/** Stretches whose forms were all found sound, by their places: of an image nearly all came before. */
const sound = { query: new Array<unknown>(placesMax), other: new Array<unknown>(placesMax) }

function collect(findings: Finding[], set: Stretches, steps: readonly Step[], options: FormOptions): void {
  const known = options.isQuery ? sound.query : sound.other
  for (const stretch of set) {
    const place = placeIn(stretch)
    if (place >= 0 && known[place] === stretch) continue
    const before = findings.length
    for (const member of membersIn(stretch)) collectMember(findings, member, steps, options)
    if (place >= 0 && findings.length === before) known[place] = stretch
  }
}

function collectMember(findings: Finding[], member: unknown, steps: readonly Step[], options: FormOptions): void {
  const tag = tagIn(member)
  const attribute = attributeIn(member)
  if (vrOf(attribute) === 'SQ') {
    if (steps.length >= depthMax) return
    for (const [i, item] of valuesOf(attribute).entries())
      if (Array.isArray(item)) collect(findings, item, [...steps, { tag, item: i + 1 }], options)
    return
  }
  for (const breach of breachesOf(tag, attribute, options)) findings.push({ ...breach, steps: [...steps, { tag, item: 0 }] })
}

type Breach = Omit<Finding, 'steps'>

function breachesOf(tag: string, attribute: unknown, { isQuery }: FormOptions): readonly Breach[] {
  const vr = vrOf(attribute)
  const ofValue = valueBreach(vr, attribute, isQuery)
  const known = attributeOf(tagOf(tag) ?? -1)
  const isOther = known !== null && vr !== '' && vr !== known.vr && !mayStandFor(vr, known.vr, known.maySign)
  if (ofValue === null && !isOther) return none
  const ofVr: Breach | null = isOther ? { rule: 'type', expected: known.vr, shape: null } : null
  return [ofValue, ofVr].filter((breach) => breach !== null)
}

const none: readonly Breach[] = []

/** One is told of an attribute: a list of thousands is wrong in one way. */
function valueBreach(vr: string, attribute: unknown, isQuery: boolean): Breach | null {
  for (const value of valuesOf(attribute)) {
    const text = textOf(value)
    const rule = text === null ? null : vrBreach(vr, text, isQuery)
    if (rule !== null) return { rule, expected: vr, shape: valueShape(text ?? '') }
  }
  return null
}

/** Representations that an attribute of another may be written in: `OB or OW`, `US or SS`, and UN where the sender didn't know (PS3.5 6.2.2). */
function mayStandFor(vr: string, known: string, maySign: boolean): boolean {
  if (vr === 'UN') return true
  if (maySign) return vr === 'SS' || vr === 'OW' || vr === 'US'
  return vr.startsWith('O') && known.startsWith('O')
}
