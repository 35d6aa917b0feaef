import { http } from '../../../../../adapters/protocols/http/protocol.ts'
import { envelopeValue } from '../../../../../gateway/model/envelope.ts'
import { type Decoder, type EndHow, type Frame, ProtocolError } from '../../../../../gateway/model/frame.ts'

/** One thing that happens on the connection: `['>', bytes]` from the initiator, `['<', bytes]` from the acceptor; a number is a gap, `fin`, `rst` and `timeout` an end. */
export type Step = readonly ['>' | '<', string | Buffer | number | { readonly end: EndHow }]

export function httpUnderTest(options: { readonly [key: string]: unknown } = {}, limits = {}): Decoder {
  return http.decoder(options, { bodyBytesMax: 1_048_576, frameBytesMax: 67_108_864, ...limits })
}

/** The frames of a transcript; the time of each step is its number, from 1. A ProtocolError ends them. */
export function framesOf(
  steps: readonly Step[],
  decoder: Decoder = httpUnderTest(),
): { frames: Frame[]; error: string | null } {
  const frames: Frame[] = []
  try {
    steps.forEach(([by, what], i) => {
      const from = by === '>' ? 'initiator' : 'acceptor'
      if (typeof what === 'number') frames.push(...decoder.gap(from, what, i + 1))
      else if (typeof what === 'object' && 'end' in what) frames.push(...decoder.end(from, what.end, i + 1))
      else frames.push(...decoder.push(from, Buffer.from(what), i + 1))
    })
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { frames, error: error.code }
  }
  return { frames, error: null }
}

/** `> 1 GET /x [body] oddity` and `< 1 200 yes [body] oddity`: what pairing and people see of each frame. */
export function told(steps: readonly Step[], decoder?: Decoder): readonly string[] {
  const { frames, error } = framesOf(steps, decoder)
  return [...frames.map(line), ...(error === null ? [] : [`! ${error}`])]
}

function line({ from, head, body, bodyBytes, oddities }: Frame): string {
  const text = Buffer.from(body).toString('latin1')
  const words =
    from === 'initiator'
      ? ['>', head.id ?? '-', head.type ?? head.role]
      : ['<', head.answersId ?? '-', head.code ?? head.role, head.stage === 'interim' ? 'interim' : (head.verdict ?? '-')]
  const odd = oddities.map((oddity) =>
    [oddity.kind, 'code' in oddity ? oddity.code : '', 'how' in oddity ? oddity.how : '', 'bytes' in oddity ? oddity.bytes : '']
      .filter((word) => word !== '')
      .join('='),
  )
  return [...words, `[${text}]`, ...(bodyBytes === text.length ? [] : [`of ${bodyBytes}`]), ...odd].join(' ')
}

export function header(frame: Frame | undefined, name: string): string | null {
  return envelopeValue(frame?.envelope, name)
}
