import { expect, it } from 'vitest'
import { dicom } from '../../../../adapters/formats/dicom/dicom.ts'
import { json } from '../../../../adapters/formats/json/json.ts'
import { createInspector } from '../../../../gateway/analysis/inspect.ts'
import { compileContractFile } from '../../../../gateway/contract-files.ts'
import type { Envelope } from '../../../../gateway/model/envelope.ts'
import type { Exchange, Passage } from '../../../../gateway/model/exchange.ts'
import { testCatalogue, testInterface } from '../../../support/catalogue.ts'

const iface = { ...testInterface('prereview'), protocol: 'http', format: 'json' } as const
const inspectWith = (contract: string) =>
  createInspector({
    catalogue: testCatalogue(iface),
    formats: new Map([[json.name, json]]),
    contracts: new Map([[iface.id, compileContractFile(contract, '.')]]),
  })

function passage(text: string, at: number, envelope: Envelope): Passage {
  const body = new TextEncoder().encode(text)
  return { startAt: at, endAt: at, wireBytes: body.length + 100, body, bodyBytes: body.length, envelope }
}

function exchange(path: string, request: string, answer: string): Exchange {
  const asked = passage(request, 1, [
    [':method', 'POST'],
    [':path', path],
  ])
  const answered = passage(answer, 2, [[':status', '200']])
  return {
    id: 'x1',
    interfaceId: iface.id,
    connection: {
      id: 'c1',
      initiator: 'a:1',
      acceptor: 'b:2',
      openedAt: 0,
      connectMs: 1,
      exchangesBefore: 0,
      idleBeforeMs: null,
    },
    requestFrom: 'initiator',
    outcome: 'answered',
    controlId: null,
    type: 'POST /{}',
    request: asked,
    answers: [{ ...answered, stage: null, verdict: 'yes', code: '200' }],
    code: '200',
    latencyMs: 1,
    wire: [],
    coverage: 'full',
  }
}

function inspected(contract: string, of: Exchange) {
  const item = inspectWith(contract)({ kind: 'exchange', at: 1, exchange: of }, 1)
  if (item.kind !== 'exchange') throw new Error('an exchange was expected')
  return item
}

const decision = JSON.stringify({
  taskId: 'PR1',
  prescriptionId: 'RX1',
  result: 'PASS',
  reviewer: { id: 'PH1' },
  reviewedAt: '2026-11-23T09:06:12+08:00',
})

it.each([
  ['{"code":0,"message":"OK"}', 'answered', '200'],
  ['{"code":7,"message":"任务不存在"}', 'failed', '7'],
])('an answer of 200 that says %s is %s, because the contract says which member tells', (answer, outcome, code) => {
  const item = inspected('his-prereview-rx', exchange('/his/review-result', decision, answer))
  expect(item.entry.exchange).toMatchObject({ outcome, code })
  expect(item.requestFacts?.type).toBe('POST /his/review-result')
  expect(item.violations).toEqual([])
})

it('an NHSA answer of 200 with infcode -1 is a failed exchange', () => {
  const answer = JSON.stringify({
    infcode: -1,
    inf_refmsgid: '440300202611230912460043',
    respond_time: '20261123091246200',
    err_msg: '未对照',
    output: null,
  })
  const item = inspected(
    'his-nhsa-settlement',
    exchange('/fsi/api/x', '{"infno":"2203","msgid":"H99000000001202611230912440042"}', answer),
  )
  expect(item.entry.exchange).toMatchObject({ outcome: 'failed', code: '-1' })
  expect(item.requestFacts?.type).toBe('2203')
  expect(item.violations.map(({ side }) => side)).not.toContain('answer')
})

it('an error of DICOMweb in the words of the container that could not answer is read for them, and is no broken data set', () => {
  const web = { ...testInterface('consult'), protocol: 'http', format: 'dicom' } as const
  const inspect = createInspector({
    catalogue: testCatalogue(web),
    formats: new Map([[dicom.name, dicom]]),
    contracts: new Map([[web.id, compileContractFile('pacs-consult-dicomweb', '.')]]),
  })
  const asked = exchange('/dicom-web/studies', '', '')
  const answer = passage('{"message":"Too many connections"}', 2, [
    [':status', '500'],
    ['content-type', 'application/json'],
  ])
  const request = {
    ...passage('', 1, [
      [':method', 'GET'],
      [':path', '/dicom-web/studies?PatientID=1'],
    ]),
  }
  const failed: Exchange = {
    ...asked,
    interfaceId: web.id,
    outcome: 'failed',
    request,
    answers: [{ ...answer, stage: null, verdict: 'no', code: '500' }],
    code: '500',
  }
  const item = inspect({ kind: 'exchange', at: 1, exchange: failed }, 1)
  if (item.kind !== 'exchange') throw new Error('an exchange was expected')
  expect(item.answerFacts?.ack?.errors.map(({ textDigest }) => textDigest?.slice(0, 5))).toEqual(['pool-'])
  expect(item.violations.filter(({ side }) => side === 'answer')).toEqual([])
})
