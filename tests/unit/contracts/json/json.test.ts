import { describe, expect, it } from 'vitest'
import { json } from '../../../../adapters/formats/json/json.ts'
import { compileContractText } from '../../../../contracts/languages.ts'
import type { Hints } from '../../../../gateway/model/document.ts'
import type { Envelope } from '../../../../gateway/model/envelope.ts'

const base: Hints = { at: 0, timezone: 'Asia/Shanghai' }
const post: Envelope = [
  [':method', 'POST'],
  [':path', '/api/v1/rx/check?x=1'],
]
const head = 'contract: t\nversion: 1\ntitle: { zh: 测试, en: Test }\nformat: json\n'

const compile = (text: string, files: { readonly [name: string]: string } = {}) =>
  compileContractText({ text: head + text, path: 'folder/t.yaml' }, (path) => files[path] ?? null)

function ask(
  text: string,
  body: unknown,
  envelope: Envelope = post,
  side: 'request' | 'answer' = 'request',
  requestEnvelope = post,
) {
  const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
  const document = json.read(bytes, { ...base, side, envelope, ...(side === 'answer' ? { requestEnvelope } : {}) })
  const contract = compile(text)
  const told = contract
    .check(document, side)
    .map(({ severity, rule, path, shape }) => `${severity} ${rule} ${path}${shape === null ? '' : ` ${shape}`}`)
  return { told, facts: contract.facts?.(document, side) ?? document.facts() }
}

/** `operations: { rx: ... }` with this request schema. */
const withSchema = (schema: string) =>
  `operations:\n  rx:\n    route: POST /**/rx/check\n    request:\n      schema: ${schema}\n`

describe('what a schema finds', () => {
  it.each([
    ['required', '{ required: [visitId] }', {}, 'ticket required visitId'],
    ['required below', '{ properties: { p: { required: [visitId] } } }', { p: {} }, 'ticket required p.visitId'],
    ['type', '{ properties: { dose: { type: number } } }', { dose: '0.5g' }, 'ticket type dose 9.9a'],
    ['table', '{ properties: { sex: { enum: [M, F] } } }', { sex: 'X9' }, 'warn table sex A9'],
    ['format', '{ properties: { idNo: { format: id-card } } }', { idNo: '990000198502150020' }, 'warn format idNo 9{18}'],
    ['pattern', '{ properties: { c: { pattern: "^YP\\\\d{7}$" } } }', { c: 'YP1' }, 'warn format c A{2}9'],
    ['length', '{ properties: { c: { maxLength: 2 } } }', { c: 'abc' }, 'observe length c a{3}'],
    ['range', '{ properties: { d: { minimum: 1 } } }', { d: 0 }, 'warn range d 9'],
    ['cardinality', '{ properties: { i: { minItems: 1 } } }', { i: [] }, 'warn cardinality i array(0)'],
    ['items', '{ properties: { i: { items: { required: [a] } } } }', { i: [{ a: 1 }, {}] }, 'ticket required i[1].a'],
    ['unknown member', '{ properties: { a: {} }, additionalProperties: false }', { 张三: 1 }, 'observe unknown-member *'],
    ['a member whose name may be a value', '{ additionalProperties: { type: number } }', { 张三: 'x' }, 'ticket type * a'],
    ['forbidden', '{ properties: { a: { not: {} } } }', { a: 1 }, 'warn forbidden a 9'],
    ['severity of its own', '{ properties: { a: { type: string, x-severity: observe } } }', { a: 1 }, 'observe type a 9'],
    ['severity of what is missing', '{ required: [a], properties: { a: { x-severity: warn } } }', {}, 'warn required a'],
    ['a condition', '{ if: { properties: { t: { const: 1 } } }, then: { required: [n] } }', { t: 1 }, 'ticket required n'],
    ['a choice, once', '{ anyOf: [{ required: [a] }, { required: [b] }] }', {}, 'warn condition body object'],
    ['no body', '{ required: [a] }', '', 'ticket required body empty'],
  ])('%s', (_, schema, body, expected) => {
    expect(ask(withSchema(schema), body).told).toEqual([expected])
  })

  it('each pattern for itself', () => {
    const schema = '{ properties: { a: { pattern: "^a$" }, b: { pattern: "^b$" } } }'
    expect(ask(withSchema(schema), { a: 'a', b: 'b' }).told).toEqual([])
    expect(ask(withSchema(schema), { a: 'b', b: 'b' }).told).toEqual(['warn format a a'])
  })

  it('tries no pattern on a text that is too long', () => {
    expect(ask(withSchema('{ properties: { a: { pattern: "^a+$" } } }'), { a: 'a'.repeat(300) }).told).toEqual([
      'warn format a text(300)',
    ])
  })

  it('takes definitions, and a file beside the contract', () => {
    const text = `definitions: { id: { type: string } }\n${withSchema('{ properties: { a: { $ref: "#/definitions/id" } } }')}`
    expect(ask(text, { a: 1 }).told).toEqual(['ticket type a 9'])
    const contract = compile(withSchema('rx.json'), { 'folder/rx.json': '{"required":["a"]}' })
    const document = json.read(new TextEncoder().encode('{}'), { ...base, envelope: post })
    expect(contract.check(document, 'request').map(({ path }) => path)).toEqual(['a'])
  })

  it('tells 50 at most, the heaviest first', () => {
    const body = { i: Array.from({ length: 300 }, () => ({})), dose: 'x' }
    const { told } = ask(
      withSchema('{ properties: { i: { items: { required: [a], x-severity: observe } }, dose: { type: number } } }'),
      body,
    )
    expect(told).toHaveLength(50)
    expect(told[0]).toBe('ticket type dose a')
    expect(told.at(-1)).toBe('observe more body')
  })

  it('tells of a very large body only the first breach', () => {
    const body = { i: Array.from({ length: 20_000 }, () => ({})) }
    expect(ask(withSchema('{ properties: { i: { items: { required: [a] } } } }'), body).told).toEqual([
      'ticket required i[0].a',
    ])
  })
})

