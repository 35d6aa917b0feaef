import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hl7v2 } from '../../../../adapters/formats/hl7v2/hl7v2.ts'
import { compileContract } from '../../../../contracts/hl7v2/compile.ts'
import type { ElementRule } from '../../../../contracts/hl7v2/contract.ts'
import { parseContract } from '../../../../contracts/hl7v2/read.ts'
import type { Grammar } from '../../../../contracts/hl7v2/structure/grammar.ts'

const hints = { at: Date.UTC(2026, 10, 23), timezone: 'Asia/Shanghai' }

/** Every kind of rule, without conditions, so that a message can be made from it blindly. */
const contract = parseContract(
  `contract: generated
version: 1
title: { zh: 生成, en: Generated }
format: hl7v2
messages:
  ORU^R01:
    extends: none
    structure: MSH PID [PV1] { [ORC] OBR [{NTE}] {OBX} }
    fields:
      PID-3: { usage: R, repeats: 1..3 }
      PID-3.1: { usage: R, format: digits(4..8) }
      PID-3.5: { usage: R, values: [MR, NI] }
      PID-5: { usage: R, length: 2..20 }
      PID-7: { type: DT }
      PV1-2: { usage: R, type: IS, repeats: 0..1, values: [I, O, E] }
      ORC-1: { usage: R, values: [NW, RE] }
      OBR-4: R
      OBR-7: { usage: R, format: timestamp }
      OBR-20: X
      NTE-1: { type: SI }
      OBX-3: { usage: R, length: ..12 }
      OBX-5: { usage: R, type: NM }
      OBX-14: { type: TS }
`,
  'generated.yaml',
)
const [message] = contract.messages
if (message === undefined || message.structure === null) throw new Error('the contract has one message with a structure')
const { structure, elements } = message
const compiled = compileContract(contract)

/** A value that keeps what the contract says of one field or component. */
function sampleOf(rule: ElementRule['rule']): fc.Arbitrary<string> {
  if (rule.values !== null) return fc.constantFrom(...rule.values)
  if (rule.format?.kind === 'digits')
    return fc.stringMatching(new RegExp(`^[0-9]{${rule.format.min},${rule.format.max}}$`, 'u'))
  if (rule.format?.kind === 'timestamp')
    return fc.constantFrom('20261123083000', '20260101000000.5+0800', '19991231235959-0500')
  if (rule.type === 'NM') return fc.oneof(fc.integer().map(String), fc.constantFrom('0.5', '-12.25', '+3', '7.'))
  if (rule.type === 'DT') return fc.constantFrom('2026', '202611', '20261123')
  if (rule.type === 'TS') return fc.constantFrom('2026', '202611230830', '20261123083000+0800')
  if (rule.type === 'SI') return fc.nat(9_999).map(String)
  return fc.stringMatching(/^[A-Za-z0-9一-三]{2,8}$/u)
}

function fieldOf(segment: string, field: number): fc.Arbitrary<string> {
  const own = elements.filter(({ path }) => path.segment === segment && path.field === field)
  const whole = own.find(({ path }) => path.component === 0)?.rule
  const parts = own.filter(({ path }) => path.component > 0)
  if (whole?.usage === 'X') return fc.constant('')
  if (parts.length === 0) return whole === undefined ? fc.constant('') : sampleOf(whole)
  const one = fc
    .tuple(...parts.map(({ path, rule }) => sampleOf(rule).map((value) => ({ at: path.component, value }))))
    .map((values) => {
      const components: string[] = []
      for (const { at, value } of values) components[at - 1] = value
      return Array.from(components, (component) => component ?? '').join('^')
    })
  return fc.array(one, { minLength: 1, maxLength: whole?.repeats?.max ?? 1 }).map((repetitions) => repetitions.join('~'))
}

function segmentOf(name: string): fc.Arbitrary<string[]> {
  if (name === 'MSH')
    return fc.constant([
      [
        'MSH',
        '^~\\&',
        'LIS',
        'H',
        'EMR',
        'H',
        '20261123',
        '',
        'ORU^R01',
        'M1',
        'P',
        '2.4',
        '',
        '',
        '',
        '',
        '',
        'UNICODE UTF-8',
      ].join('|'),
    ])
  const last = Math.max(1, ...elements.filter(({ path }) => path.segment === name).map(({ path }) => path.field))
  const numbers = Array.from({ length: last }, (_, i) => i + 1)
  return fc.tuple(...numbers.map((field) => fieldOf(name, field))).map((fields) => [[name, ...fields].join('|')])
}

function linesOf(grammar: Grammar): fc.Arbitrary<string[]> {
  switch (grammar.kind) {
    case 'segment':
      return segmentOf(grammar.name)
    case 'sequence':
      return fc.tuple(...grammar.of.map(linesOf)).map((parts) => parts.flat())
    case 'choice':
      return fc.oneof(...grammar.of.map(linesOf))
    case 'repeat':
      return fc.array(linesOf(grammar.of), { minLength: grammar.min, maxLength: grammar.max ?? 4 }).map((parts) => parts.flat())
    default:
      return grammar satisfies never
  }
}

const messages = linesOf(structure)

function check(lines: readonly string[]): string[] {
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\r`).join(''))
  return compiled.check(hl7v2.read(bytes, hints), 'request').map(({ rule, path }) => `${rule} ${path}`)
}

function pathOf(lines: readonly string[], index: number, field: number): string {
  const name = (lines[index] ?? '').slice(0, 3)
  const same = lines.flatMap((line, i) => (line.startsWith(name) ? [i] : []))
  return `${name}${same.length > 1 ? `[${same.indexOf(index) + 1}]` : ''}-${field}`
}

const requiredFields = elements.filter(({ path, rule }) => path.component === 0 && rule.usage === 'R').map(({ path }) => path)

describe('messages made from a contract', () => {
  it('pass it', () => {
    fc.assert(
      fc.property(messages, (lines) => {
        expect(check(lines)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('breach it exactly where one required field is taken away', () => {
    fc.assert(
      fc.property(messages, fc.nat(), fc.nat(), (lines, a, b) => {
        const { segment, field } = requiredFields[a % requiredFields.length] ?? { segment: 'PID', field: 3 }
        const places = lines.flatMap((line, i) => (line.startsWith(segment) ? [i] : []))
        const place = places[b % Math.max(places.length, 1)]
        fc.pre(place !== undefined)
        const ill = lines.map((line, i) => (i === place ? line.split('|').with(field, '').join('|') : line))
        expect(check(ill)).toEqual([`required ${pathOf(lines, place ?? 0, field)}`])
      }),
      { numRuns: 300 },
    )
  })

  it('never make it throw, whatever happens to their bytes', () => {
    fc.assert(
      fc.property(
        messages,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
        (lines, changes) => {
          const bytes = new TextEncoder().encode(lines.join('\r'))
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte
          for (const violation of compiled.check(hl7v2.read(bytes, hints), 'request'))
            expect(violation.path.length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 500 },
    )
  })
})
