import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identifyingOf } from '../../../../../adapters/formats/soap/identifying.ts'
import { soap } from '../../../../../adapters/formats/soap/soap.ts'
import type { Hints, TreeNode } from '../../../../../gateway/model/document.ts'
import type { Envelope } from '../../../../../gateway/model/envelope.ts'

const folder = new URL('../../../../../fixtures/messages/other-zh-synthetic/', import.meta.url)
const load = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)))
const base: Hints = { at: Date.UTC(2026, 10, 23), timezone: 'Asia/Shanghai' }
const read = (body: Uint8Array, envelope: Envelope = [], side: 'request' | 'answer' = 'request') =>
  soap.read(body, { ...base, side, envelope })
const text = (body: string, envelope: Envelope = []) => read(new TextEncoder().encode(body), envelope)
const codesOf = (body: string, envelope: Envelope = []) =>
  text(body, envelope)
    .facts()
    .defects.map(({ code }) => code)
const keysOf = (document: ReturnType<typeof soap.read>) => document.facts().keys.map(({ kind, value }) => `${kind} ${value}`)
const ns = 'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
const enveloped = (body: string) => `<s:Envelope ${ns}><s:Body>${body}</s:Body></s:Envelope>`

describe('a V3 message carried as text', () => {
  it('tells who sent it, its id and its time', () => {
    const document = read(load('soap-v3-document-register.req.xml'), [['content-type', 'text/xml; charset=utf-8']])
    expect(document.facts()).toMatchObject({
      type: 'DocumentRegister',
      version: '1.1',
      controlId: 'RIS20261123000090',
      sender: 'RIS',
      receiver: 'EMR',
      ack: null,
      defects: [],
    })
    const at = Date.UTC(2026, 10, 23, 2, 20)
    expect(document.facts().stamps).toEqual([
      { path: 'RCMR_IN000002UV02/creationTime/@value', kind: 'message', at, resolutionMs: 1000, hasZone: false },
      { path: 'Timestamp/Created', kind: 'message', at, resolutionMs: 1000, hasZone: true },
    ])
    expect(document.get('interactionId/@extension')).toBe('RCMR_IN000002UV02')
    expect(document.get('DocumentRegister/payload/RCMR_IN000002UV02/creationTime/@value')).toBe('20261123102000')
    expect(document.get('/Envelope/Body/DocumentRegister/nothing')).toBeNull()
  })

  it.each([
    ['soap-v3-document-register.rsp.aa.xml', 'AA', 'yes', 'RIS20261123000090'],
    ['soap-v3-document-register.rsp.ae.xml', 'AE', 'no', 'RIS20261123000091'],
  ])('%s', (name, code, verdict, answersId) => {
    const { ack } = read(load(name), [], 'answer').facts()
    expect(ack).toMatchObject({ code, verdict, answersId })
    expect(JSON.stringify(ack)).not.toContain('patientRole')
  })

  it('finds it escaped, in base64 and in the body itself', () => {
    const v3 =
      '<RCMR_IN000002UV02 xmlns="urn:hl7-org:v3"><id extension="M1"/><interactionId extension="X"/></RCMR_IN000002UV02>'
    const escaped = v3.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    const encoded = Buffer.from(v3).toString('base64')
    for (const body of [`<Op><p>${escaped}</p></Op>`, `<Op><p representation="B64">${encoded}</p></Op>`, v3])
      expect(text(enveloped(body)).facts().controlId).toBe('M1')
  })

  it('takes business keys from V3 identifiers', () => {
    const id = (root: string, extension: string) => `<id root="${root}" extension="${extension}"/>`
    const v3 = `<ClinicalDocument xmlns="urn:hl7-org:v3">${id('2.16.156.10011.1.1', 'DOC1')}<recordTarget><patientRole>${id('2.16.156.10011.1.12', 'Z001')}${id('1.2', 'P0001')}</patientRole></recordTarget><inFulfillmentOf><order>${id('1.2.3', 'O1')}</order></inFulfillmentOf></ClinicalDocument>`
    expect(keysOf(text(enveloped(`<Op><payload><![CDATA[${v3}]]></payload></Op>`)))).toEqual([
      'document DOC1',
      'visit Z001',
      'patient P0001',
      'placer O1',
    ])
  })
})

