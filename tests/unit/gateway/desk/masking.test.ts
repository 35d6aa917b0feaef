import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hl7v2 } from '../../../../adapters/formats/hl7v2/hl7v2.ts'
import { dawn } from '../../../../fixtures/observed/made.ts'
import { decodeWithPlaces } from '../../../../gateway/desk/masking/charset.ts'
import { maskedBytes, maskedText, maskedTree, secretsOf } from '../../../../gateway/desk/masking/masked.ts'
import { hidden, hiddenByContent, starred, tellingOf } from '../../../../gateway/desk/masking/values.ts'

const read = (bytes: Uint8Array) => ({ bytes, document: hl7v2.read(bytes, { at: dawn, timezone: 'Asia/Shanghai' }) })
const message = (...segments: string[]) =>
  ['MSH|^~\\&|HIS|SZPH|LIS|SZPH|20261123083001||ADT^A01|C1|P|2.4|||AL|NE|CHN|UNICODE UTF-8', ...segments].join('\r')
const textOf = (...segments: string[]) => {
  const body = read(Buffer.from(message(...segments)))
  return maskedText(body, secretsOf([body]))
}

describe('a batch of thousands', () => {
  // Each of ten thousand values used to be looked for in each of thousands of lines: the desk answered nobody for half a minute.
  it('is masked while somebody waits for it', () => {
    const patients = Array.from({ length: 4_000 }, (_, i) => [
      `PID|1||P${String(i).padStart(8, '0')}||张${String.fromCharCode(0x4e00 + i)}^||19${50 + (i % 50)}01${10 + (i % 18)}`,
      `OBX|1|TX|X||P${String(i).padStart(8, '0')} 张 ${String.fromCharCode(0x4e00 + i)} 19${50 + (i % 50)}-1-${10 + (i % 18)}`,
    ]).flat()
    const body = read(Buffer.from(message(...patients)))
    const lines = maskedText(body, secretsOf([body])).split('\n')
    expect(lines.slice(1, 3)).toEqual(['PID|1||*****0000||张*^||1950****', 'OBX|1|TX|X||*****0000 张** 1950*****'])
    expect(lines.at(-1)).toMatch(/^OBX\|1\|TX\|X\|\|\*{5}3999 张\*\* 1999\*{5}$/)
  })
})

describe('a value that stands elsewhere in other words', () => {
  const shown = (text: string, ...found: Parameters<typeof tellingOf>[0]) =>
    starred(text, hiddenByContent(text, tellingOf(found)))
  it('is hidden: a name with blanks, the name behind a DICOM name, a family and a given name', () => {
    expect(shown('张　三丰 张 三 丰', { identity: 'name', value: '张三丰' })).toBe('张*** 张****')
    expect(shown('患者张三丰', { identity: 'name', value: 'Zhang^San Feng=张^三丰' })).toBe('患者张**')
    const parts = [{ identity: 'name', value: '张' } as const, { identity: 'given', value: '三丰' } as const]
    expect(shown('患者张三丰', ...parts)).toBe('患者张**')
    expect(shown('患者张三丰', ...parts.toReversed())).toBe('患者张**')
  })
  it('is hidden: a date however it is written, and the one in an identity number', () => {
    const born = { identity: 'birth', value: '19700105' } as const
    expect(shown('1970-01-05 1970/1/5 1970年1月5日 1970.01.05', born)).toBe('1970****** 1970**** 1970****日 1970******')
    expect(shown('1971-01-05 1970-01-15 219700105', { ...born, value: '1970-01-05' })).toBe('1971-01-05 1970-01-15 219700105')
    expect(shown('生于1970-01-01', { identity: 'id', value: '990000197001010018' })).toBe('生于1970******')
  })
  it('is hidden: the number at the end of a reference; a word that is no number is none', () => {
    expect(shown('病历 P0000123', { identity: 'id', value: 'Patient/P0000123' })).toBe('病历 ****0123')
    expect(shown('an Observation', { identity: 'id', value: 'Observation' })).toBe('an Observation')
  })
  it('is hidden where it looks like an address; a line of a device is none', () => {
    expect(shown('住深圳市南山区科苑路15号')).toBe('*************')
    expect(shown('输液通路1号')).toBe('输液通路1号')
  })
})

