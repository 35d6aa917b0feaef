import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { dicom } from '../../../../adapters/formats/dicom/dicom.ts'
import { createInspector } from '../../../../gateway/analysis/inspect.ts'
import { compileContractFile } from '../../../../gateway/contract-files.ts'
import type { Exchange } from '../../../../gateway/model/exchange.ts'
import type { InspectedExchange } from '../../../../gateway/model/reading.ts'
import { capturedInterface, exchangesOf } from '../../../golden/captured.ts'
import { testCatalogue } from '../../../support/catalogue.ts'

const iface = { ...capturedInterface('dimse'), format: 'dicom' as const }
const inspect = createInspector({
  catalogue: testCatalogue(iface),
  formats: new Map([[dicom.name, dicom]]),
  contracts: new Map([[iface.id, compileContractFile('modality-ris-worklist', '.')]]),
})

async function worklist(change: (body: Buffer) => Buffer = (body) => body): Promise<InspectedExchange | null> {
  const file = fileURLToPath(new URL('../../../../fixtures/captures/dimse-12-mwl-cfind-gb18030-utf8.pcap', import.meta.url))
  const { exchanges } = await exchangesOf([file], iface)
  const find = exchanges.find(({ type }) => type === 'C-FIND')
  if (find === undefined) return null
  const exchange: Exchange = {
    ...find,
    answers: find.answers.map((answer) => ({ ...answer, body: change(Buffer.from(answer.body)) })),
  }
  const item = inspect({ kind: 'exchange', at: 1, exchange }, 1)
  return item.kind === 'exchange' ? item : null
}

it('tells of a worklist what its items carry, and of its end what its last answer says', async () => {
  const item = await worklist()
  expect(item?.answerFacts?.keys.filter(({ kind }) => kind === 'accession')).toHaveLength(4)
  expect(item?.answerFacts?.charset).toMatchObject({ verdict: 'agrees', nonAsciiCount: 28 })
  expect(item?.answerFacts?.ack?.code).toBe('0000')
  expect(item?.violations.filter(({ side }) => side === 'answer')).toEqual([])
})

it('holds each item to the contract, and tells a breach of several once', async () => {
  const item = await worklist((body) =>
    Buffer.from(body.toString('latin1').replace('\x08\x00GB18030 ', '\x08\x00ISO_IR 6'), 'latin1'),
  )
  expect(item?.answerFacts?.charset.verdict).toBe('contradicts')
  const told = item?.violations
    .filter(({ side }) => side === 'answer')
    .map(({ severity, rule, path }) => `${severity} ${rule} ${path}`)
  expect(told).toContain('ticket charset SpecificCharacterSet')
  expect(told?.filter((text) => text.startsWith('ticket charset'))).toHaveLength(1)
})
