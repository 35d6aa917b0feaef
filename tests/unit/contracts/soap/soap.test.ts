import { describe, expect, it } from 'vitest'
import { soap } from '../../../../adapters/formats/soap/soap.ts'
import { compileContractText } from '../../../../contracts/languages.ts'
import type { Envelope } from '../../../../gateway/model/envelope.ts'

const head = 'contract: t\nversion: 1\ntitle: { zh: 测试, en: Test }\nformat: soap\n'
const compile = (text: string) => compileContractText({ text: head + text, path: 't.yaml' }, () => null)
const enveloped = (body: string) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`

function ask(text: string, body: string, envelope: Envelope = [], side: 'request' | 'answer' = 'request') {
  const document = soap.read(new TextEncoder().encode(body), { at: 0, timezone: 'Asia/Shanghai', side, envelope })
  const contract = compile(text)
  const told = contract
    .check(document, side)
    .map(({ severity, rule, path, shape }) => `${severity} ${rule} ${path}${shape === null ? '' : ` ${shape}`}`)
  return { told, facts: contract.facts?.(document, side) ?? document.facts() }
}

const elements = (rules: string) => `operations: { Push: { side: request, elements: { ${rules} } } }\n`
const items = 'batchNo: R, items/item: { repeats: 1..2 }, items/item/packCode: R, items/item/n: { type: integer }'
const push = (inner: string) => enveloped(`<Push xmlns="urn:x">${inner}</Push>`)
const item = (n: string) => `<item><packCode>C1</packCode><n>${n}</n></item>`

describe('what elements are held to', () => {
  it.each([
    ['a sound one', items, `<batchNo>B1</batchNo><items>${item('1')}</items>`, []],
    ['a missing element', items, `<items>${item('1')}</items>`, ['ticket required batchNo']],
    ['an empty one', items, `<batchNo> </batchNo><items>${item('1')}</items>`, ['ticket required batchNo']],
    ['what a missing parent hides', items, '<batchNo>B1</batchNo>', ['ticket required items']],
    [
      'one of several',
      items,
      `<batchNo>B1</batchNo><items>${item('1')}<item><n>2</n></item></items>`,
      ['ticket required items/item[2]/packCode'],
    ],
    ['too many', items, `<batchNo>B1</batchNo><items>${item('1').repeat(3)}</items>`, ['warn cardinality items/item array(3)']],
    ['a text in a number', items, `<batchNo>B1</batchNo><items>${item('若干')}</items>`, ['ticket type items/item/n 汉{2}']],
    ['a missing attribute', 'id/@extension: R', '<id root="1"/>', ['ticket required id/@extension']],
    ['a value', 'code/@code: { values: [P, T] }', '<code code="X"/>', ['warn table code/@code A']],
    ['a length', 'a: { length: ..2 }', '<a>abc</a>', ['observe length a a{3}']],
    ['a form', 'a: { format: timestamp }', '<a>2026-11-23</a>', ['warn format a 9{4}-9{2}-9{2}']],
    ['digits', 'a: { format: digits(4..6) }', '<a>123</a>', ['warn format a 9{3}']],
    ['what must not come in clear', 'a: { format: masked }', '<a>电话19900000001</a>', ['ticket masking a 汉{2}9{11}']],
    ['a time', 'a: { type: time }', '<a>昨天</a>', ['ticket type a 汉{2}']],
    ['what must not be there', 'a: X', '<a>1</a>', ['warn forbidden a array(1)']],
    ['its own severity', 'a: { usage: R, severity: observe }', '', ['observe required a']],
    ['a parent that may be absent', 'a: O, a/b: R', '', []],
    ['... and is there', 'a: O, a/b: R', '<a/>', ['ticket required a/b']],
    ['a carried message', 'p/M/id/@x: R', '<p><![CDATA[<M><id/></M>]]></p>', ['ticket required p/M/id/@x']],
  ])('%s', (_, rules, inner, expected) => {
    expect(ask(elements(rules), push(inner)).told).toEqual(expected)
  })

  it('reports what no key names where the operation is closed', () => {
    const text = 'operations: { Push: { closed: report, elements: { a: R } } }\n'
    expect(ask(text, push('<a x="1">1</a><b>2</b>')).told).toEqual(['observe unknown-member *'])
  })
})

describe('the message as a whole', () => {
  const text =
    'soap: { versions: ["1.1"], charset: [utf-8] }\noperations:\n  Push: { side: request, soapAction: [urn:x/Push] }\n  PushResponse: { side: answer }\n'
  const action: Envelope = [['soapaction', '"urn:x/Push"']]

  it.each([
    ['a sound one', push(''), action, 'request', []],
    ['another operation', enveloped('<Pull/>'), action, 'request', ['warn operation body']],
    ['an answer for a request', enveloped('<PushResponse/>'), action, 'request', ['warn operation body']],
    ['another SOAPAction', push(''), [['soapaction', '""']] satisfies Envelope, 'request', ['warn header @soapaction']],
    [
      'a fault',
      enveloped('<s:Fault><faultcode>s:Server</faultcode></s:Fault>'),
      [[':status', '500']] satisfies Envelope,
      'answer',
      [],
    ],
    [
      'a page of a proxy',
      '<html><br></html>',
      [[':status', '502']] satisfies Envelope,
      'answer',
      ['observe structure body', 'observe structure body'],
    ],
    [
      'a truncated one',
      '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><Push>',
      action,
      'request',
      ['ticket structure body'],
    ],
    [
      'SOAP 1.2',
      push('').replace('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'),
      action,
      'request',
      ['warn version Envelope'],
    ],
  ] as const)('%s', (_, body, envelope, side, expected) => {
    expect(ask(text, body, envelope, side).told).toEqual(expected)
  })

  it('knows of an answer in no standard what says no', () => {
    const agreed =
      'success: { path: resultCode, in: ["0"], message: resultMsg }\nkeys: { PushResponse/no: batch }\noperations: { PushResponse: {} }\n'
    const body = (code: string) =>
      enveloped(`<PushResponse><resultCode>${code}</resultCode><resultMsg>包 CP1 重复</resultMsg><no>ST1</no></PushResponse>`)
    expect(ask(agreed, body('0'), [], 'answer').facts.ack?.verdict).toBe('yes')
    const no = ask(agreed, body('9'), [], 'answer').facts
    expect(no.ack).toMatchObject({ verdict: 'no', code: '9' })
    expect(JSON.stringify(no.ack)).not.toContain('CP1')
    expect(no.keys).toEqual([{ kind: 'batch', value: 'ST1', authority: null }])
  })
})

it.each([
  ['a range', elements('a: { repeats: 2..1 }'), 'must be a range'],
  ['a format', elements('a: { format: x }'), 'is no format'],
  ['an attribute with something below', elements('"a/@b/c": R'), 'an attribute has nothing below it'],
  ['a key', `keys: { a: x }\n${elements('a: R')}`, 'is no kind of business key'],
  ['no operations', '', 'the key "operations" is missing'],
])('a mistake in a contract is told: %s', (_, text, message) => {
  expect(() => compile(text)).toThrow(message)
})
