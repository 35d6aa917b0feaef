import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dawn } from '../../../../fixtures/observed/made.ts'
import { formats } from '../../../../gateway/app.ts'
import { issueBearer } from '../../../../gateway/desk/access/bearer.ts'
import type { TreeNodeAnswer } from '../../../../gateway/desk/api/shapes.ts'
import { type Grants, grantableIdentities } from '../../../../gateway/desk/masking/grants.ts'
import {
  maskedBytes,
  maskedText,
  maskedTree,
  type ReadBody,
  secretsOf,
  suppressedIn,
} from '../../../../gateway/desk/masking/masked.ts'
import { createPseudonyms } from '../../../../gateway/desk/masking/pseudonyms.ts'
import { categoriesIn, categoriesOfIcd, type sensitiveCategories } from '../../../../gateway/desk/masking/sensitive.ts'
import { at, type OpenDesk, openDesk, secrets, syntheticBatch } from './open-desk.ts'

const known = await formats()
const pseudonym = createPseudonyms(secrets.key('pseudonyms'))

function grantsOf(
  identities: readonly (typeof grantableIdentities)[number][],
  categories: readonly (typeof sensitiveCategories)[number][] = [],
): Grants {
  return { identities: new Set(identities), categories: new Set(categories) }
}

function read(format: string, text: string, grants: Grants): ReadBody {
  const reader = known.get(format)
  if (reader === undefined) throw new Error(`no format ${format}`)
  const bytes = Buffer.from(text)
  const envelope = [
    ['content-type', format === 'fhir' ? 'application/fhir+json' : format === 'soap' ? 'text/xml' : 'application/json'],
  ] as const
  const document = reader.read(bytes, { at: dawn, timezone: 'Asia/Shanghai', side: 'request', envelope })
  const { identityOf } = reader
  return { bytes, document, grants, ...(identityOf === undefined ? {} : { identityOf: (path: string) => identityOf(path) }) }
}

function values(nodes: readonly TreeNodeAnswer[]): string {
  return nodes.map(({ value, children }) => `${value ?? ''}\n${values(children)}`).join('')
}

/** Each view of a body. A tree joins nothing, so that what stands apart in it is looked for apart. */
function viewsOf(body: ReadBody): readonly string[] {
  const known = secretsOf([body])
  return [
    maskedText(body, known),
    values(maskedTree(body, known)),
    Buffer.from(maskedBytes(body, known).bytes).toString('utf8'),
  ]
}

const header = 'MSH|^~\\&|LIS|SZPH|EMR|SZPH|20261123083001||ORU^R01^ORU_R01|C1|P|2.5.1||||||UNICODE UTF-8'
const patient =
  'PID|1||P0012345^^^SZPH^MR~440301199001011234^^^NHC^NI||张^三丰||19900101|M|||东门南路17号^^深圳^广东||13800001234'
const note = 'NTE|1||患者张三丰 13800001234 家住东门南路17号 证440301199001011234'
const message = (...segments: readonly string[]) => [header, patient, ...segments].join('\r')
/** What each identity is, in a form that stands in every view. */
const valueFor = { name: '三丰', id: 'P0012345', phone: '13800001234', address: '东门南路17号', birth: '19900101' } as const

describe('what is granted', () => {
  it.each(grantableIdentities)('%s alone is shown, in every view', (granted) => {
    for (const view of viewsOf(read('hl7v2', message(note), grantsOf([granted]))))
      for (const identity of grantableIdentities)
        expect([granted, identity, view.includes(valueFor[identity])]).toEqual([granted, identity, identity === granted])
  })
  it('never shows the birthday inside the number of an identity card', () => {
    for (const view of viewsOf(read('hl7v2', message(note), grantsOf(['id'])))) {
      expect(view).toContain('440301********1234')
      expect(view).not.toContain('19900101')
    }
  })
  it('counts in the other formats too', () => {
    const body = {
      resourceType: 'Patient',
      name: [{ text: '张三丰' }],
      telecom: [{ system: 'phone', value: '13800001234' }],
      birthDate: '1990-01-01',
    }
    for (const view of viewsOf(read('fhir', JSON.stringify(body), grantsOf(['name'])))) {
      expect(view).toContain('张三丰')
      expect(view).not.toContain('13800001234')
      expect(view).not.toContain('1990-01-01')
    }
  })
})

