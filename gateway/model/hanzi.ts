/**
 * How much of a GB18030 text is everyday Chinese: the share of its characters above ASCII that are GB 2312 level-1 hanzi
 * (the 3,755 common ones, rows B0 to D7) or GB 2312 symbols. Text that was never GB18030 gives rare characters.
 */
export function commonHanziShareOfGb(bytes: Uint8Array): number {
  let all = 0
  let common = 0
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes[i] ?? 0
    if (lead < 0x81) continue
    const trail = bytes[++i] ?? 0
    if (trail >= 0x30 && trail <= 0x39) i += 2
    all++
    const isCommon = (lead >= 0xb0 && lead <= 0xd7) || (lead >= 0xa1 && lead <= 0xa3)
    if (isCommon && trail >= 0xa1) common++
  }
  return all === 0 ? 0 : common / all
}

/** The same share for a text that was decoded otherwise. */
export function commonHanziShareOfText(text: string): number {
  let all = 0
  let common = 0
  for (const char of text) {
    if (char <= '\u007f') continue
    all++
    if (commonChars().has(char)) common++
  }
  return all === 0 ? 0 : common / all
}

/**
 * Whether bytes above 127 look like accented Latin letters: most are letters of ISO 8859-1 (C0 to FF) that stand alone,
 * none is a control character there.
 */
export function looksLatin(bytes: Uint8Array): boolean {
  let all = 0
  let alone = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0
    if (byte < 0x80) continue
    if (byte < 0xa0) return false
    all++
    if (byte >= 0xc0 && (bytes[i - 1] ?? 0) < 0x80 && (bytes[i + 1] ?? 0) < 0x80) alone++
  }
  return all > 0 && alone / all > 0.6
}

let known: ReadonlySet<string> | null = null

function commonChars(): ReadonlySet<string> {
  if (known) return known
  const bytes: number[] = []
  for (let lead = 0xa1; lead <= 0xd7; lead++) {
    if (lead > 0xa3 && lead < 0xb0) continue
    for (let trail = 0xa1; trail <= 0xfe; trail++) bytes.push(lead, trail)
  }
  known = new Set(new TextDecoder('gb18030').decode(Uint8Array.from(bytes)))
  return known
}

/** Whether a hanzi or a full-width character stands in it. */
export function hasCjk(text: string): boolean {
  return /[\u3400-\u9fff\uff00-\uffef]/.test(text)
}
