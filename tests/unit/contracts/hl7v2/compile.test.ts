import { describe, expect, it } from 'vitest'
import { hl7v2 } from '../../../../adapters/formats/hl7v2/hl7v2.ts'
import { compileContract } from '../../../../contracts/hl7v2/compile.ts'
import { parseContract } from '../../../../contracts/hl7v2/read.ts'

const hints = { at: Date.UTC(2026, 10, 23), timezone: 'Asia/Shanghai' }

const sound = [
  'MSH|^~\\&|LIS|SZPH|EMR|SZPH|20261123091530||ORU^R01^ORU_R01|M1|P|2.4|||AL|NE|CHN|UNICODE UTF-8',
  'PID|1||P0001^^^SZPH^MR~990^^^CN^NI||张三^^^^^^L||19700101|M',
  'PV1|1|I|0301^02^15',
  'OBR|1|O1^HIS|R1^LIS|CBC^血常规^L|||20261123084000|||||||||||||||20261123091500||HM|F',
  'OBX|1|NM|WBC^白细胞^L||11.8|10*9/L|3.5-9.5|H|||F|||20261123091200',
  'OBX|2|ST|ABO^血型^L||A|||N|||F',
]

function contract(fields: string, top = ''): string {
  return `contract: unit
version: 1
title: { zh: 单元, en: Unit }
format: hl7v2
${top}
messages:
  ORU^R01:
    side: request
    fields:
      ${fields.replaceAll('\n', '\n      ')}
`
}

/** Checks `sound` with some lines changed; `severity rule path shape`. */
function check(
  yaml: string,
  change: (line: string) => string = (line) => line,
  side: 'request' | 'answer' = 'request',
): string[] {
  const bytes = new TextEncoder().encode(`${sound.map(change).join('\r')}\r`)
  const violations = compileContract(parseContract(yaml, 'unit.yaml')).check(hl7v2.read(bytes, hints), side)
  return violations.map(({ severity, rule, path, shape }) => `${severity} ${rule} ${path} ${shape ?? '-'}`)
}

it('gives OBX-5 the type that the contract names, and no longer the one of OBX-2', () => {
  const text = (line: string) => line.replace('11.8', '<0.01')
  expect(check(contract('OBX-3: R'), text)).toEqual(['ticket type OBX[1]-5 <9.9{2}'])
  expect(check(contract('OBX-5: { type: ST }'), text)).toEqual([])
})

