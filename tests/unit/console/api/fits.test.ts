import { describe, expect, it } from 'vitest'
import { fits } from '../../../../console/src/api/fits.ts'
import { shapes } from '../../../../gateway/desk/api/shapes.ts'

const me = { name: 'chen', title: '陈', password: 'chosen', role: 'engineer', permissions: ['tickets.read'], csrfToken: null }
const node = {
  path: 'PID',
  name: null,
  dataType: null,
  value: null,
  masked: false,
  pseudonym: null,
  meaning: null,
  children: [],
}

describe('the border to the API', () => {
  it('takes what the shape promises, and what a newer desk adds', () => {
    expect(fits(shapes.Me, me)).toBe(true)
    expect(fits(shapes.Me, { ...me, more: 1 })).toBe(true)
  })

  it.each([
    ['a missing property', { name: 'chen', role: 'engineer', permissions: [] }],
    ['a value outside of its list', { ...me, role: 'root' }],
    ['another type', { ...me, name: 1 }],
    ['an item of another type', { ...me, permissions: [1] }],
    ['null where nothing may be null', { ...me, name: null }],
    ['no object', 'me'],
    ['null', null],
  ])('refuses %s', (_what, value) => {
    expect(fits(shapes.Me, value)).toBe(false)
  })

  it('looks into shapes that contain themselves', () => {
    expect(fits(shapes.TreeNode, { ...node, children: [{ ...node, children: [node] }] })).toBe(true)
    expect(fits(shapes.TreeNode, { ...node, children: [{ ...node, children: [{ ...node, masked: 'no' }] }] })).toBe(false)
  })
})
