const other = 0
const blank = 1
const digit = 2
const padding = 3

/** Kind of each ASCII character. */
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code)
  if (/[A-Za-z0-9+/]/.test(char)) return digit
  return /\s/.test(char) ? blank : char === '=' ? padding : other
})

/** Whether a text is base64 (RFC 4648 4): whole groups of four, padding at the end only; white space may stand anywhere (FHIR R4 2.24.0.1). */
export function isBase64(text: string): boolean {
  let count = 0
  let pads = 0
  for (let i = 0; i < text.length; i++) {
    const kind = kinds[text.charCodeAt(i)] ?? other
    if (kind === digit) {
      if (pads > 0) return false
      count++
    } else if (kind === padding) {
      if (++pads > 2) return false
      count++
    } else if (kind === other) return false
  }
  return count > 0 && count % 4 === 0
}
