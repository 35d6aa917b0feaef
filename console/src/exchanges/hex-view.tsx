import type { ReactNode } from 'react'

const perLine = 16
/** A message of megabytes would freeze the page: what is beyond is said, not drawn. */
const bytesMax = 65_536

interface Line {
  readonly offset: number
  readonly bytes: readonly { readonly pair: string; readonly isMasked: boolean }[]
}

/** Bytes as engineers read them: offset, sixteen bytes, the same as ASCII. Masked ones stand apart. */
export function HexView({
  hex,
  maskedRanges,
}: {
  readonly hex: string
  readonly maskedRanges: readonly { readonly offset: number; readonly length: number }[]
}): ReactNode {
  const lines = linesOf(hex.slice(0, bytesMax * 2), maskedRanges)
  return (
    <div className="hex">
      {lines.map((line) => (
        <div key={line.offset}>
          <span className="hex-offset">{line.offset.toString(16).padStart(6, '0')}</span>
          <span className="hex-bytes">{runs(line, ({ pair }) => `${pair} `)}</span>
          <span className="hex-text">{runs(line, ({ pair }) => visible(Number.parseInt(pair, 16)))}</span>
        </div>
      ))}
      {hex.length > bytesMax * 2 && <div>… + {hex.length / 2 - bytesMax}</div>}
    </div>
  )
}

function linesOf(hex: string, ranges: readonly { readonly offset: number; readonly length: number }[]): readonly Line[] {
  const isMasked = (at: number) => ranges.some(({ offset, length }) => at >= offset && at < offset + length)
  return Array.from({ length: Math.ceil(hex.length / 2 / perLine) }, (_, i) => {
    const offset = i * perLine
    const pairs = hex.slice(offset * 2, (offset + perLine) * 2).match(/../g) ?? []
    return { offset, bytes: pairs.map((pair, n) => ({ pair, isMasked: isMasked(offset + n) })) }
  })
}

/** Neighbours of one kind in one element: a long message has few of them. */
function runs({ bytes, offset }: Line, text: (byte: Line['bytes'][number]) => string): ReactNode {
  const parts: { start: number; isMasked: boolean; text: string }[] = []
  bytes.forEach((byte, i) => {
    const last = parts.at(-1)
    if (last !== undefined && last.isMasked === byte.isMasked) last.text += text(byte)
    else parts.push({ start: offset + i, isMasked: byte.isMasked, text: text(byte) })
  })
  return parts.map((part) => (part.isMasked ? <s key={part.start}>{part.text}</s> : <span key={part.start}>{part.text}</span>))
}

function visible(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·'
}
