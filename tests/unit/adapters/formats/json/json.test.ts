import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identifyingOf } from '../../../../../adapters/formats/json/identifying.ts'
import { json } from '../../../../../adapters/formats/json/json.ts'
import type { Hints, TreeNode } from '../../../../../gateway/model/document.ts'
import type { Envelope } from '../../../../../gateway/model/envelope.ts'

const folder = new URL('../../../../../fixtures/messages/other-zh-synthetic/', import.meta.url)
const load = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)))
const base: Hints = { at: Date.UTC(2026, 10, 23), timezone: 'Asia/Shanghai' }
const request = (body: Uint8Array, envelope: Envelope = []) => json.read(body, { ...base, side: 'request', envelope })
const answer = (body: Uint8Array, envelope: Envelope = []) => json.read(body, { ...base, side: 'answer', envelope })
const text = (body: string, envelope: Envelope = []) => request(new TextEncoder().encode(body), envelope)
const codesOf = (body: string) =>
  text(body)
    .facts()
    .defects.map(({ code, path }) => (path === null ? code : `${code} ${path}`))
const keysOf = (document: ReturnType<typeof json.read>) => document.facts().keys.map(({ kind, value }) => `${kind} ${value}`)

/** A record's value, as a consumer gets it. */
function recordValue(name: string): Uint8Array {
  const whole: { value: unknown } = JSON.parse(new TextDecoder().decode(load(name)))
  return new TextEncoder().encode(JSON.stringify(whole.value))
}

describe('the NHSA envelope', () => {
  it('tells the transaction, who asks, the keys and the clock', () => {
    const document = request(load('nhsa-2207-outpatient-settle.req.json'), [
      [':method', 'POST'],
      [':path', '/fsi/api/outpatientSettleService/saveSettletment'],
      ['date', 'Mon, 23 Nov 2026 01:12:44 GMT'],
    ])
    const facts = document.facts()
    expect(facts).toMatchObject({
      type: '2207',
      version: 'V1.0',
      controlId: 'H99000000001202611230912440042',
      sender: 'H99000000001',
      ack: null,
      defects: [],
    })
    expect(keysOf(document)).toEqual([
      'request H99000000001202611230912440042',
      'patient 44030000000000000001',
      'visit MDTRT20261123000042',
      'batch CB20261123000042',
    ])
    const at = Date.UTC(2026, 10, 23, 1, 12, 44)
    expect(facts.stamps.map((s) => [s.path, s.kind, s.at, s.hasZone])).toEqual([
      ['inf_time', 'message', at, false],
      ['msgid', 'message', at, false],
      ['@date', 'message', at, true],
    ])
    expect(document.get('input.data.mdtrt_id')).toBe('MDTRT20261123000042')
    expect(facts.codes).toContainEqual({ path: 'input.data.insutype', value: '310' })
  })

  it.each([
    ['nhsa-2207-outpatient-settle.rsp.ok.json', 'yes', '0'],
    ['nhsa-1101-person-info.rsp.ok.json', 'yes', '0'],
    ['nhsa-2207-outpatient-settle.rsp.fail-dictionary.json', 'no', '-1'],
    ['nhsa-2207-outpatient-settle.rsp.fail-signature.json', 'no', '-1'],
  ])('%s says %s, whatever HTTP says', (name, verdict, code) => {
    const { ack } = answer(load(name), [[':status', '200']]).facts()
    expect(ack).toMatchObject({ verdict, code })
  })

  it('keeps of an error only the digest of its wording, without its numbers', () => {
    const digestOf = (words: string) =>
      answer(new TextEncoder().encode(JSON.stringify({ infcode: -1, inf_refmsgid: '1', err_msg: words }))).facts().ack
        ?.errors[0]?.textDigest
    expect(digestOf('患者 P0001 余额不足 12')).toBe(digestOf('患者 P0002 余额不足 7'))
    expect(digestOf('患者 P0001 余额不足 12')).not.toBe(digestOf('签名验证失败'))
    expect(JSON.stringify(answer(load('nhsa-2207-outpatient-settle.rsp.fail-dictionary.json')).facts().ack)).not.toContain(
      'XJ01',
    )
  })

  it('takes the repeated number for whom it answers only where the sender is repeated', () => {
    const answersId = (id: string) =>
      answer(new TextEncoder().encode(JSON.stringify({ infcode: '0', inf_refmsgid: id, output: {} }))).facts().ack?.answersId
    expect(answersId('440300202611230912440042')).toBeNull()
    expect(answersId('H99000000001202611230912440042')).toBe('H99000000001202611230912440042')
  })
})