describe('a value by what it identifies', () => {
  it('keeps what domain.md 4.5 lets people see', () => {
    const shown = (identity: Parameters<typeof hidden>[0], value: string) => starred(value, hidden(identity, value))
    expect(shown('name', '张三丰')).toBe('张**')
    expect(shown('name', '欧阳若兰')).toBe('欧阳**')
    expect(shown('name', '张三')).toBe('张*')
    expect(shown('name', '阿依古丽·买买提')).toBe('阿*******')
    expect(shown('name', 'Smith')).toBe('S****')
    expect(shown('id', '990000197001010018')).toBe('**************0018')
    expect(shown('id', 'P0001')).toBe('***01')
    expect(shown('phone', '13800001234')).toBe('138****1234')
    expect(shown('birth', '19700101')).toBe('1970****')
    expect(shown('address', '东门南路17号')).toBe('*******')
    for (const identity of ['name', 'id', 'phone', 'birth', 'address', 'all'] as const) expect(shown(identity, '')).toBe('')
  })
})

describe('free text', () => {
  it('hides identity cards and telephone numbers however they are written, and no order numbers or times', () => {
    const shown = (text: string) => starred(text, hiddenByContent(text, []))
    expect(shown('身份证440301199001011234,')).toBe('身份证**************1234,')
    expect(shown('证号４４０３０１１９９００１０１１２３４')).toBe('证号**************１２３４')
    expect(shown('old 440301900101123.')).toBe('old ***********1123.')
    expect(shown('44030119900101123x')).toBe('**************123x')
    expect(shown('tel 13800001234')).toBe('tel 138****1234')
    expect(shown('tel 138 0000 1234')).toBe('tel 138 **** 1234')
    expect(shown('+86-138-0000-1234')).toBe('+86-138-****-1234')
    expect(shown('0755-12345678')).toBe('0755-******78')
    for (const plain of [
      'O20261123000123',
      '20261123083001',
      'HIS202611230000001',
      '201399199913991234',
      '58410-2',
      '1.2.840.10008',
    ]) {
      expect(shown(plain)).toBe(plain)
    }
  })
})

describe('a message', () => {
  it('hides a name that its free text repeats, whole or in parts that stand apart in PID-5', () => {
    const text = textOf(
      'PID|1||MRN12345^^^H^MR||张^三丰||19700101',
      'NTE|1|L|已告知张三丰,MRN12345',
      'OBX|1|TX|X||zhang 张 三丰',
    )
    expect(text).toContain('PID|1||****2345^^^H^MR||张^**||1970****')
    expect(text).toContain('已告知张**,****2345')
    expect(text).not.toContain('三丰')
  })
  it('hides embedded files, queries for patients and the lines that are no segments', () => {
    const text = textOf('OBX|1|ED|PDF||^AP^^Base64^JVBERi0xLjQK', 'QPD|Q22|1|@PID.5.1^王五~@PID.3.1^P777', 'this line is 李四')
    expect(text).not.toMatch(/JVBER|王五|P777|李四/)
    expect(text).toContain('OBX|1|ED|PDF||^AP^^Base64^************')
  })
  it('follows the delimiters that the message declares', () => {
    const body = read(Buffer.from('MSH#:~\\&#A#B#C#D#20261123083001##ADT:A01#C1#P#2.4\rPID#1##P0001::::MR##张三丰:无忌'))
    expect(maskedText(body, secretsOf([body]))).toContain('PID#1##***01::::MR##张**:**')
  })
  it('shows only structure where it isn’t HL7 v2, or where the bytes are of no charset', () => {
    const other = read(Buffer.from('{"name":"张三丰","id":"P0001"}'))
    expect(maskedText(other, [])).toBe('{"****":"***","**":"*****"}')
    expect(Buffer.from(maskedBytes(other, []).bytes).toString()).toMatch(/^\*+$/)
    const broken = read(Buffer.concat([Buffer.from(message('PID|1||P0001||Doe')), Buffer.from([0xff, 0xfe, 0x80, 0xff])]))
    expect(decodeWithPlaces(broken.bytes, 'utf-8')).toBeNull()
    expect(maskedText(broken, secretsOf([broken]))).not.toContain('P0001')
  })
  it('hides every value of a format that has no rules yet', () => {
    const document = { ...read(Buffer.from(message('PID|1||P0001'))).document, format: 'json' }
    const leaves = JSON.stringify(maskedTree({ bytes: new Uint8Array(0), document }, []))
    expect(leaves).not.toContain('P0001')
    expect(leaves).not.toContain('20261123083001')
  })
})

