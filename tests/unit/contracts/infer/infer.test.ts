import { describe, expect, it } from 'vitest'
import { hl7v2 } from '../../../../adapters/formats/hl7v2/hl7v2.ts'
import { json } from '../../../../adapters/formats/json/json.ts'
import { type Inference, startInference } from '../../../../contracts/infer/infer.ts'
import { compileContractText } from '../../../../contracts/languages.ts'
import type { CompiledContract } from '../../../../gateway/model/violation.ts'
import { simulatedMessages } from '../../../support/learnt.ts'
import { simulatedCatalogue } from '../../../support/simulated.ts'

const ids = [
  'his-lis-lab-order',
  'analyzer-lis-result',
  'his-esb-adt',
  'emr-cdss-rx-check',
  'his-nhsa-settlement',
  'cssd-his-trace',
  'mnis-emr-nursing',
]
const catalogue = await simulatedCatalogue('demo')
const heard = await simulatedMessages(ids, 15)

function learn(id: string, sureAfter = 300): { readonly text: string; readonly contract: CompiledContract } {
  const iface = catalogue.interfaces.find((one) => one.id === id)
  if (iface === undefined) throw new Error(`no ${id}`)
  const inference = startInference(iface.format)
  for (const { document, side } of heard.get(id) ?? []) inference.note(document, side)
  const text = inference.contract({ id, version: 2, title: iface.name, sureness: { sureAfter }, span: null })?.text ?? ''
  return { text, contract: compileContractText({ text, path: `${id}.yaml` }, () => null) }
}

function learntBy(inference: Inference, sureAfter = 300): string | undefined {
  const title = { zh: '无', en: 'x' }
  return inference.contract({ id: 'x', version: 1, title, sureness: { sureAfter }, span: null })?.text
}

describe.each(ids)('the contract learnt of %s', (id) => {
  it('is kept by what it was learnt from, and says the same when it is learnt again', () => {
    const { text, contract } = learn(id)
    const messages = heard.get(id) ?? []
    expect(messages.length).toBeGreaterThan(300)
    const broken = messages.filter(({ document, side }) => contract.check(document, side).some((v) => v.severity !== 'observe'))
    expect(broken.length / messages.length).toBeLessThan(0.01)
    expect(learn(id).text).toBe(text)
    expect(contract.version).toBe('2')
  })
})

describe('hl7v2', () => {
  const messages = (heard.get('his-lis-lab-order') ?? []).filter(({ side }) => side === 'request')
  const { text, contract } = learn('his-lis-lab-order')
  const broken = (change: (text: string) => string) => {
    const [first] = messages
    const body = new TextEncoder().encode(change(first?.document.text() ?? '').replaceAll('\n', '\r'))
    return contract
      .check(hl7v2.read(body, { at: 0, timezone: 'Asia/Shanghai' }), 'request')
      .filter(({ severity }) => severity !== 'observe')
      .map(({ element, rule }) => `${element} ${rule}`)
  }
  it('holds what was always there, the codes and the forms', () => {
    expect(broken((whole) => whole)).toEqual([])
    expect(broken((whole) => whole.replace(/^(ORC\|[^|]*\|)[^|]*/m, '$1'))).toContain('ORC-2 required')
    expect(broken((whole) => whole.replace(/^(ORC\|)[^|]*/m, '$1QQ'))).toContain('ORC-1 table')
    expect(broken((whole) => whole.replace(/^(MSH(?:\|[^|]*){5}\|)[^|]*/m, '$12026112'))).toContain('MSH-7 format')
    expect(broken((whole) => whole.replace(/^PV1.*\n/m, '')).length).toBeGreaterThan(0)
  })
  it('finds a field that goes with a code of its neighbour', () => {
    expect(text).toContain("PV1-17: { usage: C, when: PV1-2 = 'I'")
  })
  it('requires little after few messages', () => {
    const few = startInference('hl7v2')
    for (const { document, side } of messages.slice(0, 20)) few.note(document, side)
    const learnt = learntBy(few)
    expect(learnt).toContain('PV1-19: RE # 20/20, missing < 15 %')
    expect(learnt).not.toContain('usage: R,')
  })
  it('tells a value that few have to nobody', () => {
    const inference = startInference('hl7v2')
    const message = (sex: string, n: number) =>
      [
        'MSH|^~\\&|A|B|C|D|20261123081500||ADT^A08|X1|P|2.5.1',
        'EVN||20261123081500',
        `PID|1||P${n}^^^H^MR||N||19700101|${sex}`,
        'PV1|1|I',
      ].join('\r')
    for (let n = 0; n < 400; n += 1) {
      const sex = n < 2 ? '欧阳若兰' : n % 40 === 0 ? '13912345678' : n % 2 === 0 ? 'M' : 'F'
      inference.note(hl7v2.read(new TextEncoder().encode(message(sex, n)), { at: 0, timezone: 'Asia/Shanghai' }), 'request')
    }
    const learnt = learntBy(inference)
    expect(learnt).toContain('PID-8: { usage: R, values: [ F, M ] } # 400/400, missing < 0.75 %; 2 rare codes left out')
  })
  it('takes what the traffic does against the standard for what was agreed', () => {
    const inference = startInference('hl7v2')
    for (let n = 0; n < 400; n += 1) {
      const lines = [
        'MSH|^~\\&|A|B|C|D|20261123081500||ADT^A08|X1|P|2.5.1',
        `PID|1||P${n}^^^H^MR||N`,
        'EVN||20261123081500',
        'ZXX|1',
        'PV1|1|I',
      ]
      inference.note(hl7v2.read(new TextEncoder().encode(lines.join('\r')), { at: 0, timezone: 'Asia/Shanghai' }), 'request')
    }
    const learnt = learntBy(inference)
    expect(learnt).toContain('structure: MSH [{*}] # the order is not the standard one')
    expect(learnt).toContain('ZXX: R')
  })
})

describe('json', () => {
  it('takes members that are values for no names', () => {
    const inference = startInference('json')
    for (let n = 0; n < 50; n += 1) {
      const body = new TextEncoder().encode(JSON.stringify({ status: 'OK', byPatient: { [`P000${n}`]: 1, 张三丰: n } }))
      const envelope = [
        [':method', 'POST'],
        [':path', '/x/y'],
      ] as const
      inference.note(json.read(body, { at: 0, timezone: 'Asia/Shanghai', envelope }), 'request')
    }
    const learnt = learntBy(inference, 30)
    expect(learnt).toContain('route: POST /x/y')
    expect(learnt).not.toContain('P000')
  })
})
