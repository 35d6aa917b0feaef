import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { rewired } from '../../../../../gateway/desk/bundle/rewire.ts'
import { decidingAnswer, type Exchange, type Passage } from '../../../../../gateway/model/exchange.ts'
import { protocolOf } from '../../../../golden/capture-names.ts'
import { capturedInterface, exchangesOf } from '../../../../golden/captured.ts'
import { rebuilt } from '../../../../support/rebuilt.ts'

const folder = mkdtempSync(join(tmpdir(), 'auscult-slice-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Of the answers the deciding one is kept, and so rebuilt. */
const told = (exchange: Exchange) => ({
  ...{ outcome: exchange.outcome, type: exchange.type, controlId: exchange.controlId, code: exchange.code },
  request: exchange.request === null ? null : Buffer.from(exchange.request.body).toString('latin1'),
  requestAt: Math.round(exchange.request?.endAt ?? 0),
  answer: Buffer.from(decidingAnswer(exchange)?.body ?? []).toString('latin1'),
})

describe('a slice that is rebuilt of exchanges', () => {
  it.each([
    'mllp-01-adt-orders-results-AA',
    'mllp-02-AE-unknown-drug-code',
    'mllp-04-gb18030-and-charset-mismatch',
    'mllp-17-large-528KB-embedded-pdf',
    'mllp-18-connection-refused',
    'http-01-keepalive-json',
    'http-02-refusals-401-403-429-503',
  ])('tells the capture reader what the recording told it: %s', async (name) => {
    const { exchanges, file } = await rebuilt(name)
    const path = join(folder, `${name}.pcapng`)
    writeFileSync(path, file)
    const again = await exchangesOf([path], capturedInterface(protocolOf(name)))
    expect(exchanges.length).toBeGreaterThan(0)
    expect(again.summary.warnings).toEqual([])
    expect(again.exchanges.map(told)).toEqual(exchanges.map(told))
  })
})

describe('a slice of DICOM', () => {
  /** The length of its pixels is the data set's. */
  const ofCommand = (passage: Passage | null | undefined) => passage?.envelope?.filter(([name]) => name !== 'pixel-data-bytes')
  const toldOfDimse = ({ type, code, outcome, request, answers }: Exchange) => ({
    ...{ type, code, outcome },
    request: ofCommand(request),
    answer: ofCommand(answers.at(-1)),
  })
  const again = async (name: string, from: number) => {
    const { exchanges, file } = await rebuilt(name, from)
    const path = join(folder, `${name}-${from}.pcapng`)
    writeFileSync(path, file)
    return [exchanges, (await exchangesOf([path], capturedInterface('dimse'))).exchanges] as const
  }
  it.each([
    'dimse-01-cecho-ok',
    'dimse-02-cstore-multimodality-ok',
    'dimse-17-called-ae-not-recognized',
    'dimse-25-tcp-connection-refused',
    'dimse-30-cstore-A700-out-of-resources',
    'dimse-40-mpps-ncreate-nset-completed',
  ])('tells the same associations, commands and statuses, without data sets: %s', async (name) => {
    const [before, after] = await again(name, 0)
    expect(before.length).toBeGreaterThan(0)
    expect(after.map(toldOfDimse)).toEqual(before.map(toldOfDimse))
    expect(after.every(({ request }) => (request?.bodyBytes ?? 0) === 0)).toBe(true)
  })
  it('that begins behind its association gets one from what its first message knows', async () => {
    const [before, after] = await again('dimse-30-cstore-A700-out-of-resources', 1)
    expect(before[0]?.type).toBe('C-STORE')
    expect(after.map(({ type }) => type)).toEqual(['A-ASSOCIATE', ...before.map(({ type }) => type)])
    expect(ofCommand(after[1]?.request)).toEqual(ofCommand(before[0]?.request))
  })
})

describe('a message on the wire', () => {
  const nothing = { type: null, code: null }
  const http = (side: 'request' | 'answer', fields: readonly (readonly [string, string])[], body: string) =>
    Buffer.from(
      rewired(
        'http',
        side,
        { bytes: Buffer.from(body), envelope: fields.map(([name, value]) => ({ name, value })) },
        nothing,
      ) ?? [],
    ).toString()
  it('is an HTTP message of the length that the masked body has, with no coding that it is in no more', () => {
    const fields = [
      [':method', 'POST'],
      [':path', '/orders/****'],
      ['content-encoding', 'gzip'],
      ['transfer-encoding', 'chunked'],
      ['x-note', 'a\r\nb'],
    ] as const
    expect(http('request', fields, '***')).toBe(
      'POST /orders/**** HTTP/1.1\r\nx-was-content-encoding: gzip\r\nx-note: a  b\r\ncontent-length: 3\r\n\r\n***',
    )
    expect(http('answer', [[':status', '204']], '')).toBe('HTTP/1.1 204 No Content\r\n\r\n')
  })
  it('is left out where a protocol has no connection, and where nothing tells what it was', () => {
    expect(rewired('record', 'request', { bytes: Buffer.from('*'), envelope: [] }, nothing)).toBeNull()
    expect(rewired('dimse', 'request', { bytes: Buffer.from('*'), envelope: [] }, nothing)).toBeNull()
  })
})
