import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { Message } from 'node-hl7-client'
import { describe, expect, test } from 'vitest'
import { splitBatch } from '../../../../../adapters/formats/hl7v2/batch.ts'
import { hl7v2 } from '../../../../../adapters/formats/hl7v2/hl7v2.ts'
import type { TreeNode } from '../../../../../gateway/model/document.ts'
import { escaped } from './writing.ts'

const hints = { at: 0, timezone: 'Asia/Shanghai' }
const folder = resolve(import.meta.dirname, '../../../../../fixtures/messages')
const fixtures = readdirSync(folder).flatMap((source) =>
  readdirSync(resolve(folder, source))
    .filter((name) => !/\.(?:json|csv|xml)$/.test(name))
    .map((name) => `${source}/${name}`),
)
const load = (name: string) => new Uint8Array(readFileSync(resolve(folder, name)))
const zh = (name: string) => load(`zh-synthetic/${name}`)
const read = (text: string) => hl7v2.read(new TextEncoder().encode(text), hints)
const codesOf = (text: string) =>
  read(text)
    .facts()
    .defects.map((d) => (d.path === null ? d.code : `${d.code} ${d.path}`))
const head = 'MSH|^~\\&|HIS|SZPH|LIS|SZPH|20261123083001||ORU^R01|C1|P|2.4'

/** A segment with the given fields, by number. */
function segment(name: string, fields: Readonly<Record<number, string>>): string {
  const last = Math.max(...Object.keys(fields).map(Number))
  return [name, ...Array.from({ length: last }, (_, i) => fields[i + 1] ?? '')].join('|')
}

/** Everything that can be asked of a document. */
function askAll(body: Uint8Array): void {
  const document = hl7v2.read(body, hints)
  document.facts()
  document.text()
  document.shape()
  document.tree()
  for (const path of ['MSH-1', 'MSH-2', 'MSH-9.1', 'PID-3[2].4.1', 'OBX[2]-5', 'nonsense', 'PID-0', 'ZZZ-1']) document.get(path)
  splitBatch(body)
}

