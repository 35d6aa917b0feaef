import type { Defect } from '../../../gateway/model/document.ts'
import { type DefectCode, defect } from './defects.ts'

/** Deepest nesting that is read; HL7's own examples stay below 30. */
export const depthMax = 200
const defectsMax = 20

interface Open {
  /** Names seen in an object; null in an array. */
  readonly names: Set<string> | null
  /** Where it stands in what is around it: a name, or the index. */
  step: string | number
}

/** What JSON.parse passes over in silence. */
export interface Unspoken {
  /** Names that an object has twice, and numbers that lose digits in 64-bit floating point. At most 20. */
  readonly defects: readonly Defect[]
  /** Where whole numbers stand that are written with a fraction or an exponent (`1.0`, `1e3`), which integers of FHIR mustn't be (R4 2.24.0.1). At most 1,000. */
  readonly fractions: ReadonlySet<string>
}

/** One pass over a text that has been parsed and is no deeper than `depthMax`. */
export function unspokenIn(text: string): Unspoken {
  const found: Defect[] = []
  const fractions = new Set<string>()
  const open: Open[] = []
  const add = (code: DefectCode) => {
    if (found.length < defectsMax) found.push(defect(code, pathOf(open)))
  }
  let isName = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    const top = open.at(-1)
    if (char === quote) {
      const end = stringEnd(text, at + 1)
      if (isName && top?.names != null) {
        const name = nameOf(text, at, end)
        top.step = name
        if (top.names.has(name)) add('FHIR_DUPLICATE_NAME')
        top.names.add(name)
        isName = false
      }
      at = end
    } else if (char === openBrace || char === openBracket) {
      isName = char === openBrace
      open.push(isName ? { names: new Set(), step: '' } : { names: null, step: 0 })
    } else if (char === closeBrace || char === closeBracket) {
      open.pop()
      isName = false
    } else if (char === comma && top !== undefined) {
      isName = top.names !== null
      if (typeof top.step === 'number') top.step++
    } else if (char === minus || (char >= zero && char <= nine)) {
      const end = numberEnd(text, at + 1)
      const number = text.slice(at, end)
      if (number.length > safeDigits && losesDigits(number)) add('FHIR_NUMBER_PRECISION')
      if (isWholeAsFraction(number) && fractions.size < fractionsMax) fractions.add(pathOf(open))
      at = end - 1
    }
  }
  return { defects: found, fractions }
}

const fractionsMax = 1_000
const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const comma = 0x2c
const minus = 0x2d
const zero = 0x30
const nine = 0x39
/** Significant decimal digits that every double keeps. */
const safeDigits = 15

/** Where the closing quote stands; the end of the text when there is none. */
function stringEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0
    while (text.charCodeAt(at - 1 - escapes) === backslash) escapes++
    if (escapes % 2 === 0) return at
  }
  return text.length
}

function nameOf(text: string, from: number, end: number): string {
  const raw = text.slice(from + 1, end)
  if (!raw.includes('\\')) return raw
  const name: unknown = JSON.parse(text.slice(from, end + 1))
  return typeof name === 'string' ? name : raw
}

function numberEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && /[\d.eE+-]/.test(text.charAt(at))) at++
  return at
}

function isWholeAsFraction(number: string): boolean {
  return /[.eE]/.test(number) && Number.isInteger(Number(number))
}

/** More significant digits than 15, and not the same number when written anew. */
function losesDigits(number: string): boolean {
  const digits = (number.split(/[eE]/)[0] ?? '').replace(/[-.]/g, '').replace(/^0+/, '')
  if (digits.length <= safeDigits) return false
  return significant(number) !== significant(String(Number(number)))
}

function significant(number: string): string {
  return (number.split(/[eE]/)[0] ?? '').replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '')
}

/** `entry[0].resource.name[1]`; names that don't look like an element's are left out: they may be values. */
function pathOf(open: readonly Open[]): string {
  let path = ''
  for (const { step } of open) {
    if (typeof step === 'number') path += `[${step}]`
    else path += `${path === '' ? '' : '.'}${/^_?[A-Za-z][A-Za-z0-9]{0,60}$/.test(step) ? step : '?'}`
  }
  return path
}
