import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import dcmjsDimse from 'dcmjs-dimse'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decidingAnswer, type Exchange } from '../../gateway/model/exchange.ts'
import { ctImage } from '../support/dicom-file.ts'
import { freePort } from '../support/ports.ts'
import { missingPeers } from './missing.ts'
import { listening, run } from './programs.ts'
import { edgeInFrontOf } from './through-edge.ts'

const { Client, Dataset, Scp } = dcmjsDimse
const { CEchoRequest, CFindRequest, CStoreRequest, NActionRequest, NCreateRequest, NEventReportRequest, NSetRequest } =
  dcmjsDimse.requests
const { CEchoResponse, CFindResponse, CStoreResponse, NActionResponse, NEventReportResponse, NCreateResponse, NSetResponse } =
  dcmjsDimse.responses
const { PresentationContextResult, SopClass, Status, TransferSyntax } = dcmjsDimse.constants

type Request = InstanceType<typeof dcmjsDimse.requests.Request>
type EventReport = InstanceType<typeof NEventReportRequest>
type Association = InstanceType<typeof dcmjsDimse.association.Association>

const dicom = { protocol: 'dimse', format: 'dicom' } as const
const opts = { connectTimeout: 5_000, associationTimeout: 5_000, pduTimeout: 5_000 }
dcmjsDimse.log.setLevel('silent')

/** Answers every service once; stores what it is asked to, and takes no second MPPS of the same id. */
class Archive extends Scp {
  static readonly steps = new Set<string>()

  override associationRequested(association: Association): void {
    if (association.getCallingAeTitle() === 'INTRUDER') {
      this.sendAssociationReject(1, 1, 3)
      return
    }
    for (const { id } of association.getPresentationContexts()) {
      const context = association.getPresentationContext(id)
      const [first = TransferSyntax.ImplicitVRLittleEndian] = context.getTransferSyntaxUids()
      context.setResult(PresentationContextResult.Accept, first)
    }
    this.sendAssociationAccept()
  }

  override associationReleaseRequested(): void {
    this.sendAssociationReleaseResponse()
  }

  override cEchoRequest(...[request, callback]: Parameters<InstanceType<typeof Scp>['cEchoRequest']>): void {
    callback(done(CEchoResponse.fromRequest(request)))
  }

  override cFindRequest(...[request, callback]: Parameters<InstanceType<typeof Scp>['cFindRequest']>): void {
    const pending = ['一', '二'].map((name) => {
      const response = CFindResponse.fromRequest(request)
      response.setDataset(new Dataset({ PatientName: name, AccessionNumber: 'A1' }))
      response.setStatus(Status.Pending)
      return response
    })
    callback([...pending, done(CFindResponse.fromRequest(request))])
  }

  override cStoreRequest(...[request, callback]: Parameters<InstanceType<typeof Scp>['cStoreRequest']>): void {
    callback(done(CStoreResponse.fromRequest(request)))
  }

  override nCreateRequest(...[request, callback]: Parameters<InstanceType<typeof Scp>['nCreateRequest']>): void {
    const response = NCreateResponse.fromRequest(request)
    const id = request.getAffectedSopInstanceUid()
    response.setStatus(Archive.steps.has(id) ? Status.DuplicateSOPInstance : Status.Success)
    Archive.steps.add(id)
    callback(response)
  }

  override nSetRequest(...[request, callback]: Parameters<InstanceType<typeof Scp>['nSetRequest']>): void {
    callback(done(NSetResponse.fromRequest(request)))
  }

  override nActionRequest(...[request, callback]: Parameters<InstanceType<typeof Scp>['nActionRequest']>): void {
    callback(done(NActionResponse.fromRequest(request)))
    // The result of a storage commitment, on the association that asked for it (PS3.4 J.3.3).
    this.sendRequests(new NEventReportRequest(SopClass.StorageCommitmentPushModel, '1.2.840.10008.1.20.1.1', 1))
  }
}

function done<R extends { setStatus(status: number): void }>(response: R): R {
  response.setStatus(Status.Success)
  return response
}

let folder = ''
let image = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auscult-dcmjs-'))
  image = join(folder, 'image.dcm')
  await writeFile(
    image,
    ctImage({ instance: '1.2.826.0.1.3680043.10.1.9', patientName: '测试^患者', pixels: Buffer.alloc(8_192, 'pixels') }),
  )
})
afterAll(() => rm(folder, { recursive: true }))