describe('operations', () => {
  const routes = `operations:
  check: { route: "POST /**/rx/check" }
  one: { route: "GET /tasks/{taskId}" }
  all: { route: "GET /tasks/open" }
  event: { record: "his.*", where: { path: eventType, in: [CALLED] } }
  file: { file: "*.csv" }
`
  const get = (path: string): Envelope => [
    [':method', 'GET'],
    [':path', path],
  ]

  it.each([
    [post, {}, 'POST /rx/check', []],
    [get('/tasks/PR1/'), '', 'GET /tasks/{taskId}', []],
    [get('/tasks/open'), '', 'GET /tasks/open', []],
    [[['topic', 'his.registration.events']] satisfies Envelope, { eventType: 'CALLED' }, 'CALLED', []],
    [[['file', 'a/b.csv']] satisfies Envelope, 'a,b\n1,2\n', 'b.csv', []],
    [get('/api/tasks/1'), '', 'GET /api/tasks/{}', ['warn operation body']],
    [[['topic', 'his.registration.events']] satisfies Envelope, { eventType: 'NEW' }, 'NEW', ['warn operation body']],
  ])('%j', (envelope, body, type, told) => {
    const answer = ask(routes, body, envelope)
    expect(answer.facts.type).toBe(type)
    expect(answer.told).toEqual(told)
  })

  it('takes codes that stand in a path, and no other variables of it', () => {
    const routes = 'operations: { box: { route: "GET /**/drug/barcode/{code}" }, task: { route: "GET /**/tasks/{taskId}" } }\n'
    const codesOf = (path: string) =>
      ask(routes, '', [
        [':method', 'GET'],
        [':path', path],
      ]).facts.codes
    expect(codesOf('/api/v1/drug/barcode/6900012340012?x=1')).toEqual([{ path: ':path.barcode.code', value: '6900012340012' }])
    expect(codesOf('/tasks/T1')).toEqual([])
  })

  it('tells apart what shares a route by a member, and holds answers to what all share', () => {
    const text = `answer: { schema: { required: [infcode] } }
operations:
  a: { route: POST /**/rx/check, where: { path: infno, in: ["1101"] }, request: { schema: { required: [x] } } }
  b: { route: POST /**/rx/check, where: { path: infno, in: [2207] }, request: { schema: { required: [y] } } }
`
    expect(ask(text, { infno: '1101' }).told).toEqual(['ticket required x'])
    expect(ask(text, { infno: 2207 }).told).toEqual(['ticket required y'])
    expect(ask(text, {}, [[':status', '200']], 'answer').told).toEqual(['ticket required infcode'])
  })

  it('asks for headers and for parameters of the query', () => {
    const text =
      'operations: { q: { route: GET /queue, request: { headers: { X-Request-Id: R, accept: observe }, query: { visitId: R } } } }\n'
    expect(ask(text, '', get('/queue?x=1')).told).toEqual([
      'warn header @x-request-id',
      'observe header @accept',
      'warn header ?visitid',
    ])
    expect(ask(text, '', [...get('/queue?visitId=V1'), ['x-request-id', '1'], ['accept', '*/*']]).told).toEqual([])
  })
})