describe('batches, faults, doors', () => {
  it('tells the batch and its packs', () => {
    const document = read(load('soap-cssd-push-trace-batch.req.xml'))
    expect(document.facts().type).toBe('PushTraceBatch')
    expect(keysOf(document).slice(0, 2)).toEqual(['batch ST20261123001', 'pack CP000001'])
    expect(document.facts().parts).toHaveLength(20)
    expect(document.facts().parts?.[19]).toMatchObject({ type: 'item', keys: [{ kind: 'pack', value: 'CP000020' }] })
    expect(document.get('PushTraceBatch/items/item[3]/packCode')).toBe('CP000003')
    expect(document.facts().reckoning).toEqual({ agrees: null, counts: [], sent: 1200 })
    const answered = enveloped(
      '<PushTraceBatchResponse><resultCode>0</resultCode><accepted>2</accepted></PushTraceBatchResponse>',
    )
    expect(read(new TextEncoder().encode(answered), [], 'answer').facts().reckoning).toMatchObject({ taken: 2 })
  })

  it('tells that what was asked after is not there, though nothing was refused', () => {
    const hasNone = (status: string, side: 'answer' | 'request' = 'answer') => {
      const xml = `<QueryPackStatusResponse><resultCode>0</resultCode><status>${status}</status></QueryPackStatusResponse>`
      return read(new TextEncoder().encode(enveloped(xml)), [], side).facts().hasNone
    }
    expect(hasNone('NOT_FOUND')).toBe(true)
    expect(hasNone('未入库')).toBe(true)
    expect(hasNone('USABLE')).toBeUndefined()
    expect(hasNone('NOT_FOUND', 'request')).toBeUndefined()
  })

  it('reads a fault of SOAP 1.1 with the database error behind it', () => {
    const { ack, type } = read(load('soap-fault-server-locktimeout.xml'), [[':status', '500']], 'answer').facts()
    expect(type).toBe('Fault')
    expect(ack).toMatchObject({ code: 'Server', verdict: 'no', errors: [{ code: 'ORA-30006', location: null }] })
  })

  it('reads what a fault says in its detail alone, and the time of a document', () => {
    const fault =
      '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Server</faultcode><faultstring>Server Error</faultstring><detail><m:e xmlns:m="u"><m:message>接口账号密码已过期</m:message></m:e></detail></soap:Fault></soap:Body></soap:Envelope>'
    const { ack } = read(new TextEncoder().encode(fault), [[':status', '500']], 'answer').facts()
    expect(ack?.errors[0]?.textDigest).toMatch(/^auth-/)
    const document = enveloped(
      '<R xmlns="urn:hl7-org:v3"><clinicalDocument><effectiveTime value="20261123090000"/></clinicalDocument></R>',
    )
    expect(read(new TextEncoder().encode(document)).facts().stamps).toMatchObject([
      { path: 'clinicalDocument/effectiveTime/@value', kind: 'event' },
    ])
  })

  it('reads a fault of SOAP 1.2', () => {
    const fault =
      '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>m:Bad</e:Value></e:Subcode></e:Code><e:Reason><e:Text xml:lang="zh">患者 P0001 不存在</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>'
    const facts = text(fault).facts()
    expect(facts).toMatchObject({ version: '1.2', ack: { code: 'Sender', verdict: 'no', errors: [{ code: 'Bad' }] } })
    expect(JSON.stringify(facts.ack)).not.toContain('P0001')
  })

  it('takes the service that stands in the one door of a platform for the type', () => {
    expect(
      text(enveloped('<HIPMessageServer><action>PatientInfoRegister</action><message/></HIPMessageServer>')).facts().type,
    ).toBe('PatientInfoRegister')
  })

  it('reads the message of a multipart body, and counts what is attached', () => {
    const part = (headers: string, body: string) => `--b\r\n${headers}\r\n\r\n${body}\r\n`
    const xml = enveloped('<Op><visitId>V1</visitId></Op>')
    const body = `${part('Content-Type: application/octet-stream\r\nContent-ID: <a>', 'x')}${part('Content-Type: application/xop+xml; charset=utf-8\r\nContent-ID: <m>', xml)}--b--\r\n`
    const document = text(body, [['content-type', 'multipart/related; type="application/xop+xml"; start="<m>"; boundary=b']])
    expect(keysOf(document)).toEqual(['visit V1'])
    expect(document.facts().parts).toEqual([{ type: 'application/octet-stream', keys: [], ack: null }])
    expect(document.facts().defects).toEqual([])
  })
})

describe('character sets', () => {
  const gb = (head: string) =>
    Uint8Array.from([
      ...new TextEncoder().encode(`${head}<s:Envelope ${ns}><s:Body><Op><name>`),
      0xd5,
      0xc5,
      0xc8,
      0xfd,
      ...new TextEncoder().encode('</name></Op></s:Body></s:Envelope>'),
    ])

  it.each([
    ['<?xml version="1.0" encoding="GB2312"?>', [], 'agrees'],
    ['<?xml version="1.0" encoding="UTF-8"?>', [], 'contradicts'],
    ['', [], 'contradicts'],
    ['', [['content-type', 'text/xml; charset=gbk']], 'agrees'],
  ] as const)('%j with %j', (head, envelope, verdict) => {
    const document = read(gb(head), envelope)
    expect(document.facts().charset).toMatchObject({ detected: 'gb18030', verdict })
    expect(document.get('Op/name')).toBe('张三')
  })

  it('tells two labels that differ', () => {
    const body = `<?xml version="1.0" encoding="GBK"?>${enveloped('<Op/>')}`
    expect(codesOf(body, [['content-type', 'text/xml; charset=utf-8']])).toEqual(['SOAP_CHARSET_LABELS_DIFFER'])
  })
})

