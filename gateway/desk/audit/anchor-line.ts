import type { Checkpoint } from '../../store/audit-store.ts'

/** A checkpoint as structured data of a syslog message (RFC 5424 6.3); 32473 is the number that RFC 5612 keeps for examples. */
export function anchorData({ number, hash, at, signature }: Checkpoint): string {
  return `[audit@32473 number="${number}" hash="${hash}" at="${at}" signature="${signature}"]`
}

/** A checkpoint as a line of an anchor file. */
export function anchorLine({ number, hash, at, signature }: Checkpoint): string {
  return `${JSON.stringify({ number, hash, at, signature })}\n`
}

export interface ReadAnchors {
  readonly checkpoints: readonly Checkpoint[]
  /** Lines, from 1, that hold no checkpoint. */
  readonly badLines: readonly number[]
}

/** Reads lines of an anchor file, or of a collector's file with the syslog messages among others. An unfinished last line is none. */
export function readAnchors(text: string): ReadAnchors {
  const checkpoints: Checkpoint[] = []
  const badLines: number[] = []
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    if (line.trim() === '') continue
    const checkpoint = line.startsWith('{') ? ofJson(line) : ofSyslog(line)
    if (checkpoint !== null) checkpoints.push(checkpoint)
    else if (line.startsWith('{') || line.includes('[audit@32473')) badLines.push(index + 1)
  }
  return { checkpoints, badLines }
}

function ofJson(line: string): Checkpoint | null {
  try {
    const value: unknown = JSON.parse(line)
    return isCheckpoint(value) ? value : null
  } catch {
    return null
  }
}

function ofSyslog(line: string): Checkpoint | null {
  const match =
    /\[audit@32473 number="(\d{1,15})" hash="([0-9a-f]{64})" at="(\d{1,15}(?:\.\d+)?)" signature="([0-9a-f]{128})"\]/.exec(line)
  if (match === null) return null
  const [, number, hash = '', at, signature = ''] = match
  return { number: Number(number), hash, at: Number(at), signature }
}

function isCheckpoint(value: unknown): value is Checkpoint {
  return (
    typeof value === 'object' &&
    value !== null &&
    'number' in value &&
    Number.isSafeInteger(value.number) &&
    'at' in value &&
    typeof value.at === 'number' &&
    'hash' in value &&
    typeof value.hash === 'string' &&
    'signature' in value &&
    typeof value.signature === 'string'
  )
}