describe('REST bodies', () => {
  it('takes type, request id and trace from what stands around a body', () => {
    const document = request(load('rxcheck-emr-cdss.req.json'), [
      [':method', 'POST'],
      [':path', '/rx/check?x=1'],
      ['x-request-id', 'RXC20261123090455001'],
      ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    ])
    expect(document.facts()).toMatchObject({ type: 'POST /rx/check', controlId: 'RXC20261123090455001' })
    expect(keysOf(document)).toContain('trace 0af7651916cd43dd8448eb211c80319c')
    expect(keysOf(document)).toContain('prescription RX20261123000077')
    expect(document.get('prescription.items[0].drugCode')).toBe('YP0001234')
    expect(document.get('diagnoses.code')).toBe('K29.700')
    expect(document.get('@x-request-id')).toBe('RXC20261123090455001')
    expect(document.get('patient.nothing')).toBeNull()
  })

  it('reads a request that has no body at all', () => {
    const facts = text('', [
      [':method', 'GET'],
      [':path', '/drug/YP0001234/instruction'],
    ]).facts()
    expect(facts).toMatchObject({ type: 'GET /drug/{}/instruction', defects: [] })
  })

  it.each([
    ['{"success":false,"code":"E1","message":"x"}', 'no', 'E1'],
    ['{"success":true}', 'yes', 'true'],
    ['{"errcode":40001,"errmsg":"invalid credential"}', 'no', '40001'],
    ['{"errcode":0,"errmsg":"ok"}', 'yes', '0'],
  ])('%s says %s by itself', (body, verdict, code) => {
    expect(answer(new TextEncoder().encode(body)).facts().ack).toMatchObject({ verdict, code })
  })

  it.each([
    '{"code":1,"message":"x"}',
    '{"status":"FAILED"}',
    '{"result":"REJECT"}',
    '{"success":"false"}',
    '[]',
    '3',
  ])('%s leaves it to the contract', (body) => {
    expect(answer(new TextEncoder().encode(body)).facts().ack).toBeNull()
  })

  it('leaves the verdict of an error body to the wire', () => {
    const { ack } = answer(load('rxcheck-emr-cdss.rsp.timeout-504.json')).facts()
    expect(ack?.code).toBe('504')
    expect(ack?.verdict).toBeUndefined()
  })

  it('tells the code of an answer that HTTP calls failed, and leaves the verdict to HTTP', () => {
    const body = new TextEncoder().encode('{"requestId":"R1","code":"MISSING_FIELD","message":"patientId 不能为空"}')
    const failed = answer(body, [[':status', '400']]).facts().ack
    expect(failed).toMatchObject({ code: 'MISSING_FIELD', errors: [{ code: 'MISSING_FIELD' }] })
    expect(failed?.verdict).toBeUndefined()
    expect(answer(body, [[':status', '200']]).facts().ack).toBeNull()
  })

  it('undoes a content coding, and reads a form', () => {
    const packed = request(new Uint8Array(gzipSync('{"visitId":"V1"}')), [['content-encoding', 'gzip']])
    expect(keysOf(packed)).toEqual(['visit V1'])
    const form = text('visitId=V1&name=%E5%BC%A0', [['content-type', 'application/x-www-form-urlencoded']])
    expect(keysOf(form)).toEqual(['visit V1'])
  })

  it('makes no key of what was masked, nor of a number that lost its end', () => {
    expect(keysOf(text('{"patientId":"P***1","visitId":"(masked)","psn_no":44030000000000000001}'))).toEqual([])
  })
})

