import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { dicom } from '../../../../../adapters/formats/dicom/dicom.ts'
import type { Document } from '../../../../../gateway/model/document.ts'
import type { Exchange, Passage } from '../../../../../gateway/model/exchange.ts'
import { capturedInterface, exchangesOf } from '../../../../golden/captured.ts'

async function exchanges(name: string): Promise<readonly Exchange[]> {
  const file = fileURLToPath(new URL(`../../../../../fixtures/captures/${name}.pcap`, import.meta.url))
  return (await exchangesOf([file], capturedInterface('dimse'))).exchanges
}

function read(passage: Passage, request: Passage | null): Document {
  const { body, bodyBytes, endAt, envelope = [] } = passage
  const isAnswer = passage !== request
  const around = isAnswer && request?.envelope !== undefined ? { requestEnvelope: request.envelope } : {}
  return dicom.read(body, {
    at: endAt,
    timezone: 'Asia/Shanghai',
    bodyBytes,
    side: isAnswer ? 'answer' : 'request',
    envelope,
    ...around,
  })
}

describe('what passes on a wire', () => {
  it('a worklist in two character sets', async () => {
    const find = (await exchanges('dimse-12-mwl-cfind-gb18030-utf8')).find(({ type }) => type === 'C-FIND')
    const items = (find?.answers ?? [])
      .map((answer) => read(answer, find?.request ?? null))
      .filter((item) => item.text() !== '')
    expect(items.map((item) => `${item.facts().charset.declared} ${item.get('PatientName.Ideographic')}`).toSorted()).toEqual(
      ['GB18030 李雷', 'GB18030 王𠮷', 'GB18030 张三丰', 'ISO_IR 192 欧阳若兰'].toSorted(),
    )
  })

  it('a performed procedure step from its beginning to its end', async () => {
    const steps = (await exchanges('dimse-40-mpps-ncreate-nset-completed')).filter(
      ({ type }) => type === 'N-CREATE' || type === 'N-SET',
    )
    const facts = steps.flatMap(({ request }) => (request === null ? [] : [read(request, request).facts()]))
    expect(
      facts.map(({ type, codes }) => [type, codes.find(({ path }) => path === 'PerformedProcedureStepStatus')?.value]),
    ).toEqual([
      ['N-CREATE', 'IN PROGRESS'],
      ['N-SET', 'COMPLETED'],
    ])
    const instances = facts.map(({ keys }) => keys.find(({ kind }) => kind === 'instance')?.value)
    expect(instances[0]).toBe(instances[1])
    expect(facts.every(({ defects }) => defects.length === 0)).toBe(true)
  })

  it('images, without their pixels and without a defect', async () => {
    const stores = (await exchanges('dimse-02-cstore-multimodality-ok')).filter(({ type }) => type === 'C-STORE')
    const facts = stores.flatMap(({ request }) => (request === null ? [] : [read(request, request).facts()]))
    expect(facts).toHaveLength(5)
    expect(facts.flatMap(({ defects }) => defects)).toEqual([])
    expect(new Set(facts.map(({ codes }) => codes.find(({ path }) => path === 'Modality')?.value)).size).toBeGreaterThan(2)
  })

  it('a refused store, with what its status means', async () => {
    const store = (await exchanges('dimse-30-cstore-A700-out-of-resources')).find(({ type }) => type === 'C-STORE')
    const answer = store?.answers[0]
    const document = answer === undefined ? null : read(answer, store?.request ?? null)
    expect(document?.facts().ack?.code).toBe('A700')
    const status = document?.tree()[0]?.children.find(({ path }) => path === 'command.status')
    expect(status?.meaning?.zh).toBe('拒绝:资源不足(存储满或配额)')
  })

  it('a refused association', async () => {
    const [association] = await exchanges('dimse-17-called-ae-not-recognized')
    const answer = association?.answers[0]
    expect(answer === undefined ? null : read(answer, association?.request ?? null).facts().type).toBe('A-ASSOCIATE')
  })
})
