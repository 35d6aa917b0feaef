import type { Socket } from 'node:net'
import { Writable } from 'node:stream'
import dcmjsDimse from 'dcmjs-dimse'

/**
 * The only file that knows dcmjs-dimse: its Scp is made to be inherited from, so it is, here. It answers associations, C-ECHO and C-STORE with yes and keeps
 * nothing: what passes is seen by the edge before it.
 */
const { Dataset, Scp } = dcmjsDimse
const { CEchoResponse, CStoreResponse } = dcmjsDimse.responses
const { PresentationContextResult, Status } = dcmjsDimse.constants

type Answerer = InstanceType<typeof Scp>
type Association = InstanceType<typeof dcmjsDimse.association.Association>

// It logs data sets, which name patients.
dcmjsDimse.log.setLevel('silent')

export interface ScpOptions {
  /** The only called AE title that is accepted; null: any. */
  readonly calledAe: string | null
  /** A connection on which nothing comes for so long is closed. */
  readonly idleMs: number
}

/** Answers on that socket until either side ends it. */
export function answerStores(socket: Socket, { calledAe, idleMs }: ScpOptions): void {
  const scp = new CopyScp(socket, {
    connectTimeout: idleMs,
    associationTimeout: idleMs,
    pduTimeout: idleMs,
    customOptions: { calledAe },
  })
  scp.on('networkError', () => socket.destroy())
}

const verification = '1.2.840.10008.1.1'
const storage = '1.2.840.10008.5.1.4.1.1.'

class CopyScp extends Scp {
  readonly #calledAe: string | null

  constructor(...[socket, options]: ConstructorParameters<typeof Scp>) {
    super(socket, options)
    const calledAe: unknown = options?.customOptions?.calledAe
    this.#calledAe = typeof calledAe === 'string' ? calledAe : null
  }

  override associationRequested(association: Association): void {
    if (this.#calledAe !== null && association.getCalledAeTitle() !== this.#calledAe) {
      // Rejected permanent, by the service user, called AE title not recognized (PS3.8 9.3.4).
      this.sendAssociationReject(1, 1, 7)
      return
    }
    for (const { id } of association.getPresentationContexts()) {
      const context = association.getPresentationContext(id)
      const syntax = context.getAbstractSyntaxUid()
      const [first] = context.getTransferSyntaxUids()
      const isKnown = syntax === verification || syntax.startsWith(storage)
      // Whatever it is compressed with: it is not looked at.
      if (isKnown && first !== undefined) context.setResult(PresentationContextResult.Accept, first)
      else context.setResult(PresentationContextResult.RejectAbstractSyntaxNotSupported)
    }
    this.sendAssociationAccept()
  }

  override associationReleaseRequested(): void {
    this.sendAssociationReleaseResponse()
  }

  override createStoreWritableStream(): Writable {
    return new Writable({ write: (_chunk, _encoding, done) => done() })
  }

  override createDatasetFromStoreWritableStream(
    ...[, , callback]: Parameters<Answerer['createDatasetFromStoreWritableStream']>
  ): void {
    callback(new Dataset())
  }

  override cEchoRequest(...[request, callback]: Parameters<Answerer['cEchoRequest']>): void {
    const response = CEchoResponse.fromRequest(request)
    response.setStatus(Status.Success)
    callback(response)
  }

  override cStoreRequest(...[request, callback]: Parameters<Answerer['cStoreRequest']>): void {
    const response = CStoreResponse.fromRequest(request)
    response.setStatus(Status.Success)
    callback(response)
  }
}
