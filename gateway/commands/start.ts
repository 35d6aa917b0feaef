import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { createLogger, known, runRole, systemClock } from '../app.ts'
import { addressOf } from '../config/address.ts'
import { configFailure, loadConfig } from '../config/config.ts'
import { failure } from '../model/failures.ts'
import { announce, findRunning, withdraw } from '../run-folder.ts'
import { engineFlags, type Role, supervise } from '../supervise.ts'
import { readArguments } from './arguments.ts'
import { problemLine } from './check-config.ts'

const usage = 'auscult start --config FILE [--data DIR] [--role all|edge|analysis|desk] [--listen HOST:PORT]'
const allRoles: readonly Role[] = ['edge', 'analysis', 'desk']

/** The product: all roles under a supervisor, or one role in this process. Ends with SIGTERM or SIGINT, exit 0. */
export async function start(args: readonly string[]): Promise<number> {
  const { values } = readArguments(
    args,
    {
      config: { type: 'string' },
      data: { type: 'string' },
      role: { type: 'string' },
      listen: { type: 'string' },
      'offer-link': { type: 'boolean' },
      rehearse: { type: 'boolean' },
    },
    usage,
  )
  if (values.config === undefined) throw failure('ARGUMENTS_INVALID', `--config is missing; usage: ${usage}`)
  if (values.listen !== undefined && addressOf(values.listen) === null)
    throw failure('ARGUMENTS_INVALID', `--listen takes HOST:PORT; usage: ${usage}`)
  const role = values.role ?? 'all'
  const options = {
    configFile: values.config,
    dataFolder: resolve(values.data ?? 'data'),
    listen: values.listen ?? null,
    offersLink: values['offer-link'] === true,
    isRehearsal: values.rehearse === true,
  }
  if (role === 'all') return superviseAll(options)
  const one = allRoles.find((r) => r === role)
  if (!one) throw failure('ARGUMENTS_INVALID', `unknown role "${role}"; usage: ${usage}`)
  return runRole(one, options)
}

export interface StartOptions {
  readonly configFile: string
  readonly dataFolder: string
  /** Overrides the configuration's `api.listen`. */
  readonly listen: string | null
  readonly offersLink?: boolean
}

/** Supervises the three roles until SIGTERM or SIGINT. Throws Failure when one of them can't start at all. */
export async function superviseAll(options: StartOptions): Promise<number> {
  await checkFirst(options.configFile)
  const other = findRunning(options.dataFolder, 'supervisor')
  if (other) throw failure('ALREADY_RUNNING', `an Auscult with pid ${other.pid} uses ${options.dataFolder}`)
  // Before anybody can know of this process: one that a signal ends by itself leaves its note behind.
  const ending = new AbortController()
  process.on('SIGTERM', () => ending.abort())
  process.on('SIGINT', () => ending.abort())
  let reload = (): void => {}
  process.on('SIGHUP', () => reload())
  announce(options.dataFolder, 'supervisor', 'ready')
  try {
    const logger = await createLogger('supervisor')
    // Half of the time that a role takes to be back is the reading of TypeScript: the first life keeps what it read for the next ones.
    process.env.NODE_COMPILE_CACHE ??= join(options.dataFolder, 'run', 'compiled')
    const command = (role: Role) => roleCommand(role, options)
    await rehearseOnce(command('edge'), process.env.NODE_COMPILE_CACHE)
    if (ending.signal.aborted) return 0
    const supervisor = supervise({ roles: allRoles, dataFolder: options.dataFolder, clock: systemClock, logger, command })
    reload = supervisor.reload
    ending.signal.addEventListener('abort', () => void supervisor.stop())
    const code = await supervisor.ended
    if (code !== 0) await supervisor.stop()
    return code
  } finally {
    withdraw(options.dataFolder, 'supervisor')
  }
}

/** The command line that runs one role in the foreground. */
function roleCommand(role: Role, { configFile, dataFolder, listen, offersLink }: StartOptions): readonly string[] {
  return [
    process.execPath,
    ...process.execArgv,
    ...engineFlags[role],
    fileURLToPath(new URL('../cli.ts', import.meta.url)),
    'start',
    ...['--role', role, '--config', configFile, '--data', dataFolder],
    ...(listen === null ? [] : ['--listen', listen]),
    ...(offersLink === true ? ['--offer-link'] : []),
  ]
}

/**
 * What reads TypeScript stays in the memory of the process that read it, some 25 MB: after an installation that is one that carries nothing and
 * ends, so that the edge, which runs for months, finds everything compiled. Where it fails, the edge reads by itself.
 */
async function rehearseOnce([program = process.execPath, ...args]: readonly string[], compiledFolder: string): Promise<void> {
  const stamp = join(compiledFolder, 'rehearsed')
  const installed = `${process.version} ${readFileSync(new URL('../../package.json', import.meta.url), 'utf8')}`
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === installed) return
  const child = spawn(program, [...args, '--rehearse'], { stdio: 'ignore', timeout: rehearsalMsMax, killSignal: 'SIGKILL' })
  const code = await new Promise<number | null>((resolve) => child.on('error', () => resolve(null)).on('exit', resolve))
  if (code === 0) writeFileSync(stamp, installed)
}

const rehearsalMsMax = 15_000

async function checkFirst(file: string): Promise<void> {
  const { config, problems } = await loadConfig(file, await known())
  for (const problem of problems) process.stderr.write(`auscult: ${problemLine(problem)}\n`)
  if (!config) throw configFailure(problems)
}
