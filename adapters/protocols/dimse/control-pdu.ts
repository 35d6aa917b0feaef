import type { Frame, FrameHead, FrameOddity, Side } from '../../../gateway/model/frame.ts'
import type { Instant } from '../../../gateway/model/time.ts'
import { type Associate, associateBytesMax, readAssociate } from './associate.ts'
import type { Association } from './association.ts'
import { type Budget, Kept } from './kept.ts'
import { pduHeaderBytes, pduTypes } from './pdu.ts'

/** What a PDU that carries no message is read with. */
export interface ControlSetup {
  readonly from: Side
  readonly type: number
  readonly length: number
  readonly startAt: Instant
  readonly association: Association
  readonly budget: Budget
  readonly bodyBytesMax: number
}

/** One PDU that opens, refuses, ends or breaks off an association (PS3.8 9.3.2 to 9.3.4, 9.3.6 to 9.3.8), and becomes a frame without a body. */
export class ControlPdu {
  readonly startAt: Instant
  endAt: Instant
  wireBytes = pduHeaderBytes
  readonly #setup: ControlSetup
  readonly #fields: Kept
  readonly #oddities: FrameOddity[] = []

  constructor(setup: ControlSetup) {
    this.#setup = setup
    this.startAt = setup.startAt
    this.endAt = setup.startAt
    this.#fields = new Kept(setup.budget, Math.min(associateBytesMax, setup.bodyBytesMax))
  }

  get heldBytes(): number {
    return this.#fields.heldBytes
  }

  get isAbort(): boolean {
    return this.#setup.type === pduTypes.abort
  }

  tell(oddity: FrameOddity): void {
    this.#oddities.push(oddity)
  }

  take(bytes: Buffer): void {
    this.#fields.append(bytes, bytes.length)
    this.wireBytes += bytes.length
  }

  /** `isWhole`: all of it has come. What broke off is told by its type alone, and changes nothing of what was agreed. */
  finish(isWhole: boolean): Frame {
    const { from, length, association } = this.#setup
    const fields = this.#fields.view()
    const isCut = fields.length < length
    if (isWhole && isCut) this.tell({ kind: 'oversize', bytes: this.wireBytes })
    const associate = isWhole ? this.#associate(fields) : null
    // What a cut leaves behind is no fault of its sender.
    for (const code of isCut ? [] : (associate?.faults ?? [])) this.tell({ kind: 'irregular', code })
    const frame = {
      from,
      startAt: this.startAt,
      endAt: this.endAt,
      wireBytes: this.wireBytes,
      body: Buffer.alloc(0),
      bodyBytes: 0,
      head: headOf(this.#setup.type, fields),
      oddities: this.#oddities,
      envelope: associate?.envelope ?? association.titles(),
    }
    this.#fields.letGo()
    return frame
  }

  #associate(fields: Buffer): Associate | null {
    const { type, association, from } = this.#setup
    if (type === pduTypes.associateRequest) {
      const request = readAssociate(fields, 'request')
      association.requested(from, request)
      return request
    }
    if (type !== pduTypes.associateAccept) return null
    const answer = readAssociate(fields, 'answer')
    association.accepted(from, answer)
    return answer
  }
}

function headOf(type: number, fields: Buffer): FrameHead {
  switch (type) {
    case pduTypes.associateRequest:
      return asks('A-ASSOCIATE')
    case pduTypes.associateAccept:
      return answers('A-ASSOCIATE', 'yes', 'AC')
    case pduTypes.associateReject:
      return answers('A-ASSOCIATE', 'no', ['RJ', ...fields.subarray(1, 4)].join('-'))
    case pduTypes.releaseRequest:
      return asks('A-RELEASE')
    case pduTypes.releaseAnswer:
      return answers('A-RELEASE', 'yes', 'RP')
    default:
      return {
        ...noHead,
        role: 'abort',
        code: fields.length < 4 ? null : `${fields[2]}-${fields[3]}`,
        type: 'A-ABORT',
        expects: { accept: false, application: false },
      }
  }
}

/** There is one of each at a time on a connection, so that its name is its id. */
function asks(type: string): FrameHead {
  return { ...noHead, role: 'request', id: type, type, expects: { accept: false, application: true } }
}

function answers(type: string, verdict: 'yes' | 'no', code: string): FrameHead {
  return { ...noHead, role: 'answer', answersId: type, verdict, code, type }
}

const noHead = {
  id: null,
  answersId: null,
  idScope: 'connection',
  stage: null,
  verdict: null,
  code: null,
  expects: null,
} as const
