import { readdirSync, readFileSync } from 'node:fs'
import { http } from '../../adapters/protocols/http/protocol.ts'
import { mllp } from '../../adapters/protocols/mllp/protocol.ts'
import { answer, chunked, request, sound } from '../support/http.ts'
import { ack, order } from '../support/mllp.ts'
import type { FuzzedWire } from './wire.fuzz.ts'

/** MLLP: the fixtures' messages in their blocks, and orders and acks that fit together. */
export function mllpWire(): FuzzedWire {
  const folder = new URL('../../fixtures/messages/', import.meta.url)
  const messages = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(hl7|txt|bin)$/.test(entry.name))
    .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`))
    .filter((bytes) => bytes.length < 16_384)
  const blocks = messages.map((bytes) => Buffer.concat([Buffer.from([0x0b]), bytes, Buffer.from([0x1c, 0x0d])]))
  const pairs = Array.from({ length: 40 }, (_, i) => [
    order(`${i}`),
    ack(['AA', 'AE', 'CA', 'CE'][i % 4] ?? 'AA', `${i}`),
  ]).flat()
  return {
    protocol: mllp,
    // As many pairs as messages: both are met alike.
    seeds: [...blocks, ...Array.from({ length: Math.ceil(blocks.length / pairs.length) }, () => pairs).flat()],
    sound: (random) => {
      const id = String(random.below(5))
      return [order(id), ack(random.below(4) === 0 ? 'AE' : 'AA', id)]
    },
    aroundBytesMax: 0,
  }
}

/** HTTP: whole exchanges, and what is at the edge of them. */
export function httpWire(): FuzzedWire {
  const form = ['--b', 'Content-Type: application/dicom', '', 'DICM', '--b--', ''].join('\r\n')
  const odd = [
    request(
      'POST /studies',
      ['Content-Type: multipart/related; boundary=b', 'Transfer-Encoding: chunked'],
      chunked(form, [7, 3]),
    ),
    request('POST /both', ['Content-Length: 3', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
    request('POST /large', [], 'x'.repeat(20_000)),
    request('CONNECT lis:443'),
    answer('100 Continue'),
    answer('101 Switching Protocols', ['Upgrade: websocket']),
    answer('407 Proxy Authentication Required'),
    Buffer.from('HTTP/1.0 200 OK\r\n\r\nuntil the end'),
    Buffer.from('GET /a HTTP/1.1\nHost: a\n folded\n\n'),
  ]
  return {
    protocol: http,
    seeds: [...sound.flat(), ...odd],
    sound: (random) => sound[random.below(sound.length)] ?? [request('GET /'), answer('200 OK')],
    // The headers that tests/laws/bound.http.test.ts counts.
    aroundBytesMax: 300_000,
  }
}
