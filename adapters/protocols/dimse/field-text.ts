/** Text of a command element or of an association's item: without the padding (PS3.5 6.2), at most `charactersMax` long, free of control characters. */
export function fieldText(bytes: Buffer, charactersMax: number): string {
  let end = bytes.length
  while (end > 0 && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0x00)) end -= 1
  let start = 0
  while (start < end && bytes[start] === 0x20) start += 1
  return printable(decoded(bytes.subarray(start, end))).slice(0, charactersMax)
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
const gb18030 = new TextDecoder('gb18030', { fatal: true })

/** By the standard ASCII; error comments in Chinese come in either charset. */
function decoded(bytes: Buffer): string {
  if (bytes.every((byte) => byte < 128)) return bytes.toString('latin1')
  for (const decoder of [utf8, gb18030]) {
    try {
      return decoder.decode(bytes)
    } catch {
      // Not this charset: the next one, and latin1 last, in which every byte is something.
    }
  }
  return bytes.toString('latin1')
}

function printable(text: string): string {
  return /[\p{Cc}]/u.test(text) ? text.replaceAll(/\p{Cc}/gu, ' ') : text
}
