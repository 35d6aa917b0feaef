import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bypassOf } from '../../gateway/commands/bypass.ts'
import { missingPeers } from './missing.ts'

/** Network namespaces of this run, on one bridge: the sender's, Auscult's host, the receiver's. */
const names = { his: `auscult-${process.pid}-his`, host: `auscult-${process.pid}-host`, lis: `auscult-${process.pid}-lis` }
const isMissing =
  missingPeers([
    ['nft', '--version'],
    ['ip', 'netns', 'add', names.his],
  ]) !== null

const children: ChildProcess[] = []
beforeAll(async () => {
  if (isMissing) return
  for (const name of [names.host, names.lis]) ip('netns', 'add', name)
  inside(names.host, 'ip', 'link', 'add', 'bridge', 'type', 'bridge')
  plug(names.his, 'to-his', '10.1.0.10/24')
  plug(names.lis, 'to-lis', '10.1.0.20/24')
  inside(names.host, 'ip', 'addr', 'add', '10.1.0.5/24', 'dev', 'bridge')
  inside(names.host, 'ip', 'link', 'set', 'bridge', 'up')
  inside(names.host, 'sysctl', '-qw', 'net.ipv4.ip_forward=1')
  await Promise.all([answering(names.host, 6661, 'auscult'), answering(names.lis, 7661, 'lis')])
})
afterAll(() => {
  if (isMissing) return
  for (const child of children) child.kill()
  for (const name of Object.values(names)) ip('netns', 'del', name)
})

describe.skipIf(isMissing)('past Auscult and back', () => {
  test('new connections go past it, those that are there stay, both ways', async () => {
    const { ask } = await sender(names.his)
    expect(await ask('before')).toBe('auscult')
    load(await rulesOf())
    expect([await ask('before'), await ask('meanwhile')]).toEqual(['auscult', 'lis'])
    load(await rulesOf())
    expect(await ask('meanwhile, the rules loaded again')).toBe('lis')
    inside(names.host, 'nft', 'flush', 'chain', 'ip', 'auscult_bypass', 'prerouting')
    expect([await ask('before'), await ask('meanwhile'), await ask('after')]).toEqual(['auscult', 'lis', 'auscult'])
  })
})

async function rulesOf(): Promise<string> {
  const ends = { listen: { host: '0.0.0.0', port: 6661 }, upstream: { host: '10.1.0.20', port: 7661 } }
  const sources = { proxy: { ...ends, listenTls: null, upstreamTls: null }, capture: null }
  return (await bypassOf([{ id: 'orders', sources }], async (host) => host)).rules
}

function load(rules: string): void {
  execFileSync('ip', ['netns', 'exec', names.host, 'nft', '-f', '-'], { input: rules })
}

/** A cable from a namespace to the bridge, and its address. */
function plug(name: string, port: string, address: string): void {
  ip('link', 'add', 'cable', 'netns', name, 'type', 'veth', 'peer', 'name', port, 'netns', names.host)
  inside(names.host, 'ip', 'link', 'set', port, 'master', 'bridge')
  inside(names.host, 'ip', 'link', 'set', port, 'up')
  inside(name, 'ip', 'addr', 'add', address, 'dev', 'cable')
  inside(name, 'ip', 'link', 'set', 'cable', 'up')
}

/** A server there that answers every line with its name. */
async function answering(name: string, port: number, word: string): Promise<void> {
  const program = `require('node:net').createServer((s) => s.on('data', () => s.write('${word}\\n'))).listen(${port}, () => console.log('ready'))`
  await running(name, program).next()
}

/** A sender there that keeps a connection for each name and asks on it. */
async function sender(name: string): Promise<{ readonly ask: (connection: string) => Promise<string> }> {
  const program = `
    const sockets = new Map()
    require('node:readline').createInterface({ input: process.stdin }).on('line', (name) => {
      if (!sockets.has(name)) sockets.set(name, require('node:net').connect(6661, '10.1.0.5').on('data', (d) => process.stdout.write(d)))
      sockets.get(name).write('who\\n')
    })`
  const { child, next } = running(name, program)
  return {
    ask: (connection) => {
      child.stdin?.write(`${connection}\n`)
      return next()
    },
  }
}

/** A program of Node there, and the lines that it says, one after another. */
function running(name: string, program: string): { readonly child: ChildProcess; readonly next: () => Promise<string> } {
  const child = spawn('ip', ['netns', 'exec', name, process.execPath, '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return { child, next: async () => String((await lines.next()).value) }
}

function inside(name: string, program: string, ...args: readonly string[]): void {
  ip('netns', 'exec', name, program, ...args)
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args)
}
