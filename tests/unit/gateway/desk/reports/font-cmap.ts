import { readFileSync } from 'node:fs'

/** Characters of the text that the TrueType font has no glyph for, by its `cmap` (OpenType 1.9, formats 4 and 12). */
export function lacking(file: string, text: string): readonly string[] {
  const known = charactersOf(readFileSync(file))
  return [...new Set(text)].filter((letter) => !known.has(letter.codePointAt(0) ?? 0))
}

function charactersOf(font: Buffer): ReadonlySet<number> {
  const cmap = tableAt(font, 'cmap')
  const known = new Set<number>()
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i += 1) {
    const at = cmap + font.readUInt32BE(cmap + 8 + i * 8)
    const format = font.readUInt16BE(at)
    if (format === 4) readSegments(font, at, known)
    if (format === 12) readGroups(font, at, known)
  }
  return known
}

function readSegments(font: Buffer, at: number, known: Set<number>): void {
  const twice = font.readUInt16BE(at + 6)
  for (let i = 0; i < twice; i += 2) {
    const end = font.readUInt16BE(at + 14 + i)
    const start = font.readUInt16BE(at + 16 + twice + i)
    const delta = font.readUInt16BE(at + 16 + 2 * twice + i)
    const rangeAt = at + 16 + 3 * twice + i
    const range = font.readUInt16BE(rangeAt)
    for (let code = start; code <= end && code < 0xffff; code += 1) {
      const glyph = range === 0 ? (code + delta) & 0xffff : font.readUInt16BE(rangeAt + range + 2 * (code - start))
      if (glyph !== 0) known.add(code)
    }
  }
}

function readGroups(font: Buffer, at: number, known: Set<number>): void {
  for (let i = 0; i < font.readUInt32BE(at + 12); i += 1) {
    const group = at + 16 + i * 12
    for (let code = font.readUInt32BE(group); code <= font.readUInt32BE(group + 4); code += 1) known.add(code)
  }
}

function tableAt(font: Buffer, tag: string): number {
  for (let i = 0; i < font.readUInt16BE(4); i += 1) {
    const record = 12 + i * 16
    if (font.toString('latin1', record, record + 4) === tag) return font.readUInt32BE(record + 8)
  }
  throw new Error(`the font has no ${tag}`)
}
