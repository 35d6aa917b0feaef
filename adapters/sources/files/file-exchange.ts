import { createHash } from 'node:crypto'
import type { Exchange } from '../../../gateway/model/exchange.ts'
import type { FileContent } from './file-content.ts'
import type { FirstDelivery } from './file-memory.ts'
import type { WholeFile } from './file-watch.ts'

/** What is told of a delivered file. */
export interface Delivery {
  readonly interfaceId: string
  /** System that puts files there. */
  readonly from: string
  readonly folder: string
  readonly pattern: string
  readonly marker: string | null
  readonly file: WholeFile
  readonly content: FileContent
}

/** The same delivery has the same id, however often it is read: made of interface, name, time and content. */
export function deliveryId({ interfaceId, file, content }: Pick<Delivery, 'interfaceId' | 'file' | 'content'>): string {
  const identity = `${file.name}\0${file.modifiedAt}\0${content.sha256}`
  return `${interfaceId}-file-${createHash('sha256').update(identity).digest('hex').slice(0, 24)}`
}

/** A file as an exchange of outcome `one-way`: its bytes are the request's body, as many as are kept. `before`: the same content came already. */
export function fileExchange(delivery: Delivery, before: FirstDelivery | null, filesBefore: number): Exchange {
  const { interfaceId, file, content } = delivery
  return {
    id: deliveryId(delivery),
    interfaceId,
    connection: {
      id: 'folder',
      initiator: delivery.from,
      acceptor: delivery.folder,
      openedAt: Math.min(file.seenAt, file.arrivedAt),
      connectMs: null,
      exchangesBefore: filesBefore,
      idleBeforeMs: null,
    },
    requestFrom: 'initiator',
    outcome: 'one-way',
    controlId: null,
    // The name itself may carry a date, a ward or worse: it stands in the envelope.
    type: delivery.pattern,
    request: {
      startAt: Math.min(file.seenAt, file.arrivedAt),
      endAt: file.arrivedAt,
      wireBytes: content.bytes,
      body: content.body,
      bodyBytes: content.bytes,
      envelope: [
        ['file', file.name],
        ['bytes', String(content.bytes)],
        ['modified', new Date(file.modifiedAt).toISOString()],
        ...(delivery.marker === null ? [] : [['marker', delivery.marker] as const]),
        ...(content.rows === null ? [] : [['rows', String(content.rows)] as const]),
        ['encoding', content.encoding],
        ['bom', content.hasBom ? 'yes' : 'no'],
        ['sha256', content.sha256],
      ],
    },
    answers: [],
    code: null,
    latencyMs: null,
    wire: before === null ? [] : [{ kind: 'duplicate', of: before.exchangeId, sameBody: true, copy: before.copies + 1 }],
    coverage: 'full',
  }
}