describe('recorded messages', () => {
  test.each(fixtures)('%s is read', (name) => {
    const facts = hl7v2.read(load(name), hints).facts()
    askAll(load(name))
    const isBad = /empty|missing_all_fields|missing_msh-9/.test(name) && !name.includes('NBS')
    if (isBad) return
    expect(facts.type).toMatch(/^[A-Z]{3}(\^[A-Z0-9]{3})?$/)
    expect(facts.version).toMatch(/^2\.\d(\.\d)?$/)
    expect(facts.charset.detected).not.toBe('unknown')
  })

  test('every entry of the Chinese index has its type and character set', () => {
    const index: readonly { file: string; message: string; bytesEncoding: string; declaredCharset: string }[] = JSON.parse(
      readFileSync(resolve(folder, 'zh-synthetic/INDEX.json'), 'utf8'),
    )
    expect(index.length).toBeGreaterThan(40)
    for (const entry of index) {
      const { type, charset } = hl7v2.read(zh(entry.file), hints).facts()
      expect(type, entry.file).toBe(entry.message.split('^').slice(0, 2).join('^'))
      expect(charset.declared ?? '', entry.file).toBe(entry.declaredCharset)
      if (charset.detected !== 'ascii') expect(charset.detected, entry.file).toBe(entry.bytesEncoding)
    }
  })

  test.each([
    ['35_charset__charset_ok_utf8', 'agrees'],
    ['36_charset__charset_ok_gb18030', 'agrees'],
    ['37_charset__charset_undeclared_gb18030', 'unlabelled'],
    ['38_charset__charset_mismatch_declared_utf8_bytes_gb18030', 'contradicts'],
    ['39_charset__charset_mismatch_declared_gb18030_bytes_utf8', 'contradicts'],
    ['40_charset__charset_nonstandard_label_gbk', 'odd-label'],
    ['41_charset__charset_ambiguous_unicode_label', 'agrees'],
  ])('%s: the label %s', (name, verdict) => {
    const document = hl7v2.read(zh(`${name}.hl7`), hints)
    expect(document.facts().charset.verdict).toBe(verdict)
    expect(document.get('PID-5.1')).toBe('王𠮷')
    expect(document.get('NTE-3')).toBe('标本轻度溶血,㐂龘𠮷测试')
  })

  test.each([
    ['42_charset__gb18030_delimiter_trail7C_pipe', '王弢'],
    ['43_charset__gb18030_delimiter_trail5C_backslash', '赵昞'],
    ['44_charset__gb18030_delimiter_trail7E_tilde', '皛'],
    ['45_charset__gb18030_delimiter_trail5E_caret', '猑'],
  ])('%s: a second byte that is a delimiter splits nothing', (name, part) => {
    const document = hl7v2.read(zh(`${name}.hl7`), hints)
    expect(document.facts().charset.delimiterInTrail).toBe(true)
    expect(document.facts().defects).toEqual([])
    expect(document.get('PID-5.1')).toContain(part.at(-1))
    expect(document.get('PID-5.7')).toBe('L')
    expect(document.get('PID-8')).toBe('M')
  })

  test('agrees with node-hl7-client where both can read', () => {
    const paths = ['PID.3.1', 'PID.5.2', 'PID.7', 'PID.8', 'OBR.4.1', 'OBX.3.1', 'OBX.5', 'MSH.10', 'PV1.2']
    let compared = 0
    for (const name of fixtures.filter((f) => f.startsWith('balneario') || f.startsWith('microsoft'))) {
      const text = new TextDecoder()
        .decode(load(name))
        .trim()
        .split(/\r?\n/)
        .filter((line) => line !== '')
        .join('\r')
      // Its reading of escapes and of MSH-2 differs by its own account; `toString` is its first leaf.
      if (text.replace(/^MSH.{5}/, '').includes('\\')) continue
      const ours = read(text)
      let theirs: Message
      try {
        theirs = new Message({ text })
      } catch {
        continue // It refuses messages that lack a field it requires.
      }
      for (const path of paths) {
        const [segment = '', field = '', component = '1'] = path.split('.')
        // With several segments of a name it reads the last one's field or none: only single ones compare.
        if (text.split('\r').filter((line) => line.startsWith(segment)).length !== 1) continue
        const mine = ours.get(`${segment}-${field}.${component}.1`) ?? ''
        expect(theirs.get(path).toString(), `${name} ${path}`).toBe(mine)
        compared++
      }
    }
    expect(compared).toBeGreaterThan(500)
  })
})

