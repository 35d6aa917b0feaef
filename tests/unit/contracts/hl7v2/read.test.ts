import { describe, expect, it } from 'vitest'
import { parseContract, readContract } from '../../../../contracts/hl7v2/read.ts'
import { Failure } from '../../../../gateway/model/failure.ts'

const short = `contract: short
version: 1
title: { zh: 短, en: Short }
format: hl7v2
messages:
  ORU^R01: {}
`

/** `line:column key: text` of everything that is wrong. */
function problems(text: string): string[] {
  return readContract(text, 'x.yaml').problems.map(
    ({ place, message }) => `${place.line}:${place.column} ${place.key ?? ''}: ${message}`,
  )
}

describe('reading a contract', () => {
  it('takes a contract of six lines, and inherits the structure of its types', () => {
    const contract = parseContract(short, 'short.yaml')
    expect(contract.messages).toMatchObject([{ type: 'ORU^R01', standard: 'ORU_R01', structure: null, side: 'both' }])
    expect(contract.versions).toEqual([])
  })

  it('keeps texts as they are written', () => {
    const text = `${short}fields:\n  PID-8: { values: [01, NO, ~, 1.0, "Y"] }\n`
    expect(parseContract(text, 'x.yaml').elements[0]?.rule.values).toEqual(['01', 'NO', '~', '1.0', 'Y'])
  })

  it('shares an entry among types', () => {
    const text = short.replace('ORU^R01: {}', 'ADT^A01, ADT^A03:\n    side: request\n    fields: { PV1-19: R }')
    const types = parseContract(text, 'x.yaml').messages.map(({ type, standard }) => `${type} ${standard}`)
    expect(types).toEqual(['ADT^A01 ADT_A01', 'ADT^A03 ADT_A03'])
  })

  it('reads the explicit form of a structure as the compact one', () => {
    const explicit = `extends: none
    structure:
      - MSH
      - group: patient
        repeats: 0..1
        of: PID [PV1]
      - group: order
        repeats: 1..*
        of:
          - ORC
          - anyOf: [OBR, { segment: RXO, repeats: 1..* }]`
    const compact = 'extends: none\n    structure: MSH [PID [PV1]] {ORC <OBR | {RXO}>}'
    const read = (form: string) =>
      parseContract(short.replace('ORU^R01: {}', `ORU^R01:\n    ${form}`), 'x.yaml').messages[0]?.structure
    const plain = (value: unknown): string => JSON.stringify(value)
    expect(plain(read(explicit))).toBe(plain(read(compact)))
  })

  it('lists everything that is wrong at once, each with line, column and key', () => {
    const text = `contract: Bad_Id
version: 1
title: { zh: 坏 }
format: hl7v2
hl7: { versions: ["2.4"], charsets: [x] }
severities: { type: loud }
messages:
  ORU^R01:
    fields:
      PID-3: { usage: R, length: 5..2x }
`
    expect(problems(text)).toEqual([
      expect.stringContaining("1:11 contract: doesn't have the form"),
      expect.stringContaining('3:8 title: the key "en" is missing'),
      expect.stringContaining('5:27 hl7.charsets: this key is unknown'),
      expect.stringContaining('6:21 severities.type: must be one of observe, warn, ticket'),
      expect.stringContaining("10:34 messages.ORU^R01.fields.PID-3.length: doesn't have the form"),
    ])
  })

  it.each([
    ['a type that HL7 lacks', 'PID-3: { type: ZZ }', '8:22', 'no data type ZZ'],
    ['a format', 'PID-3: { format: digits }', '8:24', 'is no format'],
    ['a condition, at the character', `PID-3: { usage: C, when: "ORC-1 = NW" }`, '8:41', "can't be read"],
    ['C without when', 'PID-3: { usage: C }', '8:23', 'needs "when"'],
    ['a table without codes', 'PID-3: { table: 9999 }', '8:23', 'not known'],
    ['a segment outside the structure', 'AIL-3: R', '8:7', 'not part of this structure'],
    ['a dangerous pattern', 'PID-3: { format: "/(a+)+/" }', '8:25', 'repeated group'],
  ])('says where %s is wrong', (_, field, place, words) => {
    const text = short.replace('  ORU^R01: {}\n', `  ORU^R01:\n    fields:\n      ${field}\n`)
    expect(problems(text)).toEqual([expect.stringContaining(words)])
    expect(problems(text)[0]?.startsWith(place)).toBe(true)
  })

  it('points into a structure', () => {
    const text = short.replace('ORU^R01: {}', 'ORU^R01:\n    structure: MSH [PID')
    expect(problems(text)).toEqual(['7:20 messages.ORU^R01.structure: the structure can\'t be read: "[" is never closed'])
  })

  it('asks for a structure where the tables have none', () => {
    expect(problems(short.replace('ORU^R01', 'ZZZ^Z01'))[0]).toContain('the tables have no structure for ZZZ^Z01')
  })

  it.each(['contract: [', 'a: b: c', 'x: 1\nx: 2'])('reports YAML that is none: %j', (text) => {
    expect(problems(text).length).toBeGreaterThan(0)
  })

  it('throws one failure with all problems', () => {
    const error = (() => {
      try {
        parseContract('contract: x\n', 'bad.yaml')
      } catch (caught) {
        return caught
      }
    })()
    expect(error).toBeInstanceOf(Failure)
    expect(error).toMatchObject({ code: 'CONTRACT_INVALID', place: { file: 'bad.yaml', line: 1 } })
    expect(String(error)).toContain('4 problems')
  })
})
