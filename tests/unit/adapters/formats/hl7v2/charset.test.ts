import { describe, expect, test } from 'vitest'
import { decode, decodeBytes } from '../../../../../adapters/formats/hl7v2/charset.ts'
import { verdictOn } from '../../../../../adapters/formats/hl7v2/labels.ts'
import { hasByteInTrail } from '../../../../../gateway/model/charset.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const hex = (digits: string) => Uint8Array.from(Buffer.from(digits.replace(/ /g, ''), 'hex'))
/** A header that claims `label`, then `field` as PID-5 in raw bytes. */
const claimed = (label: string, field: Uint8Array) =>
  Uint8Array.from([...utf8(`MSH|^~\\&|A|B|C|D|20260101||ADT^A01|1|P|2.4||||||${label}\rPID|1||1||`), ...field, ...utf8('|M\r')])

// 张三 (D5C5 C8FD) and 李 (C0EE) in GB18030; 弢 is 8F7C: its second byte is the field separator.
const zhangSan = hex('d5c5c8fd')
const tao = hex('8f7c')

describe('character set by the bytes', () => {
  test('no byte above 127 is ASCII', () => {
    expect(decode(utf8('MSH|^~\\&|A'))).toMatchObject({ detected: 'ascii', nonAsciiCount: 0, text: 'MSH|^~\\&|A' })
  })

  test('UTF-8 with and without a byte order mark', () => {
    expect(decode(utf8('患者张三丰住院'))).toMatchObject({ detected: 'utf-8', nonAsciiCount: 7, text: '患者张三丰住院' })
    expect(decode(Uint8Array.from([0xef, 0xbb, 0xbf, ...utf8('MSH|')]))).toMatchObject({ detected: 'utf-8', text: 'MSH|' })
  })

  test('characters beyond the basic plane count once', () => {
    expect(decode(utf8('王𠮷王𠮷王𠮷')).nonAsciiCount).toBe(6)
    expect(decode(claimed('GB18030', hex('cdf5 9534 8434'))).nonAsciiCount).toBe(2)
  })

  test('UTF-16 in both orders, with and without a byte order mark', () => {
    const little = Buffer.from('MSH|张', 'utf16le')
    const big = Buffer.from(little).swap16()
    for (const body of [little, big, Buffer.concat([hex('fffe'), little]), Buffer.concat([hex('feff'), big])])
      expect(decode(body)).toMatchObject({ detected: 'utf-16', text: 'MSH|张', nonAsciiCount: 1 })
  })

  test('GB18030 whatever the label says, when the bytes are no UTF-8', () => {
    for (const label of ['GB 18030-2000', 'GBK', 'UNICODE UTF-8', '', 'UNICODE'])
      expect(decode(claimed(label, zhangSan)), label).toMatchObject({ detected: 'gb18030', nonAsciiCount: 2 })
    expect(decode(claimed('GBK', zhangSan)).text).toContain('||张三|M')
  })

  test('one rare character is GB18030, its second byte no separator', () => {
    expect(decode(claimed('', tao))).toMatchObject({ detected: 'gb18030' })
    expect(decode(claimed('', tao)).text).toContain('||弢|M')
  })

  test('few GB18030 characters that happen to be valid UTF-8 follow their label, and without one the commoner reading', () => {
    // C4A7 is 魔 in GB18030 and a Latin letter with stroke (U+0127) in UTF-8; C2A5 is 楼 and a yen sign.
    const chance = hex('c2a5c4a7')
    expect(decode(claimed('GBK', chance)).text).toContain('||楼魔|M')
    expect(decode(claimed('', chance)).text).toContain('||楼魔|M')
    expect(decode(claimed('UNICODE UTF-8', chance)).text).toContain('||¥ħ|M')
    expect(decode(claimed('', utf8('张三'))).text).toContain('||张三|M')
    expect(decode(claimed('GBK', utf8('张三'))).detected).toBe('utf-8')
  })

  test('accented Latin letters', () => {
    const latin = Uint8Array.from(Buffer.from('M\u00fcller, Ren\u00e9e', 'latin1'))
    for (const label of ['8859/1', '', 'UNICODE UTF-8']) {
      expect(decode(claimed(label, latin)), label).toMatchObject({ detected: 'iso-8859-1', nonAsciiCount: 2 })
      expect(decode(claimed(label, latin)).text).toContain('Müller, Renée')
    }
  })

  test('the label is found behind characters whose second byte is the separator', () => {
    // E97C alone would pass for an accented letter and a separator: only the label tells, and it stands in field 18 of GB18030.
    const body = (label: string) =>
      Buffer.concat([utf8('MSH|^~\\&|A'), hex('e97c'), utf8(`|B|C|D|20260101||ADT^A01|1|P|2.4||||||${label}\rPID|1\r`)])
    expect(decode(body('GB 18030-2000'))).toMatchObject({ detected: 'gb18030', nonAsciiCount: 1 })
    expect(decode(body(''))).toMatchObject({ detected: 'iso-8859-1', nonAsciiCount: 1 })
  })

  test('a line in another character set is told and still read', () => {
    const body = Buffer.concat([
      utf8('MSH|^~\\&|检验科系统\rPID|1||张三丰\rNTE|1||'),
      zhangSan,
      utf8('\rNTE|2||'),
      hex('ff80'),
      utf8('\r'),
    ])
    const decoded = decode(body)
    expect(decoded.detected).toBe('utf-8')
    expect(decoded.text).toContain('NTE|1||张三\r')
    expect(decoded.brokenAt.map((at) => decoded.text.slice(at, at + 5))).toEqual(['NTE|1', 'NTE|2'])
  })

  test('bytes that fit nothing', () => {
    expect(decode(hex('81ff0dff80'))).toMatchObject({ detected: 'unknown' })
  })

  test('second bytes that equal a delimiter', () => {
    const all = '|^~\\&'
    expect(hasByteInTrail(tao, all)).toBe(true)
    expect(hasByteInTrail(hex('955c'), all)).toBe(true)
    expect(hasByteInTrail(hex('d5c57c'), all)).toBe(false)
    // The second half of a four-byte character is a lead and a digit, never a delimiter.
    expect(hasByteInTrail(hex('95348434 7c'), all)).toBe(false)
  })

  test('escaped bytes', () => {
    expect(decodeBytes(utf8('张'), 'utf-8')).toBe('张')
    expect(decodeBytes(zhangSan, 'gb18030')).toBe('张三')
    expect(decodeBytes(zhangSan, 'utf-8')).toBeNull()
    expect(decodeBytes(zhangSan, 'ascii')).toBe('张三')
  })
})

