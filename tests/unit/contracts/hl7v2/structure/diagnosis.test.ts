import { describe, expect, it } from 'vitest'
import { createAutomaton } from '../../../../../contracts/hl7v2/structure/automaton.ts'
import { diagnoseStructure } from '../../../../../contracts/hl7v2/structure/diagnosis.ts'
import { type Grammar, readGrammar } from '../../../../../contracts/hl7v2/structure/grammar.ts'

const adt = 'MSH EVN PID [PD1] [{NK1}] PV1 [PV2] [{OBX}]'
const oru = 'MSH {[PID [{NTE}] [PV1]] {[ORC] OBR [{NTE}] [{OBX [{NTE}]}]}} [DSC]'

function grammarOf(text: string): Grammar {
  const { grammar } = readGrammar(text)
  if (grammar === null) throw new Error(text)
  return grammar
}

function diagnose(structure: string | Grammar, segments: string): string[] {
  const grammar = typeof structure === 'string' ? grammarOf(structure) : structure
  return diagnoseStructure(createAutomaton(grammar), segments.split(' ')).map(
    ({ rule, name, index }) => `${rule} ${name} ${index}`,
  )
}

describe('diagnosis of a message structure', () => {
  it.each([
    [adt, 'MSH EVN PID PV1'],
    [adt, 'MSH EVN PID PD1 NK1 NK1 PV1 PV2 OBX OBX'],
    [oru, 'MSH PID PV1 ORC OBR NTE OBX NTE NTE OBX OBR OBX PID OBR DSC'],
    ['MSH MFI {MFE [{*}]}', 'MSH MFI MFE ZDR STF MFE'],
    ['MSH <OBR | RXO {RXR}> NTE', 'MSH RXO RXR RXR NTE'],
  ])('finds nothing wrong: %s with %s', (structure, segments) => {
    expect(diagnose(structure, segments)).toEqual([])
  })

  it.each([
    ['a missing segment', adt, 'MSH EVN PV1', ['required PID 2']],
    ['a missing last segment', adt, 'MSH EVN PID', ['required PV1 3']],
    ['two missing', adt, 'MSH PV1', ['required EVN 1', 'required PID 1']],
    ['a group without its head', oru, 'MSH PID OBX', ['required OBR 2']],
    ['a missing one rather than a misplaced one', 'MSH [PID PV1] OBR', 'MSH PV1 OBR', ['required PID 1']],
    ['a swap', adt, 'MSH EVN PV1 PID', ['order PID 3']],
    ['a segment too late', adt, 'MSH EVN PID PV1 NK1', ['order NK1 4']],
    ['one too many', adt, 'MSH EVN PID PID PV1', ['cardinality PID 3']],
    ['an unknown one', adt, 'MSH EVN PID FT1 PV1', ['unknown-segment FT1 3']],
    ['an unknown one beside a missing one', adt, 'MSH ZZZ EVN PV1', ['unknown-segment ZZZ 1', 'required PID 3']],
    ['nothing but the header', oru, 'MSH', ['required OBR 1']],
  ])('tells %s', (_, structure, segments, expected) => {
    expect(diagnose(structure, segments)).toEqual(expected)
  })

  it('counts bounded repetitions', () => {
    const grammar: Grammar = {
      kind: 'sequence',
      of: [
        { kind: 'segment', name: 'MSH' },
        { kind: 'repeat', of: { kind: 'segment', name: 'NTE' }, min: 2, max: 3 },
      ],
    }
    expect(diagnose(grammar, 'MSH NTE NTE')).toEqual([])
    expect(diagnose(grammar, 'MSH NTE NTE NTE')).toEqual([])
    expect(diagnose(grammar, 'MSH NTE')).toEqual(['required NTE 2'])
    expect(diagnose(grammar, 'MSH NTE NTE NTE NTE')).toEqual(['cardinality NTE 4'])
  })

  it('stays bounded on a long ill message', () => {
    const names = ['MSH', ...Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? 'PV1' : 'EVN'))]
    const found = diagnoseStructure(createAutomaton(grammarOf(adt)), names)
    expect(found.length).toBeGreaterThan(0)
    expect(found.length).toBeLessThan(500)
  })
})