const order = (code: string, name: string) => [`ORC|RE|O1^HIS|F1^LIS`, `OBR|1|O1^HIS|F1^LIS|${code}^${name}^L|||20261123080000`]
const hiv = [...order('HIVAB', 'HIV抗体检测'), 'OBX|1|ST|L9001^筛查^L||待复检|||A|||F', 'NTE|1||已报告疾控']
const blood = [...order('CBC', '血常规'), 'OBX|1|NM|WBC^白细胞^L||6.2|10*9/L|3.5-9.5|N|||F']

describe('a sensitive category', () => {
  it('is found by code and text, drugs included, and not where it only might be', () => {
    const found = [
      'HIV抗体',
      'ＨＩＶ',
      '艾滋病',
      '56888-1',
      '依非韦伦片',
      '精神分裂症',
      '奥氮平',
      'TPPA',
      'RPR',
      '梅毒',
      'BRCA1',
      '染色体核型',
    ]
    for (const text of found) expect([text, categoriesIn(text).length]).toEqual([text, 1])
    for (const text of ['血常规', 'ST depression', '拉米夫定', '精神可', 'TRUSTEE', 'F20 床'])
      expect([text, categoriesIn(text)]).toEqual([text, []])
    expect(['B20.9', 'F32', 'A51', 'Q90', 'J18.9', 'I10'].map(categoriesOfIcd)).toEqual([
      ['hiv'],
      ['psychiatric'],
      ['std'],
      ['genetic'],
      [],
      [],
    ])
  })
  it('hides an order with its results and notes, and leaves the orders beside it', () => {
    const body = read('hl7v2', message(...hiv, ...blood), grantsOf([]))
    expect(suppressedIn(body)).toEqual(['hiv'])
    for (const view of viewsOf(body)) {
      for (const value of ['HIV', '抗体', '筛查', '待复检', '已报告疾控', 'L9001'])
        expect([value, view.includes(value)]).toEqual([value, false])
      for (const value of ['血常规', '白细胞', '6.2', 'O1', 'F1', '20261123080000'])
        expect([value, view.includes(value)]).toEqual([value, true])
    }
  })
  it('is shown where it is granted, and what identifies in it stays masked', () => {
    const body = read('hl7v2', message(...hiv), grantsOf([], ['hiv']))
    expect(suppressedIn(body)).toEqual([])
    for (const view of viewsOf(body)) {
      expect(view).toContain('待复检')
      expect(view).not.toContain('三丰')
    }
  })
  it('is hidden in diagnoses, prescriptions and wards', () => {
    const segments = [
      'PV1|1|I|精神科^301^01||||D1^李医生',
      'DG1|1||F20.900^偏执型^I10',
      'ORC|NW|R1^HIS',
      'RXE|1^QD|DRUG1^奥氮平片^L|5||mg',
    ]
    for (const view of viewsOf(read('hl7v2', message(...segments), grantsOf(['name', 'id'])))) {
      for (const value of ['精神科', 'F20', '偏执型', '奥氮平', 'DRUG1'])
        expect([value, view.includes(value)]).toEqual([value, false])
      expect(view).toContain('李医生')
    }
  })
  it('is hidden in JSON with the object it stands in, in FHIR with the resource, in XML with the element', () => {
    const json = {
      patient: 'x1',
      items: [
        { itemName: 'HIV抗体', result: '待复检' },
        { itemName: '血糖', result: '5.6' },
      ],
    }
    for (const view of viewsOf(read('json', JSON.stringify(json), grantsOf([])))) {
      expect(view).not.toMatch(/HIV|待复检/)
      // The places of another item are other places.
      expect(view).toContain('血糖')
    }
    const observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ code: '56888-1', display: 'screen' }] },
      valueString: '待复检',
    }
    for (const view of viewsOf(read('fhir', JSON.stringify(observation), grantsOf([]))))
      expect(view).not.toMatch(/56888|screen|待复检/)
    const xml = '<a><row><name>梅毒螺旋体</name><value>弱反应</value></row><row2><item>血糖</item></row2></a>'
    for (const view of viewsOf(read('soap', xml, grantsOf([])))) {
      expect(view).not.toMatch(/梅毒|弱反应/)
      expect(view).toContain('血糖')
    }
  })
})