describe('any message', () => {
  const hanzi = fc
    .array(fc.constantFrom(...'张王李赵陈杨黄周吴徐明华丽强伟芳娜敏静磊'), { minLength: 2, maxLength: 5 })
    .map((letters) => letters.join(''))
  const digits = (length: number) =>
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((d) => d.join(''))
  const person = fc.record({
    name: hanzi,
    mrn: digits(9),
    phone: digits(8).map((rest) => `139${rest}`),
    street: fc.tuple(hanzi, digits(3)).map(([a, b]) => `${a}路${b}号`),
  })
  it('hides the same patient in tree, text and bytes, in UTF-8 and GB18030, and moves no byte', () => {
    const fromGb = gb18030Bytes()
    fc.assert(
      fc.property(person, fc.boolean(), fc.constantFrom('\r', '\n', '\r\n'), ({ name, mrn, phone, street }, isGb, end) => {
        const label = isGb ? 'GB 18030-2000' : 'UNICODE UTF-8'
        const words = [
          `MSH|^~\\&|HIS|SZPH|LIS|SZPH|20261123083001||ADT^A01|C1|P|2.4|||AL|NE|CHN|${label}`,
          `PID|1||${mrn}^^^H^MR||${name}||19700101|M|||${street}^^深圳市||${phone}`,
          `NTE|1|L|患者${name}住${street},电话${phone},号${mrn}`,
        ].join(end)
        const body = read(isGb ? fromGb(words) : Buffer.from(words))
        const secrets = secretsOf([body])
        const { bytes, ranges } = maskedBytes(body, secrets)
        const text = maskedText(body, secrets)
        const tree = JSON.stringify(maskedTree(body, secrets))
        const hex = new TextDecoder(isGb ? 'gb18030' : 'utf-8').decode(bytes)
        for (const value of [name, mrn, phone, street])
          for (const view of [text, tree, hex]) expect(view.includes(value)).toBe(false)
        expect(bytes.length).toBe(body.bytes.length)
        const isHidden = (i: number) => ranges.some(({ start, end: stop }) => i >= start && i < stop)
        for (const [i, byte] of bytes.entries()) expect(byte).toBe(isHidden(i) ? 0x2a : body.bytes[i])
        expect(text).toContain('深圳市')
      }),
      { numRuns: 60 },
    )
  })
  it('never makes a view throw, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (noise, hasHead) => {
        const body = read(hasHead ? Buffer.concat([Buffer.from(message('PID|1||')), noise]) : noise)
        const secrets = secretsOf([body])
        maskedText(body, secrets)
        maskedTree(body, secrets)
        expect(maskedBytes(body, secrets).bytes.length).toBe(body.bytes.length)
      }),
      { numRuns: 300 },
    )
  })
})

/** GB 18030 of the characters that these tests use, by turning the decoder round. */
function gb18030Bytes(): (text: string) => Uint8Array {
  const decoder = new TextDecoder('gb18030')
  const bytesOf = new Map<string, readonly number[]>()
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) bytesOf.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail])
  }
  return (text) =>
    Uint8Array.from(
      [...text].flatMap((letter) => (letter.charCodeAt(0) < 128 ? [letter.charCodeAt(0)] : (bytesOf.get(letter) ?? []))),
    )
}
