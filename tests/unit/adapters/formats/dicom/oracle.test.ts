import { describe, expect, it } from 'vitest'
import { type DataSet, elementsOf } from '../../../../../adapters/formats/dicom/data-set.ts'
import { readFile } from '../../../../../adapters/formats/dicom/part10.ts'
import { textOf } from '../../../../../adapters/formats/dicom/values.ts'
import { tagText } from '../../../../../gateway/model/dicom/dictionary.ts'
import { type OracleLine, oracleFiles } from '../../../../support/dicom-oracle.ts'

/** Files that dcmtk 3.6.7 itself refuses or doesn't convert, and what is read of them here. */
const refused: { readonly [path: string]: string } = {
  'charset/chrH31.dcm': 'its iconv lacks ISO 2022 IR 87',
  'charset/chrH32.dcm': 'its iconv lacks ISO 2022 IR 87',
  'charset/chrJapMulti.dcm': 'its iconv lacks ISO 2022 IR 87',
  'charset/chrJapMultiExplicitIR6.dcm': 'its iconv lacks ISO 2022 IR 87',
  'charset/chrSQEncoding.dcm': 'its iconv lacks ISO 2022 IR 87',
  'charset/chrSQEncoding1.dcm': 'its iconv lacks ISO 2022 IR 87',
  'pydicom/MR_truncated.dcm': 'its pixels are cut',
  'pydicom/no_meta.dcm': 'its first byte is missing',
  'pydicom/rtplan_truncated.dcm': 'it ends inside an element',
}

interface Line {
  readonly tag: string
  readonly vr: string
  readonly depth: number
  readonly value: string | null
}

function linesOf(set: DataSet, depth: number): readonly Line[] {
  return elementsOf(set).flatMap((element): readonly Line[] => {
    const value = element.items === null ? textOf(set, element, null) : null
    const line = { tag: tagText(element.tag), vr: element.vr, depth, value }
    return [line, ...(element.items ?? []).flatMap((item) => linesOf(item, depth + 2))]
  })
}

/** dcmdump +U8 writes `ISO_IR 192` where texts were converted, and adds it where no character set was named. */
function isConversion(line: { readonly tag: string }): boolean {
  return line.tag === '00080005'
}

/** What dcmdump prints of that value; null where it prints something else than the value (names of UIDs, counts of items). */
function printed(oracle: OracleLine): { readonly text: string; readonly isWhole: boolean } | null {
  const { value } = oracle
  if (value === '(no value available)') return { text: '', isWhole: true }
  if (value.startsWith('=') || value.startsWith('(')) return null
  const isWhole = !value.endsWith('...')
  const text = value.startsWith('[') ? value.slice(1, isWhole ? -1 : -3) : isWhole ? value : value.slice(0, -3)
  return { text: text.replace(/\0+$/, ''), isWhole }
}

const widths: { readonly [vr: string]: (text: string) => number } = {
  FL: (text) => Math.fround(Number(text)),
  // dcmdump's last digit of seventeen is not exact.
  FD: (text) => Number(Number(text).toPrecision(15)),
}

/** Floating point is printed with other numbers of digits; the numbers must be the same. */
function normal(vr: string, text: string): string {
  const number = widths[vr]
  return number === undefined
    ? text
    : text
        .split('\\')
        .map((one) => String(number(one)))
        .join('\\')
}

const files = oracleFiles()

describe('the data sets as dcmdump reads them', () => {
  it('has every file', () => {
    expect(files.length).toBe(70)
  })

  it.each(files.filter(({ path }) => refused[path] === undefined))('$path', ({ bytes, lines }) => {
    const found = readFile(bytes, { isCut: false })
    const ours = [...(found.meta === null ? [] : linesOf(found.meta, 0)), ...linesOf(found.set, 0)].filter(
      (l) => !isConversion(l),
    )
    const theirs = lines.filter((line) => !line.tag.startsWith('FFFE') && !isConversion(line))
    // Compressed pixels are OB to dcmdump whatever the file says. `??` is dcmdump's for an element that the dictionary doesn't have; `up` its own for offsets in a directory.
    const vrOf = (vr: string) => (vr === '??' ? 'UN' : vr === 'up' ? 'UL' : vr)
    const isPixels = (line: { readonly tag: string }) => line.tag === '7FE00010'
    expect(ours.map((line) => `${line.depth} ${line.tag} ${isPixels(line) ? '' : line.vr}`)).toEqual(
      theirs.map((line) => `${line.depth} ${line.tag} ${isPixels(line) ? '' : vrOf(line.vr)}`),
    )
    const values = theirs.flatMap((oracle, i) => {
      const print = printed(oracle)
      const own = ours[i]?.value ?? null
      if (print === null || own === null) return []
      const text = print.isWhole ? own : own.slice(0, print.text.length)
      return [{ tag: oracle.tag, ours: normal(oracle.vr, text), theirs: normal(oracle.vr, print.text) }]
    })
    expect(values.map(({ tag, ours: text }) => `${tag} ${text}`)).toEqual(
      values.map(({ tag, theirs: text }) => `${tag} ${text}`),
    )
  })

  it('reads the Japanese names that dcmtk here cannot convert, as their makers meant them', () => {
    const nameIn = (path: string) => {
      const file = files.find((one) => one.path === path)
      const { set } = readFile(file?.bytes ?? Buffer.alloc(0), { isCut: false })
      const name = elementsOf(set).find(({ tag }) => tag === 0x00100010)
      return name === undefined ? null : textOf(set, name, null)
    }
    expect(nameIn('charset/chrH31.dcm')).toBe('Yamada^Tarou=山田^太郎=やまだ^たろう')
    expect(nameIn('charset/chrH32.dcm')).toBe('ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう')
    expect(nameIn('charset/chrJapMulti.dcm')).toBe('やまだ^たろう')
  })

  it('says of the files that dcmtk refuses why it stops, and reads what comes before', () => {
    const reading = (path: string) => {
      const { set, defects } = readFile(files.find((one) => one.path === path)?.bytes ?? Buffer.alloc(0), { isCut: false })
      return {
        defects: defects.map(({ code, path: place }) => `${code} ${place ?? ''}`.trim()),
        elementCount: elementsOf(set).length,
      }
    }
    expect(reading('pydicom/MR_truncated.dcm')).toEqual({ defects: [], elementCount: 72 })
    expect(reading('pydicom/rtplan_truncated.dcm')).toEqual({
      defects: ['DICOM_TRUNCATED BeamSequence[1].ControlPointSequence[1].IsocenterPosition'],
      elementCount: 32,
    })
    expect(reading('pydicom/no_meta.dcm')).toEqual({ defects: ['DICOM_NO_PREAMBLE', 'DICOM_NOT_A_DATA_SET'], elementCount: 0 })
  })
})
