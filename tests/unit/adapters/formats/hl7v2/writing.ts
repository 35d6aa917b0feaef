import type { Delimiters } from '../../../../../adapters/formats/hl7v2/delimiters.ts'

/** Writes a text so that no delimiter of it is read as one: the other half of the round trip. */
export function escaped(text: string, delimiters: Delimiters): string {
  const names = new Map([
    [delimiters.escape, 'E'],
    [delimiters.field, 'F'],
    [delimiters.component, 'S'],
    [delimiters.subcomponent, 'T'],
    [delimiters.repetition, 'R'],
    ['\r', 'X0D'],
    ['\n', 'X0A'],
  ])
  const write = (char: string) => {
    const name = names.get(char)
    return name === undefined ? char : `${delimiters.escape}${name}${delimiters.escape}`
  }
  return [...text].map(write).join('')
}
