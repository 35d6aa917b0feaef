/**
 * Records the captures of HTTP anew, with what tshark sees in them: `node tests/peers/record-http.ts`. curl, nginx and Node's own HTTP speak on
 * loopback, dumpcap listens. The golden exchanges are made afterwards with `npm run golden -- --update`.
 */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createServer2 } from 'node:http2'
import { createServer as createSecureServer } from 'node:https'
import { connect, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startNginx } from './nginx.ts'

const captures = join(import.meta.dirname, '../../fixtures/captures')
const tls = (name: string) => readFileSync(join(import.meta.dirname, '../../fixtures/tls', name))
const port = 18_980
const base = `http://127.0.0.1:${port}`
const json = ['-H', 'Content-Type: application/json']

const order = '{"order":"ORD0001","items":[{"code":"GLU","name":"葡萄糖"}]}'

await behind(nginx, {
  'http-01-keepalive-json': () =>
    curl(
      ...[...json, '-T', '-', `${base}/files/order1.json`, '--next', `${base}/files/order1.json`, '--next', '-I', `${base}/ok`],
      ...['--next', ...json, '-H', 'X-Request-Id: r-4', '-d', order, `${base}/ok?access_token=abc`],
      ...[
        '--next',
        '-X',
        'DELETE',
        `${base}/files/order1.json`,
        '--next',
        '-H',
        'Authorization: Bearer abc.def.ghi',
        `${base}/ok`,
      ],
    ),
  'http-02-refusals-401-403-429-503': () =>
    curl(
      ...[401, 403, 429, 503].flatMap((status, i) => [
        ...(i === 0 ? [] : ['--next']),
        ...json,
        '-d',
        order,
        `${base}/status/${status}`,
      ]),
    ),
  'http-03-chunked-gzip': async () => {
    await curl('-T', '-', `${base}/files/big.json`)
    await curl(
      '--compressed',
      `${base}/gzip/big.json`,
      '--next',
      '-H',
      'Transfer-Encoding: chunked',
      '-T',
      '-',
      `${base}/files/c.json`,
    )
  },
  'http-08-pipelined': () =>
    raw(
      'GET /ok HTTP/1.1\r\nHost: a\r\n\r\nHEAD /ok HTTP/1.1\r\nHost: a\r\n\r\nGET /status/204 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    ),
  'http-09-expect-100-and-413': () =>
    curl(
      ...['-H', 'Expect: 100-continue', '-T', '-', `${base}/files/e.json`, '--next', '-X', 'PUT'],
      ...['-H', 'Expect: 100-continue', '-d', order.repeat(50), `${base}/small/x.json`],
    ),
  'http-11-bad-requests': async () => {
    await raw('GARBAGE\r\n\r\n')
    await raw('POST /ok HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n')
    await raw('GET /ok HTTP/1.1\nHost: a\nConnection: close\n\n')
  },
})
await behind(
  node((_, response) => void setTimeout(() => response.end('{"slow":true}'), 1_600)),
  {
    'http-04-slow-answer-beyond-time-out': () => curl('-d', order, `${base}/slow`),
  },
)
await behind(
  node((_, response) => {
    response.writeHead(200, { 'Content-Length': 100_000 })
    response.write('x'.repeat(5_000))
    setTimeout(() => response.socket?.resetAndDestroy(), 50)
  }),
  { 'http-05-reset-mid-body': () => curl(`${base}/report`) },
)
await behind(secure, { 'http-06-tls-passed-through': () => curl('-k', '--http1.1', `https://127.0.0.1:${port}/ok`) })
await behind(http2, { 'http-07-http2-preface': () => curl('--http2-prior-knowledge', `${base}/ok`) })
await behind(upgrading, {
  'http-10-upgrade-websocket': () =>
    raw(
      'GET /queue HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAA\r\n\r\n',
    ),
})

/** What was said is written, with what tshark makes of it. */
async function behind(
  start: () => Promise<() => Promise<void>>,
  said: { readonly [name: string]: () => Promise<unknown> },
): Promise<void> {
  for (const [name, speak] of Object.entries(said)) {
    const stop = await start()
    const recording = join(tmpdir(), `${name}.pcap`)
    const recorded = await record(recording)
    await speak()
    await recorded()
    await stop()
    writeFileSync(join(captures, `${name}.pcap`), readFileSync(recording))
    const fields = [
      'frame.number',
      'frame.time_relative',
      'tcp.stream',
      'http.request.method',
      'http.request.uri',
      'http.response.code',
    ]
    const args = [
      '-r',
      recording,
      '-d',
      `tcp.port==${port},http`,
      '-Y',
      'http',
      '-T',
      'fields',
      '-E',
      'header=y',
      ...fields.flatMap((field) => ['-e', field]),
    ]
    writeFileSync(
      join(captures, 'oracle-tshark', `${name}.tsv`),
      execFileSync('tshark', args, { stdio: ['ignore', 'pipe', 'ignore'] }),
    )
    console.log(name)
  }
}

async function record(path: string): Promise<() => Promise<void>> {
  const child = spawn('dumpcap', ['-q', '-P', '-i', 'lo', '-f', `tcp port ${port}`, '-w', path], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await new Promise<void>((resolve) => child.stderr.on('data', (text) => void (String(text).includes('File:') && resolve())))
  return async () => {
    // The kernel hands packets over in blocks.
    await new Promise((resolve) => setTimeout(resolve, 500))
    const closed = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGINT')
    await closed
  }
}

/** `-T -` uploads what stands here. */
async function curl(...args: readonly string[]): Promise<void> {
  const running = promisify(execFile)('curl', ['-sS', ...args.flatMap((arg) => (arg === '--next' ? ['--next', '-sS'] : [arg]))])
  running.child.stdin?.end(`[${Array.from({ length: 400 }, () => order).join(',')}]`)
  await running.catch((error: unknown) => console.log(String(error).split('\n')[1]))
}

function raw(text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(text))
    socket.resume().once('close', () => resolve())
  })
}

async function nginx() {
  const running = await startNginx(port)
  return () => running.close()
}

function node(listener: RequestListener) {
  return () => listening(createServer(listener))
}

function secure() {
  return listening(
    createSecureServer({ key: tls('server.key'), cert: tls('server.crt') }, (_, response) => response.end('{"ok":true}')),
  )
}

function http2() {
  return listening(createServer2((_, response) => response.end('{"ok":true}')))
}

function upgrading() {
  const server = createServer()
  server.on('upgrade', (_, socket) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n',
    )
    socket.end(Buffer.from([0x81, 0x02, 0x68, 0x69, 0x88, 0x00]))
  })
  return listening(server)
}

async function listening(server: Server): Promise<() => Promise<void>> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return () => new Promise((resolve) => void server.close(() => resolve()))
}