/** Each rule with a message that keeps it (the sound one) and one that breaks it. */
const cases: readonly (readonly [string, string, (line: string) => string, string])[] = [
  ['required field', 'PID-5: R', (line) => line.replace('张三^^^^^^L', ''), 'ticket required PID-5 empty'],
  ['required field, only delimiters', 'PID-5: R', (line) => line.replace('张三^^^^^^L', '^^~^'), 'ticket required PID-5 empty'],
  ['required component', 'PID-3.1: R', (line) => line.replace('P0001^', '^'), 'ticket required PID-3[1].1 empty'],
  ['required segment', 'PV1: R', (line) => line.replace(/^PV1.*/u, 'NTE|1|L|x'), 'ticket required PV1 -'],
  [
    'forbidden field',
    'PV1-7: X',
    (line) => line.replace('|15', '|15').replace('^15', '^15||||D1001'),
    'warn forbidden PV1-7 A9{4}',
  ],
  ['forbidden segment', 'NTE: X', (line) => (line.startsWith('PV1') ? `NTE|1|L|x\r${line}` : line), 'warn forbidden NTE -'],
  ['number', 'OBX-5: { type: OBX-2 }', (line) => line.replace('11.8', '<0.01'), 'ticket type OBX[1]-5 <9.9{2}'],
  [
    'type of a field',
    'OBX-14: { type: TS }',
    (line) => line.replace('||20261123091200', '||23/11/2026'),
    'ticket type OBX[1]-14 9{2}/9{2}/9{4}',
  ],
  [
    'type of a component',
    'PID-3: { type: CX }',
    (line) => line.replace('P0001^^^SZPH^MR', 'P0001^^^SZPH^MR^^x'),
    'ticket type PID-3[1].7 a',
  ],
  ['length', 'PV1-3: { length: ..10 }', (line) => line.replace('0301^02', '030100^02'), 'observe length PV1-3 9{6}^9{2}^9{2}'],
  [
    'length by JSON Schema',
    'OBX-7: { type: ST, repeats: 0..1, length: ..8 }',
    (line) => line.replace('3.5-9.5', '3.50-9.50'),
    'observe length OBX[1]-7 9.9{2}-9.9{2}',
  ],
  ['values', 'PV1-2: { values: [I, O] }', (line) => line.replace('PV1|1|I', 'PV1|1|Q'), 'warn table PV1-2 A'],
  [
    'values by JSON Schema',
    'PV1-2: { type: IS, repeats: 0..1, length: ..1, values: [I, O] }',
    (line) => line.replace('PV1|1|I', 'PV1|1|Q'),
    'warn table PV1-2 A',
  ],
  ['table', 'PID-8: { table: HL70001 }', (line) => line.replace('|M', '|9'), 'warn table PID-8 9'],
  [
    'values of a component',
    'PID-3.5: { values: [MR, NI] }',
    (line) => line.replace('CN^NI', 'CN^XX'),
    'warn table PID-3[2].5 A{2}',
  ],
  [
    'format',
    'PID-7: { format: digits(8) }',
    (line) => line.replace('19700101', '1970-01-01'),
    'warn format PID-7 9{4}-9{2}-9{2}',
  ],
  [
    'repetitions, too many',
    'PID-3: { repeats: 1..2 }',
    (line) => line.replace('^NI', '^NI~X^^^Y^PI'),
    'warn cardinality PID-3 -',
  ],
  ['repetitions, too few', 'PID-3: { repeats: 2..3 }', (line) => line.replace('~990^^^CN^NI', ''), 'warn cardinality PID-3 -'],
  [
    'number of segments',
    'OBX: { repeats: 1..2 }',
    (line) => (line.startsWith('OBX|2') ? `${line}\r${line}` : line),
    'warn cardinality OBX -',
  ],
  [
    'condition, must',
    'OBX-6: { usage: C, when: "OBX-2 = \'NM\'" }',
    (line) => line.replace('|10*9/L|', '||'),
    'ticket required OBX[1]-6 -',
  ],
  [
    'condition, must not',
    'OBX-6: { usage: C, when: "OBX-2 = \'NM\'", otherwise: X }',
    (line) => line.replace('||A|||', '||A|g/L||'),
    'warn forbidden OBX[2]-6 a/A',
  ],
]