describe('facts', () => {
  test('an order result: keys with who assigned them, times, codes', () => {
    const facts = hl7v2.read(zh('03_lis-emr-result__ORU_R01_cbc_final.hl7'), hints).facts()
    expect(facts).toMatchObject({
      type: 'ORU^R01',
      version: '2.4',
      controlId: 'LIS202611230000077',
      sender: 'LIS|SZPH',
      receiver: 'EMR|SZPH',
      sequence: null,
      ack: null,
    })
    expect(facts.keys).toEqual(
      expect.arrayContaining([
        { kind: 'control', value: 'LIS202611230000077', authority: 'LIS|SZPH' },
        { kind: 'patient', value: 'P0001', authority: 'SZPH' },
        { kind: 'patient', value: '990000197001010018', authority: 'CN' },
        { kind: 'placer', value: 'O20261123000123', authority: 'HIS' },
        { kind: 'filler', value: 'R20261123000088', authority: 'LIS' },
      ]),
    )
    expect(facts.stamps[0]).toEqual({
      path: 'MSH-7',
      kind: 'message',
      at: Date.parse('2026-11-23T09:15:30+08:00'),
      resolutionMs: 1000,
      hasZone: false,
    })
    expect(facts.stamps.map((s) => s.path)).toContain('OBX[2]-14')
    expect(facts.codes).toContainEqual({ path: 'OBX-3.1', value: 'HGB' })
    // OBX-19 of this fixture holds an instrument's name: a field moved by one.
    expect(facts.defects.map((d) => `${d.code} ${d.path}`)).toEqual(['HL7_BAD_TIMESTAMP OBX-19', 'HL7_BAD_TIMESTAMP OBX[2]-19'])
  })

  test.each([
    [segment('PV1', { 2: 'I', 19: 'V1^^^SZPH&1.2&ISO^VN' }), 'visit', 'V1', 'SZPH'],
    [segment('PV1', { 2: 'I', 19: '""', 50: 'V2^^^HIS' }), 'visit', 'V2', 'HIS'],
    ['ORC|NW|P1^HIS|F1^^1.2.3^ISO|G1^HIS', 'group', 'G1', 'HIS'],
    ['ORC|NW|P1^HIS|F1^^1.2.3^ISO|G1^HIS', 'filler', 'F1', '1.2.3'],
    [segment('OBR', { 18: 'A20261123' }), 'accession', 'A20261123', null],
    ['IPC|ACC1^RIS|RP1|1.2.840.1|SPS', 'study', '1.2.840.1', null],
    ['IPC|ACC1^RIS|RP1|1.2.840.1|SPS', 'accession', 'ACC1', 'RIS'],
    ['ZDS|2.25.1001^RIS^Application^DICOM', 'study', '2.25.1001', 'RIS'],
    ['SPM|1|S2026112300456^HIS||BLD', 'specimen', 'S2026112300456', 'HIS'],
    ['SPM|1|S1&HIS^L77&LIS||BLD', 'specimen', 'L77', 'LIS'],
    ['SAC|||T100^LIS', 'specimen', 'T100', 'LIS'],
    ['OBR|1||2026112300456|GLU', 'specimen', '2026112300456', null],
    ['SCH|AP1^APP|OP1^AIMS', 'surgery', 'OP1', 'AIMS'],
    ['SCH|AP1^APP|OP1^AIMS', 'appointment', 'AP1', 'APP'],
    ['BPX|1|RA|F|20261123103900|=W1234260000120^^BLOODCTR^ISO', 'donation', '=W1234260000120', 'BLOODCTR'],
    ['BTX|1|=W1234260000121', 'donation', '=W1234260000121', null],
    [segment('OBX', { 3: '147842', 5: '88', 18: 'DEV1^GW' }), 'device', 'DEV1', 'GW'],
    [segment('TXA', { 2: 'CN', 12: 'DOC1^EMR' }), 'document', 'DOC1', 'EMR'],
    [segment('RXE', { 2: 'YP1^x', 15: 'RX9' }), 'prescription', 'RX9', null],
    ['MRG|P9001^^^SZPH&2.16&ISO^MR', 'patient', 'P9001', 'SZPH'],
    ['PID|1||X1^^^A^XX~N1^^^CN^NI~M1^^^H^MR', 'patient', 'M1', 'H'],
    ['PID|1||U1', 'patient', 'U1', null],
  ] as const)('%s holds %s %s', (line, kind, value, authority) => {
    const keys = read(`${head}\r${line}\r`).facts().keys
    expect(keys.filter((k) => k.kind === kind)).toContainEqual({ kind, value, authority })
  })

  test('a typed identifier is chosen by its type, wherever it stands; others are left out', () => {
    const keys = read(`${head}\rPID|1||X1^^^A^XX~M1^^^H^MR\r`).facts().keys
    expect(keys.filter((k) => k.kind === 'patient').map((k) => k.value)).toEqual(['M1'])
  })

  test('an order number is a tube only where nothing else can be: digits, nobody assigning it, no order segment', () => {
    const specimens = (text: string) =>
      read(`${head}\r${text}\r`)
        .facts()
        .keys.filter((k) => k.kind === 'specimen')
    expect(specimens('OBR|1||2026112300456^LIS|GLU')).toEqual([])
    expect(specimens('ORC|RE\rOBR|1||2026112300456|GLU')).toEqual([])
    expect(specimens('OBR|1||R2026112300456|GLU')).toEqual([])
  })

  test('acknowledgments: new ERR, old ERR, text alone, acceptance', () => {
    const ack = (name: string) => hl7v2.read(zh(name), hints).facts().ack
    expect(ack('31_ack__ACK_AA.hl7')).toEqual({ code: 'AA', answersId: 'HIS202611230000001', errors: [] })
    expect(ack('32_ack__ACK_AE_unknown_drug.hl7')).toMatchObject({ code: 'AE', errors: [{ code: '103', location: 'RXE^1^2' }] })
    expect(ack('33_ack__ACK_AR_version.hl7')).toMatchObject({ code: 'AR', errors: [{ code: '203', location: 'MSH^1^12' }] })
    expect(read(`${head}\rMSA|AE|X1|database is locked\r`).facts().ack).toMatchObject({
      code: 'AE',
      answersId: 'X1',
      errors: [{ code: null, location: null, textDigest: expect.stringMatching(/^lock-[0-9a-f]{12}$/) }],
    })
  })

  test('the words that name a cause count wherever an ERR or MSA-6 has them', () => {
    const digest = (segments: string) => read(`${head}\r${segments}\r`).facts().ack?.errors[0]?.textDigest
    expect(digest('MSA|AE|X1\rERR||PID^1|207^Application internal error^HL70357|E||||database is locked')).toMatch(/^lock-/)
    expect(digest('MSA|AE|X1\rERR||PID^1|207|E|||database is locked|请联系管理员')).toMatch(/^lock-/)
    expect(digest('MSA|AE|X1\rERR||PID^1|207^Application internal error^HL70357^D40^诊断编码未收录^L')).toMatch(/^code-/)
    expect(digest('MSA|AE|X1\rERR||PID^1|207|E|T9^token expired')).toMatch(/^auth-/)
    expect(digest('MSA|AE|X1|no|||207^API rate limit exceeded')).toMatch(/^rate-/)
  })

  test('the digest of an error text ignores its numbers and tells wordings apart', () => {
    const digest = (text: string) => read(`${head}\rMSA|AE|X1|${text}\r`).facts().ack?.errors[0]?.textDigest
    expect(digest('Order 4711 is  unknown')).toBe(digest('order 12 is unknown'))
    expect(digest('order 12 is unknown')).not.toBe(digest('patient 12 is unknown'))
  })

  test('sequence numbers, also those of the protocol', () => {
    expect(read(`${head}|17\r`).facts().sequence).toBe(17)
    expect(read(`${head}|-1\r`).facts().sequence).toBe(-1)
    expect(read(`${head}|x\r`).facts().sequence).toBeNull()
  })

  test('an observation of which only the house has a code says so', () => {
    const observed = (field: string) =>
      read(`${head}\rOBX|1|NM|${field}||5\r`)
        .facts()
        .codes.find(({ path }) => path === 'OBX-3.1')
    for (const field of [
      'GLU',
      'GLU^葡萄糖',
      'GLU^葡萄糖^L',
      'GLU^葡萄糖^99LIS^^^',
      'GLU^葡萄糖^L^GLU^葡萄糖^L',
      'GLU^葡萄糖^L^2345^Glucose',
    ])
      expect(observed(field)).toEqual({ path: 'OBX-3.1', value: 'GLU', isLocal: true })
    for (const field of ['14749-6^Glucose^LN', 'GLU^葡萄糖^L^14749-6^Glucose^LN'])
      expect(observed(field)).not.toHaveProperty('isLocal')
  })

  test('HL7 null is no value', () => {
    const facts = read('MSH|^~\\&|""|""|LIS||""||ORU^R01|""|P|2.4\rORC|""|""\r').facts()
    expect(facts).toMatchObject({ sender: null, controlId: null, keys: [], stamps: [], codes: [] })
  })
})