describe('defects', () => {
  it.each([
    ['an end that is missing', `<s:Envelope ${ns}><s:Body><Op><a>1</a>`, ['SOAP_TRUNCATED']],
    ['tags that cross', enveloped('<Op><a><b></a></b></Op>'), ['SOAP_NOT_WELL_FORMED']],
    ['no envelope', '<Op/>', ['SOAP_NO_ENVELOPE']],
    ['another namespace', '<Envelope xmlns="urn:x"><Body><Op/></Body></Envelope>', ['SOAP_BAD_NAMESPACE']],
    ['no body', `<s:Envelope ${ns}><s:Header/></s:Envelope>`, ['SOAP_NO_BODY']],
    ['no XML', 'Service Unavailable', ['SOAP_NOT_XML']],
    ['a carried message that breaks', enveloped('<Op><p>&lt;a>&lt;b>&lt;/a></p></Op>'), ['SOAP_PAYLOAD_NOT_WELL_FORMED']],
    ['nothing', '', []],
    ['a description of the service', '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>', []],
    ['a sound one', enveloped('<Op><a>&#x4E2D;&amp;</a></Op>'), []],
  ])('tells %s', (_, body, expected) => {
    expect(codesOf(body)).toEqual(expected)
  })

  it('asks no envelope of a file', () => {
    expect(codesOf('<report><item><visitId>V1</visitId></item></report>', [['file', 'a.xml']])).toEqual([])
  })

  it('never expands or fetches an entity', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>${enveloped('<Op><v>&b;&c;</v></Op>')}`
    const document = text(bomb)
    expect(document.facts().defects.map(({ code }) => code)).toContain('SOAP_DTD')
    expect(document.get('v')).toBeNull()
    expect(codesOf(enveloped('<Op><v>&lol;</v></Op>'))).toEqual(['SOAP_NOT_WELL_FORMED'])
  })

  it('goes no deeper than its limit', () => {
    const deep = enveloped(`${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}`)
    expect(codesOf(deep)).toEqual(['SOAP_TOO_DEEP'])
    expect(text(deep).tree()).toHaveLength(1)
  })

  it('takes a body that a limit cut for no truncated one', () => {
    const bytes = new TextEncoder().encode(`<s:Envelope ${ns}><s:Body><Op><visitId>V1</visitId><a>`)
    const cut = soap.read(bytes, { ...base, bodyBytes: 1_000_000 })
    expect(cut.facts().defects).toEqual([])
    expect(cut.facts().keys).toHaveLength(1)
  })
})

it('shows a tree whose paths lead back', () => {
  const document = read(load('soap-v3-document-register.rsp.ae.xml'))
  const flat = (nodes: readonly TreeNode[]): readonly TreeNode[] => nodes.flatMap((node) => [node, ...flat(node.children)])
  const nodes = flat(document.tree())
  expect(nodes.find(({ path }) => path.endsWith('acknowledgement'))?.name).toEqual({ zh: '应答', en: 'Acknowledgement' })
  for (const node of nodes) if (node.value !== null && node.value !== '') expect(document.get(`/${node.path}`)).toBe(node.value)
})

it('knows what must be masked', () => {
  expect(identifyingOf('Envelope/Body/Op/payload/X/recordTarget/patientRole/id[2]/@extension')).toBe('patient-number')
  expect(identifyingOf('X/componentOf/encompassingEncounter/id/@extension')).toBe('visit-number')
  expect(identifyingOf('a/patient/name')).toBe('name')
  expect(identifyingOf('Header/Security/UsernameToken/Password')).toBe('token')
  expect(identifyingOf('PushTraceBatch/batchNo')).toBeNull()
})

it('never throws, whatever comes', () => {
  const ask = (body: Uint8Array) => {
    const document = read(body, [['content-type', 'multipart/related; boundary=b']])
    for (const one of [document, read(body)]) {
      expect(one.facts().defects.length).toBeLessThanOrEqual(32)
      one.tree()
      one.text()
      one.shape()
      for (const path of ['a', 'a/@b', '/', '', '@', 'a[2]/b']) one.get(path)
    }
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), ask))
  const pieces = fc.array(
    fc.constantFrom(
      '<a>',
      '</a>',
      '<a',
      '/>',
      ' x="',
      '"',
      '<![CDATA[',
      ']]>',
      '&lt;',
      '&#0;',
      '&x;',
      '<?xml ',
      '?>',
      '<!--',
      '--b',
      '\r\n',
      '检',
    ),
    { maxLength: 60 },
  )
  fc.assert(fc.property(pieces, (parts) => ask(new TextEncoder().encode(parts.join('')))))
})
