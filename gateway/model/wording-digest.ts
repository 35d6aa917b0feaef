import { hash } from 'node:crypto'

/**
 * What may leave of an error's text: twelve hexadecimal digits of SHA-256 over its wording, lower case, blanks joined, every run of digits as one mark.
 * Texts differ by the patient's numbers and names; their wording tells which error it is. Null for no text.
 */
export function wordingDigest(text: string | null): string | null {
  if (text === null || text.trim() === '') return null
  const wording = text
    .slice(0, charsMax)
    .toLowerCase()
    .replace(/\p{N}+/gu, '#')
    .replace(/\s+/g, ' ')
    .trim()
  return hash('sha256', wording, 'hex').slice(0, 12)
}

const charsMax = 4_096