describe('records', () => {
  it('takes the event for its type', () => {
    const document = request(recordValue('kafka-queue-event.json'), [
      ['topic', 'his.registration.events'],
      ['header.schemaVersion'.toLowerCase(), '3'],
      ['header.traceid', '7f0c2b1de5f94a1c'],
    ])
    expect(document.facts()).toMatchObject({ type: 'CHECKED_IN', version: '3' })
    expect(keysOf(document)).toEqual(['visit V202611230002', 'trace 7f0c2b1de5f94a1c'])
    expect(document.facts().stamps[0]).toMatchObject({
      path: 'occurredAt',
      kind: 'event',
      at: Date.UTC(2026, 10, 23, 0, 15, 5),
    })
  })

  it('takes the producer clock from create-time alone', () => {
    const stampsOf = (type: string) =>
      text('{"eventType":"CALLED"}', [
        ['topic', 't'],
        ['timestamp', '1795392905000'],
        ['timestamp-type', type],
      ]).facts().stamps
    expect(stampsOf('create-time')).toEqual([
      { path: '@timestamp', kind: 'message', at: 1_795_392_905_000, resolutionMs: 1, hasZone: true },
    ])
    expect(stampsOf('log-append-time')).toEqual([])
  })

  it('has the version of a dictionary for a key, and its topic for a type', () => {
    const document = request(recordValue('kafka-dictionary-changed.json'), [['topic', 'mdm.dictionary.changed']])
    expect(document.facts().type).toBe('mdm.dictionary.changed')
    expect(keysOf(document)).toEqual(['document DRUG 2026.11.23.1'])
    expect(document.facts().codes).toContainEqual({ path: 'added', value: 'YP0009999' })
  })

  it('names a change by its table', () => {
    const change = {
      op: 'c',
      before: null,
      after: { visitId: 'V1' },
      source: { db: 'his', table: 'reg_record', ts_ms: 1_795_393_861_000 },
    }
    const facts = text(JSON.stringify({ ...change, ts_ms: 1_795_393_862_000 }), [['topic', 'ods.cdc.his']]).facts()
    expect(facts.type).toBe('his.reg_record c')
    expect(facts.stamps.map((s) => s.kind)).toEqual(['event', 'message'])
  })
})

it('tells what a body says of the books of both ends: a reconciliation, or the row counts of a watermark', () => {
  const reckoningOf = (body: unknown) => answer(new TextEncoder().encode(JSON.stringify(body))).facts().reckoning
  const reconciled = (stmt_rslt: string) => ({ infcode: '0', output: { stmtinfo: { stmt_rslt, stmt_rslt_dscr: '-' } } })
  expect(reckoningOf(reconciled('0'))).toEqual({ agrees: true, counts: [] })
  expect(reckoningOf(reconciled('1'))).toEqual({ agrees: false, counts: [] })
  expect(reckoningOf({ op: 'w', scn: 7, rows: { VISIT: 41, ORDER: 'many' } })).toEqual({
    agrees: null,
    counts: [{ of: 'VISIT', count: 41 }],
  })
  expect(reckoningOf({ op: 'c', table: 'VISIT', rows: { VISIT: 41 } })).toBeUndefined()
  expect(reckoningOf({ infcode: '0', output: { setlinfo: {} } })).toBeUndefined()
})

it('tells that an answer has none of what it was asked for, by its list, its count or its words', () => {
  const hasNone = (body: unknown) => answer(new TextEncoder().encode(JSON.stringify(body))).facts().hasNone
  for (const body of [[], { total: 0, items: [] }, { data: { status: 'NOT_FOUND' } }, { resultMsg: '该包未入库' }])
    expect(hasNone(body)).toBe(true)
  for (const body of [[1], { total: 1 }, { status: 'USABLE' }, { status: 0 }, { note: '不存在' }, { errors: 0 }])
    expect(hasNone(body)).toBeUndefined()
})

