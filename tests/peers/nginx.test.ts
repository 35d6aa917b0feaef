import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Exchange } from '../../gateway/model/exchange.ts'
import { readEntity } from '../../gateway/model/http/entity.ts'
import { missingPeers } from './missing.ts'
import { type Nginx, nginxVersion, startNginx } from './nginx.ts'
import { edgeInFrontOf } from './through-edge.ts'

const isMissing = missingPeers([nginxVersion, ['curl', '--version']]) !== null
let nginx: Nginx
let folder = ''
beforeAll(async () => {
  if (isMissing) return
  folder = await mkdtemp(join(tmpdir(), 'auscult-curl-'))
  nginx = await startNginx()
  await writeFile(join(nginx.folder, 'list.json'), JSON.stringify(Array.from({ length: 2_000 }, (_, i) => ({ id: i }))))
})
afterAll(async () => {
  if (isMissing) return
  await nginx.close()
  await rm(folder, { recursive: true })
})

describe.skipIf(isMissing)('curl and nginx through the edge', () => {
  test('what is asked on one connection: a page, its head, not modified, nothing, refused', async () => {
    const { exchanges, output } = await asked([
      '/ok',
      '-I',
      '/ok',
      '-H',
      'If-Modified-Since: Sun, 01 Jan 2090 00:00:00 GMT',
      '/files/list.json',
      '/status/204',
      '/status/503',
    ])
    expect(output.startsWith('{"ok":true}HTTP/1.1 200 OK')).toBe(true)
    expect(brief(exchanges)).toEqual([
      ['answered', 'GET /ok', '200', 11],
      ['answered', 'HEAD /ok', '200', 0],
      ['answered', 'GET /files/list.json', '304', 0],
      ['answered', 'GET /status/{}', '204', 0],
      ['failed', 'GET /status/{}', '503', expect.any(Number)],
    ])
    expect(new Set(exchanges.map((e) => e.connection.id)).size).toBe(1)
    expect(exchanges.flatMap((e) => e.wire)).toEqual([])
  })

  test('compressed and in chunks: the exchange holds what nginx sent, and a format reads it', async () => {
    const { exchanges, output } = await asked(['--compressed', '/gzip/list.json'])
    const list = await readFile(join(nginx.folder, 'list.json'), 'utf8')
    expect(output).toBe(list)
    const [answer] = exchanges[0]?.answers ?? []
    expect(answer?.envelope).toEqual(
      expect.arrayContaining([
        ['content-encoding', 'gzip'],
        ['transfer-encoding', 'chunked'],
      ]),
    )
    expect(Buffer.from(readEntity(answer?.body ?? Buffer.alloc(0), answer).bytes).toString()).toBe(list)
  })

  test('50 MB up and down, in chunks and by length, byte for byte', { timeout: 60_000 }, async () => {
    const bytes = Buffer.alloc(50_000_000)
    for (let i = 0; i < bytes.length; i += 4) bytes.writeUInt32LE((Math.imul(i, 2_654_435_761) ^ (i >>> 7)) >>> 0, i)
    const path = join(folder, 'large')
    await writeFile(path, bytes)
    for (const how of [['-H', 'Transfer-Encoding: chunked'], []]) {
      const { exchanges } = await asked([...how, '-T', path, '/files/large', '-o', join(folder, 'back'), '/files/large'])
      expect(digest(await readFile(join(nginx.folder, 'large')))).toBe(digest(bytes))
      expect(digest(await readFile(join(folder, 'back')))).toBe(digest(bytes))
      expect(
        exchanges.map((e) => [e.outcome, e.code, e.interimCount ?? 0, e.request?.bodyBytes, e.answers.at(-1)?.bodyBytes]),
      ).toEqual([
        ['answered', how.length > 0 ? '201' : '204', 1, bytes.length, 0],
        ['answered', '200', 0, 0, bytes.length],
      ])
      expect(exchanges.every((e) => (e.request?.body.length ?? 0) <= 1_048_576)).toBe(true)
      expect(exchanges.flatMap((e) => e.wire)).toEqual([])
    }
  })

  test('a refusal before the body was sent: answered with what it is, and its request as far as it came', async () => {
    const path = join(folder, 'toolarge')
    await writeFile(path, 'x'.repeat(5_000))
    const { exchanges } = await asked(['-H', 'Expect: 100-continue', '-T', path, '/small/x'])
    expect(exchanges.map((e) => [e.outcome, e.type, e.code, e.wire.map((fact) => fact.kind)])).toEqual([
      ['failed', 'PUT /small/x', '413', ['partial']],
    ])
  })

  test('pipelined on a raw socket, then closed early', async () => {
    const edge = await edgeInFrontOf(nginx.port, {}, { protocol: 'http' })
    const heard = await raw(
      edge.port,
      'GET /ok HTTP/1.1\r\nHost: a\r\n\r\nHEAD /ok HTTP/1.1\r\nHost: a\r\n\r\nGET /files/list.json HTTP/1.0\r\n\r\n',
    )
    expect(heard.match(/HTTP\/1\.1 200/g)).toHaveLength(3)
    await raw(edge.port, 'PUT /files/early HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc', 20)
    const exchanges = await edge.close()
    expect(brief(exchanges).slice(0, 3)).toEqual([
      ['answered', 'GET /ok', '200', 11],
      ['answered', 'HEAD /ok', '200', 0],
      ['answered', 'GET /files/list.json', '200', (await readFile(join(nginx.folder, 'list.json'))).length],
    ])
    expect(exchanges[3]).toMatchObject({
      outcome: 'unanswered',
      type: 'PUT /files/early',
      wire: [{ kind: 'partial', how: 'fin' }, { kind: 'closed' }, { kind: 'closed' }],
    })
  })
})

/** Asks for each path in turn, options before it, as curl does on one connection: the exchanges that the edge saw, and what curl wrote. */
async function asked(words: readonly string[]): Promise<{ readonly exchanges: readonly Exchange[]; readonly output: string }> {
  const edge = await edgeInFrontOf(nginx.port, {}, { protocol: 'http' })
  const isPath = (word: string) => /^\/(ok|status|files|gzip|small)/.test(word)
  const args = words.flatMap((word, i) => {
    const url = isPath(word) ? `http://127.0.0.1:${edge.port}${word}` : word
    return isPath(word) && i < words.length - 1 ? [url, '--next', '-sS'] : [url]
  })
  const { stdout } = await promisify(execFile)('curl', ['-sS', ...args], { maxBuffer: 4_000_000 })
  return { exchanges: await edge.close(), output: stdout }
}

/** Writes, and reads until the other side closes; with `closeAfterMs` closes itself. */
function raw(port: number, text: string, closeAfterMs?: number): Promise<string> {
  return new Promise((resolve) => {
    let heard = ''
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.write(text)
      if (closeAfterMs !== undefined) setTimeout(() => socket.end(), closeAfterMs)
    })
    socket.on('data', (bytes) => {
      heard += String(bytes)
    })
    socket.once('close', () => resolve(heard))
  })
}

function brief(exchanges: readonly Exchange[]) {
  return exchanges.map(({ outcome, type, code, answers }) => [outcome, type, code, answers.at(-1)?.bodyBytes])
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
