import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { json } from '../../../../adapters/formats/json/json.ts'
import { maskedEnvelope } from '../../../../gateway/desk/masking/envelope.ts'
import { walkJson } from '../../../../gateway/desk/masking/json-text.ts'
import { type IdentityOf, walkMarked } from '../../../../gateway/desk/masking/marked-text.ts'
import { maskedBytes, maskedText, maskedTree, type ReadBody, secretsOf } from '../../../../gateway/desk/masking/masked.ts'
import { walkXml } from '../../../../gateway/desk/masking/xml-text.ts'
import type { CharsetFacts, Document, Facts, TreeNode } from '../../../../gateway/model/document.ts'
import type { Identity } from '../../../../gateway/model/identity.ts'

const identities: { readonly [name: string]: Identity } = {
  name: 'name',
  id: 'id',
  phone: 'phone',
  birth: 'birth',
  pwd: 'all',
  extension: 'id',
}
const identityOf: IdentityOf = (path) => identities[path.split(/[./@]/).at(-1) ?? ''] ?? null

/** A body as some format reads it: the text, and a tree of one node for each leaf. */
function bodyOf(
  text: string,
  options: { detected?: CharsetFacts['detected']; bytes?: Uint8Array; tree?: readonly TreeNode[] } = {},
): ReadBody {
  const charset: CharsetFacts = {
    declared: null,
    detected: options.detected ?? 'utf-8',
    verdict: 'agrees',
    nonAsciiCount: 0,
    delimiterInTrail: false,
  }
  const facts: Facts = {
    type: null,
    version: null,
    controlId: null,
    sender: null,
    receiver: null,
    sequence: null,
    stamps: [],
    keys: [],
    charset,
    ack: null,
    defects: [],
    codes: [],
  }
  const document: Document = {
    format: 'json',
    facts: () => facts,
    text: () => text,
    tree: () => options.tree ?? [],
    get: () => null,
    shape: () => null,
  }
  return { bytes: options.bytes ?? Buffer.from(text), document, identityOf }
}

const shown = (text: string) => {
  const body = bodyOf(text)
  return maskedText(body, secretsOf([body]))
}

describe('a message that a value carries', () => {
  const inner = '<p><name>张三丰</name><id extension="P00012345"/><note>见张三丰</note></p>'
  it('is masked by its own places in CDATA', () => {
    expect(shown(`<a><b><![CDATA[${inner}]]></b></a>`)).toBe(
      '<a><b><![CDATA[<p><name>张**</name><id extension="*****2345"/><note>见张**</note></p>]]></b></a>',
    )
  })
  it('is hidden whole where escapes or base64 carry it, and its values are hidden elsewhere', () => {
    const escaped = inner.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    expect(shown(`<a><b>${escaped}</b><c>张三丰</c></a>`)).toBe(`<a><b>${'*'.repeat(escaped.length)}</b><c>张**</c></a>`)
    const coded = Buffer.from(inner).toString('base64')
    expect(shown(`<a><b>${coded}</b><c>张三丰</c></a>`)).toBe(`<a><b>${'*'.repeat(coded.length)}</b><c>张**</c></a>`)
  })
  it('is masked in a JSON string', () => {
    expect(shown(JSON.stringify({ input: '{"name":"张三丰"}', note: '张三丰' }))).not.toContain('三丰')
  })
  it('is not seen in values that only begin like one', () => {
    expect(shown('{"value":"<0.01","list":"[1] 咳嗽","code":"{}"}')).toBe('{"value":"<0.01","list":"[1] 咳嗽","code":"{}"}')
  })
  it('numeric references spell no name', () => {
    expect(shown('<a><name>张三丰</name><c>&#24352;&#x4e09;&#20016;</c></a>')).toBe(
      `<a><name>张**</name><c>${'*'.repeat(24)}</c></a>`,
    )
  })
})

describe('what is hidden by its place alone', () => {
  it('does not hide the same measure or a short code elsewhere, but the same long secret', () => {
    const text =
      '{"pwd":"5.000000","p":{"pwd":"CT01"},"q":{"pwd":"s3cr3t-x"},"thickness":"5.000000","station":"CT01","note":"s3cr3t-x"}'
    expect(shown(text)).toBe(
      '{"pwd":"********","p":{"pwd":"****"},"q":{"pwd":"********"},"thickness":"5.000000","station":"CT01","note":"********"}',
    )
  })
})

