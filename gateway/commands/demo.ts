import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../app.ts'
import { failure } from '../model/failures.ts'
import { findRunning } from '../run-folder.ts'
import { readArguments } from './arguments.ts'
import { superviseAll } from './start.ts'

const usage = 'auscult demo [--data DIR] [--port N] [--config FILE] [--story FILE] [--keep]'

/**
 * The whole product on the simulated hospital. Its data folder is emptied first, unless `--keep`. The hospital's traffic begins
 * when the edge listens, its first fault within a minute.
 */
export async function demo(args: readonly string[]): Promise<number> {
  const { values } = readArguments(
    args,
    {
      data: { type: 'string' },
      port: { type: 'string' },
      config: { type: 'string' },
      story: { type: 'string' },
      keep: { type: 'boolean' },
    },
    usage,
  )
  const port = Number(values.port ?? '8080')
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw failure('ARGUMENTS_INVALID', `--port takes a number; usage: ${usage}`)
  const dataFolder = resolve(values.data ?? 'data/demo')
  const configFile = resolve(values.config ?? fileURLToPath(new URL('../../deploy/demo/auscult.yaml', import.meta.url)))
  const storyFile = resolve(values.story ?? fileURLToPath(new URL('../../deploy/demo/story.yaml', import.meta.url)))
  if (values.keep !== true) emptyDemoFolder(dataFolder)

  const ending = new AbortController()
  const hospital = startHospital(dataFolder, configFile, storyFile, ending.signal)
  try {
    return await superviseAll({ configFile, dataFolder, listen: `127.0.0.1:${port}`, offersLink: true })
  } finally {
    ending.abort()
    await hospital
  }
}

/** Only a folder that no running Auscult uses, and only what Auscult itself writes. */
function emptyDemoFolder(dataFolder: string): void {
  for (const name of ['supervisor', 'edge', 'analysis', 'desk']) {
    const other = findRunning(dataFolder, name)
    if (other) throw failure('ALREADY_RUNNING', `the ${name} with pid ${other.pid} uses ${dataFolder}`)
  }
  for (const name of ['log', 'store', 'secrets', 'audit', 'run'])
    rmSync(resolve(dataFolder, name), { recursive: true, force: true })
}

async function startHospital(dataFolder: string, configFile: string, storyFile: string, signal: AbortSignal): Promise<void> {
  while (findRunning(dataFolder, 'edge')?.phase !== 'ready') {
    if (signal.aborted) return
    await new Promise<void>((done) => systemClock.after(100, done))
  }
  const main = fileURLToPath(new URL('../../fixtures/hospital/main.ts', import.meta.url))
  const args = [...process.execArgv, main, '--config', configFile, '--story', storyFile]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  process.stderr.write('auscult: the simulated hospital is at work; its first fault begins within a minute\n')
  await endOf(child, signal)
  if (!signal.aborted)
    process.stderr.write(`auscult: the simulated hospital ended (exit code ${child.exitCode}); the product goes on\n`)
}

function endOf(child: ChildProcess, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => void child.kill('SIGTERM')
    signal.addEventListener('abort', stop)
    child.on('exit', () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
  })
}
