import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { dimse } from '../../adapters/protocols/dimse/protocol.ts'
import { http } from '../../adapters/protocols/http/protocol.ts'
import { mllp } from '../../adapters/protocols/mllp/protocol.ts'
import { plansOf } from '../../fixtures/hospital/plans.ts'
import { message, pdu, releaseRequest } from '../../fixtures/hospital/systems/dimse/bytes.ts'
import { simulate } from '../../fixtures/hospital/wire.ts'
import { captureNames } from '../golden/capture-names.ts'
import { associateAccept, associateRequest, answer as dimseAnswer, echo, header, pixels, store } from '../support/dimse.ts'
import { answer, chunked, request, sound } from '../support/http.ts'
import { ack, order } from '../support/mllp.ts'
import { eventsOfCapture } from '../transcripts/capture.ts'
import { mutated } from './mutate.ts'
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

/** HTTP: whole exchanges, what is at the edge of them, and the simulated hospital's calls. Every other spoilt one keeps its headers, with the length right. */
export function httpWire(): FuzzedWire {
  const calls = hospitalCalls()
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
  const seeds = [...sound.flat(), ...odd]
  return {
    protocol: http,
    seeds,
    spoilt: (random) => {
      const whole = calls[random.below(calls.length)] ?? request('GET /')
      if (random.below(2) === 0) return mutated(seeds, random)
      const headEnd = whole.indexOf('\r\n\r\n') + 4
      const body = mutated([whole.subarray(headEnd)], random)
      const head = whole.toString('latin1', 0, headEnd).replace(/^content-length: .*$/im, `content-length: ${body.length}`)
      return Buffer.concat([Buffer.from(head, 'latin1'), body])
    },
    sound: (random) => sound[random.below(sound.length)] ?? [request('GET /'), answer('200 OK')],
    // The headers that tests/laws/bound.http.test.ts counts.
    aroundBytesMax: 300_000,
  }
}

/** Requests and answers of the ten HTTP interfaces (JSON, NHSA, FHIR, SOAP, DICOMweb) in two minutes, up to 20 kB each. */
function hospitalCalls(): readonly Buffer[] {
  const file = fileURLToPath(new URL('../../deploy/demo/auscult.yaml', import.meta.url))
  const plans = plansOf(readFileSync(file, 'utf8'), file).filter(({ kind }) => kind === 'http')
  const events = [...simulate({ seed: 8, startAt: Date.UTC(2026, 10, 23, 2), lastsMs: 120_000, plans, http: true })]
  return events.flatMap(({ event }) =>
    event.kind === 'bytes' && event.bytes.length < 20_000 ? [Buffer.from(event.bytes)] : [],
  )
}

/** DIMSE: the PDUs of the captures, and what is said in an association. A spoilt PDU keeps its header, or its length right, nine times in ten. */
export function dimseWire(): FuzzedWire {
  const object = Buffer.concat([header, pixels(3_000)])
  const said = [
    associateRequest(),
    associateAccept(),
    message(3, store(1), object, { fragmentBytes: 500, pdvsPerPdu: 3 }),
    message(3, store(2), header),
    message(1, dimseAnswer(0x0001, 1, 0xff00)),
    releaseRequest(),
  ]
  const pdus = [...capturedPdus(), ...said.flatMap(pdusOf)]
  return {
    protocol: dimse,
    seeds: pdus,
    spoilt: (random) => {
      const whole = pdus[random.below(pdus.length)] ?? releaseRequest()
      if (random.below(3) === 0) return whole
      const fields = mutated([whole.subarray(6)], random)
      if (random.below(10) > 0) return pdu(whole.readUInt8(0), fields)
      return random.below(2) === 0 ? pdu(random.below(9), fields, random.below(70_000)) : mutated(pdus, random)
    },
    sound: (random) => {
      const id = random.below(5)
      return [message(1, echo(id)), message(1, dimseAnswer(0x0030, id, random.below(4) === 0 ? 0x0110 : 0))]
    },
    aroundBytesMax: 0,
  }
}

/** What was sent in the captures, up to 20 kB each. */
function capturedPdus(): readonly Buffer[] {
  const streams = new Map<string, Buffer[]>()
  for (const name of captureNames('dimse').filter((name) => !name.startsWith('dimse-26'))) {
    for (const { connectionId, event } of eventsOfCapture(name)) {
      if (event.kind !== 'bytes') continue
      const key = `${name} ${connectionId} ${event.from}`
      streams.set(key, [...(streams.get(key) ?? []), Buffer.from(event.bytes)])
    }
  }
  return [...streams.values()].flatMap((pieces) => pdusOf(Buffer.concat(pieces))).filter((bytes) => bytes.length < 20_000)
}

function pdusOf(bytes: Buffer): readonly Buffer[] {
  const cut: Buffer[] = []
  for (let at = 0; at + 6 <= bytes.length; ) {
    const end = at + 6 + bytes.readUInt32BE(at + 2)
    cut.push(bytes.subarray(at, end))
    at = end
  }
  return cut
}
