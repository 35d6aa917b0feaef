import { dimse } from '../../../../../adapters/protocols/dimse/protocol.ts'
import type { DecoderLimits, Frame, Side } from '../../../../../gateway/model/frame.ts'
import { associateAccept, associateRequest } from '../../../../support/dimse.ts'

const usual: DecoderLimits = { bodyBytesMax: 1_048_576, frameBytesMax: 67_108_864 }

/** A decoder and what it has cut so far; `says` takes one side's bytes as one piece, a millisecond after the last. */
export function transcript(limits: Partial<DecoderLimits> = {}) {
  const decoder = dimse.decoder({}, { ...usual, ...limits })
  const frames: Frame[] = []
  let at = 0
  const says = (from: Side, ...pieces: readonly Buffer[]): readonly Frame[] => {
    const cut = pieces.flatMap((bytes) => {
      at += 1
      return decoder.push(from, bytes, at)
    })
    frames.push(...cut)
    return cut
  }
  return { decoder, frames, says }
}

/** The same after an association of the usual contexts. */
export function associated(limits: Partial<DecoderLimits> = {}) {
  const made = transcript(limits)
  made.says('initiator', associateRequest())
  made.says('acceptor', associateAccept())
  made.frames.length = 0
  return made
}

export function value(frame: Frame | undefined, name: string): string | undefined {
  return frame?.envelope?.find(([known]) => known === name)?.[1]
}

/** What pairing and people see first of a frame. */
export function brief({ from, head, bodyBytes, oddities }: Frame): readonly unknown[] {
  const told = oddities.map((oddity) => ('code' in oddity ? oddity.code : oddity.kind))
  return [from, head.role, head.type, head.id ?? head.answersId, head.code, bodyBytes, ...told]
}