it('tells how many of a batch were sent, taken and left, by the names of its numbers', () => {
  const told = (body: unknown, read = answer) => read(new TextEncoder().encode(JSON.stringify(body))).facts().reckoning
  const none = { agrees: null, counts: [] }
  expect(told({ code: 0, data: { total: 30, successCount: 27, fail_count: 3 } })).toEqual({
    ...none,
    sent: 30,
    taken: 27,
    left: 3,
  })
  expect(told({ code: 0, accepted: '12' })).toEqual({ ...none, taken: 12 })
  expect(told({ code: 0, success: true, total: 250 })).toBeUndefined()
  expect(told({ batchNo: 'B1', total: 30, items: [] }, request)).toEqual({ ...none, sent: 30 })
})

describe('files of rows', () => {
  const file: Envelope = [['file', 'out/filedrop-single-disease-20261122.csv']]

  it.each([
    ['filedrop-single-disease-20261122.gb18030.csv', 'gb18030'],
    ['filedrop-single-disease-20261122.utf8-bom.csv', 'utf-8'],
  ])('%s', (name, detected) => {
    const document = request(load(name), file)
    const facts = document.facts()
    expect(facts).toMatchObject({
      type: 'filedrop-single-disease-{}.csv',
      defects: [],
      charset: { detected, verdict: 'unlabelled' },
    })
    expect(keysOf(document)).toEqual(['batch SD20261122'])
    expect(facts.parts).toHaveLength(15)
    expect(facts.parts?.[0]).toEqual({ type: null, keys: [{ kind: 'patient', value: 'B000001', authority: null }], ack: null })
    expect(document.get('rows[2].病种编码')).toBe('STEMI-03')
  })

  const csv = (body: string) => text(body, file)
  const defectsOf = (body: string) =>
    csv(body)
      .facts()
      .defects.map(({ code, path }) => `${code} ${path ?? ''}`.trim())

  it('rejects a row and reads on', () => {
    const document = csv('批次,病案号\r\nSD1,B1\r\nSD1\r\nSD1,"B3, 3"\r\n')
    expect(document.facts().defects.map(({ path }) => path)).toEqual(['rows[1]'])
    expect(document.get('rows[1].病案号')).toBe('B3, 3')
  })

  it.each([
    ['a quote that is never closed', 'a,b\r\n1,2\r\n3,"4\r\n5,6\r\n', ['CSV_ROW_UNREADABLE rows[1]']],
    ['one column twice', 'a,a\r\n1,2\r\n', ['CSV_DUPLICATE_COLUMN']],
    ['tabs', 'a\tb\r\n1\t2\r\n', []],
  ])('reads %s', (_, body, defects) => {
    expect(defectsOf(body)).toEqual(defects)
  })

  it('counts and tells a row once, however much is wrong with it, and rows by where they stand in the file', () => {
    const document = csv('a,b\nx"y"z"w"v,2\n1,2\n3,4"5\n6\n')
    expect(document.facts().defects.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'CSV_ROW_UNREADABLE rows[0]',
      'CSV_ROW_UNREADABLE rows[2]',
      'CSV_ROW_LENGTH rows[3]',
    ])
    expect(document.shape()).toMatchObject({ value: { rows: [{ a: '1', b: '2' }], rowCount: 4 } })
  })

  it('gives up on what is no table: another format under the name of a text file', () => {
    expect(defectsOf('{"a":'.repeat(5_000))).toContain('CSV_TOO_MANY_ROWS')
    expect(defectsOf(`a,b\n${'x"y,2\n'.repeat(10_000)}`)).toContain('CSV_TOO_MANY_ROWS')
  })

  it('reads no more rows and cells than its limits, and says so', () => {
    const many = csv(`a,b\n${'1,2\n'.repeat(60_000)}`)
    expect(many.facts().defects.map(({ code }) => code)).toEqual(['CSV_TOO_MANY_ROWS'])
    expect(many.facts().parts).toHaveLength(1_000)
    const wide = Array.from({ length: 500 }, (_, n) => `c${n}`).join(',')
    expect(defectsOf(`${wide}\n${`${wide}\n`.repeat(2_000)}`)).toEqual(['CSV_TOO_MANY_ROWS'])
  })

  it('leaves out a last row that a limit cut', () => {
    const bytes = new TextEncoder().encode('a,b\r\n1,2\r\n3,4')
    const cut = json.read(bytes, { ...base, envelope: file, bodyBytes: 100 })
    expect(cut.facts().defects).toEqual([])
    expect(cut.get('rows[1].a')).toBeNull()
  })
})

