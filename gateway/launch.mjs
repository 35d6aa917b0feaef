#!/usr/bin/env node
// Plain JavaScript for any Node from 18 on: installs what is missing from the npm registry, then goes on with the Node 24
// that package.json brings. `node gateway/launch.mjs COMMAND ...` runs `auscult COMMAND ...`;
// `node gateway/launch.mjs --run TOOL ARGS...` runs a tool of node_modules/.bin the same way.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

installWhatIsMissing()
const [first, ...rest] = process.argv.slice(2)
const args =
  first === '--run'
    ? tool(rest)
    : ['--disable-warning=ExperimentalWarning', join(root, 'gateway', 'cli.ts'), ...process.argv.slice(2)]
const child = spawn(node, args, {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}` },
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal ? 128 + 15 : (code ?? 1)))

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
