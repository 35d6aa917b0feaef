import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pduHeaderBytes, readPduHeader } from '../../adapters/protocols/dimse/pdu.ts'
import { dimse } from '../../adapters/protocols/dimse/protocol.ts'
import type { Frame } from '../../gateway/model/frame.ts'
import { eventsOfCapture } from '../transcripts/capture.ts'
import { captureNames } from './capture-names.ts'

/** What tshark's DICOM dissector calls the statuses that the captures show. */
const statuses: { readonly [words: string]: string } = {
  Success: '0000',
  'Refused: Move Destination unknown': 'A801',
  'Refused: Out of Resources, disk full': 'A700',
  'Error: Cannot understand/Unable to process, cannot understand': 'C000',
  'Processing failure, processing failure: RAID rebuild I/O timeout': '0110',
  'Sub-operations Complete - One or more Failures, coercion of data elements': 'B000',
  'Duplicate SOP instance': '0111',
}

/** Messages that tshark lists as `Command`, without reading them. */
const unnamed: { readonly [capture: string]: readonly string[] } = {
  'dimse-04-cstore-us-j2k-ok': ['0 C-STORE-RSP ID=1 0000'],
}

/** All but the one in which HTTP is spoken: there is nothing of DICOM to agree on. */
const captures = captureNames('dimse').filter((name) => !name.startsWith('dimse-26'))

describe.each(captures)('%s agrees with tshark', (name) => {
  const rows = oracleOf(name)
  const streams = streamsOf(name)

  test('on every PDU: how many of which type each side sent', () => {
    const ours = streams.map(({ initiator, acceptor }) => [...typesOf(initiator), ...typesOf(acceptor)].toSorted())
    const theirs = streams.map((_, stream) =>
      rows
        .filter((row) => row.stream === stream)
        .flatMap((row) => row.types)
        .toSorted(),
    )
    expect(ours).toEqual(theirs)
  })

  test('on titles, presentation contexts, rejects and aborts', () => {
    const shown = streams.flatMap(({ frames }) => frames.flatMap(associationLine))
    expect(shown.toSorted()).toEqual(rows.flatMap((row) => row.association).toSorted())
  })

  test('on every message: which command, which id, which status', () => {
    const shown = streams.flatMap(({ frames }, stream) => frames.flatMap((frame) => messageLine(frame, stream)))
    const listed = [...rows.flatMap((row) => row.messages), ...(unnamed[name] ?? [])]
    expect([...new Set(shown)].toSorted()).toEqual([...new Set(listed)].toSorted())
  })

  test('and no byte is left over', () => {
    for (const { frames, initiator, acceptor } of streams) {
      expect(frames.reduce((sum, frame) => sum + frame.wireBytes, 0)).toBe(initiator.length + acceptor.length)
      expect(frames.flatMap((frame) => frame.oddities)).toEqual([])
    }
  })
})

interface Stream {
  readonly frames: readonly Frame[]
  readonly initiator: Buffer
  readonly acceptor: Buffer
}

function streamsOf(name: string): readonly Stream[] {
  const streams = new Map<
    string,
    { frames: Frame[]; initiator: Buffer[]; acceptor: Buffer[]; decoder: ReturnType<typeof dimse.decoder> }
  >()
  for (const { connectionId, event } of eventsOfCapture(name)) {
    const known = streams.get(connectionId)
    const limits = { bodyBytesMax: 1_048_576, frameBytesMax: 67_108_864 }
    const stream = known ?? { frames: [], initiator: [], acceptor: [], decoder: dimse.decoder({}, limits) }
    streams.set(connectionId, stream)
    if (event.kind === 'end') stream.frames.push(...stream.decoder.end(event.from, event.how, event.at))
    if (event.kind !== 'bytes') continue
    stream[event.from].push(Buffer.from(event.bytes))
    stream.frames.push(...stream.decoder.push(event.from, event.bytes, event.at))
  }
  return [...streams.values()].map(({ frames, initiator, acceptor }) => ({
    frames,
    initiator: Buffer.concat(initiator),
    acceptor: Buffer.concat(acceptor),
  }))
}

function typesOf(bytes: Buffer): readonly number[] {
  const types: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const { type, length } = readPduHeader(bytes.subarray(at, at + pduHeaderBytes))
    types.push(type)
    at += pduHeaderBytes + length
  }
  return types
}

function associationLine({ head, envelope = [] }: Frame): readonly string[] {
  const all = (name: string) => envelope.flatMap(([known, value]) => (known === name ? [value] : []))
  if (head.role === 'abort') return [`abort ${head.code}`]
  if (head.code?.startsWith('RJ') === true) return [`reject ${head.code}`]
  if (head.type !== 'A-ASSOCIATE') return []
  const contexts = all('context').map((text) => text.split(' '))
  const ids = contexts.map(([id]) => id).join()
  const results = head.role === 'answer' ? contexts.map(([, result]) => result).join() : ''
  return [`${head.role} ${all('calling-ae')} ${all('called-ae')} ${ids} ${results}`]
}

/** tshark leaves the id out of what failed. */
function messageLine({ head, envelope = [] }: Frame, stream: number): readonly string[] {
  const value = (name: string) => envelope.find(([known]) => known === name)?.[1] ?? ''
  if (value('command') === '') return []
  if (head.role === 'request') return [`${stream} ${value('command')} ID=${value('message-id')}`]
  if (head.stage === 'interim') return [`${stream} ${value('command')} ID=${value('message-id')}`]
  const id = head.code === '0000' ? ` ID=${value('message-id')}` : ''
  return [`${stream} ${value('command')}${id} ${head.code}`]
}

interface Row {
  readonly stream: number
  readonly types: readonly number[]
  readonly association: readonly string[]
  readonly messages: readonly string[]
}

function oracleOf(name: string): readonly Row[] {
  const path = join(import.meta.dirname, '../../fixtures/captures/oracle-tshark', `${name}.tsv`)
  const lines = readFileSync(path, 'utf8').split('\n').slice(1)
  return lines.filter((line) => line !== '').map(rowOf)
}

function rowOf(line: string): Row {
  const columns = line.split('\t')
  const column = (index: number) => (columns[index] ?? '').trim()
  const numbers = (index: number) => column(index).split(',').filter(Boolean).map(Number)
  const types = numbers(5)
  const rejected = [10, 11, 12].map(column).join('-')
  const aborted = [13, 14].map(column).join('-')
  const stream = Number(column(2))
  return {
    stream,
    types,
    association: [
      ...types
        .filter((type) => type <= 2)
        .map((type) => `${type === 1 ? 'request' : 'answer'} ${column(6)} ${column(7)} ${numbers(8)} ${numbers(9)}`),
      ...(types.includes(3) ? [`reject RJ-${rejected}`] : []),
      ...(types.includes(7) ? [`abort ${aborted}`] : []),
    ],
    messages: [
      ...column(15).matchAll(/([CN]-[A-Z-]+-R(?:Q|SP))( ID=\d+)?(?: [CRFW]=\d+)*(?: \(([^)]*)\))?(?!-DATA)(?=,|$)/g),
    ].map(
      ([, command = '', id = '', words]) =>
        `${stream} ${command}${id}${words === undefined ? '' : ` ${statuses[words] ?? words}`}`,
    ),
  }
}