describe('defects', () => {
  it.each([
    ['a name twice', '{"a":{"b":1,"b":2}}', ['JSON_DUPLICATE_KEY a.b']],
    ['the same name in two objects', '{"a":{"b":1},"c":{"b":":"}}', []],
    ['NaN', '{"dose":NaN,"line":1}', ['JSON_NOT_A_NUMBER dose']],
    ['a trailing piece', '{"a":1}{"b":2}', ['JSON_TRAILING_BYTES']],
    ['an end that is missing', '{"a":{"b":[1,2', ['JSON_TRUNCATED a.b']],
    ['a half surrogate', '{"a":"\\ud83d"}', ['JSON_LONE_SURROGATE a']],
    ['a whole pair', '{"a":"\\ud83d\\ude00"}', []],
    ['a number beyond 2^53', '{"a":90071992547409931}', ['JSON_UNSAFE_NUMBER a']],
    ['single quotes', "{'a':1}", ['JSON_INVALID']],
    ['a trailing comma', '[1,]', ['JSON_INVALID [1]']],
    ['an HTML page', '<html><body>502</body></html>', ['JSON_OTHER_CONTENT']],
    ['an encrypted body', Buffer.alloc(60, 7).toString('base64'), ['JSON_OPAQUE']],
    ['a mark', '\ufeff{"a":1}', ['JSON_BYTE_ORDER_MARK']],
    ['a name that may be a value', '{"张三":{"x":NaN}}', ['JSON_NOT_A_NUMBER *.x']],
  ])('tells %s', (_, body, expected) => {
    expect(codesOf(body)).toEqual(expected)
  })

  it('reads what stands before the break', () => {
    expect(keysOf(text('{"visitId":"V1","items":[{"drugCode":"YP'))).toEqual(['visit V1'])
  })

  it('takes a body that a limit cut for no truncated one', () => {
    const bytes = new TextEncoder().encode('{"visitId":"V1","a":[1,')
    expect(json.read(bytes, { ...base, bodyBytes: 1000 }).facts().defects).toEqual([])
  })

  it('goes no deeper than its limit, sound or broken', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(codesOf(deep)).toEqual(['JSON_TOO_DEEP'])
    expect(codesOf('['.repeat(100_000))).toEqual(['JSON_TOO_DEEP'])
    expect(text(deep).tree().length).toBeLessThan(100)
    // Whoever walks or writes what was read is safe: a contract whose schema refers to itself, a key that is no text.
    expect(text(`{"visitId":"V1","a":${deep}}`).get('a')).toMatch(/^\[{1,64}\]{1,64}$/)
  })

  it('reads no more values than its limit, and then looks for no name that stands twice', () => {
    const many = `{${Array.from({ length: 210_000 }, (_, n) => `"k${n}":1`).join(',')}}`
    expect(codesOf(many)).toEqual(['JSON_TOO_LARGE'])
  })

  it('says of GB18030 that JSON has it not, and finds the delimiter in a trail byte', () => {
    // 昞 is 95 5C: a reader of bytes takes 5C for an escape.
    const bytes = Uint8Array.from([...new TextEncoder().encode('{"name":"'), 0x95, 0x5c, ...new TextEncoder().encode('"}')])
    const unlabelled = request(bytes).facts().charset
    expect(unlabelled).toMatchObject({ detected: 'gb18030', verdict: 'contradicts', delimiterInTrail: true })
    expect(request(bytes, [['content-type', 'application/json; charset=GBK']]).facts().charset.verdict).toBe('odd-label')
    expect(request(bytes).get('name')).toBe('昞')
  })

  it('repeats no value in a defect', () => {
    const facts = text('{"name":"欧阳若兰","idNo":"990000198502150021","dose":NaN,"x":1,"x":2}').facts()
    expect(facts.defects.length).toBeGreaterThan(1)
    expect(JSON.stringify(facts.defects)).not.toMatch(/欧阳|9900/)
  })
})