describe('answers', () => {
  const text = `keys: { data.no: appointment }
operations:
  rx:
    route: POST /**/rx/check
    answer:
      success: { path: code, in: [0], message: message }
      schema: { required: [data] }
      error: { required: [code] }
`
  const answered = (status: string, body: unknown) => ask(text, body, [[':status', status]], 'answer')

  it('that say no in the agreed member are failures, whatever HTTP says', () => {
    const { facts } = answered('200', { code: 17, message: '患者 P0001 不存在', data: null })
    expect(facts.ack).toMatchObject({ code: '17', verdict: 'no' })
    expect(JSON.stringify(facts.ack)).not.toContain('P0001')
    expect(answered('200', { code: 0, data: { no: 'A1' } }).facts).toMatchObject({
      ack: { verdict: 'yes' },
      type: 'POST /rx/check',
    })
  })

  it('that lack the member say nothing', () => {
    expect(answered('200', { data: 1 }).facts.ack).toBeNull()
  })

  it('are held to one schema when they say yes, and to another when they failed', () => {
    expect(answered('200', { code: 0 }).told).toEqual(['ticket required data'])
    expect(answered('400', {}).told).toEqual(['ticket required code'])
    expect(answered('204', '').told).toEqual([])
    // A page of a proxy is no breach of the answering system's.
    expect(answered('502', '<html></html>').told).toEqual(['observe structure body'])
  })

  it('give the keys that only the contract knows', () => {
    expect(answered('200', { code: 0, data: { no: 'A1' } }).facts.keys).toEqual([
      { kind: 'appointment', value: 'A1', authority: null },
    ])
  })
})

describe('files of rows', () => {
  const text = `json: { charset: [utf-8, gb18030] }
operations:
  daily:
    file: "*.csv"
    request:
      schema: { properties: { header: { contains: { const: 病案号 }, x-severity: ticket }, rows: { minItems: 1 } } }
      rows: { required: [病案号], properties: { 病案号: { minLength: 1 }, 完成: { enum: [是, 否] } } }
`
  const file = (body: string) => ask(text, body, [['file', 'x.csv']]).told

  it('are held row by row', () => {
    expect(file('病案号,完成\nB1,是\n,大概\n')).toEqual([
      'observe length rows[1].病案号 empty',
      'warn table rows[1].完成 汉{2}',
    ])
  })

  it('are held as a whole', () => {
    expect(file('a,b\n')).toEqual(['ticket cardinality header array(2)', 'warn cardinality rows array(0)'])
    expect(file('病案号,完成\nB1\n')).toEqual(['warn structure rows[0]', 'warn cardinality rows array(0)'])
  })

  it('are told to a bound, however many rows are wrong', () => {
    expect(file(`病案号,完成\n${'B1,?\n'.repeat(20_000)}`)).toHaveLength(50)
  })
})

describe('the body as a whole', () => {
  const any = 'operations: { rx: { route: POST /**/rx/check } }\n'
  it.each([
    ['a truncated one', '{"a":', 'ticket structure a'],
    ['a name twice', '{"a":1,"a":2}', 'warn structure a'],
    ['a mark', '\ufeff{}', 'observe structure body'],
    ['a page', '<html>', 'warn structure body'],
  ])('%s', (_, body, expected) => {
    expect(ask(any, body).told).toEqual([expected])
  })

  it('in another character set', () => {
    const gb = Uint8Array.from([0x22, 0xd5, 0xc5, 0xc8, 0xfd, 0x22])
    const document = json.read(gb, { ...base, envelope: post })
    expect(compile(any).check(document, 'request')).toMatchObject([{ severity: 'ticket', rule: 'charset', path: 'body' }])
  })
})

