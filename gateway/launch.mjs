#!/usr/bin/env node
// Plain JavaScript for any Node from 18 on: installs what is missing from the npm registry, then goes on with the Node 24
// that package.json brings. `node gateway/launch.mjs COMMAND ...` runs `auscult COMMAND ...`;
// `node gateway/launch.mjs --run PACKAGE ARGS...` runs a package's tool, `--node FILE ARGS...` a script of ours, the same way.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

installWhatIsMissing()
const [first, ...rest] = process.argv.slice(2)
if (first === 'demo' || (first === 'start' && !rest.includes('--role'))) buildConsoleWhenStale()
run(node, commandLine())

/** Which program of Node 24 is meant: a tool, a script of ours, or a command of auscult. */
function commandLine() {
  if (first === '--run') return tool(rest)
  const quiet = '--disable-warning=ExperimentalWarning'
  if (first === '--node') return [quiet, ...rest]
  return [quiet, join(root, 'gateway', 'cli.ts'), ...process.argv.slice(2)]
}

function run(program, args) {
  const child = spawn(program, args, { stdio: 'inherit', env: environment() })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1)))
}

function environment() {
  return { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}` }
}

/**
 * The console's files are built once, and again when a source of theirs is newer; beside the start of the product, which waits for nothing
 * but its own parts. Until they are there the desk says so, and serves the API alone.
 */
function buildConsoleWhenStale() {
  const source = join(root, 'console')
  const built = join(source, 'dist', 'index.html')
  if (!existsSync(join(source, 'index.html'))) return
  const sources = [source, ...['desk/api', 'incidents/catalogue.json'].map((part) => join(root, 'gateway', part))]
  if (existsSync(built) && Math.max(...sources.map(newestIn)) <= statSync(built).mtimeMs) return
  process.stderr.write('auscult: building the console, once; it is there in some seconds\n')
  const builder = spawn(node, tool(['vite', 'build', source, '--logLevel', 'error']), {
    cwd: root,
    stdio: ['ignore', 'ignore', 2],
    env: environment(),
  })
  builder.on('exit', (code) => {
    if (code !== 0) process.stderr.write('auscult: the console could not be built; the API serves without it.\n')
  })
}

function newestIn(folder) {
  if (!statSync(folder).isDirectory()) return statSync(folder).mtimeMs
  let newest = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'dist' || entry.name === 'node_modules') continue
    const path = join(folder, entry.name)
    newest = Math.max(newest, entry.isDirectory() ? newestIn(path) : statSync(path).mtimeMs)
  }
  return newest
}

function installWhatIsMissing() {
  // npm writes this file last: it is there, and agrees with package-lock.json, only after a whole install.
  const stamp = join(root, 'node_modules', '.package-lock.json')
  if (existsSync(node) && existsSync(stamp) && sameVersions(stamp)) return
  process.stderr.write('auscult: installing dependencies (npm ci), once ...\n')
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] })
  if (done.status !== 0 || !existsSync(node)) {
    process.stderr.write('auscult: npm ci failed; check that the npm registry can be reached, then run the command again.\n')
    process.exit(2)
  }
}

function sameVersions(stamp) {
  const installed = JSON.parse(readFileSync(stamp, 'utf8')).packages
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || entry.link || installed[path]?.version === entry.version,
  )
}

function tool([name, ...toolArgs]) {
  const manifest = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'))
  const bin = typeof manifest.bin === 'string' ? manifest.bin : (manifest.bin[name] ?? Object.values(manifest.bin)[0])
  return [join(root, 'node_modules', name, bin), ...toolArgs]
}
