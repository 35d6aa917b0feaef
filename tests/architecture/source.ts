import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One source file: its path from the root with forward slashes, its text, and the text without comments and string contents. */
export interface Source {
  readonly path: string
  readonly text: string
  readonly code: string
  /** What it imports: package names as they are, our own files as paths from the root. */
  readonly imports: readonly string[]
}

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const folders = ['gateway', 'adapters', 'contracts', 'monitors', 'fixtures', 'tests', 'bench', 'console']

/** Every TypeScript file of the project. */
export function readSources(): readonly Source[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => walk(join(root, folder)))
    .map((file) => sourceOf(relative(root, file).replaceAll('\\', '/'), readFileSync(file, 'utf8')))
}

export function sourceOf(path: string, text: string): Source {
  return { path, text, code: withoutComments(text), imports: importsOf(path, text) }
}

function walk(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist') return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? walk(path) : /\.tsx?$/.test(entry.name) ? [path] : []
  })
}

function importsOf(path: string, text: string): readonly string[] {
  const found = withoutComments(text, true).matchAll(/(?:from\s*|import\s*\(\s*|^import\s+)(['"])([^'"]+)\1/gm)
  return [...found].map((match) => resolveImport(path, match[2] ?? ''))
}

function resolveImport(from: string, name: string): string {
  return name.startsWith('.') ? posix.normalize(posix.join(posix.dirname(from), name)) : name
}

/** Blanks comments, and string and template contents unless `keepStrings`. Line breaks stay, so that line numbers hold. */
function withoutComments(text: string, keepStrings = false): string {
  const token =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<=[=(,:[!&|?{};\n]\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\/[a-z]*/g
  return text.replace(token, (match) => {
    const isComment = match.startsWith('//') || match.startsWith('/*')
    if (!isComment && keepStrings) return match
    return match.replace(/[^\n]/g, ' ')
  })
}
