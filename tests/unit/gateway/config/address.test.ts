import { expect, test } from 'vitest'
import { addressOf } from '../../../../gateway/config/address.ts'

test.each([
  ['10.1.0.10:6661', { host: '10.1.0.10', port: 6661 }],
  ['[fd00::1]:104', { host: 'fd00::1', port: 104 }],
  ['localhost:0', { host: 'localhost', port: 0 }],
  ['localhost', null],
  ['localhost:', null],
  ['localhost:70000', null],
  ['localhost:-1', null],
  ['localhost:1e3', null],
  ['localhost:0x50', null],
])('%s', (text, expected) => {
  expect(addressOf(text)).toEqual(expected)
})