describe('what is wrong is said, and the rest is read', () => {
  test.each([
    ['', ['HL7_NO_MSH']],
    ['PID|1||1\r', ['HL7_NO_MSH']],
    ['MSH', ['HL7_BAD_DELIMITERS MSH']],
    ['MSHgarbage', ['HL7_BAD_DELIMITERS MSH']],
    ['MSH||A|B\r', ['HL7_BAD_DELIMITERS MSH']],
    ['MSH|^^^^|A\r', ['HL7_BAD_DELIMITERS MSH']],
    ['MSH|^~\\&#|A\r', []],
    [`${head}\rPI`, ['HL7_TRUNCATED PI']],
    [`${head}\rpid|1\r`, ['HL7_BAD_SEGMENT_NAME pid']],
    [`${head}\rOBXX|1\r`, ['HL7_BAD_SEGMENT_NAME OBXX']],
    [`${head}\rOBX|1|TX|A||C:\\temp\r`, ['HL7_BAD_ESCAPE OBX-5']],
    [`${head}\rOBX|1|TX|A||\\XZZ\\\r`, ['HL7_BAD_ESCAPE OBX-5', 'HL7_BAD_ESCAPE OBX-5']],
    [`${head}\rOBX|1|TX|A||5\\F\\6 \\.br\\ \\Zx\\\r`, []],
    [`${head}\nPID|1\n`, ['HL7_LF_SEGMENT_ENDS']],
    [`${head}\r\nPID|1\r\n`, ['HL7_CRLF_SEGMENT_ENDS']],
    [`${head}\rPID|1\nPV1|1\r`, ['HL7_MIXED_SEGMENT_ENDS']],
    [`${head}\r\rPID|1\r`, ['HL7_BLANK_LINE']],
    [`${head}\rOBX|1|TX|A||line one\nline two|x\rPV1|1\r`, ['HL7_LINE_BREAK_IN_FIELD OBX']],
    [`\u000b${head}\r\u001c\r`, ['HL7_LEADING_BYTES', 'HL7_TRAILING_BYTES']],
    [` ${head}\r`, ['HL7_LEADING_BYTES']],
    [`${head}\rPID|1\r${head}\rPID|2\r`, ['HL7_SECOND_MSH']],
    [`FHS|^~\\&|X\rBHS|^~\\&|X\r${head}\rBTS|1\r`, ['HL7_BATCH_ENVELOPE']],
    [`${head}\rEVN|A01|20261323\r`, ['HL7_BAD_TIMESTAMP EVN-2']],
    [`${head}\rZQ1|own|segment\r`, []],
  ])('%j', (text, codes) => {
    expect(codesOf(text)).toEqual(codes)
  })

  test('a segment in another character set', () => {
    const body = Buffer.concat([
      Buffer.from(`${head}||||||UNICODE UTF-8\rPID|1||1||张三丰丰丰丰\rNTE|1||`),
      Buffer.from('d5c5c8fd', 'hex'),
      Buffer.from('\r'),
    ])
    const document = hl7v2.read(body, hints)
    expect(document.facts().defects.map((d) => `${d.code} ${d.path}`)).toEqual(['HL7_CHARSET_BROKEN NTE'])
    expect(document.get('NTE-3')).toBe('张三')
  })

  test('a body cut inside a character is truncated, not broken', () => {
    const whole = Buffer.from(`${head}||||||UNICODE UTF-8\rPID|1||1||张三丰丰丰丰`)
    const facts = hl7v2.read(whole.subarray(0, whole.length - 1), { ...hints, bodyBytes: whole.length }).facts()
    expect(facts.defects.map((d) => d.code)).toEqual(['HL7_TRUNCATED'])
    expect(facts.charset.detected).toBe('utf-8')
  })

  test('lines of a report belong to their field', () => {
    const document = read(`${head}\rOBX|1|TX|A||line one\nline two\r\nline three|x\rPV1|1\r`)
    expect(document.get('OBX-5')).toBe('line one\nline two\nline three')
    expect(document.get('OBX-6')).toBe('x')
    expect(document.get('PV1-1')).toBe('1')
  })

  test('a message that is wrong in every line tells a bounded number of defects, and a report of many lines one', () => {
    const wrong = `${head}\n${'pid|1\n'.repeat(20_000)}`
    expect(read(wrong).facts().defects.length).toBeLessThanOrEqual(50)
    expect(splitBatch(new TextEncoder().encode(`${head}|||\rBTS|1\r`.repeat(5000)))).toHaveLength(5000)
    expect(codesOf(`${head}\rOBX|1|TX|A||${'line\n'.repeat(500)}|x\r`)).toEqual(['HL7_LINE_BREAK_IN_FIELD OBX'])
  })

  test('no defect carries a value', () => {
    for (const name of fixtures)
      for (const { text } of hl7v2.read(load(name), hints).facts().defects) expect(text).toMatch(/^[A-Z][\x20-\x7e]+\.$/)
  })
})

