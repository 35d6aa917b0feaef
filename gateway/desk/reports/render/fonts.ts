import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Noto Sans SC (OFL 1.1, ../fonts/OFL.txt), cut to what reports say: regular has every character of GBK, so that no surname is a
 * box; bold has GB 2312, for headings. How they were made stands in ../fonts/SOURCES.md.
 */
export const fontFiles = {
  regular: fileOf('noto-sans-sc-regular-gbk.ttf'),
  bold: fileOf('noto-sans-sc-bold-gb2312.ttf'),
} as const

const boldHas: ReadonlySet<string> = new Set(readFileSync(new URL('../fonts/bold-characters.txt', import.meta.url), 'utf8'))

/** Whether the bold font has all of the text; else it is set in regular, never with boxes. */
export function fitsBold(text: string): boolean {
  for (const letter of text) if (!boldHas.has(letter)) return false
  return true
}

function fileOf(name: string): string {
  return fileURLToPath(new URL(`../fonts/${name}`, import.meta.url))
}
