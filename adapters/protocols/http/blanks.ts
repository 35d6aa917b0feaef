/**
 * The text without the spaces and tabs around it: no other character is a blank here (RFC 9110 5.6.3). `trim` would take bytes of UTF-8 for
 * blanks (0xA0, 0x85), and an expression would look through a long run of them again and again.
 */
export function withoutBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start += 1
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}