describe('paths, shape and text', () => {
  const document = read(`${head}\rPID|1||A^^^H&1.2&ISO^MR~B^^^N^NI||O\\T\\Neil^Jo||""\rOBX|1|ST|X||a\rOBX|2|ST|Y||b~c\r`)

  test.each([
    ['MSH-1', '|'],
    ['MSH-2', '^~\\&'],
    ['MSH-3', 'HIS'],
    ['MSH-9.2', 'R01'],
    ['PID-3', 'A^^^H&1.2&ISO^MR'],
    ['PID-3[2]', 'B^^^N^NI'],
    ['PID-3[3]', null],
    ['PID-3.4.2', '1.2'],
    ['PID-3.1.1', 'A'],
    ['PID-3.2', null],
    ['PID-5.1', 'O&Neil'],
    ['PID-7', '""'],
    ['PID-4', null],
    ['PID-99', null],
    ['OBX-5', 'a'],
    ['OBX[2]-5', 'b'],
    ['OBX[2]-5[2]', 'c'],
    ['OBX[3]-5', null],
    ['ZZZ-1', null],
    ['PID', null],
  ])('%s is %j', (path, value) => {
    expect(document.get(path)).toBe(value)
  })

  test('the shape has raw fields by number', () => {
    expect(document.shape()).toEqual({
      segments: [
        ['MSH', '|', '^~\\&', 'HIS', 'SZPH', 'LIS', 'SZPH', '20261123083001', '', 'ORU^R01', 'C1', 'P', '2.4'],
        ['PID', '1', '', 'A^^^H&1.2&ISO^MR~B^^^N^NI', '', 'O\\T\\Neil^Jo', '', '""'],
        ['OBX', '1', 'ST', 'X', '', 'a'],
        ['OBX', '2', 'ST', 'Y', '', 'b~c'],
      ],
    })
  })

  test('the text has line feeds', () => {
    expect(document.text().split('\n')).toHaveLength(4)
    expect(document.text()).not.toContain('\r')
  })

  test('other delimiters', () => {
    const other = read('MSH#@!%*#HIS#SZPH#LIS##20261123083001##ORU@R01#C1#P#2.4\rPID#1##A@@@H*1.2@MR!B@@@N@NI##O%T%Neil\r')
    expect(other.facts()).toMatchObject({ type: 'ORU^R01', controlId: 'C1', sender: 'HIS|SZPH', defects: [] })
    expect(other.facts().keys.map((k) => `${k.kind} ${k.value} ${k.authority}`)).toEqual([
      'control C1 HIS|SZPH',
      'patient A H',
      'patient B N',
    ])
    expect(other.get('PID-5')).toBe('O*Neil')
  })
})

