import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { dicom } from '../../adapters/formats/dicom/dicom.ts'
import type { Exchange } from '../../gateway/model/exchange.ts'
import { ctImage } from '../support/dicom-file.ts'
import { freePort } from '../support/ports.ts'
import { missingPeers } from './missing.ts'
import { dicomWebPlugin, orthancConfig } from './orthanc.ts'
import { listening } from './programs.ts'
import { edgeInFrontOf } from './through-edge.ts'

const folder = await mkdtemp(join(tmpdir(), 'auscult-dicomweb-'))
afterAll(() => rm(folder, { recursive: true }))

const study = '1.2.826.0.1.3680043.10.1.1'
const instance = '1.2.826.0.1.3680043.10.1.3.7'

if (
  missingPeers([
    ['Orthanc', '--version'],
    ['test', '-e', dicomWebPlugin],
  ]) === null
) {
  describe('the DICOMweb plug-in of Orthanc through the edge', () => {
    test('stores, refuses, finds and gives back, byte for byte; each call is an exchange that the format reads', {
      timeout: 90_000,
    }, async () => {
      const [dicomPort, httpPort] = [await freePort(), await freePort()]
      const config = await orthancConfig(folder, { dicomPort, httpPort }, [dicomWebPlugin])
      await using _orthanc = await listening('Orthanc', [config], dicomPort)
      const edge = await edgeInFrontOf(httpPort, {}, { protocol: 'http', format: 'dicom' })
      const image = ctImage({ instance, patientName: '测试^患者', pixels: Buffer.alloc(8_192) })
      expect((await stow(edge.port, [image])).status).toBe(200)
      expect((await stow(edge.port, [Buffer.from('no DICOM at all')])).status).toBe(400)
      const through = await calls(edge.port)
      expect(through.map(({ status }) => status)).toEqual([200, 200, 200, 404])
      const exchanges = await edge.close()
      // The same asked without an edge: what came through it is what Orthanc says.
      const direct = await calls(httpPort)
      for (const [n, { body }] of through.entries()) expect(parts(body)).toEqual(parts(direct[n]?.body ?? Buffer.alloc(0)))
      expect(through[2]?.body.includes(image.subarray(132))).toBe(true)

      expect(exchanges.map((e) => [e.outcome, e.type, e.code])).toEqual([
        ['answered', 'POST /dicom-web/studies', '200'],
        ['failed', 'POST /dicom-web/studies', '400'],
        ['answered', 'GET /dicom-web/studies', '200'],
        ['answered', 'GET /dicom-web/studies/{}/metadata', '200'],
        ['answered', 'GET /dicom-web/studies/{}', '200'],
        ['failed', 'GET /dicom-web/studies/{}', '404'],
      ])
      expect(exchanges.flatMap((e) => e.wire)).toEqual([])
      const [store, , found, metadata, retrieved] = exchanges
      expect(keysOf(store, 'request')).toContain(`study ${study}`)
      for (const one of [found, metadata, retrieved]) expect(keysOf(one, 'answer')).toContain(`study ${study}`)
    })
  })
}

/** STOW-RS of these objects in one request (PS3.18 10.5). */
function stow(port: number, objects: readonly Buffer[]): Promise<Response> {
  const boundary = 'auscult-peer'
  const head = `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`
  const body = Buffer.concat([
    ...objects.flatMap((object) => [Buffer.from(head), object, Buffer.from('\r\n')]),
    Buffer.from(`--${boundary}--\r\n`),
  ])
  const headers = {
    'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
    accept: 'application/dicom+json',
  }
  return fetch(`http://127.0.0.1:${port}/dicom-web/studies`, { method: 'POST', headers, body: new Uint8Array(body) })
}

/** QIDO-RS, WADO-RS of metadata and of the study, and a study that isn't there. */
async function calls(port: number): Promise<readonly { readonly status: number; readonly body: Buffer }[]> {
  const answers: { status: number; body: Buffer }[] = []
  const asked = [
    ['studies?ModalitiesInStudy=CT&PatientName=*', 'application/dicom+json'],
    [`studies/${study}/metadata`, 'application/dicom+json'],
    [`studies/${study}`, 'multipart/related; type="application/dicom"; transfer-syntax=*'],
    ['studies/1.2.3.4.5', 'multipart/related; type="application/dicom"'],
  ]
  for (const [path, accept = ''] of asked) {
    const answer = await fetch(`http://127.0.0.1:${port}/dicom-web/${path}`, { headers: { accept } })
    answers.push({ status: answer.status, body: Buffer.from(await answer.arrayBuffer()) })
  }
  return answers
}

/** A multipart body without its boundary, which is another one each time, and without the port, which bulk data is told by. */
function parts(body: Buffer): string {
  const text = body.toString('latin1')
  const boundary = /^(?:\r\n)?--([^\r\n]+)\r\n/.exec(text)?.[1]
  return (boundary === undefined ? text : text.replaceAll(boundary, 'BOUNDARY')).replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
}

function keysOf(exchange: Exchange | undefined, side: 'request' | 'answer'): readonly string[] {
  const passage = side === 'request' ? exchange?.request : exchange?.answers[0]
  if (passage === null || passage === undefined) return []
  const { endAt: at, envelope = [] } = passage
  const hints = { at, timezone: 'Asia/Shanghai', side, envelope, requestEnvelope: exchange?.request?.envelope ?? [] }
  return dicom
    .read(passage.body, hints)
    .facts()
    .keys.map(({ kind, value }) => `${kind} ${value}`)
}