describe('a JSON body', () => {
  it('hides values by their place, and what its free text repeats', () => {
    expect(shown('{"name":"张三丰","id":"P00012345","note":"张三丰,13800001234,已交费","amount":12.5}')).toBe(
      '{"name":"张**","id":"*****2345","note":"张**,138****1234,已交费","amount":12.5}',
    )
  })
  it('hides a number, and a value with escapes whole', () => {
    expect(shown('{"id":12345678,"name":"\\u5f20\\u4e09"}')).toBe('{"id":****5678,"name":"************"}')
  })
  it('hides what escapes spell elsewhere', () => {
    expect(shown('{"name":"张三丰","note":"\\u5f20\\u4e09\\u4e30"}')).toBe('{"name":"张**","note":"******************"}')
  })
  it('hides everything after the first character that is no JSON', () => {
    expect(shown('{"a":"x", oops "name":"张三丰"}')).toBe(`{"a":"x",${'*'.repeat(' oops "name":"张三丰"}'.length)}`)
    expect(shown('{"a":"unfinished 张三丰')).toMatch(/^\{"a":\*+$/)
  })
  it('hides a number or a name that stands where a member’s name should', () => {
    expect(shown('{"byPatient":{"440301199001011234":{"age":3},"P00012345":1},"item2":4}')).toBe(
      '{"byPatient":{"**************1234":{"age":3},"*****2345":1},"item2":4}',
    )
    expect(shown('{"name":"张三丰","ward":{"张三丰":"3床","\\u5f20\\u4e09\\u4e30":"4床","科室":"内"}}')).toBe(
      '{"name":"张**","ward":{"张**":"3床","******************":"4床","科室":"内"}}',
    )
  })
  it('goes down arrays and begins paths anew at a FHIR resource', () => {
    const paths = walkJson(
      '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","name":[{"family":"张"}]}}]}',
    ).scalars
    expect(paths.map(({ path }) => path)).toEqual(['Bundle.resourceType', 'Patient.resourceType', 'Patient.name[0].family'])
  })
  it('is walked as JSON reads it, whatever it is', () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (text, pretty) => {
        const written = pretty ? JSON.stringify(JSON.parse(text), null, 2) : text
        const { scalars, odd } = walkJson(written)
        expect(odd).toBeNull()
        const leaves: unknown[] = []
        JSON.parse(written, (_, value: unknown) => {
          if (typeof value !== 'object' || value === null) leaves.push(value)
          return value
        })
        expect(scalars).toHaveLength(leaves.length)
        for (const { stretch } of scalars) expect(stretch.end).toBeGreaterThanOrEqual(stretch.start)
      }),
    )
  })
  it('never throws, and covers every character behind an oddity', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', 'a', '1', ' ', '张') }),
        (text) => {
          const { odd } = walkJson(text)
          if (odd !== null) expect(odd.end).toBe(text.length)
        },
      ),
    )
  })
})

describe('an XML body', () => {
  it('hides elements, attributes, comments and CDATA by their place', () => {
    const text =
      '<?xml version="1.0"?><s:Body xmlns:s="x"><p><name>张三丰</name><id root="1.2" extension="P00012345"/><phone><![CDATA[13800001234]]></phone><!-- 张三丰 --><n>给张三丰</n></p></s:Body>'
    const masked = shown(text)
    expect(masked).toContain('<name>张**</name>')
    expect(masked).toContain('root="1.2" extension="*****2345"')
    expect(masked).toContain('<![CDATA[138****1234]]>')
    expect(masked).toContain('<!--*****-->')
    expect(masked).toContain('<n>给张**</n>')
    expect(masked.replaceAll('*', '')).not.toContain('三丰')
  })
  it('hides what is said to a program, as it does comments', () => {
    expect(shown('<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><?print for 李四?><a/>')).toBe(
      '<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><?************?><a/>',
    )
  })
  it('knows paths by local names and finds every attribute where it stands', () => {
    const text = `<a:x  one="1"\n two='22'><y/> t </a:x>`
    const { scalars, odd } = walkXml(text)
    expect(odd).toBeNull()
    expect(scalars.map(({ path, stretch }) => [path, text.slice(stretch.start, stretch.end)])).toEqual([
      ['x/@one', '1'],
      ['x/@two', '22'],
      ['x', 't'],
    ])
  })
  it('hides everything from where it stops being XML', () => {
    expect(shown('<a><name>张三丰</b>张三丰</a>')).toBe(`<a><name>张**${'*'.repeat('</b>张三丰</a>'.length)}`)
    expect(shown('<a><name>张三丰')).toBe('<a><name>张**')
  })
})

