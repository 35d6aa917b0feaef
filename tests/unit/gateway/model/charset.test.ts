import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { charsetFactsOf, charsetOfLabel, decodeText, hasByteInTrail } from '../../../../gateway/model/charset.ts'

const folder = new URL('../../../../fixtures/messages/other-zh-synthetic/', import.meta.url)
const gb = new Uint8Array(readFileSync(new URL('filedrop-single-disease-20261122.gb18030.csv', folder)))
const utf8 = (text: string) => new TextEncoder().encode(text)
/** 张三 in GB 2312. */
const zhangSan = [0xd5, 0xc5, 0xc8, 0xfd]

describe('decodeText', () => {
  it('reads the same file in GB18030 and in UTF-8 with a mark', () => {
    const marked = decodeText(readFileSync(new URL('filedrop-single-disease-20261122.utf8-bom.csv', folder)))
    const plain = decodeText(gb)
    expect([plain.detected, marked.detected, marked.hasMark]).toEqual(['gb18030', 'utf-8', true])
    expect(plain.text.replaceAll('\r\n', '\n')).toBe(marked.text.replaceAll('\r\n', '\n'))
  })

  it.each([
    ['ASCII', utf8('{"a":1}'), 'ascii', 0],
    ['UTF-8', utf8('{"a":"检验"}'), 'utf-8', 2],
    ['UTF-16 with a mark', Uint8Array.from([0xff, 0xfe, 0x7b, 0, 0x2d, 0x4e]), 'utf-16', 1],
    ['UTF-16 by its zero bytes', Uint8Array.from([0, 0x7b, 0x4e, 0x2d]), 'utf-16', 1],
    ['GB18030', Uint8Array.from([0x22, ...zhangSan, 0x22]), 'gb18030', 2],
  ])('decides %s by the bytes', (_, bytes, detected, nonAsciiCount) => {
    expect(decodeText(bytes)).toMatchObject({ detected, nonAsciiCount, isBroken: false })
  })

  it('lets a label decide only where few characters could be either', () => {
    // C4 A3 is U+0123 in UTF-8 and 模 in GB18030.
    const few = Uint8Array.from([0xc4, 0xa3])
    expect(decodeText(few).detected).toBe('utf-8')
    expect(decodeText(few, { label: 'GBK' })).toMatchObject({ detected: 'gb18030', text: '模' })
    expect(decodeText(utf8('急性心肌梗死'), { label: 'GBK' }).detected).toBe('utf-8')
  })

  it('reads a text with a damaged spot in what the rest is in, and says so', () => {
    const damaged = Uint8Array.from([...utf8('"检验申请单号"'), 0xff, ...utf8('"结果"')])
    expect(decodeText(damaged)).toMatchObject({ detected: 'utf-8', isBroken: true })
    expect(decodeText(Uint8Array.from([0xff, 0xff, 0xff, 0xff]))).toMatchObject({ detected: 'unknown', isBroken: true })
  })

  it('drops the piece of a character that a limit cut, and nothing else', () => {
    const cut = utf8('检验').subarray(0, 5)
    expect(decodeText(cut, { isCut: true })).toMatchObject({ text: '检', isBroken: false })
    expect(decodeText(cut).text).not.toContain('检')
  })

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.boolean(),
        fc.option(fc.constantFrom('gbk', 'latin1', 'x')),
        (bytes, isCut, label) => {
          expect(typeof decodeText(bytes, { isCut, label }).text).toBe('string')
        },
      ),
    )
  })
})

describe('charsetFactsOf', () => {
  const gbText = decodeText(Uint8Array.from(zhangSan))
  const claim = { declared: null, assumed: 'utf-8', delimiterInTrail: false } as const

  it.each([
    ['no label, and the standard has another', gbText, claim, 'contradicts'],
    ['no label, and the standard has none', gbText, { ...claim, assumed: null }, 'unlabelled'],
    ['a label that lies', gbText, { ...claim, declared: 'utf-8' }, 'contradicts'],
    ['a true label that the standard has not', gbText, { ...claim, declared: 'GBK', allowed: ['utf-8'] as const }, 'odd-label'],
    ['a true label', gbText, { ...claim, declared: 'gb2312' }, 'agrees'],
    ['a label that nobody knows', gbText, { ...claim, declared: 'x-mac' }, 'odd-label'],
    ['a true label, and text that was encoded twice', decodeText(utf8('寮犱紵')), { ...claim, declared: 'utf-8' }, 'garbled'],
    ['ASCII under any known label', decodeText(utf8('a')), { ...claim, declared: 'gbk' }, 'agrees'],
  ])('%s', (_, decoded, what, verdict) => {
    expect(charsetFactsOf(decoded, what).verdict).toBe(verdict)
  })
})

it('finds a delimiter in the second byte of a character, and not beside one', () => {
  // 昞 is 95 5C.
  expect(hasByteInTrail(Uint8Array.from([0x22, 0x95, 0x5c, 0x22]), '\\')).toBe(true)
  expect(hasByteInTrail(Uint8Array.from([0x95, 0x41, 0x5c]), '\\')).toBe(false)
  expect(charsetOfLabel(' GB2312 ')).toBe('gb18030')
})