describe('tree', () => {
  const find = (nodes: readonly TreeNode[], path: string): TreeNode | undefined =>
    nodes.flatMap((n) => (n.path === path ? [n] : [find(n.children, path)])).find((n) => n !== undefined)

  test('names, types and meanings for people', () => {
    const tree = hl7v2.read(zh('42_charset__gb18030_delimiter_trail7C_pipe.hl7'), hints).tree()
    expect(tree.map((n) => n.path)).toEqual(['MSH', 'PID', 'PV1', 'OBR', 'OBX', 'NTE'])
    expect(find(tree, 'PID')?.name).toEqual({ zh: '患者标识', en: 'Patient Identification' })
    expect(find(tree, 'PID-3[2].4')).toMatchObject({
      name: { zh: '分配机构', en: 'Assigning Authority' },
      dataType: 'HD',
      value: 'CN',
    })
    expect(find(tree, 'PID-3.4.1')).toMatchObject({ name: { zh: '命名空间ID', en: 'Namespace ID' }, value: 'SZPH' })
    expect(find(tree, 'PID-5.1')).toMatchObject({ name: { zh: '姓', en: 'Family Name' }, dataType: 'FN', value: '王弢' })
    expect(find(tree, 'PID-8')).toMatchObject({ value: 'M', meaning: { zh: '男', en: 'Male' } })
    expect(find(tree, 'OBX-5')).toMatchObject({ dataType: 'NM', value: '12.3' })
    expect(find(tree, 'MSH-11')).toMatchObject({ value: 'P', meaning: { zh: '生产', en: 'Production' } })
    expect(find(tree, 'MSH-9.2')).toMatchObject({ value: 'R01', meaning: { zh: '检验检查结果主动上报' } })
    expect(find(tree, 'PID-4')).toBeUndefined()
  })

  test('segments that no version has are shown without names', () => {
    const tree = read(`${head}\rZQ1|a^b\r`).tree()
    expect(tree[1]).toMatchObject({
      path: 'ZQ1',
      name: null,
      children: [{ path: 'ZQ1-1', name: null, children: [{ path: 'ZQ1-1.1', value: 'a' }, { value: 'b' }] }],
    })
  })
})

