import { describe, expect, it } from 'vitest'
import { ancestors, foldedAtFirst, rowsOf, stepOf, type TreeRow } from '../../../../console/src/exchanges/tree-rows.ts'
import type { ExchangeAnswer, TreeNodeAnswer } from '../../../../gateway/desk/api/shapes.ts'

function node(path: string, children: readonly TreeNodeAnswer[] = []): TreeNodeAnswer {
  return {
    path,
    name: null,
    dataType: null,
    value: children.length === 0 ? 'x' : null,
    masked: false,
    pseudonym: null,
    meaning: null,
    children,
  }
}

function violation(path: string, rule = 'required'): ExchangeAnswer['violations'][number] {
  return { path, element: path, rule, severity: 'warn', message: { zh: path, en: path }, shape: null, side: 'request' }
}

const message = [
  node('MSH', [node('MSH-1'), node('MSH-12')]),
  node('PID', [node('PID-1'), node('PID-5', [node('PID-5.1'), node('PID-5.2')]), node('PID-8')]),
  node('OBX[1]', [node('OBX[1]-5')]),
  node('OBX[2]', [node('OBX[2]-5')]),
]
const nothingClosed: ReadonlySet<string> = new Set()

function drawn(rows: readonly TreeRow[]): readonly string[] {
  return rows.map((row) =>
    row.kind === 'missing' ? `missing ${row.violation.path}` : `${row.node.path}${row.violations.length > 0 ? ' !' : ''}`,
  )
}

describe('lines of a message tree', () => {
  it('marks a violation at the node that has it', () => {
    expect(drawn(rowsOf(message, [violation('MSH-12', 'version'), violation('OBX[2]-5', 'type')], nothingClosed))).toEqual([
      'MSH',
      'MSH-1',
      'MSH-12 !',
      'PID',
      'PID-1',
      'PID-5',
      'PID-5.1',
      'PID-5.2',
      'PID-8',
      'OBX[1]',
      'OBX[1]-5',
      'OBX[2]',
      'OBX[2]-5 !',
    ])
  })

  it('puts what is missing where it would stand', () => {
    const rows = drawn(
      rowsOf(message, [violation('PID-3'), violation('PID-18'), violation('PID-5.7'), violation('ORC')], nothingClosed),
    )
    expect(rows.slice(3)).toEqual([
      'PID',
      'PID-1',
      'missing PID-3',
      'PID-5',
      'PID-5.1',
      'PID-5.2',
      'missing PID-5.7',
      'PID-8',
      'missing PID-18',
      'OBX[1]',
      'OBX[1]-5',
      'OBX[2]',
      'OBX[2]-5',
      'missing ORC',
    ])
  })

  it('finds the first repetition of a segment by its plain name', () => {
    expect(drawn(rowsOf(message, [violation('OBX-5', 'type')], nothingClosed))).toContain('missing OBX-5')
    expect(drawn(rowsOf(message, [violation('OBX-5', 'type')], nothingClosed)).indexOf('missing OBX-5')).toBeLessThan(
      drawn(rowsOf(message, [violation('OBX-5', 'type')], nothingClosed)).indexOf('OBX[2]'),
    )
  })

  it('counts what is folded away', () => {
    const rows = rowsOf(message, [violation('PID-5.2', 'type'), violation('PID-3')], new Set(['1']))
    const folded = rows.find((row) => row.kind === 'node' && row.node.path === 'PID')
    expect(folded?.kind === 'node' ? [folded.isOpen, folded.hiddenCount] : null).toEqual([false, 2])
    expect(drawn(rows)).not.toContain('PID-1')
  })

  it('draws every violation exactly once, wherever it lies', () => {
    const all = ['MSH-12', 'PID-3', 'PID-5.2', 'PID-5.9', 'OBX[2]-5', 'OBX[3]-5', 'ZZZ-1'].map((path) => violation(path))
    const rows = rowsOf(message, all, nothingClosed)
    const shown = rows.flatMap((row) =>
      row.kind === 'missing' ? [row.violation.path] : row.violations.map(({ path }) => path),
    )
    expect(shown.toSorted()).toEqual(all.map(({ path }) => path).toSorted())
  })
})

describe('a path at its place', () => {
  it.each([
    ['patient.name', 'patient', 'name'],
    ['entry[0]', 'entry', '[0]'],
    ['entry[0].code', 'entry[0]', 'code'],
    ['Envelope/Body', 'Envelope', 'Body'],
    ['command.calling-ae', 'command', 'calling-ae'],
    ['PID-5', 'PID', 'PID-5'],
    ['PID-5.1', 'PID-5', 'PID-5.1'],
    ['Patient.id', 'Bundle.entry[0].resource', 'Patient.id'],
    ['patientName', 'patient', 'patientName'],
    ['patient', null, 'patient'],
  ])('%s below %s is %s', (path, parent, step) => {
    expect(stepOf(path, parent)).toBe(step)
  })

  it('has places above it, whatever the format', () => {
    expect(ancestors('PID[1]-5.1')).toEqual(['PID[1]-5.1', 'PID[1]-5', 'PID[1]', 'PID-5.1', 'PID-5', 'PID'])
    expect(ancestors('a.b[2].c')).toEqual(['a.b[2].c', 'a.b[2]', 'a.b', 'a'])
    expect(ancestors('Envelope/Body/x')).toEqual(['Envelope/Body/x', 'Envelope/Body', 'Envelope'])
  })
})

describe('what is folded at first', () => {
  const leaves = (path: string, count: number) => Array.from({ length: count }, (_, i) => node(`${path}.m${i}`))
  it('opens a small message whole, and of a large one the levels that have room', () => {
    expect([...foldedAtFirst([node('a', [node('a.b', leaves('a.b', 3))])], [], 'json')]).toEqual([])
    const wide = [node('a', leaves('a', 10)), node('b', leaves('b', 50)), node('c', [node('c.d', leaves('c.d', 5))])]
    expect([...foldedAtFirst(wide, [], 'json')]).toEqual(['1'])
  })
  it('opens what holds a violation', () => {
    expect([...foldedAtFirst([node('b', leaves('b', 50))], [violation('b.m7')], 'json')]).toEqual([])
  })
  it('folds the components of HL7 v2', () => {
    expect([...foldedAtFirst(message, [], 'hl7v2')]).toEqual(['1.1'])
    expect([...foldedAtFirst(message, [violation('PID-5.2')], 'hl7v2')]).toEqual([])
  })
})
