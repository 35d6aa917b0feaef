import { describe, expect, it } from 'vitest'
import { readGrammar, segmentNames, writeGrammar } from '../../../../../contracts/hl7v2/structure/grammar.ts'

describe('the compact notation', () => {
  it.each([
    ['MSH [PID [PV1]] {ORC [OBR] [{NTE}]}', 'MSH [PID [PV1]] {ORC [OBR] [{NTE}]}'],
    ['MSH{[NTE]}', 'MSH [{NTE}]'],
    ['MSH <OBR | RXO {RXR}>', 'MSH <OBR | RXO {RXR}>'],
    ['MSH MFI {MFE [{*}]}', 'MSH MFI {MFE [{*}]}'],
  ])('reads %s', (text, written) => {
    const { grammar, problem } = readGrammar(text)
    expect(problem).toBeNull()
    expect(grammar === null ? '' : writeGrammar(grammar)).toBe(written)
  })

  it('names segments once, in order', () => {
    const { grammar } = readGrammar('MSH {[PID] OBX} [PID]')
    expect(grammar === null ? [] : segmentNames(grammar)).toEqual(['MSH', 'PID', 'OBX'])
  })

  it.each([
    ['MSH [PID', 4, 'is never closed'],
    ['MSH PID]', 7, 'closes nothing'],
    ['MSH [] PID', 5, 'nothing stands here'],
    ['MSH pid', 4, 'neither a segment name'],
    ['MSH {PID]', 8, 'closes nothing'],
    ['MSH <OBR | >', 11, 'nothing stands here'],
    ['', 0, 'nothing stands here'],
  ])('says what is wrong with %j and where', (text, offset, words) => {
    const { problem } = readGrammar(text)
    expect(problem?.offset).toBe(offset)
    expect(problem?.text).toContain(words)
  })
})