describe('laws', () => {
  const delimiters = { field: '|', component: '^', repetition: '~', escape: '\\', subcomponent: '&', areSound: true }
  const leaf = fc.string({ unit: fc.constantFrom(...'abcXYZ 09|^~\\&#.张弢é𠮷\n\r'), minLength: 1, maxLength: 8 })
  const parts = fc.array(fc.array(fc.array(leaf, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 3,
  })
  const madeUp = fc.record({
    name: fc.stringMatching(/^Z[A-Z0-9]{2}$/),
    fields: fc.array(parts, { minLength: 1, maxLength: 5 }),
  })

  test('what is written is read', () => {
    fc.assert(
      fc.property(fc.array(madeUp, { maxLength: 6 }), (segments) => {
        const lines = segments.map((s) =>
          [
            s.name,
            ...s.fields.map((f) =>
              f.map((r) => r.map((c) => c.map((t) => escaped(t, delimiters)).join('&')).join('^')).join('~'),
            ),
          ].join('|'),
        )
        const document = read([`${head}||||||UNICODE UTF-8`, ...lines].join('\r'))
        const seen = new Map<string, number>()
        for (const s of segments) {
          const count = (seen.get(s.name) ?? 0) + 1
          seen.set(s.name, count)
          s.fields.forEach((f, i) => {
            f.forEach((r, j) => {
              r.forEach((c, k) => {
                c.forEach((t, l) => {
                  expect(document.get(`${s.name}[${count}]-${i + 1}[${j + 1}].${k + 1}.${l + 1}`)).toBe(t)
                })
              })
            })
          })
        }
        expect(document.facts().defects).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  test('no bytes make it throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), askAll), { numRuns: 1000 })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => askAll(Buffer.concat([Buffer.from('MSH|^~\\&|'), tail]))),
      { numRuns: 1000 },
    )
  })

  test('no mutation of a real message makes it throw', () => {
    const bodies = fixtures.map(load).filter((body) => body.length < 5000)
    const change = fc.record({ at: fc.nat(5000), with: fc.uint8Array({ maxLength: 4 }), drop: fc.nat(6) })
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.array(change, { minLength: 1, maxLength: 5 }), (body, changes) => {
        const mutated = changes.reduce((b, c) => {
          const at = c.at % (b.length + 1)
          return Buffer.concat([b.subarray(0, at), c.with, b.subarray(at + c.drop)])
        }, Buffer.from(body))
        askAll(mutated)
      }),
      { numRuns: 1000 },
    )
  })
})