describe('OpenAPI', () => {
  const openapi = `openapi: 3.0.3
paths:
  /rx/check:
    post:
      operationId: check
      parameters: [{ in: header, name: X-Request-Id, required: true }]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Check' } } } }
      responses:
        '200': { content: { application/json: { schema: { type: object, required: [level] } } } }
        default: { content: { application/json: { schema: { type: object, required: [error] } } } }
components:
  schemas:
    Check:
      type: object
      required: [visitId]
      properties:
        visitId: { type: string, nullable: true }
        dose: { type: number, minimum: 0, exclusiveMinimum: true, example: 1 }
`
  const contract = compile('openapi: rx.yaml\n', { 'folder/rx.yaml': openapi })
  const told = (body: unknown, envelope: Envelope, side: 'request' | 'answer') =>
    contract
      .check(
        json.read(new TextEncoder().encode(JSON.stringify(body)), { ...base, side, envelope, requestEnvelope: post }),
        side,
      )
      .map(({ rule, path }) => `${rule} ${path}`)

  it('gives operations, headers, and schemas of requests and answers', () => {
    expect(told({ dose: 0 }, post, 'request')).toEqual(['header @x-request-id', 'required visitId', 'range dose'])
    expect(told({ visitId: null, dose: 1 }, [...post, ['x-request-id', '1']], 'request')).toEqual([])
    expect(told({}, [[':status', '200']], 'answer')).toEqual(['required level'])
    expect(told({}, [[':status', '500']], 'answer')).toEqual(['required error'])
  })
})

describe('mistakes in a contract', () => {
  it.each([
    ['an unknown keyword', withSchema('{ minLenght: 3 }'), 'strict mode: unknown keyword'],
    ['a wrong type of a keyword', withSchema('{ minLength: three }'), 'line 9, column'],
    ['an unknown type', withSchema('{ type: text }'), 'must be equal to one of the allowed values'],
    ['a pattern that can stall', withSchema('{ pattern: "(a+)+" }'), 'a repeated group may not repeat'],
    ['uniqueItems', withSchema('{ uniqueItems: true }'), 'grows with the square'],
    ['a format that nothing checks', withSchema('{ format: telephone }'), 'there is no format telephone'],
    ['a reference to elsewhere', withSchema('{ $ref: "https://x/y" }'), 'only references inside the same file'],
    ['a reference to nothing', withSchema('{ $ref: "#/definitions/x" }'), 'resolve reference'],
    ['a file that is not there', withSchema('nothing.json'), 'there is no file nothing.json'],
    ['a route that is none', 'operations: { a: { route: "POST /a/**/b" } }\n', 'must be a method and a path'],
    ['an operation that nothing tells', 'operations: { a: { request: {} } }\n', 'to be known by'],
    ['a kind of key that is none', 'keys: { a: nothing }\noperations: { a: { file: x } }\n', 'is no kind of business key'],
    ['an unknown key', 'operatons: {}\n', 'this key is unknown'],
    ['nothing at all', '', 'needs "operations"'],
  ])('%s', (_, text, message) => {
    let told = ''
    try {
      compile(text)
    } catch (error) {
      if (error instanceof Error && 'place' in error)
        told = `${JSON.stringify(error.place).replace(/"line":(\d+),"column":/, 'line $1, column ')} ${error.message}`
    }
    expect(told).toContain(message)
    expect(told).toContain('folder/t.yaml')
  })

  it('tells all of them at once, each with its place', () => {
    expect(() => compile(`keys: { a: x }\n${withSchema('{ properties: { a: { format: x }, b: { format: y } } }')}`)).toThrow(
      /3 problems\n {2}line 5, [\s\S]*line 10, column 44 [\s\S]*there is no format x/,
    )
  })
})
