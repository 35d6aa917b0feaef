import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dicom } from '../../../../../adapters/formats/dicom/dicom.ts'
import { dataSet } from '../../../../support/dicom-writer.ts'

const hints = {
  at: 0,
  timezone: 'Asia/Shanghai',
  envelope: [
    ['command', 'C-FIND-RSP'],
    ['transfer-syntax', '1.2.840.10008.1.2.1'],
  ],
} as const

/** Bytes of GB 2312 and GBK by hand, as Node encodes neither: 张三 d5c5 c8fd, 李昞 c0ee 955c, 头颅平扫 cdb7 c2ad c6bd c9a8. */
const zhang = Buffer.from('d5c5c8fd', 'hex')
const liBing = Buffer.from('c0ee955c', 'hex')

function read(declared: string | null, name: Uint8Array, more: { readonly [attribute: string]: Uint8Array } = {}) {
  const label = declared === null ? {} : { SpecificCharacterSet: declared }
  return dicom.read(dataSet({ ...label, PatientName: even(name), ...more }), hints)
}

function even(bytes: Uint8Array): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(' ')])
}

const esc58 = Buffer.concat([Buffer.from('Zhang^San=\x1b$)A', 'latin1'), zhang])

describe('the character set, against the bytes', () => {
  it.each<readonly [string | null, Uint8Array, string, string, string]>([
    ['ISO_IR 192', Buffer.from('张三'), 'utf-8', 'agrees', '张三'],
    ['GB18030', zhang, 'gb18030', 'agrees', '张三'],
    ['GBK', zhang, 'gb18030', 'agrees', '张三'],
    ['\\ISO 2022 IR 58', esc58, 'gb18030', 'agrees', 'Zhang^San=张三'],
    ['ISO 2022 IR 6\\ISO 2022 IR 58', esc58, 'gb18030', 'agrees', 'Zhang^San=张三'],
    ['ISO_IR 100', Buffer.from('Buc^Jérôme', 'latin1'), 'iso-8859-1', 'agrees', 'Buc^Jérôme'],
    ['ISO_IR 100', Buffer.from('Buc^Jerome'), 'ascii', 'agrees', 'Buc^Jerome'],
    [null, Buffer.from('Buc^Jerome'), 'ascii', 'agrees', 'Buc^Jerome'],
    ['ISO_IR 100', zhang, 'gb18030', 'contradicts', '张三'],
    ['ISO_IR 100', Buffer.from('欧阳若兰平扫'), 'utf-8', 'contradicts', '欧阳若兰平扫'],
    ['ISO_IR 192', zhang, 'gb18030', 'contradicts', '张三'],
    ['GB18030', Buffer.from('欧阳若兰平扫'), 'utf-8', 'contradicts', '欧阳若兰平扫'],
    ['ISO 2022 IR 6', zhang, 'gb18030', 'contradicts', '张三'],
    [null, zhang, 'gb18030', 'unlabelled', '张三'],
    [null, Buffer.from('欧阳若兰'), 'utf-8', 'unlabelled', '欧阳若兰'],
    ['UTF-8', Buffer.from('欧阳若兰'), 'utf-8', 'odd-label', '欧阳若兰'],
    ['GB2312', zhang, 'gb18030', 'odd-label', '张三'],
  ])('%s over its bytes', (declared, name, detected, verdict, text) => {
    const document = read(declared, name, { RequestedProcedureDescription: Buffer.from('CT') })
    expect(document.facts().charset).toMatchObject({ declared, detected, verdict })
    expect(document.get('PatientName')).toBe(text)
  })

  it('reads a value whose character holds the byte of a backslash, and says so', () => {
    const document = read('GB18030', Buffer.concat([Buffer.from('Li^Bing='), liBing]))
    expect(document.get('PatientName.Ideographic')).toBe('李昞')
    expect(document.facts().charset).toMatchObject({ verdict: 'agrees', delimiterInTrail: true, nonAsciiCount: 2 })
  })

  it('is no trap where a backslash divides nothing', () => {
    const document = read('GB18030', zhang, { PatientComments: liBing })
    expect(document.facts().charset.delimiterInTrail).toBe(false)
    expect(document.get('PatientComments')).toBe('李昞')
  })

  it('sees the same trap under a wrong label', () => {
    expect(read('ISO_IR 100', Buffer.concat([zhang, liBing])).facts().charset).toMatchObject({
      verdict: 'contradicts',
      delimiterInTrail: true,
    })
  })

  it('points to the one text that is broken in a message that is sound', () => {
    const document = read('ISO_IR 192', Buffer.from('欧阳若兰平扫'), { RequestedProcedureDescription: zhang })
    expect(document.facts().charset.verdict).toBe('agrees')
    expect(document.facts().defects.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'DICOM_CHARSET_BROKEN RequestedProcedureDescription',
    ])
  })

  it('judges an item by the label of its own', () => {
    const bytes = readFileSync(new URL('../../../../../fixtures/dicom/charset/chrSQEncoding.dcm', import.meta.url))
    const document = dicom.read(bytes, { at: 0, timezone: 'UTC' })
    expect(document.get('RequestedProcedureCodeSequence.PatientName.Ideographic')).toBe('山田^太郎')
    expect(document.facts().charset.verdict).toBe('agrees')
  })

  it.each([
    'Arab',
    'Fren',
    'FrenMulti',
    'Germ',
    'Greek',
    'H31',
    'H32',
    'Hbrw',
    'I2',
    'JapMulti',
    'KoreanMulti',
    'Russ',
    'X1',
    'X2',
  ])('has nothing against the sample chr%s.dcm', (name) => {
    const bytes = readFileSync(new URL(`../../../../../fixtures/dicom/charset/chr${name}.dcm`, import.meta.url))
    expect(dicom.read(bytes, { at: 0, timezone: 'UTC' }).facts().charset.verdict).toBe('agrees')
  })

  it('never throws, whatever the label', () => {
    for (const label of ['', '\\', '\\\\', 'ISO 2022 IR 999', '\\ISO 2022 IR 58\\ISO_IR 192', 'x'.repeat(64)])
      expect(() => read(label, esc58).facts()).not.toThrow()
  })
})