describe('a pseudonym', () => {
  it('is the same for the same number in any message, and tells nothing', () => {
    const named = (nodes: readonly TreeNodeAnswer[]): readonly string[] =>
      nodes.flatMap((node) => [...(node.pseudonym === null ? [] : [node.pseudonym]), ...named(node.children)])
    const one = read('hl7v2', message(note), grantsOf([]))
    const other = read('json', JSON.stringify({ idNo: '440301199001011234' }), grantsOf([]))
    const [first, second] = [one, other].map((body) => named(maskedTree(body, secretsOf([body]), pseudonym)))
    expect(first).toEqual([pseudonym('P0012345'), pseudonym('440301199001011234')])
    const observed = { resourceType: 'Observation', subject: { reference: 'Patient/P0012345' } }
    const referring = read('fhir', JSON.stringify(observed), grantsOf([]))
    expect(named(maskedTree(referring, secretsOf([referring]), pseudonym))).toEqual([pseudonym('P0012345')])
    expect(pseudonym('ｐ0012345 ')).toBe(pseudonym('P0012345'))
    expect(second?.every((name) => first?.includes(name))).toBe(true)
    expect(createPseudonyms(secrets.key('tokens'))('P0012345')).not.toBe(pseudonym('P0012345'))
  })
})

describe('a role', () => {
  let open: OpenDesk
  beforeAll(async () => {
    open = await openDesk()
    await open.store.commit(syntheticBatch())
  })
  afterAll(() => open.close())
  const path = '/exchanges/e1-1795392000000-1/message?view=text'
  it('sees what the privacy officer says, from the next message on, and its scopes only narrow it', async () => {
    const sees = async (scopes?: readonly string[]) => {
      const issued = {
        role: 'viewer',
        ttlMs: 60_000,
        now: open.clock.now(),
        ...(scopes === undefined ? {} : { scopes }),
      } as const
      const token = await issueBearer(secrets.key('bearer'), issued)
      const answer: unknown = await (
        await fetch(`${open.base}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
      ).json()
      return String(at(answer, 'text')).includes('张三丰')
    }
    expect(await sees()).toBe(false)
    const grant = { identities: ['name'], categories: ['hiv'], reason: 'they call patients' }
    for (const role of ['admin', 'engineer', 'auditor', 'viewer'] as const)
      expect((await open.ask(role, '/grants/viewer', grant)).status).toBe(403)
    expect((await open.ask('privacy', '/grants/auditor', grant)).status).toBe(409)
    expect((await open.ask('privacy', '/grants/nobody', grant)).status).toBe(404)
    expect((await open.ask('privacy', '/grants/viewer', { ...grant, identities: ['all'] })).status).toBe(400)
    expect((await open.ask('privacy', '/grants/viewer', grant)).status).toBe(200)
    expect([await sees(), await sees(['messages.read']), await sees(['messages.read', 'see:name'])]).toEqual([
      true,
      false,
      true,
    ])
    expect(String(at((await open.ask('desk', path)).json, 'text'))).not.toContain('张三丰')
    const { items } = await open.store.audit({ limit: 9, action: 'grant' })
    expect(items[0]).toMatchObject({ action: 'grant viewer sees name hiv', by: 'token:privacy', reason: 'they call patients' })
    const all = await open.ask('admin', '/grants')
    expect(at(all.json, 'items.0')).toEqual({ role: 'viewer', identities: ['name'], categories: ['hiv'] })
  })
})
