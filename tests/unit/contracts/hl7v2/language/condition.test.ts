import { describe, expect, it } from 'vitest'
import { conditionTest } from '../../../../../contracts/hl7v2/check/condition-check.ts'
import { viewOf } from '../../../../../contracts/hl7v2/check/message-text.ts'
import { readCondition } from '../../../../../contracts/hl7v2/language/condition.ts'

const view = viewOf({
  segments: [
    ['MSH', '|', '^~\\&'],
    ['PID', '1', '', 'P1^^^HIS^MR~990^^^CN^NI'],
    ['ORC', 'NW', 'O1'],
    ['OBR', '1', 'O1', '', 'GLU^x'],
    ['OBX', '1', 'NM', 'GLU', '', '5.6'],
    ['ORC', 'CA', 'O2'],
    ['OBR', '2', 'O2', '', 'HGB^y'],
    ['OBX', '1', 'ST', 'HGB', '', ''],
  ],
})
const order = ['MSH', 'PID', 'ORC', 'OBR', 'OBX']

function ask(text: string, anchor: number): boolean {
  const { condition, problem } = readCondition(text)
  if (condition === null || view === null) throw new Error(problem?.text)
  return conditionTest(condition, order)(view, anchor)
}

describe('conditions', () => {
  it.each([
    ["ORC-1 = 'NW'", 2, true],
    ["ORC-1 = 'NW'", 5, false],
    ["ORC-1 != 'NW'", 5, true],
    ["ORC-1 in ('NW', 'CA')", 5, true],
    ["ORC-1 not in ('NW', 'XO')", 5, true],
    ["PID-3.5 = 'NI'", 1, true],
    ["PID-3.5 = 'PI'", 1, false],
    ['OBX-5 present', 4, true],
    ['OBX-5 present', 7, false],
    ['OBX-5 empty', 7, true],
    ["OBX-2 matches '^[NS][MT]$'", 7, true],
    ["not (ORC-1 = 'NW' or ORC-1 = 'XO') and ORC-2 present", 5, true],
    ["ORC-1 = 'NW' or ORC-1 = 'CA' and ORC-2 empty", 2, true],
    ['ZDS present', 2, false],
    ['PID present', 2, true],
  ])('%s, asked at segment %i, is %s', (text, anchor, answer) => {
    expect(ask(text, anchor)).toBe(answer)
  })

  it('finds the segment of the same group, before or behind', () => {
    expect(ask("OBR-4.1 = 'GLU'", 2)).toBe(true)
    expect(ask("OBR-4.1 = 'HGB'", 5)).toBe(true)
    expect(ask("OBR-4.1 = 'GLU'", 5)).toBe(false)
    expect(ask("OBR-4.1 = 'HGB'", 7)).toBe(true)
    expect(ask("OBR-4.1 = 'HGB'", 4)).toBe(false)
    expect(ask("ORC-1 = 'CA'", 7)).toBe(true)
  })

  it.each([
    ['ORC-1', 5, 'one of'],
    ['ORC-1 = NW', 8, 'single quotes'],
    ["= 'NW'", 0, 'a field'],
    ["(ORC-1 = 'NW'", 13, '")"'],
    ["ORC-1 = 'NW' extra", 13, "doesn't belong"],
    ["ORC-1 in 'NW'", 9, '"("'],
    ["OBX-5 matches '(a+)+'", 14, 'repeated group'],
  ])('refuses %j', (text, offset, words) => {
    const { problem } = readCondition(text)
    expect(problem?.offset).toBe(offset)
    expect(problem?.text).toContain(words)
  })
})
