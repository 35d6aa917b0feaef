import { readdirSync, readFileSync } from 'node:fs'

/** One line of `dcmdump +U8`. */
export interface OracleLine {
  readonly depth: number
  readonly tag: string
  readonly vr: string
  /** `[text]`, `=Name`, numbers joined by `\`, `(no value available)`, ...; long ones end in `...`. */
  readonly value: string
}

export interface OracleFile {
  /** `charset/chrX2.dcm` */
  readonly path: string
  readonly bytes: Buffer
  readonly lines: readonly OracleLine[]
  /** What dcmdump said against it. */
  readonly complaints: string
}

const root = new URL('../../fixtures/dicom/', import.meta.url)

/** Every file of `fixtures/dicom` with what dcmtk 3.6.7 reads in it, meta information and data set. */
export function oracleFiles(): readonly OracleFile[] {
  const names = readdirSync(new URL('oracle-dcmtk/', root)).filter((name) => name.endsWith('.txt'))
  return names.toSorted().map((name) => {
    const path = name.replace(/\.txt$/, '').replace('__', '/')
    return {
      path,
      bytes: readFileSync(new URL(path, root)),
      lines: linesOf(readFileSync(new URL(`oracle-dcmtk/${name}`, root), 'utf8')),
      complaints: textAt(`oracle-dcmtk/${name.replace(/\.txt$/, '.err')}`),
    }
  })
}

/** A value with line breaks goes over several lines; the comment behind `#` ends it. */
function linesOf(text: string): readonly OracleLine[] {
  const joined: string[] = []
  for (const line of text.split('\n')) {
    if (/^ *\([0-9a-f]{4},[0-9a-f]{4}\) /.test(line) || joined.length === 0) joined.push(line)
    else joined[joined.length - 1] += `\n${line}`
  }
  return joined.flatMap((line) => {
    const match = /^( *)\(([0-9a-f]{4}),([0-9a-f]{4})\) (\S\S) (.*?) *# +(?:u\/l|\d+), *\d+ /s.exec(line)
    if (match === null) return []
    const [, indent = '', group = '', element = '', vr = '', value = ''] = match
    return [{ depth: indent.length / 2, tag: `${group}${element}`.toUpperCase(), vr, value }]
  })
}

function textAt(path: string): string {
  try {
    return readFileSync(new URL(path, root), 'utf8')
  } catch {
    return ''
  }
}
