import { describe, expect, it } from 'vitest'
import { createAutomaton } from '../../../../contracts/hl7v2/structure/automaton.ts'
import { segmentNames } from '../../../../contracts/hl7v2/structure/grammar.ts'
import { knownMessageTypes, standardStructure, structureIdOf } from '../../../../contracts/hl7v2/structure-of.ts'
import { segmentSpec } from '../../../../gateway/model/hl7v2/spec.ts'

describe('the standard structures', () => {
  it('are all readable, and name only segments of their version', () => {
    for (const version of ['2.3.1', '2.4', '2.5', '2.5.1', '2.6']) {
      for (const type of knownMessageTypes()) {
        const grammar = standardStructure(version, structureIdOf(type) ?? '')
        if (grammar === null) continue
        createAutomaton(grammar)
        const strange = segmentNames(grammar).filter((name) => name !== '*' && segmentSpec(version, name) === null)
        expect(strange, `${type} of ${version}`).toEqual([])
        expect(segmentNames(grammar)[0]).toBe('MSH')
      }
    }
  })

  it('are there in 2.5.1 for every message type of the tables', () => {
    const absent = knownMessageTypes().filter((type) => standardStructure('2.5.1', structureIdOf(type) ?? '') === null)
    // OML^O39 came with 2.6; its group of shipments falls out before.
    expect(absent).toEqual([])
    expect(knownMessageTypes().length).toBeGreaterThan(200)
  })

  it.each([
    ['ADT^A08', 'ADT_A01'],
    ['ADT^A40', 'ADT_A39'],
    ['ACK^R01', 'ACK'],
    ['ACK', 'ACK'],
    ['SIU^S15', 'SIU_S12'],
    ['OML^O21', 'OML_O21'],
    ['QQQ^Y99', null],
    ['', null],
  ])('%s has the structure %s', (type, id) => {
    expect(structureIdOf(type)).toBe(id)
  })

  it('leave out what an older version does not have', () => {
    const names = (version: string) => {
      const grammar = standardStructure(version, 'ORU_R01')
      return grammar === null ? [] : segmentNames(grammar)
    }
    expect(names('2.3.1')).not.toContain('SPM')
    expect(names('2.5.1')).toContain('SPM')
    expect(names('2.4')).not.toContain('SFT')
  })
})