describe('the tree', () => {
  const flat = (nodes: readonly TreeNode[]): readonly TreeNode[] => nodes.flatMap((node) => [node, ...flat(node.children)])

  it('names what is known, in both languages, and every path leads back', () => {
    const document = request(load('nhsa-2207-outpatient-settle.req.json'))
    const nodes = flat(document.tree())
    expect(nodes.find(({ path }) => path === 'input.data.chrg_bchno')?.name).toEqual({
      zh: '收费批次号',
      en: 'Charge batch number',
    })
    for (const node of nodes) if (node.value !== null && node.value !== '') expect(document.get(node.path)).toBe(node.value)
  })

  it('shows of a name with a dot a path that leads back', () => {
    const document = text('{"a.b":{"c\\"d":"x"}}')
    const leaf = flat(document.tree()).find(({ value }) => value === 'x')
    expect(document.get(leaf?.path ?? '')).toBe('x')
  })
})

it('knows what must be masked', () => {
  expect(identifyingOf('input.data.psn_name')).toBe('name')
  expect(identifyingOf('rows[3].病案号')).toBe('patient-number')
  expect(identifyingOf('prescription.items[0].drugCode')).toBeNull()
})

it('never throws and stays within its limits, whatever comes', () => {
  const ask = (body: Uint8Array, envelope: Envelope) => {
    const document = answer(body, envelope)
    const facts = document.facts()
    document.tree()
    document.text()
    document.shape()
    for (const path of ['a', 'a.b[0]', '[', '', '@', '@date', '["x"]']) document.get(path)
    expect(facts.keys.length).toBeLessThanOrEqual(100)
    expect(facts.defects.length).toBeLessThanOrEqual(32)
  }
  const envelopes = fc.constantFrom<Envelope>(
    [],
    [['file', 'a.csv']],
    [['content-encoding', 'gzip']],
    [['content-type', 'multipart/form-data']],
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), envelopes, ask))
  const pieces = fc.array(
    fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', '1', 'NaN', 'a', '\n', 'infcode', '\\ud800', '检'),
    { maxLength: 60 },
  )
  fc.assert(fc.property(pieces, envelopes, (parts, envelope) => ask(new TextEncoder().encode(parts.join('')), envelope)))
})

it('reads any JSON as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (body) => {
      const shape = text(body).shape()
      const first = body.trimStart()[0] ?? ''
      if (first !== '' && '{["-0123456789tfn'.includes(first))
        expect(shape).toMatchObject({ kind: 'json', value: JSON.parse(body) })
    }),
  )
})

describe('what an error says, wherever it says it', () => {
  const told = (body: unknown, status = '400') =>
    answer(new TextEncoder().encode(JSON.stringify(body)), [[':status', status]]).facts().ack?.errors[0]?.textDigest
  it.each([
    ['auth', { error: { name: 'UnauthorizedError', message: 'jwt expired' } }],
    [
      'missing',
      { title: 'One or more validation errors occurred.', status: 400, errors: { '$.dose': ['The dose field is required.'] } },
    ],
    ['shape', { message: 'Bad Request', errors: [{ defaultMessage: 'must be integer' }] }],
    ['rate', { code: 'E17', errMsg: '调用次数已达上限' }],
    ['auth', { retCode: 5, retMsg: '令牌已失效' }],
  ])('%s', (worded, body) => {
    expect(told(body)).toMatch(new RegExp(`^${worded}-`))
  })

  it('seconds in a member that is called milliseconds are a day of 1970', () => {
    const at = (ts: number) => text(JSON.stringify({ op: 'c', ts_ms: ts })).facts().stamps[0]?.at
    expect(at(1_795_000_000_123)).toBe(1_795_000_000_123)
    expect(at(1_795_000_000)).toBe(1_795_000_000)
  })
})