describe('dcmjs-dimse through the edge', () => {
  test('asks itself for every service, one association each', { timeout: 60_000 }, async () => {
    await using archive = await archiveOnLoopback()
    const edge = await edgeInFrontOf(archive.port, {}, dicom)
    const step = () => {
      const request = new NCreateRequest(SopClass.ModalityPerformedProcedureStep, '2.25.9001')
      request.setDataset(new Dataset({ PerformedProcedureStepStatus: 'IN PROGRESS' }))
      return request
    }
    const completed = new NSetRequest(SopClass.ModalityPerformedProcedureStep, '2.25.9001')
    completed.setDataset(new Dataset({ PerformedProcedureStepStatus: 'COMPLETED' }))
    const commitment = new NActionRequest(SopClass.StorageCommitmentPushModel, '1.2.840.10008.1.20.1.1', 1)
    commitment.setDataset(new Dataset({ TransactionUID: '2.25.77' }))
    await asked(edge.port, [new CEchoRequest(), new CStoreRequest(image)])
    await asked(edge.port, [CFindRequest.createWorklistFindRequest({ PatientName: '*' })])
    await asked(edge.port, [step(), completed, step()])
    await asked(edge.port, [commitment], 300)
    await asked(edge.port, [new CEchoRequest()], 0, 'INTRUDER')
    const exchanges = await edge.close()
    const [opened, closed] = ['i A-ASSOCIATE AC', 'i A-RELEASE RP']
    expect(exchanges.map(brief)).toEqual([
      ...[opened, 'i C-ECHO 0000', 'i C-STORE 0000', closed],
      ...[opened, 'i C-FIND 0000', closed],
      ...[opened, 'i N-CREATE 0000', 'i N-SET 0000', 'i N-CREATE 0111', closed],
      ...[opened, 'i N-ACTION 0000', 'a N-EVENT-REPORT 0000', closed],
      'i A-ASSOCIATE RJ-1-1-3',
    ])
    const found = exchanges.find(({ type }) => type === 'C-FIND')
    expect(found?.interimCount).toBe(2)
    expect(found?.answers.map(({ stage }) => stage)).toEqual(['interim', 'interim', null])
    const stored = exchanges.find(({ type }) => type === 'C-STORE')
    expect(Buffer.from(stored?.request?.body ?? []).includes('pixels')).toBe(false)
    expect(stored?.request?.wireBytes).toBeGreaterThan(8_192)
    expect(exchanges.every((exchange) => decidingAnswer(exchange) !== null && exchange.wire.length === 0)).toBe(true)
  })

  if (missingPeers(['storescu', 'storescp'].map((program) => [program, '--version'])) === null) {
    test('stores to dcmtk, and dcmtk to it', { timeout: 60_000 }, async () => {
      const port = await freePort()
      await using _storescp = await listening('storescp', ['--ignore', String(port)], port)
      const toDcmtk = await edgeInFrontOf(port, {}, dicom)
      await asked(toDcmtk.port, [new CStoreRequest(image)])
      await using archive = await archiveOnLoopback()
      const fromDcmtk = await edgeInFrontOf(archive.port, {}, dicom)
      expect((await run('storescu', ['127.0.0.1', String(fromDcmtk.port), image])).code).toBe(0)
      const expected = ['i A-ASSOCIATE AC', 'i C-STORE 0000', 'i A-RELEASE RP']
      expect((await toDcmtk.close()).map(brief)).toEqual(expected)
      expect((await fromDcmtk.close()).map(brief)).toEqual(expected)
    })
  }
})

function brief({ requestFrom, type, code }: Exchange): string {
  return `${requestFrom?.[0]} ${type} ${code}`
}

/** Sends the requests in one association and waits until it is over. */
async function asked(
  port: number,
  requests: readonly Request[],
  associationLingerTimeout = 0,
  callingAe = 'CT01',
): Promise<void> {
  const client = new Client()
  for (const request of requests) client.addRequest(request)
  const over = Promise.withResolvers<void>()
  client.on('closed', () => over.resolve())
  client.on(
    'nEventReportRequest',
    (request: EventReport, callback: (response: InstanceType<typeof NEventReportResponse>) => void) =>
      callback(done(NEventReportResponse.fromRequest(request))),
  )
  client.on('networkError', (error: Error) => over.reject(error))
  client.send('127.0.0.1', port, callingAe, 'PACS1', { ...opts, associationLingerTimeout })
  await over.promise
}

/** The library's own server listens on every address; this one on loopback alone. */
async function archiveOnLoopback(): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    const scp = new Archive(socket, opts)
    scp.on('networkError', () => {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: address === null || typeof address === 'string' ? 0 : address.port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
