import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { isRecord } from '../../fixtures/hospital/story.ts'
import { consoleDist } from './console-dist.ts'

/** One piece of the build, as Vite's manifest names it. */
interface Piece {
  readonly file: string
  readonly css: readonly string[]
  readonly imports: readonly string[]
  readonly dynamicImports: readonly string[]
}

/** Bytes after gzip of everything that a page loads, by the page's source file. What a page loads later, as its charts, is counted with it. */
export function pageSizes(): { readonly [page: string]: number } {
  const pieces = readManifest()
  const begun = closure(pieces, ['index.html'], ({ imports }) => imports)
  const pages = [...begun].flatMap((name) => pieces.get(name)?.dynamicImports ?? []).filter((name) => !begun.has(name))
  return Object.fromEntries(
    pages.map((page) => {
      const all = closure(pieces, [page], ({ imports, dynamicImports }) => [...imports, ...dynamicImports], begun)
      return [page.replace(/^src\//, ''), bytesOf(pieces, all)]
    }),
  )
}

/** `known` and what follows from `from`; nothing follows from what is known. */
function closure(
  pieces: ReadonlyMap<string, Piece>,
  from: readonly string[],
  next: (piece: Piece) => readonly string[],
  known: ReadonlySet<string> = new Set(),
): Set<string> {
  const found = new Set(known)
  const open = [...from]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const piece = pieces.get(name)
    if (piece === undefined || found.has(name)) continue
    found.add(name)
    open.push(...next(piece))
  }
  return found
}

function bytesOf(pieces: ReadonlyMap<string, Piece>, names: ReadonlySet<string>): number {
  const files = new Set([...names].flatMap((name) => [pieces.get(name)?.file ?? '', ...(pieces.get(name)?.css ?? [])]))
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(consoleDist, file))).length, 0)
}

function readManifest(): ReadonlyMap<string, Piece> {
  const manifest: unknown = JSON.parse(readFileSync(join(consoleDist, '.vite/manifest.json'), 'utf8'))
  if (!isRecord(manifest)) throw new Error('the manifest of the build is no object')
  const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])
  return new Map(
    Object.entries(manifest).map(([name, piece]) => {
      if (!isRecord(piece)) throw new Error(`the manifest has no piece at ${name}`)
      const { file, css, imports, dynamicImports } = piece
      return [name, { file: String(file), css: texts(css), imports: texts(imports), dynamicImports: texts(dynamicImports) }]
    }),
  )
}