describe('hex and tree', () => {
  it('hide the same bytes, also in GB18030', () => {
    const bytes = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xd5, 0xc5, 0xc8, 0xfd]), Buffer.from('"}')])
    const body = bodyOf('', { detected: 'gb18030', bytes })
    const { bytes: masked, ranges } = maskedBytes(body, secretsOf([body]))
    expect(ranges).toEqual([{ start: 11, end: 13 }])
    expect(Buffer.from(masked).subarray(11, 13).toString()).toBe('**')
  })
  it('hide a coded body whole in hex, and show its text as the format reads it', () => {
    const body = bodyOf('{"name":"张三丰"}', { detected: 'utf-8', bytes: Uint8Array.from([0x1f, 0x8b, 8, 0]) })
    expect(maskedBytes(body, []).ranges).toEqual([{ start: 0, end: 4 }])
    expect(maskedText(body, secretsOf([body]))).toBe('{"name":"张**"}')
  })
  it('hide what stands in a path where a member’s name should', () => {
    const text = '{"name":"张三丰","ward":{"张三丰":{"bed":3}},"by.id":{"a.123456789":1}}'
    const body = {
      ...bodyOf(text),
      document: json.read(Buffer.from(text), { side: 'request', at: 0, timezone: 'Asia/Shanghai' }),
    }
    const told = JSON.stringify(maskedTree(body, secretsOf([body])))
    expect(told).toContain('"ward.张**.bed"')
    expect(told).toContain(JSON.stringify('["by.id"]["*******6789"]').slice(1, -1))
    expect(told).not.toMatch(/三丰|12345/)
  })
  it.each([
    ['dicom', '[{"00091001":{"vr":"LO","Value":["X"]}}]', '00091001'],
    ['soap', '<a><PRPA_IN201301UV02>x</PRPA_IN201301UV02></a>', 'a/PRPA_IN201301UV02'],
  ])('leave the names that a standard gives, whatever digits they have: %s', (format, text, path) => {
    const leaf = { path, name: null, dataType: null, value: 'x', meaning: null, children: [] }
    const made = bodyOf(text, { tree: [leaf] })
    const body = { ...made, document: { ...made.document, format } }
    expect(maskedText(body, [])).toBe(text)
    expect(maskedBytes(body, []).ranges).toEqual([])
    expect(maskedTree(body, [])[0]?.path).toBe(path)
  })
  it('show a body that is no text by its tree', () => {
    const leaf = (path: string, value: string): TreeNode => ({
      path,
      name: null,
      dataType: null,
      value,
      meaning: null,
      children: [],
    })
    const body = bodyOf('', { bytes: Uint8Array.from([2, 0, 1]), tree: [leaf('name', '张三丰'), leaf('note', '张三丰 CT')] })
    expect(maskedText(body, secretsOf([body]))).toBe('name: 张**\nnote: 张** CT\n')
    expect(maskedTree(body, secretsOf([body])).map(({ masked }) => masked)).toEqual([true, true])
  })
  it('show nothing of a format that says nothing of its paths', () => {
    const { identityOf: _, ...silent } = bodyOf('{"a":"b c"}')
    expect(maskedText(silent, [])).toBe('{"*":"* *"}')
  })
})

describe('what stands around a body', () => {
  it('hides numbers in a path, all parameters, and record keys', () => {
    expect(
      maskedEnvelope(
        [
          [':method', 'GET'],
          [':path', '/fhir/r4/Patient/P00012345/$everything?name=张三&_count=20&flag'],
          ['location', '/fhir/Observation/abc/_history/1'],
          ['content-location', 'http://10.1.2.3:8080/Patient/urn:oid:1.2.3:P0001'],
          ['key', 'V202611230001'],
          ['x-note', 'call 13800001234'],
          ['topic', 'his.registration.events'],
        ],
        [],
      ),
    ).toEqual([
      [':method', 'GET'],
      [':path', '/fhir/r4/Patient/*********/$everything?name=**&_count=**&****'],
      ['location', '/fhir/Observation/abc/_history/*'],
      ['content-location', `http://10.1.2.3:8080/Patient/${'*'.repeat('urn:oid:1.2.3:P0001'.length)}`],
      ['key', '*************'],
      ['x-note', 'call 138****1234'],
      ['topic', 'his.registration.events'],
    ])
  })
})

it('a walk finds the same secrets whatever the order of members', () => {
  const secrets = walkMarked('{"b":{"id":"12345678"},"name":"李四"}', 'json', identityOf).secrets
  expect(secrets).toEqual([
    { identity: 'id', value: '12345678' },
    { identity: 'name', value: '李四' },
  ])
})
