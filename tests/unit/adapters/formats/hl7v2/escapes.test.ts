import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Delimiters, usualDelimiters } from '../../../../../adapters/formats/hl7v2/delimiters.ts'
import { resolveEscapes } from '../../../../../adapters/formats/hl7v2/escapes.ts'
import { escaped } from './writing.ts'

const read = (text: string) => resolveEscapes(text, usualDelimiters, 'utf-8')

describe('escape sequences', () => {
  test.each([
    ['a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f', 'a|b^c&d~e\\f'],
    ['\\XE5BCA0\\', '张'],
    ['\\X0D0A\\', '\r\n'],
    ['one\\.br\\two\\.sp2\\three', 'one\ntwo\n\nthree'],
    ['a\\.sk3\\b', 'a   b'],
    ['\\H\\loud\\N\\ and \\.in+4\\\\.ti2\\\\.fi\\\\.nf\\plain', 'loud and plain'],
    ['\\Zlocal\\ \\C2842\\ \\M2442\\', '\\Zlocal\\ \\C2842\\ \\M2442\\'],
    ['C:\\temp and 5\\F\\6', 'C:\\temp and 5|6'],
    ['\\XZZ\\', '\\XZZ\\'],
    ['\\X123\\', '\\X123\\'],
    ['\\XD5C5\\', '\\XD5C5\\'],
    ['open\\F', 'open\\F'],
    ['\\', '\\'],
    ['\\\\', '\\\\'],
  ])('%j reads as %j', (raw, text) => {
    expect(read(raw)).toBe(text)
  })

  test('hexadecimal bytes are in the character set of the message', () => {
    expect(resolveEscapes('\\XD5C5\\', usualDelimiters, 'gb18030')).toBe('张')
  })

  test('what is escaped reads back, whatever the delimiters', () => {
    const other: Delimiters = { field: '#', component: '@', repetition: '!', escape: '%', subcomponent: '*', areSound: true }
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(usualDelimiters, other), (text, delimiters) => {
        const written = escaped(text, delimiters)
        for (const mark of [delimiters.field, delimiters.component, delimiters.repetition, delimiters.subcomponent])
          expect(written.includes(mark)).toBe(false)
        expect(resolveEscapes(written, delimiters, 'utf-8')).toBe(text)
      }),
    )
  })
})