describe('the label is a claim', () => {
  test.each([
    [null, 'utf-8', 'unlabelled'],
    ['UNICODE UTF-8', 'utf-8', 'agrees'],
    ['UNICODE', 'utf-8', 'agrees'],
    ['UNICODE', 'gb18030', 'contradicts'],
    ['UTF-8', 'utf-8', 'odd-label'],
    ['GBK', 'gb18030', 'odd-label'],
    ['GB 18030-2000', 'gb18030', 'agrees'],
    ['GB18030', 'gb18030', 'odd-label'],
    ['GB 18030-2000', 'utf-8', 'contradicts'],
    ['UNICODE UTF-8', 'gb18030', 'contradicts'],
    ['8859/1', 'iso-8859-1', 'agrees'],
    ['ASCII', 'ascii', 'agrees'],
    ['ASCII', 'utf-8', 'contradicts'],
    ['ASCII~GB 18030-2000', 'gb18030', 'agrees'],
    ['UNICODE UTF-8', 'ascii', 'agrees'],
    ['UTF-8', 'ascii', 'odd-label'],
    ['UNICODE UTF-16', 'ascii', 'contradicts'],
    ['nonsense', 'utf-8', 'odd-label'],
    ['BIG-5', 'gb18030', 'contradicts'],
    ['UNICODE UTF-8', 'unknown', 'contradicts'],
  ] as const)('%s over %s: %s', (declared, detected, verdict) => {
    expect(verdictOn(declared, detected, '~')).toBe(verdict)
  })
})
