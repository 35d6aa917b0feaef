import { expect, test } from 'vitest'
import { splitBatch } from '../../../../../adapters/formats/hl7v2/batch.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const split = (text: string) => splitBatch(bytes(text)).map((part) => new TextDecoder().decode(part))
const one = 'MSH|^~\\&|A|B|C|D|1||ADT^A01|1|P|2.4\rPID|1\r'
const two = 'MSH|^~\\&|A|B|C|D|2||ADT^A02|2|P|2.4\rPID|2\r'

test('a single message, and what is none, come back whole', () => {
  expect(split(one)).toEqual([one])
  expect(split('nothing')).toEqual(['nothing'])
  expect(split('')).toEqual([''])
})

test('messages one after the other', () => {
  expect(split(one + two)).toEqual([one, two])
  expect(split(`\u000b${one}\n${two}`)).toEqual([`${one}\n`, two])
})

test('envelopes are left out', () => {
  expect(split(`FHS|^~\\&|F\rBHS|^~\\&|B\r${one}${two}BTS|2\rFTS|1\r`)).toEqual([one, two])
  expect(split(`BHS|^~\\&|B\r${one}BTS|1\rBHS|^~\\&|B\r${two}BTS\r`)).toEqual([one, two])
})

test('line feeds as segment ends, other delimiters', () => {
  const other = 'MSH#@!%*#A#B\nPID#1\n'
  expect(split(other + other)).toEqual([other, other])
})

test('a header inside a text is no message', () => {
  const text = `${one}OBX|1|TX|||see\rMSH|is the first segment\r`
  expect(split(text)).toEqual([text])
  const quoted = `${one}OBX|1|TX|||a line of another kind:\rMSH#@!%*#A#B\r`
  expect(split(quoted)).toEqual([quoted])
})

test('a GB18030 character whose second byte is the separator moves no boundary', () => {
  const body = Buffer.concat([bytes(one), bytes('NTE|1||'), Buffer.from('8f7c', 'hex'), bytes('\r'), bytes(two)])
  expect(splitBatch(body).map((part) => part.length)).toEqual([one.length + 10, two.length])
})