describe('each rule', () => {
  it.each(cases)('%s: the sound message passes', (_, fields) => {
    expect(check(contract(fields))).toEqual([])
  })

  it.each(cases)('%s: the breach is found', (_, fields, change, expected) => {
    expect(check(contract(fields), change)).toContain(expected)
  })

  it.each([
    [
      'order',
      (line: string) => (line.startsWith('OBR') ? `${line}\rPV1|2|I` : line.startsWith('PV1') ? '' : line),
      'observe order PV1 -',
    ],
    [
      'an unknown segment',
      (line: string) => (line.startsWith('PV1') ? `${line}\rFT2|1` : line),
      'observe unknown-segment FT2 -',
    ],
    ['a Z segment', (line: string) => (line.startsWith('PV1') ? `${line}\rZZ1|1` : line), 'observe unknown-segment ZZ1 -'],
    ['a missing segment of the structure', (line: string) => line.replace(/^OBR.*/u, 'ORC|RE'), 'warn required OBR -'],
    [
      'a message type that is not agreed',
      (line: string) => line.replace('ORU^R01^ORU_R01', 'ADT^A01'),
      'ticket structure MSH-9 A{3}^A9{2}',
    ],
    [
      'another character set than the bytes',
      (line: string) => line.replace('UNICODE UTF-8', 'GB18030'),
      'ticket charset MSH-18 -',
    ],
    ['a missing MSH-9', (line: string) => line.replace('ORU^R01^ORU_R01', ''), 'ticket required MSH-9 empty'],
  ])('structure: %s', (_, change, expected) => {
    expect(check(contract('PID: R'), (line) => line)).toEqual([])
    expect(check(contract('PID: R'), change)).toContain(expected)
  })

  it('version and charset as agreed', () => {
    const top = 'hl7: { versions: ["2.4"], charset: [UNICODE UTF-8] }'
    expect(check(contract('PID: R', top))).toEqual([])
    expect(check(contract('PID: R', top), (line) => line.replace('|2.4|', '|2.5|'))).toContain('warn version MSH-12 9.9')
    expect(check(contract('PID: R', top), (line) => line.replace('|UNICODE UTF-8', ''))).toContain('ticket charset MSH-18 -')
  })

  it('side', () => {
    expect(check(contract('PID: R'), (line) => line, 'answer')).toEqual(['ticket structure MSH-9 A{3}^A9{2}^A{3}_A9{2}'])
  })

  it('assertions, with their own words and weight', () => {
    const yaml = `${contract('PID: R')}    rules:
      - id: final-has-value
        for: OBX
        when: OBX-11 = 'F'
        require: OBX-5 present
        at: OBX-5
        severity: ticket
        message: { zh: 没有结果, en: No value }
`
    expect(check(yaml)).toEqual([])
    expect(check(yaml, (line) => line.replace('||A||', '||||'))).toEqual(['ticket condition OBX[2]-5 -'])
  })

  it('an HL7 null is there, and is no value', () => {
    const fields = 'PID-7: { usage: R, type: TS, format: date }'
    expect(check(contract(fields), (line) => line.replace('19700101', '""'))).toEqual([])
  })

  it('severity: the field outranks the contract, the contract outranks the default', () => {
    const ill = (line: string) => line.replace('张三^^^^^^L', '')
    expect(check(contract('PID-5: R', 'severities: { required: warn }'), ill)).toContain('warn required PID-5 empty')
    expect(check(contract('PID-5: { usage: R, severity: observe }', 'severities: { required: warn }'), ill)).toContain(
      'observe required PID-5 empty',
    )
  })

  it("a contract's type replaces the standard's", () => {
    const ill = (line: string) => line.replace('||20261123091200', '||soon')
    expect(check(contract('PID: R'), ill)).toContain('warn type OBX[1]-14 a{4}')
    expect(check(contract('OBX-14: { type: ST }'), ill)).toEqual([])
  })

  it('other delimiters', () => {
    const other = (line: string) =>
      line
        .replace('MSH|^~\\&', 'MSH|#@\\!')
        .replaceAll(/(?<!MSH\|[^|]*)\^/gu, '#')
        .replaceAll('~', '@')
    expect(check(contract('PID-3.5: { usage: R, values: [MR, NI] }'), other)).toEqual([])
    expect(check(contract('PID-3.5: { usage: R, values: [MR] }'), other)).toEqual(['warn table PID-3[2].5 A{2}'])
  })

  it('tells fifty and counts the rest', () => {
    const many = (line: string) =>
      line.startsWith('OBX|1') ? Array.from({ length: 3_000 }, () => line.replace('11.8', 'x')).join('\r') : line
    const bytes = new TextEncoder().encode(sound.map(many).join('\r'))
    const violations = compileContract(parseContract(contract('OBX-5: { type: OBX-2 }'), 'x')).check(
      hl7v2.read(bytes, hints),
      'request',
    )
    expect(violations).toHaveLength(50)
    expect(violations.at(-1)).toMatchObject({ rule: 'more', message: { en: '2951 more violations' }, severity: 'ticket' })
  })

  it('never throws for what is no message', () => {
    const compiled = compileContract(parseContract(contract('PID: R'), 'x'))
    for (const text of ['', 'MSH', 'MSH|', 'hello', '\u000b', 'PID|1\rMSH|^~\\&']) {
      const violations = compiled.check(hl7v2.read(new TextEncoder().encode(text), hints), 'request')
      expect(violations.length, JSON.stringify(text)).toBeGreaterThan(0)
    }
  })
})
